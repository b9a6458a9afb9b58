"""What was found, best first, in a bounded number of queries however much there is."""

import datetime
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.db import OperationalError, connection, transaction
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from psycopg2.errors import QueryCanceled

from consultations.models import Consultation
from hub.search import places
from hub.search.asking import Asked
from hub.search.kinds import CHOICES, COMMENT, KINDS, Shown
from hub.search.sentences import as_html, in_its_sentence, marked

# Of each kind as many of the newest are ranked, and counted; more is said to be “more than”.
MOST = 1_000
PER_PAGE = 20
PATIENCE_MS = 3_000
# A text of this age counts half as much as one of today.
HALF_LIFE_DAYS = 730
# So much counts what was written in another language than the reader's.
OF_OTHERS = 0.25


class TooSlow(Exception):
    """So much has these words, and so little has all of them, that looking would keep others waiting."""


@dataclass(frozen=True)
class Narrowed:
    """What a searcher asks for besides words."""

    kind: str = ""
    language: str = ""
    consultation: int | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None


@dataclass(frozen=True)
class Hit:
    kind: str
    shown: Shown
    title: SafeString
    text: SafeString


@dataclass(frozen=True)
class Found:
    """One page of hits. `counts` has a number for each kind; those in `more` are at least one higher."""

    hits: list[Hit]
    counts: dict[str, int]
    more: set[str]
    number: int
    has_next: bool


# One of these for each kind. The newest that match are found in the index and ranked by how often and how close the
# words are, by kind and by age: walking back through entry_newest when the words are frequent, a bitmap of
# entry_vector_of_… when they are rare.
OF_ONE_KIND = """
    (SELECT kind, object_id, language, at, ts_rank(vector, {which}, 1) * %({kind}_weight)s AS rank
    FROM search_entry
    WHERE {index} AND kind = '{kind}' AND ({matches}) AND {also} {narrowed}
    ORDER BY at DESC, object_id DESC LIMIT {limit})
"""
# The few pages that have no entries.
OF_PLACES = """
    (SELECT '{kind}', number, language, now(), ts_rank(vector, {which}, 1) * %({kind}_weight)s
    FROM (
        SELECT number, language, search_vector(language, heading, body) AS vector FROM unnest(
            %(place_numbers)s::bigint[], %(place_languages)s::text[], %(place_headings)s::text[],
            %(place_bodies)s::text[]
        ) AS given (number, language, heading, body)
        -- Each vector is made once.
        OFFSET 0
    ) AS place
    WHERE {matches})
"""
# What was written in several languages is shown once, in the reader's if it was found there. What is in another than
# the reader's counts less: two words that mean nothing alike often have one stem in it, as “partera” and “partir”.
BEST_FIRST = """
    SELECT kind, object_id, language FROM (
        SELECT DISTINCT ON (kind, object_id) kind, object_id, language, at, rank
            * CASE WHEN language IN (%(reader)s, 'und') THEN 1 ELSE {of_others} END
            / (1 + greatest(extract(epoch FROM now() - at), 0) / 86400 / {half_life}) AS score
        FROM ({each}) AS candidate
        ORDER BY kind, object_id, (language = %(reader)s) DESC, rank DESC
    ) AS best
    ORDER BY score DESC, at DESC, kind, object_id DESC
"""


def find(asked: Asked, narrowed: Narrowed, user, page: int = 1) -> Found:
    """Page `page`, or else the last, of what `user` may see of what was asked for. Raises TooSlow."""
    found = ranked(asked, narrowed)
    if replace(narrowed, kind="") == Narrowed() and asked.number and (numbered := by_number(asked, user)):
        found = [numbered, *(each for each in found if each[:2] != numbered[:2])]
    counts = Counter(KINDS[kind].choice for kind, _pk, _language in found)
    more = {kind for kind, count in counts.items() if count > MOST}
    chosen = [each for each in found if narrowed.kind in ("", KINDS[each[0]].choice)]
    page = min(page, max(1, -(-len(chosen) // PER_PAGE)))
    start = (page - 1) * PER_PAGE
    return Found(
        hits=present(chosen[start : start + PER_PAGE], asked, user),
        counts={kind: min(counts[kind], MOST) for kind in CHOICES},
        more=more,
        number=page,
        has_next=len(chosen) > start + PER_PAGE,
    )


def by_number(asked: Asked, user) -> tuple[str, int, str] | None:
    """The contribution whose number was asked for, like those that `ranked` finds."""
    found = COMMENT.may_be_seen(user).filter(pk=asked.number).values_list("pk", "language").first()
    return (COMMENT.name, *found) if found and found[1] in asked.queries else None


def ranked(asked: Asked, narrowed: Narrowed) -> list[tuple[str, int, str]]:
    """Kind, id and language of what was found, best first, at most MOST + 1 of each kind."""
    queries = {code: query for code, query in asked.queries.items() if narrowed.language in ("", code)}
    if not queries:
        return []
    published = Consultation.objects.published()
    if narrowed.consultation:
        published = published.filter(pk=narrowed.consultation)
    values = {f"{kind.name}_weight": kind.weight for kind in KINDS.values()}
    values |= {f"query_{code}": query for code, query in queries.items()}
    values |= places.as_rows()
    values |= {
        "reader": get_language(),
        "consultations": list(published.values_list("pk", flat=True)),
        "since": narrowed.since,
        "until": narrowed.until,
    }
    statement = BEST_FIRST.format(
        each=" UNION ALL ".join(of_each_kind(queries, narrowed)), half_life=HALF_LIFE_DAYS, of_others=OF_OTHERS
    )
    with patiently() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


@contextmanager
def patiently() -> Iterator:
    """A cursor whose statements take PATIENCE_MS at most. Raises TooSlow."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE_MS}")
            yield cursor
            cursor.execute("SET LOCAL statement_timeout = DEFAULT")
    except OperationalError as problem:
        if isinstance(problem.__cause__, QueryCanceled):
            raise TooSlow from problem
        raise


def of_each_kind(queries: dict[str, str], narrowed: Narrowed) -> list[str]:
    matches = " OR ".join(f"(language = '{code}' AND vector @@ %(query_{code})s::tsquery)" for code in queries)
    which = " ".join(f"WHEN '{code}' THEN %(query_{code})s::tsquery" for code in queries)
    conditions = ""
    if narrowed.consultation:
        conditions += " AND consultation_id = ANY(%(consultations)s)"
    else:
        conditions += " AND (consultation_id IS NULL OR consultation_id = ANY(%(consultations)s))"
    if narrowed.since:
        conditions += " AND at >= %(since)s"
    if narrowed.until:
        # The day itself is meant too; PostgreSQL knows a day after the last one of Python.
        conditions += " AND at < %(until)s::date + 1"
    which = f"CASE language {which} END"
    each = [
        OF_ONE_KIND.format(
            kind=name,
            # As the partial indexes have it, so that PostgreSQL sees that they fit.
            index="kind = 'comment'" if name == "comment" else "NOT kind = 'comment'",
            which=which,
            matches=matches,
            also=kind.also,
            narrowed=conditions,
            limit=MOST + 1,
        )
        for name, kind in KINDS.items()
        if kind.table
    ]
    if narrowed.consultation or narrowed.since or narrowed.until:
        return each
    return [*each, OF_PLACES.format(kind="place", which=which, matches=matches)]


def present(found: list[tuple[str, int, str]], asked: Asked, user) -> list[Hit]:
    """The hits as readers see them; what may not be seen any more by now is left out."""
    loaded = {}
    for name in {kind for kind, _pk, _language in found}:
        ids = [pk for kind, pk, _language in found if kind == name]
        loaded |= {(name, each.pk): each for each in KINDS[name].among(user, ids)}
    shown = [
        (kind, language, KINDS[kind].shown(loaded[kind, pk], language))
        for kind, pk, language in found
        if (kind, pk) in loaded
    ]
    to_mark = []
    for _kind, language, each in shown:
        query = asked.queries[language]
        # A title may be in another language than the text, as a question's above what was said about it.
        to_mark += [(each.title.language or language, each.title.text, asked.queries.get(each.title.language, query))]
        to_mark += [(language, each.text.text, query)]
    words = marked(to_mark)
    return [
        Hit(kind, each, as_html(title), in_its_sentence(text))
        for (kind, _language, each), title, text in zip(shown, words[::2], words[1::2], strict=True)
    ]
