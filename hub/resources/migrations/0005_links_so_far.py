"""The links of the contributions that were written before links were kept."""

from django.db import migrations

from hub.resources.links import keys_in


def keep(apps, schema_editor):
    link = apps.get_model("resources", "Link")
    with_links = apps.get_model("consultations", "Comment").objects.filter(html__contains="<a href=")
    for pk, html in with_links.values_list("pk", "html").iterator(chunk_size=1000):
        link.objects.bulk_create([link(comment_id=pk, key=key) for key in keys_in(html)], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("resources", "0004_links_of_contributions")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
