"""A hit shown in its sentence, with the words that were found marked."""

import re

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from hub.search.indexing import without_signs

# Never in a text that people typed: private characters, which are taken out before.
START, STOP = "\ue000", "\ue001"
PRIVATE = str.maketrans("", "", START + STOP)
SENTENCE = re.compile(r"(?<=[.!?…؟。！？])[»”\"’)\]]*\s+")
# Below the first, what follows is shown too; above the second, the sentence itself is cut.
SHORTEST, LONGEST = 90, 320

MARK = f"""
    SELECT ts_headline(search_configuration(language), words, query::tsquery,
        'HighlightAll=true, StartSel="{START}", StopSel="{STOP}"')
    FROM unnest(%(languages)s::text[], %(texts)s::text[], %(queries)s::text[]) WITH ORDINALITY
        AS each (language, words, query, place)
    ORDER BY place
"""


def marked(texts: list[tuple[str, str, str]]) -> list[str]:
    """Each (language, text, query) with START and STOP around the words that the query finds. One query."""
    if not texts:
        return []
    languages, words, queries = zip(*texts, strict=True)
    words = [each.translate(PRIVATE) for each in words]
    with connection.cursor() as cursor:
        cursor.execute(
            MARK,
            {
                "languages": list(languages),
                "texts": [without_signs(each) for each in words],
                "queries": list(queries),
            },
        )
        return [with_signs(text, before) for (text,), before in zip(cursor.fetchall(), words, strict=True)]


def with_signs(found: str, before: str) -> str:
    """The marked text with the signs of the text `before` it in their places again."""
    if len(found.translate(PRIVATE)) != len(before):
        # PostgreSQL has left something out, as it does with what looks like a tag.
        return found
    signs = iter(before)
    return "".join(letter if letter in (START, STOP) else next(signs) for letter in found)


def as_html(text: str) -> SafeString:
    return mark_safe(str(escape(text)).replace(START, "<mark>").replace(STOP, "</mark>"))


def in_its_sentence(text: str) -> SafeString:
    """The sentence with the most marks, or the beginning of a text that has none, as HTML of one line."""
    sentences = SENTENCE.split(" ".join(text.split()))
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
