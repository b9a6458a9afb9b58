"""The French page about what the hub shows names human rights as the Compact's French text does.

Where nobody has edited the page's text; the text that it had stays as an earlier version.
"""

from importlib import import_module

from django.db import migrations

kept = import_module("hub.pages.migrations.0006_what_is_kept")
quoted = import_module("hub.pages.migrations.0007_word_for_word")

EARLIER = "en particulier les droits humains, l’égalité des sexes"
NEW = "en particulier les droits de l’homme, l’égalité des sexes"


def before_and_after():
    before = quoted.before_and_after()["selection"][1]
    return before, before | {"body_fr": before["body_fr"].replace(EARLIER, NEW)}


def replace(apps, before, after):
    page = apps.get_model("pages", "Page").objects.filter(slug="selection").first()
    if not page or not kept.hub.holds(page, before, "fr"):
        return None
    page.body_fr = after["body_fr"]
    apps.get_model("pages", "Page").objects.filter(pk=page.pk).update(body_fr=page.body_fr)
    return page


def forwards(apps, schema_editor):
    before, after = before_and_after()
    if page := replace(apps, before, after):
        # Its versions are in the order of time, also where another language was edited since.
        published = max(kept.PUBLISHED, page.updated_at)
        versions = apps.get_model("pages", "PageVersion").objects
        versions.create(page=page, created_at=published, **{name: getattr(page, name) for name in after})
        apps.get_model("pages", "Page").objects.filter(pk=page.pk).update(updated_at=published)


def backwards(apps, schema_editor):
    before, after = before_and_after()
    replace(apps, after, before)


class Migration(migrations.Migration):
    dependencies = [("pages", "0009_how_long_answers_are_kept")]
    operations = [migrations.RunPython(forwards, backwards)]
