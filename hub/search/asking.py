"""What somebody typed into the search box, as PostgreSQL understands it."""

import re
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import get_language

from consultations import markup
from hub.search.indexing import ACCENTED, CONFIGURATIONS, SPACELESS_LETTER, spaced, without_signs

LONGEST = 200
# Whichever quotation marks somebody types, they mean a phrase.
QUOTES = str.maketrans("“”„«»", '"' * 5)
# Phones write a dash where somebody typed a minus before a word; between blanks, or in pairs, it is no minus.
MINUS = re.compile(r"(?<!\S)[–−‐‑﹣－](?=[^\s–−‐‑﹣－-])")
# What stands for OR between two words or phrases, by the language of the page; PostgreSQL knows the English word alone.
EITHER = {
    code: re.compile(rf"(?:(?<=\S )|(?<=^ )){word}(?= \S| $)", re.IGNORECASE)
    for code, word in {"fr": "ou", "es": "[ou]"}.items()
}
# Of a contribution, as its page writes it or as people do.
NUMBER = re.compile(r"(?:(?:№|#|n[o°ºᵒ]\.?) ?)?([0-9]{1,18})", re.IGNORECASE)
# Words that a dictionary leaves out, in a spelling by which it does not know them.
LEFT_OUT = {
    "fr": {"a": "à", "les": "le", "meme": "même", "etait": "était", "etaient": "étaient", "etes": "êtes"},
    "es": {"tambien": "también", "mas": "más", "si": "sí", "estan": "están", "habia": "había"},
}


@dataclass(frozen=True)
class Asked:
    """The words typed, and the query that they make in each language in which they mean something."""

    text: str
    queries: dict[str, str]
    # Every word has a minus before it, and nothing is left to look for.
    leaves_out_only: bool = False

    @property
    def number(self) -> int | None:
        """The number of the contribution that was asked for, if the text is nothing but a number."""
        found = NUMBER.fullmatch(self.text)
        return int(found[1]) if found else None

    @property
    def is_too_long(self) -> bool:
        return len(self.text) > LONGEST


# The query with the words as they are without accents, and of each word its two stems. A query that names nothing to
# look for has the tree "" (left-out words alone) or "T" (words to leave out alone).
PARSE = """
    SELECT language, query::text, querytree(query), ARRAY(
        SELECT array_to_string(stems, chr(31))
        FROM ts_parse('default', typed) AS part, search_stems(language, part.token) AS stems
        WHERE cardinality(stems) = 2
    )
    FROM unnest(%(languages)s::text[], %(configurations)s::regconfig[], %(texts)s::text[])
        AS each (language, configuration, typed),
        websearch_to_tsquery(configuration, search_spelt(language, typed)) AS query
"""


def understand(typed: str) -> Asked:
    """The question behind what was typed; “quotes”, OR and a minus before a word mean what they do elsewhere.

    OR may be written in the language of the page as well. Text that is too long is not looked at. Anything else has an
    answer, if only that there is nothing in it to find.
    """
    text = " ".join(markup.DIRECTIONS.sub("", markup.clean_source(typed)).split())
    if not text or len(text) > LONGEST:
        return Asked(text, {})
    words = with_or(MINUS.sub("-", text.translate(QUOTES)), get_language())
    words = side_by_side(without_signs(words))
    values = {
        "languages": list(CONFIGURATIONS),
        "configurations": [f"hub_{'asked_' * (code in ACCENTED)}{name}" for code, name in CONFIGURATIONS.items()],
        "texts": [with_words_left_out(words, code) for code in CONFIGURATIONS],
    }
    with connection.cursor() as cursor:
        cursor.execute(PARSE, values)
        found = cursor.fetchall()
    queries = {code: with_both_stems(query, stems) for code, query, tree, stems in found if tree not in ("", "T")}
    return Asked(text, queries, not queries and any(tree == "T" for _code, _query, tree, _stems in found))


def with_or(words: str, language: str) -> str:
    """The words with “or” where that of `language` stands between two of them, outside of quotation marks."""
    if language not in EITHER:
        return words
    parts = words.split('"')
    parts[::2] = [EITHER[language].sub("or", part) for part in parts[::2]]
    return '"'.join(parts)


# Letters of scripts that put no blanks between words, and the minus before them that leaves them out.
RUN = re.compile(rf"(?P<minus>(?:(?<!\S)-)?)(?P<letters>(?:{SPACELESS_LETTER})+)")


def side_by_side(words: str) -> str:
    """What is written without blanks as a phrase of its letters."""
    parts = words.split('"')
    # Every other part stands in quotation marks already.
    parts[::2] = [RUN.sub(r' \g<minus>"\g<letters>" ', part) for part in parts[::2]]
    return spaced('"'.join(parts))


def with_words_left_out(words: str, language: str) -> str:
    """The words spelt so that the dictionary of `language` leaves out those that say nothing."""
    known = LEFT_OUT.get(language, {})
    return re.sub(r"\w+", lambda found: known.get(found[0].lower(), found[0]), words)


def with_both_stems(query: str, stems: list[str]) -> str:
    """The query with either stem in the place of each word that has two. Both are absent where a word is left out."""
    others: dict[str, set[str]] = {}
    for each in stems:
        plain, own = map(quoted, each.split("\x1f"))
        if own != plain:
            others.setdefault(plain, set()).add(own)

    def either(found: re.Match) -> str:
        return f"( {' | '.join([found[0], *sorted(others[found[0]])])} )" if found[0] in others else found[0]

    return LEXEME.sub(either, query)


LEXEME = re.compile(r"'(?:[^']|'')*'")


def lexemes(query: str) -> list[str]:
    """The words in a query, as PostgreSQL stores them."""
    return [each[1:-1].replace("''", "'").replace("\\\\", "\\") for each in LEXEME.findall(query)]


def runs(query: str) -> list[str]:
    """What the query looks for in scripts that put no blanks between words, as it is written."""
    return ["".join(re.findall(SPACELESS_LETTER, phrase)) for phrase in PHRASE.findall(query)]


PHRASE = re.compile(f"'{SPACELESS_LETTER}'(?: <-> '{SPACELESS_LETTER}')*")


def quoted(lexeme: str) -> str:
    """As PostgreSQL writes it."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
