"""What somebody typed into the search box, as PostgreSQL understands it."""

from dataclasses import dataclass

from django.db import connection

from consultations import markup
from hub.search.indexing import CONFIGURATIONS, without_signs

LONGEST = 200
# Whichever quotation marks somebody types, they mean a phrase.
QUOTES = str.maketrans("“”„«»", '"' * 5)


@dataclass(frozen=True)
class Asked:
    """The words typed, and the query that they make in each language in which they mean something."""

    text: str
    queries: dict[str, str]

    @property
    def is_too_long(self) -> bool:
        return len(self.text) > LONGEST


# One that names nothing to look for has the tree "" (left-out words alone) or "T" (words to leave out alone).
PARSE = """
    SELECT language, query::text
    FROM unnest(%(languages)s::text[]) AS language,
        websearch_to_tsquery(search_configuration(language), %(text)s) AS query
    WHERE querytree(query) NOT IN ('', 'T')
"""


def understand(typed: str) -> Asked:
    """The question behind what was typed; “quotes”, OR and a minus before a word mean what they do elsewhere.

    Text that is too long is not looked at. Anything else has an answer, if only that there is nothing in it to find.
    """
    text = " ".join(markup.DIRECTIONS.sub("", markup.clean_source(typed)).split())
    if not text or len(text) > LONGEST:
        return Asked(text, {})
    with connection.cursor() as cursor:
        cursor.execute(PARSE, {"languages": list(CONFIGURATIONS), "text": without_signs(text.translate(QUOTES))})
        return Asked(text, dict(cursor.fetchall()))
