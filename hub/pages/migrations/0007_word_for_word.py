"""Contributions are quoted word for word; and the order of resources is told in the words of their list.

Each in each language in which nobody has edited the page's text; the text that it had stays as an earlier version.
"""

from importlib import import_module

from django.db import migrations

first = import_module("hub.pages.migrations.0002_first_texts")
hub = import_module("hub.pages.migrations.0005_texts_of_the_hub")
kept = import_module("hub.pages.migrations.0006_what_is_kept")

# By page and language what is replaced in the text before.
CHANGES = {
    "terms-of-use": {
        "en": ("**Quote contributions** in their own words, with", "**Quote contributions** word for word, with"),
        "es": (
            "**Citar contribuciones** con sus propias palabras, el",
            "**Citar contribuciones** literalmente, con el",
        ),
    },
    "selection": {
        "fr": ("Les ressources complètes viennent avant", "Les ressources exhaustives viennent avant"),
        "es": ("Los recursos integrales van antes", "Los recursos exhaustivos van antes"),
    },
}


def before_and_after():
    """By page the texts that it had and the new ones."""
    terms = first.first_texts("terms-of-use", hub.FOLDER)
    before = {"terms-of-use": terms, "selection": kept.before_and_after()["selection"][1]}
    found = {}
    for slug, changes in CHANGES.items():
        after = dict(before[slug])
        for language, (old, new) in changes.items():
            after[f"body_{language}"] = after[f"body_{language}"].replace(old, new)
        found[slug] = (before[slug], after | {field: after[f"{field}_en"] for field in first.FIELDS})
    return found


def replace(apps, *, is_forwards):
    pages, versions = (apps.get_model("pages", name).objects for name in ("Page", "PageVersion"))
    for slug, texts in before_and_after().items():
        before, after = texts if is_forwards else reversed(texts)
        page = pages.filter(slug=slug).first()
        unedited = [code for code in CHANGES[slug] if page and hub.holds(page, before, code)]
        changed = {f"body_{code}": after[f"body_{code}"] for code in unedited}
        if "en" in unedited:
            changed["body"] = after["body_en"]
        if not changed:
            continue
        if is_forwards:
            # Its versions are in the order of time, also where another language was edited since.
            changed["updated_at"] = max(kept.PUBLISHED, page.updated_at)
        pages.filter(pk=page.pk).update(**changed)
        if is_forwards:
            page.refresh_from_db()
            texts_now = {name: getattr(page, name) for name in after}
            versions.create(page=page, created_at=page.updated_at, **texts_now)


def forwards(apps, schema_editor):
    replace(apps, is_forwards=True)


def backwards(apps, schema_editor):
    replace(apps, is_forwards=False)


class Migration(migrations.Migration):
    dependencies = [("pages", "0006_what_is_kept")]
    operations = [migrations.RunPython(forwards, backwards)]
