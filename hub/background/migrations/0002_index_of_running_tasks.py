from django.db import migrations


class Migration(migrations.Migration):
    """Workers look every second for tasks whose worker died, in a table that holds a week of finished ones."""

    dependencies = [("background", "0001_mails_and_schedule")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX background_tasks_running ON django_tasks_database_dbtaskresult (id) WHERE status = 'RUNNING'",
            "DROP INDEX background_tasks_running",
        )
    ]
