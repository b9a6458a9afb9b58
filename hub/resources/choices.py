"""The facets as people see them: each with its name, and its values in words with their counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from consultations.models import Objective
from consultations.typography import in_a_row
from hub.resources.facets import FACETS, Choice, Counts, looser
from hub.resources.models import LANGUAGES, ListEntry, Region, Resource

LEGENDS = {
    "objective": gettext_lazy("Objective of the Compact"),
    "kind": gettext_lazy("Kind"),
    "region": gettext_lazy("Region"),
    "language": gettext_lazy("Language"),
    "scope": gettext_lazy("Scope"),
    "year": gettext_lazy("Year"),
}
UNFOLDS = {
    "objective": ngettext_lazy("Show %(number)s objective", "Show %(number)s objectives", "number"),
    "kind": ngettext_lazy("Show %(number)s kind", "Show %(number)s kinds", "number"),
    "region": ngettext_lazy("Show %(number)s region", "Show %(number)s regions", "number"),
    "language": ngettext_lazy("Show %(number)s language", "Show %(number)s languages", "number"),
    "scope": ngettext_lazy("Show %(number)s scope", "Show %(number)s scopes", "number"),
    "year": ngettext_lazy("Show %(number)s year", "Show %(number)s years", "number"),
}
# Facets with more values than these are folded, unless something in them is chosen.
UNFOLDED = 10


@dataclass(frozen=True)
class Option:
    """One value of a facet."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """One facet with its values; those that no resource has are left out unless they are chosen."""

    name: str
    legend: str
    options: list[Option]

    @property
    def is_folded(self) -> bool:
        return len(self.options) > UNFOLDED and not any(option.is_chosen for option in self.options)

    @property
    def unfolds(self) -> str:
        """What opening it shows."""
        return UNFOLDS[self.name] % {"number": len(self.options)}


@dataclass(frozen=True)
class Removal:
    """A chosen value, or all of a facet's, and the address of the list without it."""

    label: str
    query: str
    count: int | None = None


@dataclass
class Names:
    """What the values of the facets are called, read once for a page."""

    objectives: dict[str, str] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Names":
        return cls(
            objectives={str(objective.number): str(objective) for objective in Objective.objects.all()},
            regions={region.slug: str(region) for region in Region.objects.all()},
        )

    def of(self, facet: str) -> dict[str, str]:
        """Values and names of a facet in their order; empty for years, which are their own names."""
        match facet:
            case "objective":
                return self.objectives
            case "region":
                return self.regions
            case "kind":
                return {value: capfirst(str(label)) for value, label in Resource.Kind.choices}
            case "scope":
                return {value: capfirst(str(label)) for value, label in Resource.Scope.choices}
            case "language":
                return {code: capfirst(str(label)) for code, label in LANGUAGES}
        return {}

    def objectives_of(self, entry: ListEntry) -> list[str]:
        return [self.objectives[str(number)] for number in entry.objectives]

    def regions_of(self, entry: ListEntry) -> list[str]:
        return [self.regions[slug] for slug in entry.regions]


def groups(choice: Choice, counts: Counts, names: Names) -> list[Group]:
    """The facets in the order of the form."""
    return [Group(name, str(LEGENDS[name]), options(name, choice, counts, names)) for name in FACETS]


def options(facet: str, choice: Choice, counts: Counts, names: Names) -> list[Option]:
    found = counts.values[facet]
    chosen = choice.values.get(facet, ())
    labels = names.of(facet)
    order: Iterable[str] = labels
    if facet == "year":
        order = sorted({*found, *chosen}, key=int, reverse=True)
    return [
        Option(value, labels.get(value, value), found.get(value, 0), value in chosen)
        for value in order
        if value in found or value in chosen
    ]


def removals(choice: Choice, names: Names) -> list[Removal]:
    """Each chosen value, to be taken away by itself."""
    return [
        Removal(names.of(facet).get(value, value), choice.without(facet, value).query())
        for facet, values in choice.values.items()
        for value in values
    ]


def ways_out(choice: Choice, names: Names) -> list[Removal]:
    """What to loosen where nothing was found: parts of the choice in words, with how many resources they have."""
    return [Removal(in_words(part, names), part.query(), number) for part, number in looser(choice)]


def in_words(choice: Choice, names: Names) -> str:
    """Such as “Kind: Video, Practice; Region: Africa”, or that nothing is chosen."""
    parts = [
        _("%(facet)s: %(values)s")
        % {"facet": LEGENDS[facet], "values": ", ".join(names.of(facet).get(value, value) for value in values)}
        for facet, values in choice.values.items()
    ]
    return in_a_row(parts) or _("All resources")
