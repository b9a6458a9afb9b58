from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pages", "0007_word_for_word")]
    operations = [
        migrations.AddField(
            model_name="contactmessage",
            name="answered_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="answered on"),
        )
    ]
