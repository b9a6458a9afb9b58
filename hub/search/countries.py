"""The names of countries by which resources and experts are found, as a function of the database that triggers call.

They are ours and the common ones of Babel, so that an update of either can change them. `doctor` compares them, and
`manage.py refill_search` makes them and the entries anew.
"""

from babel import Locale
from django.db import connection
from django.utils.translation import override
from django_countries import countries

from hub.search import indexing

# Of a list of codes such as “LK,NP”, the names in all languages.
FUNCTION = """
    CREATE OR REPLACE FUNCTION search_countries(codes text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (
        SELECT string_agg(names, E'\\n' ORDER BY code) FROM (VALUES {rows}) AS country (code, names)
        WHERE code = ANY(string_to_array(codes, ','))
    );
"""


def function() -> str:
    """The SQL that makes the function with the names of today, or puts them in the place of earlier ones."""
    rows = ", ".join(f"('{code}', '{names.replace(chr(39), chr(39) * 2)}')" for code, names in names_of_countries())
    return FUNCTION.format(rows=rows)


def names_of_countries() -> list[tuple[str, str]]:
    """Of each country or area the names as the portal shows them, and the common ones where they differ."""
    names: dict[str, dict[str, None]] = {}
    for language in indexing.LANGUAGES:
        common = Locale(language).territories
        with override(language):
            for code, name in countries:
                names.setdefault(code, {}).update(dict.fromkeys([str(name), common.get(code, str(name))]))
    return [(code, "\n".join(each)) for code, each in names.items()]


def outdated() -> list[str]:
    """The codes of those whose names the database has otherwise than they are today."""
    names = dict(names_of_countries())
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, search_countries(code) FROM unnest(%s) AS code", [list(names)])
        return sorted(code for code, known in cursor.fetchall() if known != names[code])
