"""Reading the list of resources: what the reader chose, a page of it, and the counts beside each further choice.

Several values of one facet mean any of them; choices in several facets must all hold. The counts of a facet leave its
own choice aside, so that they say what choosing another of its values would give.
"""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.http import QueryDict

from hub.resources.models import ListEntry

SIZE = 20
# More values of one facet than any reader chooses; an address may hold what it likes.
MOST_VALUES = 30
LONGEST_VALUE = 50


@dataclass(frozen=True)
class Facet:
    """One way to narrow the list. `is_list` where a resource has several values of it."""

    name: str
    column: str
    is_list: bool = False
    # The type of its values in the database.
    type: str = "varchar"


FACETS = {
    facet.name: facet
    for facet in [
        Facet("objective", "objectives", is_list=True, type="smallint"),
        Facet("kind", "kind"),
        Facet("region", "regions", is_list=True),
        Facet("language", "languages", is_list=True),
        Facet("scope", "scope"),
        Facet("year", "year", type="smallint"),
    ]
}


@dataclass(frozen=True)
class Choice:
    """What the reader chose, by facet; kept in the address."""

    values: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_address(cls, query: QueryDict) -> "Choice":
        """The choice in a query string. What cannot be a value is left out; what no resource has stays."""
        chosen = {}
        for facet in FACETS.values():
            values = dict.fromkeys(query.getlist(facet.name)[:MOST_VALUES])
            if fit := tuple(value for value in values if can_be(facet, value)):
                chosen[facet.name] = fit
        return cls(chosen)

    def __bool__(self):
        return bool(self.values)

    def has(self, facet: str, value: str) -> bool:
        return value in self.values.get(facet, ())

    def without(self, facet: str, value: str | None = None) -> "Choice":
        """This choice without one value of a facet, or without any of them."""
        values = {name: kept for name, kept in self.values.items() if name != facet}
        if value is not None and (kept := tuple(each for each in self.values.get(facet, ()) if each != value)):
            values[facet] = kept
        return Choice({name: values[name] for name in FACETS if name in values})

    def only(self, facet: str) -> "Choice":
        """This choice in one facet alone."""
        return Choice({facet: self.values[facet]})

    def query(self, **more) -> str:
        """The query string of this choice, with a page's key added; empty when there is nothing in it."""
        pairs = [(name, value) for name, values in self.values.items() for value in values]
        pairs += [(name, value) for name, value in more.items() if value is not None]
        return f"?{urlencode(pairs)}" if pairs else ""


def can_be(facet: Facet, value: str) -> bool:
    """Could this be a value of the facet, such as the database accepts?"""
    if facet.type == "smallint":
        return value.isascii() and value.isdigit() and len(value) <= 4
    return 0 < len(value) <= LONGEST_VALUE and value.isascii() and value.replace("-", "").isalnum()


def condition(choice: Choice, leaving_out: str = "") -> tuple[str, list]:
    """The choice in SQL with its parameters, without the facet that is left out; empty when nothing is chosen."""
    parts, parameters = [], []
    for name, values in choice.values.items():
        facet = FACETS[name]
        if name != leaving_out:
            operator = "&&" if facet.is_list else "= ANY"
            parts.append(f"resources_listentry.{facet.column} {operator} (%s::{facet.type}[])")
            parameters.append([int(value) for value in values] if facet.type == "smallint" else list(values))
    return " AND ".join(parts), parameters


# A page


@dataclass
class Page:
    """Entries in the order of the list. `after` and `before` are the keys of its neighbours, None at the ends."""

    entries: list[ListEntry]
    before: int | None = None
    after: int | None = None


def page(choice: Choice, *, after: int | None = None, before: int | None = None) -> Page:
    """The entries after or before a place in the list, else the first ones, with their resources."""
    entries = ListEntry.objects.select_related("resource")
    sql, parameters = condition(choice)
    if sql:
        entries = entries.filter(RawSQL(sql, parameters, output_field=BooleanField()))
    if before is not None:
        found = list(entries.filter(position__lt=before).order_by("-position")[: SIZE + 1])
        shown = found[:SIZE][::-1]
        has_before, has_after = len(found) > SIZE, True
    else:
        found = list(entries.filter(position__gt=after or 0).order_by("position")[: SIZE + 1])
        shown = found[:SIZE]
        has_before, has_after = after is not None, len(found) > SIZE
    return Page(
        shown,
        before=shown[0].position if shown and has_before else None,
        after=shown[-1].position if shown and has_after else None,
    )


# Counts


@dataclass
class Counts:
    """How many resources the choice has, and by facet and value how many there would be."""

    total: int = 0
    values: dict[str, dict[str, int]] = field(default_factory=dict)


def counts(choice: Choice) -> Counts:
    """All counts beside the list in one query.

    The entries that have all of the choice are looked up once, by the indexes of the chosen values, and counted for
    each facet in which nothing is chosen. For a facet with a choice of its own they are looked up without it. Counts
    of the whole list are kept and only read.
    """
    parts, parameters, kept = [], [], []
    sql, values = condition(choice)
    if sql:
        parts.append("SELECT 'all', '', count(*) FROM chosen")
    else:
        kept.append("all")
    for name, facet in FACETS.items():
        others, others_values = condition(choice, leaving_out=name)
        if not others:
            kept.append(name)
        elif name in choice.values:
            parts.append(counted(facet, f"resources_listentry WHERE {others}"))
            parameters += others_values
        else:
            parts.append(counted(facet, "chosen"))
    parts.append("SELECT facet, value, resource_count FROM resources_facetcount WHERE facet = ANY(%s)")
    parameters.append(kept)
    query = "\nUNION ALL\n".join(parts)
    if sql:
        columns = ", ".join(facet.column for facet in FACETS.values())
        query = f"WITH chosen AS MATERIALIZED (SELECT {columns} FROM resources_listentry WHERE {sql})\n{query}"
    found = Counts(values={name: {} for name in FACETS})
    with connection.cursor() as cursor:
        cursor.execute(query, [*values, *parameters])
        for name, value, number in cursor.fetchall():
            if name == "all":
                found.total = number
            elif number:
                found.values[name][value] = number
    return found


def counted(facet: Facet, source: str) -> str:
    """The counts of a facet's values among entries. Unnesting in the list of columns is twice as fast as in FROM."""
    value = f"unnest({facet.column})" if facet.is_list else facet.column
    return (
        f"SELECT '{facet.name}', value::text, count(*) FROM (SELECT {value} AS value FROM {source}) AS v GROUP BY value"
    )


def looser(choice: Choice) -> list[tuple[Choice, int]]:
    """Choices that are part of this one and have resources, with how many; those with most resources first.

    They are this choice without what was chosen in one facet or, where that is not enough, with one facet alone.
    """
    names = list(choice.values)
    for parts in ([choice.without(name) for name in names], [choice.only(name) for name in names]):
        numbers = totals(parts)
        if found := [(part, number) for part, number in zip(parts, numbers, strict=True) if number]:
            return sorted(found, key=lambda each: -each[1])
    return []


def totals(choices: list[Choice]) -> list[int]:
    """How many resources each of the choices has, in one query."""
    parts, parameters = [], []
    for order, choice in enumerate(choices):
        sql, values = condition(choice)
        parts.append(f"SELECT {order}, count(*) FROM resources_listentry WHERE {sql or 'true'}")
        parameters += values
    with connection.cursor() as cursor:
        cursor.execute("\nUNION ALL\n".join(parts), parameters)
        found = dict(cursor.fetchall())
    return [found[order] for order in range(len(choices))]
