"""The keys by which a title is found without its subtitle, for what was written before there were any."""

from django.db import migrations

from hub.resources.titles import keys_of


def keep(apps, schema_editor):
    resource = apps.get_model("resources", "Resource")
    every = resource.objects.order_by("pk").values_list("pk", "title_keys", "title_en", "title_fr", "title_es")
    for pk, kept, *titles in every.iterator(chunk_size=1000):
        if (keys := keys_of(titles)) != kept:
            resource.objects.filter(pk=pk).update(title_keys=keys)


class Migration(migrations.Migration):
    dependencies = [("resources", "0014_corrected_at")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
