"""The group of the hub's editors; whoever is in it decides on what was submitted."""

from django.db import migrations


def add(apps, schema_editor):
    apps.get_model("auth", "Group").objects.get_or_create(name="Editors")


def remove(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name="Editors").delete()


class Migration(migrations.Migration):
    dependencies = [("resources", "0002_regions_and_principles"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(add, remove)]
