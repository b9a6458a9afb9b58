import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0011_drafts_keep_the_whole_form"),
    ]

    operations = [
        migrations.AddField(
            model_name="commentversion",
            name="was_published",
            field=models.BooleanField(db_default=True, default=True, editable=False),
        ),
        migrations.CreateModel(
            name="ProposedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("fr", "French"), ("es", "Spanish"), ("und", "another language")],
                        max_length=3,
                    ),
                ),
                ("body", models.TextField()),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("refused_at", models.DateTimeField(null=True)),
                (
                    "comment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposed_text",
                        to="consultations.comment",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposed text",
                "verbose_name_plural": "proposed texts",
            },
        ),
    ]
