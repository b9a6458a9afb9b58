"""The page about privacy says for how long messages and requests for support are kept after they were answered.

In each language in which nobody has edited the page's text; the text that it had stays as an earlier version.
"""

from importlib import import_module

from django.db import migrations

first = import_module("hub.pages.migrations.0002_first_texts")
hub = import_module("hub.pages.migrations.0005_texts_of_the_hub")
kept = import_module("hub.pages.migrations.0006_what_is_kept")

# By language what is replaced in the text before. “~” is a no-break space.
CHANGES = {
    "en": [
        (
            "are seen by you, the editors and the administrators. We keep them until you delete your account.",
            "are seen by you, the editors and the administrators. We delete them 24~months after they were last"
            " answered or closed, and with your account.",
        ),
        (
            "We keep them until the administrators delete them, for which you can ask at any time, or until you delete"
            " the account with that address.",
            "We delete them 24~months after they were answered, and before that when you ask for it or delete the"
            " account with that address.",
        ),
    ],
    "fr": [
        (
            "sont vues par vous, l’équipe éditoriale et l’administration. Nous les conservons jusqu’à ce que vous"
            " supprimiez votre compte.",
            "sont vues par vous, l’équipe éditoriale et l’administration. Nous les supprimons 24~mois après la dernière"
            " réponse ou la clôture, et avec votre compte.",
        ),
        (
            "L’administration les voit. Nous les conservons jusqu’à ce que l’administration les supprime, ce que vous"
            " pouvez demander à tout moment, ou jusqu’à ce que vous supprimiez le compte lié à cette adresse.",
            "L’administration les voit. Nous les supprimons 24~mois après la réponse, et avant si vous le demandez ou si"
            " vous supprimez le compte lié à cette adresse.",
        ),
    ],
    "es": [
        (
            "las ven usted, el equipo editorial y la administración. Las guardamos hasta que elimine su cuenta.",
            "las ven usted, el equipo editorial y la administración. Las eliminamos 24~meses después de la última"
            " respuesta o del cierre, y con su cuenta.",
        ),
        (
            "Los guardamos hasta que la administración los elimine, lo que usted puede pedir en cualquier momento, o"
            " hasta que elimine la cuenta con ese correo.",
            "Los eliminamos 24~meses después de la respuesta, y antes si usted lo pide o elimina la cuenta con ese"
            " correo.",
        ),
    ],
}


def before_and_after():
    """The texts that the page had, and the new ones."""
    before = kept.before_and_after()["privacy"][1]
    after = dict(before)
    for language, pairs in CHANGES.items():
        for old, new in pairs:
            after[f"body_{language}"] = after[f"body_{language}"].replace(kept.unbroken(old), kept.unbroken(new))
    return before, after | {field: after[f"{field}_en"] for field in first.FIELDS}


def forwards(apps, schema_editor):
    pages, versions = (apps.get_model("pages", name).objects for name in ("Page", "PageVersion"))
    before, after = before_and_after()
    if kept.replace(apps, "privacy", before, after):
        page = pages.get(slug="privacy")
        # Its versions are in the order of time, also where another language was edited since.
        published = max(kept.PUBLISHED, page.updated_at)
        versions.create(page=page, created_at=published, **{name: getattr(page, name) for name in after})
        pages.filter(pk=page.pk).update(updated_at=published)


def backwards(apps, schema_editor):
    before, after = before_and_after()
    kept.replace(apps, "privacy", after, before)


class Migration(migrations.Migration):
    dependencies = [("pages", "0008_when_messages_were_answered")]
    operations = [migrations.RunPython(forwards, backwards)]
