"""When an invitation ended that brought no review."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0003_members_outlive_their_account")]

    operations = [
        migrations.AddField(
            "invitation",
            "ended_at",
            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
        )
    ]
