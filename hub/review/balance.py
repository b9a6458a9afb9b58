"""Who is on the roster, in numbers that point at nobody.

Groups of fewer than FEWEST people are not shown by themselves: where each person is in one group, small ones are
added together until their sum is large enough, so that subtracting tells nothing either.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.models import Objective
from hub.resources.models import LANGUAGES, Region
from hub.review.models import Member, Review

FEWEST = 3


@dataclass(frozen=True)
class Share:
    """How many people are in a group, or in several that are shown as one."""

    label: str
    count: int


@dataclass(frozen=True)
class Balance:
    total: int
    seats: list[Share]
    regions: list[Share]
    backgrounds: list[Share]
    # Empty when nobody has given theirs.
    genders: list[Share]
    languages: list[Share]
    # Languages of fewer than FEWEST people.
    rare_languages: list[str]
    lacking_regions: list[str]
    covered: list[tuple[Objective, int]]
    little_covered: list[Objective]
    not_covered: list[Objective]


@dataclass(frozen=True)
class Figures:
    """The roster at a glance."""

    reviewers: int
    languages: int
    regions: int
    reviews: int


def read() -> Balance:
    """Everything on the page of the balance, in three queries."""
    people = list(
        on_roster().values_list("is_internal", "region__slug", "background", "gender", "languages").order_by()
    )
    regions = {region.slug: str(region) for region in Region.objects.exclude(slug="global")}
    by_region = Counter(region for _internal, region, *_rest in people)
    genders = Counter(gender for *_rest, gender, _languages in people)
    spoken = Counter(code for *_rest, languages in people for code in set(languages))
    names = {code: capfirst(str(name)) for code, name in LANGUAGES}
    objectives = [(objective, objective.people) for objective in covered_objectives()]
    return Balance(
        total=len(people),
        seats=merged(
            {True: _("Internal reviewers"), False: _("External reviewers")},
            Counter(internal for internal, *_rest in people),
        ),
        regions=merged(regions, by_region),
        backgrounds=merged(
            {value: capfirst(str(label)) for value, label in Member.Background.choices},
            Counter(background for _internal, _region, background, *_rest in people),
        ),
        genders=merged(
            {value: capfirst(str(label)) for value, label in Member.Gender.choices} | {"": _("Not given")}, genders
        )
        if set(genders) - {""}
        else [],
        languages=sorted(
            (Share(names[code], count) for code, count in spoken.items() if count >= FEWEST),
            key=lambda share: (-share.count, share.label),
        ),
        rare_languages=sorted(names[code] for code, count in spoken.items() if count < FEWEST),
        lacking_regions=[name for slug, name in regions.items() if not by_region[slug]],
        covered=[(objective, count) for objective, count in objectives if count >= FEWEST],
        little_covered=[objective for objective, count in objectives if 0 < count < FEWEST],
        not_covered=[objective for objective, count in objectives if not count],
    )


def figures() -> Figures:
    people = list(on_roster().values_list("region_id", "languages").order_by())
    return Figures(
        reviewers=len(people),
        languages=len({code for _region, languages in people for code in languages}),
        regions=len({region for region, _languages in people}),
        reviews=Review.objects.filter(sent_at__isnull=False).count(),
    )


def on_roster():
    return Member.objects.admitted().filter(user__is_active=True)


def covered_objectives() -> Iterable[Objective]:
    is_on_roster = Q(roster_members__state=Member.State.ADMITTED, roster_members__user__is_active=True)
    return Objective.objects.annotate(people=Count("roster_members", filter=is_on_roster))


def merged(labels: dict, counts: Counter) -> list[Share]:
    """The groups with somebody in them, largest first; small ones together, with larger ones if need be."""
    shares = sorted(
        (Share(label, counts[value]) for value, label in labels.items() if counts[value]),
        key=lambda share: -share.count,
    )
    together: list[Share] = []
    while shares and (shares[-1].count < FEWEST or 0 < sum(share.count for share in together) < FEWEST):
        together.insert(0, shares.pop())
    if together:
        # Names are only put beside each other, as “and” would need a grammar.
        shares.append(Share(" · ".join(share.label for share in together), sum(share.count for share in together)))
    return shares
