"""The first texts of the portal's own pages. From then on they are edited in the administration."""

import datetime
from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).with_name("first_texts")
SLUGS = ["about", "privacy", "accessibility", "help"]
LANGUAGES = ["en", "fr", "es"]
FIELDS = ["title", "summary", "body"]


def first_texts(slug, folder=FOLDER):
    """By field name the texts of a page: title, summary and body stand in one file, between empty lines."""
    texts = {}
    for language in LANGUAGES:
        parts = (folder / f"{slug}.{language}.txt").read_text(encoding="utf-8").strip().split("\n\n", 2)
        texts |= {f"{field}_{language}": part for field, part in zip(FIELDS, parts, strict=True)}
    return texts | {field: texts[f"{field}_en"] for field in FIELDS}


def add(apps, schema_editor):
    published = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    for slug in SLUGS:
        texts = first_texts(slug)
        page = apps.get_model("pages", "Page").objects.create(slug=slug, updated_at=published, **texts)
        apps.get_model("pages", "PageVersion").objects.create(page=page, created_at=published, **texts)


def remove(apps, schema_editor):
    apps.get_model("pages", "Page").objects.filter(slug__in=SLUGS).delete()


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_pages_and_messages")]
    operations = [migrations.RunPython(add, remove)]
