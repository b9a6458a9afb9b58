import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def keep_last_words(apps, schema_editor):
    """What was written last is the first message that is known of a request."""
    requests = apps.get_model("experts", "SupportRequest").objects.exclude(answer="")
    messages = apps.get_model("experts", "SupportMessage").objects
    for request in requests.iterator():
        messages.create(
            request=request, author_id=request.handled_by_id, words=request.answer, created_at=request.state_since
        )


class Migration(migrations.Migration):
    dependencies = [("experts", "0001_experts"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="SupportMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField(verbose_name="words")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="written")),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="experts.supportrequest",
                    ),
                ),
            ],
            options={"verbose_name": "message", "verbose_name_plural": "messages", "ordering": ["created_at", "pk"]},
        ),
        migrations.RunPython(keep_last_words, migrations.RunPython.noop),
    ]
