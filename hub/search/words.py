"""“Did you mean …”: words that occur in what can be found, and those nearest to what was typed."""

import re

from django.db import connection, transaction
from django.utils.translation import get_language
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
# Two letters that changed places leave few trigrams as they were.
LIKENESS = 0.2
ALIKE_AT_MOST = 50
# So many words with slips in what somebody typed are enough to look at.
WORDS = 8
# Shorter ones, such as “of” and “de”, are seldom slips, and near to many.
SHORTEST, LONGEST = 4, 40

# Each text is read once, and then counted by its language.
READ = "CREATE TEMPORARY TABLE search_read AS {parts}"
PART = """
    SELECT found.language, to_tsvector('pg_catalog.simple', search_plain(found.heading)) AS heading,
        to_tsvector('pg_catalog.simple', search_plain(found.body)) AS body
    FROM (SELECT * FROM {table} ORDER BY id DESC LIMIT {newest}) AS given, search_texts_{kind}(given) AS found
"""
# Words as people write them, with their accents, the number of texts that have them, and the languages of those.
LEARN = """
    INSERT INTO search_word (word, plain, texts, languages)
    SELECT word, unaccent(word), sum(ndoc), array_agg(DISTINCT language)
    FROM ({known}) AS known
    WHERE word ~ '^[[:alpha:]]{{3,40}}$'
    GROUP BY word HAVING bool_or(is_heading) OR sum(ndoc) FILTER (WHERE NOT is_heading) >= {texts}
"""
KNOWN = """
    SELECT '{language}' AS language, {is_heading} AS is_heading, word, ndoc
    FROM ts_stat('SELECT {column} FROM search_read WHERE language = ''{language}''')
"""
# Of words that say something those that look like them, the likest first, which the index word_trigrams finds. None of
# a word that is known, or that any text has in any of its forms: it was found, and is rare.
ALIKE = """
    WITH form AS (
        SELECT typed, string_agg(DISTINCT quote_literal(stem), '|')::tsquery AS query,
            bool_and(stems <> '{}') AS says_something
        FROM unnest(%(words)s::text[]) AS typed, unnest(%(languages)s::text[]) AS language,
            search_stems(language, typed) AS stems, unnest(stems || lower(typed)) AS stem
        GROUP BY typed
    ), unknown AS MATERIALIZED (
        SELECT typed, unaccent(lower(typed)) AS plain FROM form
        WHERE says_something
            AND NOT EXISTS (SELECT FROM search_word WHERE plain = unaccent(lower(typed)))
            AND (SELECT count(*) FROM search_entry WHERE kind = 'comment' AND vector @@ query AND {seen}) = 0
            AND (SELECT count(*) FROM search_entry WHERE NOT kind = 'comment' AND vector @@ query AND {seen}) = 0
    )
    SELECT typed, unknown.plain, word, alike.plain, texts, languages && %(own)s::varchar[]
    FROM unknown CROSS JOIN LATERAL (
        SELECT word, plain, texts, languages FROM search_word WHERE plain %% unknown.plain
        ORDER BY similarity(plain, unknown.plain) DESC, texts DESC, word
        LIMIT %(alike)s
    ) AS alike
"""
ALIKE = ALIKE.replace("{seen}", "(consultation_id IS NULL OR consultation_id = ANY(%(consultations)s))")
# What is written with digits or like an address is no slip of the pen.
WORD = re.compile(r"[^\W\d_]+")
NO_WORDS = re.compile(r"[\d@/:]|\.\w|^[-–−‐‑﹣－]")


@task
def learn() -> None:
    """Learn the words anew."""

    parts = [PART.format(table=kind.table, kind=kind.name, newest=NEWEST) for kind in KINDS.values() if kind.table]
    known = [
        KNOWN.format(language=language, column=column, is_heading=column == "heading")
        for language in CONFIGURATIONS
        for column in ("heading", "body")
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(READ.format(parts=" UNION ALL ".join(parts)))
        cursor.execute("DELETE FROM search_word")
        cursor.execute(LEARN.format(known=" UNION ALL ".join(known), texts=TEXTS))
        cursor.execute("DROP TABLE search_read")


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
    """Of those words that nothing has the nearest known ones, with capitals as they were typed.

    A word that no text in the reader's language has counts as one slip further away.
    """
    values = {
        "words": words[:WORDS],
        "languages": list(CONFIGURATIONS),
        "consultations": list(Consultation.objects.published().values_list("pk", flat=True)),
        "alike": ALIKE_AT_MOST,
        "own": [get_language(), "und"],
    }
    with finding.patiently() as cursor:
        cursor.execute(f"SET LOCAL pg_trgm.similarity_threshold = {LIKENESS}")
        cursor.execute(ALIKE, values)
        alike = cursor.fetchall()
        cursor.execute("SET LOCAL pg_trgm.similarity_threshold = DEFAULT")
    near: dict[str, list] = {}
    for typed, plain, word, other, texts, is_own in alike:
        if (slips := slips_between(plain, other)) <= most_slips(plain):
            near.setdefault(typed, []).append((slips + (not is_own), not is_own, -texts, word))
    return {typed: spelt_like(typed, min(others)[-1]) for typed, others in near.items()}


def most_slips(word: str) -> int:
    """Fewer than there are between words of two languages that have a root in common, such as “recruter”."""
    return 1 if len(word) < 8 else 2


def slips_between(one: str, other: str) -> int:
    """How many letters were left out, added, mistaken or changed places with the next (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, opposite in enumerate(other, 1):
            fewest = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != opposite))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == opposite:
                fewest = min(fewest, before[column - 2] + 1)
            current.append(fewest)
        before, last = last, current
    return last[-1]


def spelt_like(typed: str, word: str) -> str:
    if typed.isupper():
        return word.upper()
    return word.capitalize() if typed.istitle() else word
