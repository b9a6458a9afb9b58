"""The French criterion names human rights as the Compact's French text does."""

from django.db import migrations

EARLIER = "en particulier les droits humains, l’égalité des sexes et les droits de l’enfant"
NEW = "en particulier les droits de l’homme, l’égalité des sexes et les droits de l’enfant"


def replace(apps, old, new):
    """Where nobody has edited these words."""
    for criterion in apps.get_model("review", "Criterion").objects.filter(slug="principles", question_fr__contains=old):
        criterion.question_fr = criterion.question_fr.replace(old, new)
        criterion.save(update_fields=["question_fr"])


def forwards(apps, schema_editor):
    replace(apps, EARLIER, NEW)


def backwards(apps, schema_editor):
    replace(apps, NEW, EARLIER)


class Migration(migrations.Migration):
    dependencies = [("review", "0004_when_invitations_ended")]
    operations = [migrations.RunPython(forwards, backwards)]
