"""The page about privacy says what the hub keeps as well; three other pages say what has become true since.

Each in each language in which nobody has edited its text; the text that it had stays as an earlier version.
"""

import datetime
from importlib import import_module
from pathlib import Path

from django.db import migrations

first = import_module("hub.pages.migrations.0002_first_texts")
cookie = import_module("hub.pages.migrations.0003_name_the_known_device")
hub = import_module("hub.pages.migrations.0005_texts_of_the_hub")

FOLDER = Path(__file__).with_name("texts_of_what_is_kept")
PUBLISHED = datetime.datetime(2026, 11, 29, tzinfo=datetime.UTC)

# By page and language what is replaced in the text before. “~” is a no-break space.
CHANGES = {
    "help": {
        "en": [
            (
                "You see your contribution in its place at once, and get an e-mail with its number and the full text.",
                "You see your contribution in its place at once, unless a moderator has to read it first: then the page"
                " says so. You get an e-mail with its number and the full text.",
            ),
            (
                "It disappears when you post the text or delete the draft.",
                "It disappears when you post the text or delete the draft.\n\nIn the other longer forms, such as an"
                " application or a review, a text that you send after the session has ended waits until you have logged"
                " in, and then stands in the form again. Files have to be chosen again.",
            ),
            (
                "The moderators alone see who it is.",
                "Only the moderators of that consultation and the administrators see who it is.",
            ),
            (
                "and the date of the change is shown.",
                "and the date of the change is shown. If a moderator has to read the new text first, the published one"
                " stays in its place meanwhile.",
            ),
        ],
        "fr": [
            (
                "Votre contribution apparaît aussitôt à sa place, et vous recevez un courriel avec son numéro et le"
                " texte complet.",
                "Votre contribution apparaît aussitôt à sa place, sauf si la modération doit d’abord la lire~: la page"
                " le dit alors. Vous recevez un courriel avec son numéro et le texte complet.",
            ),
            (
                "Il disparaît lorsque vous publiez le texte ou supprimez le brouillon.",
                "Il disparaît lorsque vous publiez le texte ou supprimez le brouillon.\n\nDans les autres formulaires"
                " assez longs, par exemple une candidature ou une évaluation, un texte envoyé après la fin de la session"
                " attend que vous vous soyez connecté ou connectée, puis figure de nouveau dans le formulaire. Les"
                " fichiers sont à choisir de nouveau.",
            ),
            (
                "Seule la modération voit de qui il s’agit.",
                "Seules la modération de cette consultation et l’administration voient de qui il s’agit.",
            ),
            (
                "et la date de la modification est affichée.",
                "et la date de la modification est affichée. Si la modération doit d’abord lire le nouveau texte, celui"
                " qui est publié reste entre-temps à sa place.",
            ),
        ],
        "es": [
            (
                "Su contribución aparece enseguida en su lugar, y usted recibe un correo con su número y el texto"
                " completo.",
                "Su contribución aparece enseguida en su lugar, salvo que la moderación tenga que leerla antes: en ese"
                " caso, la página lo dice. Usted recibe un correo con su número y el texto completo.",
            ),
            (
                "Desaparece cuando publica el texto o elimina el borrador.",
                "Desaparece cuando publica el texto o elimina el borrador.\n\nEn los demás formularios extensos, por"
                " ejemplo una candidatura o una revisión, un texto que envía después de terminar la sesión espera a que"
                " usted inicie sesión, y entonces está de nuevo en el formulario. Los archivos hay que elegirlos otra"
                " vez.",
            ),
            (
                "Solo la moderación ve de quién se trata.",
                "Solo la moderación de esa consulta y la administración ven de quién se trata.",
            ),
            (
                "y se muestra la fecha del cambio.",
                "y se muestra la fecha del cambio. Si la moderación tiene que leer antes el texto nuevo, mientras tanto"
                " el publicado sigue en su lugar.",
            ),
        ],
    },
    "accessibility": {
        "en": [
            (
                "We have no influence on how accessible they are.",
                "We have no influence on how accessible they are.\n- Files of resources are as their authors made them."
                " We do not check how accessible they are.\n- Passkeys need JavaScript. A password, or a code by"
                " e-mail, works without it.",
            ),
        ],
        "fr": [
            (
                "Nous n’avons pas d’influence sur leur accessibilité.",
                "Nous n’avons pas d’influence sur leur accessibilité.\n- Les fichiers des ressources sont tels que leurs"
                " auteurs les ont faits. Nous ne vérifions pas leur accessibilité.\n- Les clés d’accès exigent"
                " JavaScript. Un mot de passe, ou un code reçu par courriel, fonctionne sans.",
            ),
        ],
        "es": [
            (
                "No podemos influir en su accesibilidad.",
                "No podemos influir en su accesibilidad.\n- Los archivos de los recursos son como los hicieron sus"
                " autores. No comprobamos su accesibilidad.\n- Las claves de acceso necesitan JavaScript. Una"
                " contraseña, o un código recibido por correo, funciona sin él.",
            ),
        ],
    },
    "selection": {
        "en": [
            (
                "They ask at least one internal and two external reviewers who know the objective and the language:"
                " never the submitter, an author or somebody of the same organization.",
                "They ask one internal and two external reviewers who know the objective and the language, or fewer"
                " where there are not enough: never the submitter, an author, an editor or somebody of the same"
                " organization.",
            ),
        ],
        "fr": [
            (
                "Elle sollicite au moins une évaluatrice ou un évaluateur interne et deux externes, qui connaissent"
                " l’objectif et la langue~: jamais la personne qui propose, une autrice ou un auteur, ni quelqu’un de"
                " la même organisation.",
                "Elle sollicite une évaluatrice ou un évaluateur interne et deux externes, qui connaissent l’objectif"
                " et la langue, ou moins lorsqu’il n’y en a pas assez~: jamais la personne qui propose, une autrice ou"
                " un auteur, un membre de l’équipe éditoriale, ni quelqu’un de la même organisation.",
            ),
        ],
        "es": [
            (
                "Pide su opinión al menos a una persona revisora interna y a dos externas que conozcan el objetivo y el"
                " idioma: nunca a quien propone el recurso, a quienes lo escribieron ni a alguien de la misma"
                " organización.",
                "Pide su opinión a una persona revisora interna y a dos externas que conozcan el objetivo y el idioma,"
                " o a menos si no hay suficientes: nunca a quien propone el recurso, a quienes lo escribieron, a"
                " integrantes del equipo editorial ni a alguien de la misma organización.",
            ),
        ],
    },
}


def corrected(slug, texts):
    """The texts of a page with what is replaced in them."""
    after = dict(texts)
    for language, pairs in CHANGES[slug].items():
        for old, new in pairs:
            after[f"body_{language}"] = after[f"body_{language}"].replace(unbroken(old), unbroken(new))
    return after | {field: after[f"{field}_en"] for field in first.FIELDS}


def unbroken(text):
    return text.replace("~", "\u00a0")


def before_and_after():
    """By page the texts that it had and the new ones."""
    privacy = first.first_texts("privacy") | {name: new for name, (_old, new) in cookie.first_and_new().items()}
    found = {"privacy": (privacy, first.first_texts("privacy", FOLDER))}
    for slug, folder in (("help", first.FOLDER), ("accessibility", first.FOLDER), ("selection", hub.FOLDER)):
        texts = first.first_texts(slug, folder)
        found[slug] = (texts, corrected(slug, texts))
    return found


def replace(apps, slug, before, after):
    """Put the texts `after` in the place of those `before`, where they stand unedited. Returns whether any did."""
    page = apps.get_model("pages", "Page").objects.filter(slug=slug).first()
    unedited = [code for code in first.LANGUAGES if page and hub.holds(page, before, code)]
    changed = {name: after[name] for code in unedited for name in hub.names(code)}
    if "en" in unedited:
        changed |= {field: after[f"{field}_en"] for field in first.FIELDS}
    if changed:
        apps.get_model("pages", "Page").objects.filter(pk=page.pk).update(**changed)
    return bool(changed)


def forwards(apps, schema_editor):
    pages, versions = (apps.get_model("pages", name).objects for name in ("Page", "PageVersion"))
    for slug, (before, after) in before_and_after().items():
        if replace(apps, slug, before, after):
            page = pages.get(slug=slug)
            # Its versions are in the order of time, also where another language was edited since.
            published = max(PUBLISHED, page.updated_at)
            versions.create(page=page, created_at=published, **{name: getattr(page, name) for name in after})
            pages.filter(pk=page.pk).update(updated_at=published)


def backwards(apps, schema_editor):
    for slug, (before, after) in before_and_after().items():
        replace(apps, slug, after, before)


class Migration(migrations.Migration):
    dependencies = [("pages", "0005_texts_of_the_hub")]
    operations = [migrations.RunPython(forwards, backwards)]
