from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0012_proposed_texts"),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="was_never_shown",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
