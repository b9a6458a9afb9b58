"""Find what is listed among the resources, and who is listed among the experts."""

from django.db import migrations

from hub.search import indexing


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("resources", "0003_editors"), ("experts", "0001_experts")]

    operations = [
        *indexing.keep(
            "resource",
            "resources_resource",
            ["state", "listed_at", "authors", "publisher", *indexing.translated_columns("title", "summary")],
            f"""
            SELECT given.id, written.language, written.heading::text,
                concat_ws(E'\\n', written.body, given.authors, given.publisher), NULL::bigint, given.listed_at
            FROM {indexing.in_each_language("title", "summary")}
            WHERE given.state = 'listed' AND written.heading <> ''
            """,
        ),
        *indexing.keep(
            "expert",
            "experts_expert",
            [
                *("state", "state_since", "text_language", "name", "about", "organization"),
                *("shows_about", "shows_organization"),
            ],
            # What is not ticked to be shown is not found either.
            """
            SELECT given.id, given.text_language::text,
                concat_ws(' ', given.name, CASE WHEN given.shows_organization THEN given.organization END),
                CASE WHEN given.shows_about THEN given.about END, NULL::bigint, given.state_since
            WHERE given.state = 'listed'
            """,
        ),
    ]
