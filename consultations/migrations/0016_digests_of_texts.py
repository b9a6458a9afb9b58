"""Keep the digests of what was said before. New texts get theirs meanwhile, so that this may take its time."""

from django.db import migrations

from consultations.sameness import REPEATED_WORDS, digest_of

AT_ONCE = 2_000


def fill(apps, schema_editor):
    comments = apps.get_model("consultations", "Comment").objects.using(schema_editor.connection.alias)
    digests = apps.get_model("consultations", "TextDigest").objects.using(schema_editor.connection.alias)
    long = comments.filter(words__gte=REPEATED_WORDS).order_by("pk").values_list("pk", "body")
    last = 0
    while batch := list(long.filter(pk__gt=last)[:AT_ONCE]):
        made = [digests.model(comment_id=pk, digest=digest_of(body)) for pk, body in batch]
        digests.bulk_create(made, ignore_conflicts=True)
        last = batch[-1][0]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("consultations", "0015_text_digests")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
