"""Resources and experts are found by their countries, in each language; and practices by all that they tell."""

from importlib import import_module

from django.db import migrations

from hub.search import countries, indexing

before = import_module("hub.search.migrations.0002_resources_and_experts").Migration.operations


def make_names(apps, schema_editor):
    schema_editor.execute(countries.function(), params=None)


def drop_names(apps, schema_editor):
    schema_editor.execute("DROP FUNCTION search_countries(text)")


RESOURCE = [
    *("state", "listed_at", "kind", "text_language", "countries", "authors", "publisher"),
    *indexing.translated_columns("title", "summary"),
]
# A practice is told in one language, beside the title and the summary in it.
RESOURCES = f"""
    SELECT given.id, written.language, written.heading::text,
        concat_ws(E'\\n', written.body, given.authors, given.publisher, search_countries(given.countries),
            practice.implementer, practice.partners, practice.achieved, practice.learned, practice.repeating),
        NULL::bigint, given.listed_at
    FROM {indexing.in_each_language("title", "summary")}
    LEFT JOIN resources_practice AS practice
        ON practice.resource_id = given.id AND given.kind = 'practice' AND given.text_language = written.language
    WHERE given.state = 'listed' AND written.heading <> ''
"""
EXPERT = [
    *("state", "state_since", "text_language", "name", "about", "organization", "country"),
    *("shows_about", "shows_organization", "shows_country"),
]
# What is not ticked to be shown is not found either.
EXPERTS = """
    SELECT given.id, given.text_language::text,
        concat_ws(' ', given.name, CASE WHEN given.shows_organization THEN given.organization END),
        concat_ws(E'\\n', CASE WHEN given.shows_about THEN given.about END,
            CASE WHEN given.shows_country THEN search_countries(given.country) END),
        NULL::bigint, given.state_since
    WHERE given.state = 'listed'
"""
# What a practice tells stands in a table of its own. The resource is locked first, as its own changes do.
KEEP_PRACTICE = """
    CREATE FUNCTION search_keep_practice() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        changed bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.resource_id ELSE NEW.resource_id END;
    BEGIN
        PERFORM FROM resources_resource WHERE id = changed FOR NO KEY UPDATE;
        DELETE FROM search_entry WHERE kind = 'resource' AND object_id = changed;
        INSERT INTO search_entry (kind, object_id, language, consultation_id, at, vector)
        SELECT 'resource', found.object_id, found.language, found.consultation_id, found.at,
            search_vector(found.language, found.heading, found.body)
        FROM resources_resource AS given, search_texts_resource(given) AS found
        WHERE given.id = changed;
        RETURN NULL;
    END $$;
    CREATE TRIGGER search_keep AFTER INSERT OR UPDATE OR DELETE ON resources_practice
        FOR EACH ROW EXECUTE FUNCTION search_keep_practice();
"""
FORGET_PRACTICE = """
    DROP TRIGGER search_keep ON resources_practice;
    DROP FUNCTION search_keep_practice();
"""


def kept_anew(kind, table, watched, texts, earlier):
    """The operation that keeps `kind` by other texts than the operation `earlier`, to which it goes back."""
    (operation,) = indexing.keep(kind, table, watched, texts)
    return migrations.RunSQL(operation.sql, earlier.sql)


class Migration(migrations.Migration):
    dependencies = [("search", "0004_stems_of_the_dictionaries"), ("resources", "0007_newest")]

    operations = [
        migrations.RunPython(make_names, drop_names),
        kept_anew("resource", "resources_resource", RESOURCE, RESOURCES, before[0]),
        kept_anew("expert", "experts_expert", EXPERT, EXPERTS, before[1]),
        migrations.RunSQL(KEEP_PRACTICE, FORGET_PRACTICE),
    ]
