"""Resources are found by the names of their kind, objectives, principles and regions, in each language; and calls."""

from importlib import import_module

from django.db import migrations

from hub.search import indexing, kinds_of_resources

before = import_module("hub.search.migrations.0005_countries_and_practices")


def make_names(apps, schema_editor):
    schema_editor.execute(kinds_of_resources.function(), params=None)


def drop_names(apps, schema_editor):
    schema_editor.execute("DROP FUNCTION search_kind_of_resource(text)")


def names_of(what: str, table: str, key: str, names: str = "named.name_en, named.name_fr, named.name_es") -> str:
    """The names of what a resource has several of, in all languages, as one text."""
    return f"""(
        SELECT string_agg(concat_ws(E'\\n', {names}), E'\\n' ORDER BY named.id)
        FROM resources_resource_{what} AS has JOIN {table} AS named ON named.id = has.{key}
        WHERE has.resource_id = given.id
    )"""


NUMBERED = ", ".join(
    f"'{word} ' || named.number || ' ' || named.name_{code}"
    for code, word in {"en": "Objective", "fr": "Objectif", "es": "Objetivo"}.items()
)
RESOURCES = before.RESOURCES.replace(
    "search_countries(given.countries),",
    f"""search_countries(given.countries), search_kind_of_resource(given.kind),
            {names_of("objectives", "consultations_objective", "objective_id", NUMBERED)},
            {names_of("principles", "resources_guidingprinciple", "guidingprinciple_id")},
            {names_of("regions", "resources_region", "region_id")},""",
)
# Objectives, principles and regions stand in tables of their own. A resource is given its place in the list after they
# are, and whenever they are corrected; it is locked first, as its own changes do.
KEEP_LISTED = """
    CREATE FUNCTION search_keep_listed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM FROM resources_resource WHERE id = NEW.resource_id FOR NO KEY UPDATE;
        DELETE FROM search_entry WHERE kind = 'resource' AND object_id = NEW.resource_id;
        INSERT INTO search_entry (kind, object_id, language, consultation_id, at, vector)
        SELECT 'resource', found.object_id, found.language, found.consultation_id, found.at,
            search_vector(found.language, found.heading, found.body)
        FROM resources_resource AS given, search_texts_resource(given) AS found
        WHERE given.id = NEW.resource_id;
        RETURN NULL;
    END $$;
    CREATE TRIGGER search_keep AFTER INSERT ON resources_listentry
        FOR EACH ROW EXECUTE FUNCTION search_keep_listed();
"""
FORGET_LISTED = """
    DROP TRIGGER search_keep ON resources_listentry;
    DROP FUNCTION search_keep_listed();
"""
CALL = ["is_published", "opens_at", *indexing.translated_columns("title", "text")]
CALLS = f"""
    SELECT given.id, written.language, written.heading::text, written.body, NULL::bigint, given.opens_at
    FROM {indexing.in_each_language("title", "text")}
    WHERE given.is_published AND written.heading <> ''
"""


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0008_quick_plain_texts"),
        ("consultations", "0017_why_new_texts_wait"),
        ("resources", "0012_sent_back_unchanged"),
    ]

    operations = [
        migrations.RunPython(make_names, drop_names),
        before.kept_anew("resource", "resources_resource", before.RESOURCE, RESOURCES, before.Migration.operations[1]),
        migrations.RunSQL(KEEP_LISTED, FORGET_LISTED),
        *indexing.keep("call", "resources_call", CALL, CALLS),
    ]
