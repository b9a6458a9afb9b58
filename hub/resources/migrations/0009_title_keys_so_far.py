"""The keys of the titles that were written before keys were kept."""

from django.db import migrations

from hub.resources.titles import keys_of


def keep(apps, schema_editor):
    resource = apps.get_model("resources", "Resource")
    without = resource.objects.filter(title_keys=[]).order_by("pk")
    for pk, *titles in without.values_list("pk", "title_en", "title_fr", "title_es").iterator(chunk_size=1000):
        if keys := keys_of(titles):
            resource.objects.filter(pk=pk).update(title_keys=keys)


class Migration(migrations.Migration):
    dependencies = [("resources", "0008_title_keys")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
