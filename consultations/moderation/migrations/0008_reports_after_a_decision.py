from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Only reports that wait are one for each person and comment: a text that has changed can be reported anew."""

    dependencies = [
        ("moderation", "0007_refused_unseen"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RemoveConstraint(model_name="report", name="one_report_per_person_and_comment"),
        migrations.RemoveConstraint(model_name="report", name="one_report_per_address_and_comment"),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                fields=["comment", "reporter"],
                condition=Q(settled_at=None),
                name="one_waiting_report_per_person_and_comment",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                fields=["comment", "email"],
                condition=Q(settled_at=None) & ~Q(email=""),
                name="one_waiting_report_per_address_and_comment",
            ),
        ),
    ]
