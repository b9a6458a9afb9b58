"""Two tables, the dictionaries, and the triggers that keep what can be found of discussions and pages."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

from hub.search import indexing

CONSULTATION = ("title", "summary", "aim", "how_to_contribute", "audience", "outcome")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("consultations", "0011_drafts_keep_the_whole_form"),
        ("pages", "0002_first_texts"),
    ]

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("object_id", models.BigIntegerField()),
                ("language", models.CharField(max_length=3)),
                ("consultation_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("kind", "comment")),
                        fastupdate=True,
                        fields=["vector"],
                        name="entry_vector_of_many",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("kind", "comment"), _negated=True),
                        fastupdate=True,
                        fields=["vector"],
                        name="entry_vector_of_few",
                    ),
                    models.Index(fields=["kind", "-at", "-object_id"], name="entry_newest"),
                    models.Index(fields=["consultation_id", "kind", "-at", "-object_id"], name="entry_of_consultation"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "object_id", "language"), name="entry_once_per_text_and_language"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("plain", models.CharField(max_length=60)),
                ("texts", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["plain"], name="word_trigrams", opclasses=["gin_trgm_ops"]
                    )
                ],
            },
        ),
        *indexing.configurations(),
        *indexing.keep(
            "comment",
            "consultations_comment",
            [
                *("state", "language", "body", "question_id", "created_at", "author_name", "organization"),
                *("shows_profile", "is_pseudonym", "by_moderator", "capacity"),
            ],
            # The name shown, and the organization where it is shown beside it.
            """
            SELECT given.id, given.language::text, concat_ws(' ', given.author_name, CASE
                WHEN NOT given.is_pseudonym
                    AND (given.shows_profile OR given.by_moderator OR given.capacity <> 'person')
                THEN given.organization END), given.body, question.consultation_id, given.created_at
            FROM consultations_question AS question
            WHERE question.id = given.question_id AND given.state = 'published'
            """,
        ),
        *indexing.keep(
            "question",
            "consultations_question",
            ["consultation_id", *indexing.translated_columns("text", "introduction")],
            f"""
            SELECT given.id, written.language, written.heading, written.body, consultation.id, consultation.opens_at
            FROM consultations_consultation AS consultation, {indexing.in_each_language("text", "introduction")}
            WHERE consultation.id = given.consultation_id AND written.heading <> ''
            """,
        ),
        *indexing.keep(
            "consultation",
            "consultations_consultation",
            ["opens_at", *indexing.translated_columns(*CONSULTATION)],
            f"""
            SELECT given.id, written.language, written.heading::text, written.body, given.id, given.opens_at
            FROM {indexing.in_each_language(*CONSULTATION)} WHERE written.heading <> ''
            """,
            # Questions have the date of their consultation.
            more="""
            IF TG_OP = 'UPDATE' THEN
                UPDATE search_entry SET at = NEW.opens_at
                WHERE kind = 'question' AND consultation_id = NEW.id AND at <> NEW.opens_at;
            END IF;
            """,
        ),
        *indexing.keep(
            "page",
            "pages_page",
            ["updated_at", *indexing.translated_columns("title", "summary", "body")],
            f"""
            SELECT given.id, written.language, written.heading::text, written.body, NULL::bigint, given.updated_at
            FROM {indexing.in_each_language("title", "summary", "body")} WHERE written.heading <> ''
            """,
        ),
    ]
