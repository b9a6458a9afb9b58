"""“Did you mean …”: words that occur in what can be found, and those nearest to what was typed."""

import re

from django.db import connection, transaction
from django_tasks import task

from consultations.models import Consultation
from hub.search import asking, finding
from hub.search.asking import Asked
from hub.search.finding import Narrowed
from hub.search.indexing import CONFIGURATIONS
from hub.search.kinds import KINDS

# Of each kind the newest are enough to know how words are written.
NEWEST = 10_000
# Beyond titles and names a word counts when so many texts have it: one of them may be a slip itself.
TEXTS = 3
# Nearer than words of two languages are that have a root in common, such as “conduct” and “conduite”.
NEAR_ENOUGH = 0.5
# Shorter ones, such as “of” and “de”, are seldom slips, and near to many.
SHORTEST, LONGEST = 4, 40

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
# Of words that say something the nearest by trigrams, which the index word_trigrams finds; among equals the one that
# more texts have. None of a word that is known, or that any text has in any of its forms: it was found, and is rare.
NEAREST = """
    SELECT typed, nearest.word
    FROM unnest(%(words)s::text[]) WITH ORDINALITY AS each (typed, place)
    CROSS JOIN LATERAL (
        SELECT string_agg(DISTINCT quote_literal(stem), '|')::tsquery AS query,
            bool_and(stems <> '{}') AS says_something
        FROM unnest(%(languages)s::text[]) AS language, search_stems(language, typed) AS stems,
            unnest(stems || lower(typed)) AS stem
    ) AS form
    JOIN LATERAL (
        SELECT word FROM search_word
        WHERE plain %% unaccent(lower(typed)) AND similarity(plain, unaccent(lower(typed))) >= %(near)s
        ORDER BY similarity(plain, unaccent(lower(typed))) DESC, texts DESC, word
        LIMIT 1
    ) AS nearest ON true
    WHERE says_something
        AND NOT EXISTS (SELECT FROM search_word WHERE plain = unaccent(lower(typed)))
        AND (SELECT count(*) FROM search_entry WHERE kind = 'comment' AND vector @@ query AND {seen}) = 0
        AND (SELECT count(*) FROM search_entry WHERE NOT kind = 'comment' AND vector @@ query AND {seen}) = 0
"""
NEAREST = NEAREST.replace("{seen}", "(consultation_id IS NULL OR consultation_id = ANY(%(consultations)s))")
# What is written with digits or like an address is no slip of the pen.
WORD = re.compile(r"[^\W\d_]+")
NO_WORDS = re.compile(r"[\d@/:]|\.\w|^-")


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


def did_you_mean(asked: Asked, narrowed: Narrowed, number: int) -> str:
    """What was typed with each word that nothing has replaced by the nearest known one.

    Empty when none is near, and when that would not find more than the `number` that were found.
    """
    parts = asked.text.split()
    typed = {
        word
        for part in parts
        if not NO_WORDS.search(part)
        for word in WORD.findall(part)
        if SHORTEST <= len(word) <= LONGEST
    }
    try:
        nearest = nearest_known(sorted(typed)) if typed else {}
        if not nearest:
            return ""
        suggestion = " ".join(
            part if NO_WORDS.search(part) else WORD.sub(lambda found: nearest.get(found[0], found[0]), part)
            for part in parts
        )
        found = finding.ranked(asking.understand(suggestion), narrowed)
    except finding.TooSlow:
        return ""
    chosen = [kind for kind, _pk, _language in found if narrowed.kind in ("", KINDS[kind].choice)]
    return suggestion if len(chosen) > number else ""


def nearest_known(words: list[str]) -> dict[str, str]:
    """Of those words that nothing has the nearest known ones, with capitals as they were typed."""
    values = {
        "words": words,
        "near": NEAR_ENOUGH,
        "languages": list(CONFIGURATIONS),
        "consultations": list(Consultation.objects.published().values_list("pk", flat=True)),
    }
    with finding.patiently() as cursor:
        cursor.execute(NEAREST, values)
        return {typed: spelt_like(typed, word) for typed, word in cursor.fetchall()}


def spelt_like(typed: str, word: str) -> str:
    if typed.isupper():
        return word.upper()
    return word.capitalize() if typed.istitle() else word
