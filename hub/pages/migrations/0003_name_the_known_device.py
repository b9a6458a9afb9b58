"""Name the cookie known_device on the page about privacy, in each language in which nobody has edited its text."""

import datetime
from importlib import import_module

from django.db import migrations

first = import_module("hub.pages.migrations.0002_first_texts")

# By language what is replaced in the first text. The new paragraph stands before the one about messages.
CHANGES = {
    "en": [
        (
            "There are two, and both are needed for the portal to work:",
            "There are three, and all are needed for the portal to work:",
        ),
        (
            "\n\nA third one, **messages**,",
            "\n- **known_device** lets us recognize a browser from which you have logged in before, so that somebody who"
            " tries out passwords cannot keep you out of your account. It holds the numbers of the accounts that logged"
            " in there last, five at most, and is used for nothing else. It is set when you log in and ends after a"
            " year; logging out does not remove it, but your browser can.\n\nA fourth one, **messages**,",
        ),
    ],
    "fr": [
        (
            "Il y en a deux, et les deux sont nécessaires au fonctionnement du portail\u00a0:",
            "Il y en a trois, et tous sont nécessaires au fonctionnement du portail\u00a0:",
        ),
        (
            "\n\nUn troisième, **messages**,",
            "\n- **known_device** permet de reconnaître un navigateur depuis lequel vous vous êtes déjà connecté, afin"
            " qu’une personne qui essaie des mots de passe ne puisse pas vous priver de l’accès à votre compte. Il"
            " contient les numéros des derniers comptes connectés depuis ce navigateur, cinq au plus, et ne sert à rien"
            " d’autre. Il est déposé lorsque vous vous connectez et prend fin au bout d’un an\u00a0; la déconnexion ne"
            " l’efface pas, mais votre navigateur peut le faire.\n\nUn quatrième, **messages**,",
        ),
    ],
    "es": [
        (
            "Hay dos, y ambas son necesarias para que el portal funcione:",
            "Hay tres, y todas son necesarias para que el portal funcione:",
        ),
        (
            "\n\nUna tercera, **messages**,",
            "\n- **known_device** permite reconocer un navegador desde el que usted ya ha iniciado sesión, para que"
            " quien pruebe contraseñas no pueda impedirle el acceso a su cuenta. Contiene los números de las últimas"
            " cuentas que iniciaron sesión en él, cinco como máximo, y no sirve para nada más. Se instala cuando inicia"
            " sesión y termina al cabo de un año; cerrar la sesión no la borra, pero su navegador puede hacerlo."
            "\n\nUna cuarta, **messages**,",
        ),
    ],
}


def first_and_new():
    """By field name the first text and the new one."""
    texts = first.first_texts("privacy")
    found = {}
    for language, changes in CHANGES.items():
        before = after = texts[f"body_{language}"]
        for old, new in changes:
            after = after.replace(old, new)
        found[f"body_{language}"] = (before, after)
    return found


def change(apps, *, is_forwards):
    Page = apps.get_model("pages", "Page")
    PageVersion = apps.get_model("pages", "PageVersion")
    page = Page.objects.filter(slug="privacy").first()
    if page is None:
        return
    names = [f"{field}_{language}" for field in first.FIELDS for language in first.LANGUAGES]
    texts = {name: getattr(page, name) for name in names}
    changed = {}
    for name, (before, after) in first_and_new().items():
        old, new = (before, after) if is_forwards else (after, before)
        # The administration gives every text back with line ends of its own.
        if texts[name].replace("\r\n", "\n").strip() == old:
            changed[name] = new
    if not changed:
        return
    texts |= changed
    plain = {field: texts[f"{field}_en"] for field in first.FIELDS}
    if is_forwards:
        published = datetime.datetime(2026, 11, 28, tzinfo=datetime.UTC)
        # Its versions are in the order of time, also where another language was edited since.
        published = max(published, page.updated_at)
        PageVersion.objects.create(page=page, created_at=published, **texts | plain)
        Page.objects.filter(pk=page.pk).update(updated_at=published, **changed | plain)
    else:
        Page.objects.filter(pk=page.pk).update(**changed | plain)


def forwards(apps, schema_editor):
    change(apps, is_forwards=True)


def backwards(apps, schema_editor):
    change(apps, is_forwards=False)


class Migration(migrations.Migration):
    dependencies = [("pages", "0002_first_texts")]
    operations = [migrations.RunPython(forwards, backwards)]
