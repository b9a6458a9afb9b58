"""Who could review a resource: those on the roster who can be asked, the best fitting first, with the reasons."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from hub.resources.models import Resource
from hub.review.models import Invitation, Member, Round

State, Seat = Invitation.State, Invitation.Seat


@dataclass(frozen=True)
class Candidate:
    """A member of the roster, and what speaks for asking them."""

    member: Member
    # Numbers of the objectives, and codes of languages, that they share with the resource.
    objectives: tuple[int, ...]
    languages: tuple[str, ...]
    open_reviews: int
    last_asked: datetime | None
    # They have reviewed an earlier version.
    knows_it: bool

    @property
    def seat(self) -> str:
        return seat_of(self.member)

    @property
    def order(self) -> tuple:
        """Who can read it comes first, then who knows the field, the fewest open reviews, the longest not asked."""
        return (
            not self.languages,
            not self.knows_it,
            not self.objectives,
            self.open_reviews,
            -len(self.objectives),
            self.last_asked.timestamp() if self.last_asked else 0,
            self.member.pk,
        )


def seat_of(member: Member) -> str:
    return Seat.INTERNAL if member.is_internal else Seat.EXTERNAL


def candidates(resource: Resource, this_round: Round | None = None, *, but_not=None) -> list[Candidate]:
    """Everybody who can be asked, the best first; in a constant number of queries.

    Never the submitter, an author or somebody of the same organization; nobody who was asked in `this_round` before,
    or who has declared a conflict about this resource in any round; not `but_not`, the editor who is choosing.
    """
    bound = bound_to(resource)
    wanted_objectives = set(resource.objectives.values_list("number", flat=True))
    wanted_languages = list(resource.languages) or [resource.text_language]
    past = Invitation.objects.filter(round__resource=resource)
    refused = past.filter(state=State.CONFLICT) | (past.filter(round=this_round) if this_round else past.none())
    knowing = set(past.filter(state=State.SENT).values_list("member_id", flat=True))
    is_open = Q(invitations__state__in=[State.INVITED, State.ACCEPTED], invitations__round__closed_at=None)
    found = (
        Member.objects.available()
        .exclude(pk__in=refused.values("member"))
        .exclude(user=resource.submitted_by_id)
        .exclude(user=but_not and but_not.pk)
        .select_related("user", "region")
        .prefetch_related("objectives")
        .annotate(
            open_reviews=Count("invitations", filter=is_open, distinct=True), last_asked=Max("invitations__invited_at")
        )
    )
    fitting = [
        Candidate(
            member=member,
            objectives=tuple(sorted({each.number for each in member.objectives.all()} & wanted_objectives)),
            languages=tuple(code for code in wanted_languages if code in member.languages),
            open_reviews=member.open_reviews,
            last_asked=member.last_asked,
            knows_it=member.pk in knowing,
        )
        for member in found
        if not names_of(member) & bound
    ]
    return sorted(fitting, key=lambda candidate: candidate.order)


def best(resource: Resource, this_round: Round, seat: str) -> Candidate | None:
    """Who is asked by the portal itself for a seat: somebody who can read the resource, or nobody.

    After a disagreement that may be anybody; people from outside come first among equals.
    """
    able = [each for each in candidates(resource, this_round, but_not=this_round.editor) if each.languages]
    if seat == Seat.ARBITER:
        able.sort(key=lambda candidate: candidate.member.is_internal)
    else:
        able = [each for each in able if each.seat == seat]
    return able[0] if able else None


def bound_to(resource: Resource) -> set[str]:
    """Names, folded, of the people and organizations that the resource is from."""
    names = [resource.publisher, *resource.author_names]
    if submitter := resource.submitted_by:
        place = Member.objects.filter(user=submitter).first()
        names += [submitter.organization, place.organization if place else ""]
    return set(filter(None, map(folded, names)))


def names_of(member: Member) -> set[str]:
    return set(filter(None, map(folded, (member.user.name, member.user.organization, member.organization))))


def folded(name: str) -> str:
    """A name without case, accents, spaces and signs, so that two ways of writing it are one."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())
