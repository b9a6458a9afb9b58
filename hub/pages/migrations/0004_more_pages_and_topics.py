"""The pages and the topics of messages that came with resources, peer review and experts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0003_name_the_known_device"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contactmessage",
            name="topic",
            field=models.CharField(
                choices=[
                    ("posting", "I cannot post"),
                    ("contribution", "A contribution worries me"),
                    ("resources", "A resource"),
                    ("peer-review", "Peer review"),
                    ("experts", "Experts and support"),
                    ("data", "My data"),
                    ("other", "Something else"),
                ],
                max_length=12,
                verbose_name="topic",
            ),
        ),
        migrations.AlterField(
            model_name="page",
            name="slug",
            field=models.CharField(
                choices=[
                    ("about", "about the hub"),
                    ("selection", "what the hub shows and how it is chosen"),
                    ("privacy", "privacy"),
                    ("accessibility", "accessibility"),
                    ("help", "help with posting"),
                    ("terms-of-use", "terms of use"),
                    ("disclaimer", "disclaimer"),
                ],
                editable=False,
                max_length=20,
                unique=True,
                verbose_name="page",
            ),
        ),
    ]
