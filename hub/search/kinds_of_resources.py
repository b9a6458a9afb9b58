"""The names of the kinds of resources, by which they are found, as a function of the database that triggers call."""

from django.utils.translation import override

from hub.resources.models import Resource
from hub.search import indexing

# Of a kind the names in all languages.
FUNCTION = """
    CREATE OR REPLACE FUNCTION search_kind_of_resource(key text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE key {cases} END;
"""


def function() -> str:
    """The SQL that makes the function with the names of today, or puts them in the place of earlier ones."""
    cases = " ".join(f"WHEN '{key}' THEN '{names.replace(chr(39), chr(39) * 2)}'" for key, names in names_of_kinds())
    return FUNCTION.format(cases=cases)


def names_of_kinds() -> list[tuple[str, str]]:
    names: dict[str, list[str]] = {key: [] for key in Resource.Kind.values}
    for language in indexing.LANGUAGES:
        with override(language):
            for kind in Resource.Kind:
                names[kind.value].append(str(kind.label))
    return [(key, "\n".join(each)) for key, each in names.items()]
