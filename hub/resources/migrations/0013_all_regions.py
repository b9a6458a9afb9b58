"""The region that means all of them is called so: “Global” is a scope beside it."""

from django.db import migrations

BEFORE = {"name": "Global", "name_en": "Global", "name_fr": "Monde", "name_es": "Mundo"}
AFTER = {
    "name": "All regions",
    "name_en": "All regions",
    "name_fr": "Toutes les régions",
    "name_es": "Todas las regiones",
}


def rename(apps, old, new):
    """A name that editors have given stays."""
    region = apps.get_model("resources", "Region")
    for field, name in new.items():
        region.objects.filter(slug="global", **{field: old[field]}).update(**{field: name})


def forwards(apps, schema_editor):
    rename(apps, BEFORE, AFTER)


def backwards(apps, schema_editor):
    rename(apps, AFTER, BEFORE)


class Migration(migrations.Migration):
    dependencies = [("resources", "0012_sent_back_unchanged")]
    operations = [migrations.RunPython(forwards, backwards)]
