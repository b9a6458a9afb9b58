"""“Did you mean …”: words that occur in what can be found, and those nearest to what was typed."""

from django.db import connection, transaction
from django_tasks import task

from hub.search.kinds import KINDS

# Of each kind the newest are enough to know how words are written.
NEWEST = 10_000
# Beyond titles and names a word counts when so many texts have it: one of them may be a slip itself.
TEXTS = 3
# Nearer than words of two languages are that have a root in common, such as “conduct” and “conduite”.
NEAR_ENOUGH = 0.5
# Shorter ones, such as “of” and “de”, are seldom slips, and near to many.
SHORTEST = 4

# Words as people write them, with their accents, and the number of texts that have them.
LEARN = """
    INSERT INTO search_word (word, plain, texts)
    SELECT word, unaccent(word), sum(ndoc)
    FROM (
        SELECT word, ndoc FROM ts_stat($query$ {headings} $query$)
        UNION ALL
        SELECT word, ndoc FROM ts_stat($query$ {bodies} $query$) WHERE ndoc >= {texts}
    ) AS known
    WHERE word ~ '^[[:alpha:]]{{3,40}}$'
    GROUP BY word
"""
PART = """
    SELECT to_tsvector('pg_catalog.simple', search_plain(found.{column}))
    FROM (SELECT * FROM {table} ORDER BY id DESC LIMIT {newest}) AS given, search_texts_{kind}(given) AS found
"""
# The nearest by trigrams, which the index word_trigrams finds; among equals the one that more texts have.
NEAREST = """
    SELECT typed, CASE WHEN known.word IS NULL THEN nearest.word END
    FROM unnest(%(words)s::text[]) WITH ORDINALITY AS each (typed, place)
    LEFT JOIN LATERAL (
        SELECT word FROM search_word WHERE plain = unaccent(lower(typed)) LIMIT 1
    ) AS known ON true
    LEFT JOIN LATERAL (
        SELECT word FROM search_word
        WHERE length(typed) >= %(shortest)s
            AND plain %% unaccent(lower(typed)) AND similarity(plain, unaccent(lower(typed))) >= %(near)s
        ORDER BY similarity(plain, unaccent(lower(typed))) DESC, texts DESC, word
        LIMIT 1
    ) AS nearest ON known.word IS NULL
    ORDER BY place
"""


@task
def learn() -> None:
    """Learn the words anew."""

    def parts(column: str) -> str:
        return " UNION ALL ".join(
            PART.format(column=column, table=kind.table, kind=kind.name, newest=NEWEST)
            for kind in KINDS.values()
            if kind.table
        )

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_word")
        cursor.execute(LEARN.format(headings=parts("heading"), bodies=parts("body"), texts=TEXTS))


def did_you_mean(text: str) -> str:
    """What was typed with each unknown word replaced by the nearest known one; empty when none is near."""
    words = text.split()
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, {"words": words, "near": NEAR_ENOUGH, "shortest": SHORTEST})
        nearest = [word or typed for typed, word in cursor.fetchall()]
    return "" if nearest == words else " ".join(nearest)
