"""A hit shown in its sentence, with the words that were found marked."""

import re

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from consultations.typography import on_one_line
from hub.search.asking import lexemes, runs
from hub.search.indexing import without_signs

# Never in a text that people typed: private characters, which are taken out before.
START, STOP = "\ue000", "\ue001"
PRIVATE = str.maketrans("", "", START + STOP)
SENTENCE = re.compile(r"(?<=[.!?…؟。！？])(?:[\xa0\u202f]?[»”\"’)\]])* +|(?<=[。！？])(?![\s」』”’）])")
# Below the first, what follows is shown too; above the second, the sentence itself is cut.
SHORTEST, LONGEST = 90, 320

# A word stands in the parts that the parser makes of the text once more as a whole when it has hyphens, and so do
# addresses (types 5, 15, 16 and 17). The stems of each word are looked up once.
MARK = """
    WITH part AS (
        SELECT place, language, known, number, token
        FROM unnest(%(languages)s::text[], %(texts)s::text[], %(queries)s::text[]) WITH ORDINALITY
            AS each (language, words, query, place),
            string_to_array(query, chr(31)) AS known,
            ts_parse('default', words) WITH ORDINALITY AS parsed (type, token, number)
        WHERE type NOT IN (5, 15, 16, 17)
    ), word AS (
        SELECT language, token, search_stems(language, token) || lower(token) AS stems
        FROM (SELECT DISTINCT language, token FROM part) AS each
    )
    SELECT string_agg(CASE WHEN stems && known THEN %(start)s || token || %(stop)s ELSE token END, '' ORDER BY number)
    FROM part JOIN word USING (language, token)
    GROUP BY place ORDER BY place
"""


def marked(texts: list[tuple[str, str, str]]) -> list[str]:
    """Each (language, text, query) with START and STOP around the words that the query finds. One query."""
    words = [each.translate(PRIVATE) for _language, each, _query in texts]
    # An empty text has no parts.
    some = [number for number, each in enumerate(words) if each]
    if not some:
        return words
    values = {
        "languages": [texts[number][0] for number in some],
        "texts": [without_signs(words[number]) for number in some],
        "queries": ["\x1f".join(lexemes(texts[number][2])) for number in some],
        "start": START,
        "stop": STOP,
    }
    with connection.cursor() as cursor:
        cursor.execute(MARK, values)
        for number, (found,) in zip(some, cursor.fetchall(), strict=True):
            words[number] = with_runs_marked(with_signs(found, words[number]), runs(texts[number][2]))
    return words


def with_runs_marked(text: str, phrases: list[str]) -> str:
    """The text with those phrases marked that stand in scripts without blanks, of which no parser knows the words."""
    if not phrases:
        return text
    longest_first = "|".join(sorted(map(re.escape, set(phrases)), key=len, reverse=True))
    return re.sub(f"{START}[^{STOP}]*{STOP}|({longest_first})", as_marked, text)


def as_marked(found: re.Match) -> str:
    return START + found[1] + STOP if found[1] else found[0]


def with_signs(found: str, before: str) -> str:
    """The marked text with the signs of the text `before` it in their places again."""
    signs = iter(before)
    return "".join(letter if letter in (START, STOP) else next(signs) for letter in found)


def as_html(text: str) -> SafeString:
    return mark_safe(str(escape(text)).replace(START, "<mark>").replace(STOP, "</mark>"))


def in_its_sentence(text: str) -> SafeString:
    """The sentence with the most marks, or the beginning of a text that has none, as HTML of one line."""
    sentences = SENTENCE.split(on_one_line(text))
    best = max(range(len(sentences)), key=lambda number: (sentences[number].count(START), -number))
    end = best + 1
    while end < len(sentences) and len(" ".join(sentences[best:end])) < SHORTEST:
        end += 1
    shown = " ".join(sentences[best:end])
    before, after = best > 0, end < len(sentences)
    if len(shown) > LONGEST:
        first = max(shown.find(START), 0)
        start = max(0, first - LONGEST // 3)
        # From a word's beginning on, where there is one.
        start = shown.find(" ", start, first) + 1 or start if start else 0
        stop = shown.rfind(" ", first, start + LONGEST)
        stop = stop if stop > first else start + LONGEST
        before, after = before or start > 0, after or stop < len(shown)
        shown = closed(shown[start:stop])
    return as_html(("… " if before else "") + shown.strip() + (" …" if after else ""))


def closed(text: str) -> str:
    """A text that was cut out of another, without half of a pair of marks."""
    if text.rfind(START) > text.rfind(STOP):
        text += STOP
    return text
