from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("experts", "0002_messages_about_requests")]

    operations = [migrations.RemoveField("supportrequest", "answer")]
