"""What the hub shows, terms of use and disclaimer; and the page about the hub tells of all that it has become.

The latter in each language in which nobody has edited its text; the text that it had stays as an earlier version.
"""

import datetime
from importlib import import_module
from pathlib import Path

from django.db import migrations

first = import_module("hub.pages.migrations.0002_first_texts")

FOLDER = Path(__file__).with_name("texts_of_the_hub")
PUBLISHED = datetime.datetime(2026, 11, 28, tzinfo=datetime.UTC)
SLUGS = ["selection", "terms-of-use", "disclaimer"]


def replace_about(apps, before, after):
    """Put the texts `after` in the place of those `before`, where they stand unedited. Returns whether any did."""
    page = apps.get_model("pages", "Page").objects.filter(slug="about").first()
    unedited = [code for code in first.LANGUAGES if page and holds(page, before, code)]
    changed = {name: after[name] for code in unedited for name in names(code)}
    if "en" in unedited:
        changed |= {field: after[field] for field in first.FIELDS}
    if changed:
        apps.get_model("pages", "Page").objects.filter(pk=page.pk).update(**changed)
    return bool(changed)


def holds(page, texts, language):
    # The administration gives every text back with line ends of its own.
    kept = {name: (getattr(page, name) or "").replace("\r\n", "\n").strip() for name in names(language)}
    return all(text == texts[name] for name, text in kept.items())


def names(language):
    return [f"{field}_{language}" for field in first.FIELDS]


def forwards(apps, schema_editor):
    pages, versions = (apps.get_model("pages", name).objects for name in ("Page", "PageVersion"))
    for slug in SLUGS:
        texts = first.first_texts(slug, FOLDER)
        page = pages.create(slug=slug, updated_at=PUBLISHED, **texts)
        versions.create(page=page, created_at=PUBLISHED, **texts)
    before, after = about()
    if replace_about(apps, before, after):
        page = pages.get(slug="about")
        # Its versions are in the order of time, also where another language was edited since.
        published = max(PUBLISHED, page.updated_at)
        versions.create(page=page, created_at=published, **{name: getattr(page, name) for name in after})
        pages.filter(pk=page.pk).update(updated_at=published)


def backwards(apps, schema_editor):
    apps.get_model("pages", "Page").objects.filter(slug__in=SLUGS).delete()
    before, after = about()
    replace_about(apps, after, before)


def about():
    return first.first_texts("about"), first.first_texts("about", FOLDER)


class Migration(migrations.Migration):
    dependencies = [("pages", "0004_more_pages_and_topics")]
    operations = [migrations.RunPython(forwards, backwards)]
