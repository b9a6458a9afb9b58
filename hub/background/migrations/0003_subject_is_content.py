from django.db import migrations


class Migration(migrations.Migration):
    """The subjects of mails hold codes, and go with the content when the mail is sent."""

    dependencies = [("background", "0002_index_of_running_tasks")]

    operations = [migrations.RemoveField("outgoingmail", "subject")]
