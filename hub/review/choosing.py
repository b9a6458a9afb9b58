"""Who could review a resource: those on the roster who can be asked, the best fitting first, with the reasons."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from hub.resources.models import Resource, StateChange
from hub.resources.permissions import EDITORS
from hub.review import naming
from hub.review.models import Invitation, Member, Round

State, Seat = Invitation.State, Invitation.Seat


@dataclass(frozen=True)
class Candidate:
    """A member of the roster, and what speaks for asking them."""

    member: Member
    # Numbers of the objectives, and codes of languages, that they share with the resource.
    objectives: tuple[int, ...]
    languages: tuple[str, ...]
    # They read the language in which it is described, and one in which it can be read.
    reads_text: bool
    reads_it: bool
    # The language in which it is described, as a list.
    text_languages: tuple[str, ...]
    open_reviews: int
    last_asked: datetime | None
    # They have reviewed an earlier version.
    knows_it: bool
    # They have declined in this round, or not answered: an editor may ask them once more, the portal does not.
    has_declined: bool = False

    @property
    def seat(self) -> str:
        return seat_of(self.member)

    @property
    def order(self) -> tuple:
        """Who reads the text comes first, and of those who reads the resource too; then who knows the field, the
        fewest open reviews, the longest not asked. Who has declined comes last.
        """
        return (
            self.has_declined,
            not self.reads_text,
            not self.reads_it,
            not self.knows_it,
            not self.objectives,
            self.open_reviews,
            -len(self.objectives),
            self.last_asked.timestamp() if self.last_asked else 0,
            self.member.pk,
        )


def seat_of(member: Member) -> str:
    return Seat.INTERNAL if member.is_internal else Seat.EXTERNAL


def candidates(resource: Resource, this_round: Round | None = None) -> list[Candidate]:
    """Everybody who can be asked, the best first; in a constant number of queries.

    Never the submitter, an author or somebody of the same organization; nobody who was asked in `this_round` before and
    has not declined, or who has declared a conflict about this resource in any round; no editors, who read the reviews
    at their desk.
    """
    ties = Ties.of(resource)
    wanted_objectives = set(resource.objectives.values_list("number", flat=True))
    text_language = resource.text_language
    wanted_languages = [text_language, *(code for code in resource.languages if code != text_language)]
    past = Invitation.objects.filter(round__resource=resource)
    of_round = past.filter(round=this_round) if this_round else past.none()
    gone = past.filter(state=State.CONFLICT) | of_round.exclude(state=State.DECLINED)
    declined = set(of_round.filter(state=State.DECLINED).values_list("member_id", flat=True))
    knowing = set(past.filter(state=State.SENT).values_list("member_id", flat=True))
    is_open = Q(invitations__state__in=[State.INVITED, State.ACCEPTED], invitations__round__closed_at=None)
    found = (
        Member.objects.available()
        .exclude(pk__in=gone.values("member"))
        .exclude(pk__in=editing(resource))
        .exclude(user=resource.submitted_by_id)
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
            reads_text=text_language in member.languages,
            reads_it=bool(set(member.languages) & set(resource.languages or [text_language])),
            text_languages=(text_language,),
            open_reviews=member.open_reviews,
            last_asked=member.last_asked,
            knows_it=member.pk in knowing,
            has_declined=member.pk in declined,
        )
        for member in found
        if not ties.to(member)
    ]
    return sorted(fitting, key=lambda candidate: candidate.order)


def editing(resource: Resource):
    """The keys of members who are editors, or have acted as one upon this resource: they have read, or may read, what
    reviewers write, and who they are.
    """
    began = Round.objects.filter(resource=resource, editor__isnull=False).values("editor")
    moved = StateChange.objects.filter(resource=resource, by__isnull=False).values("by")
    is_editor = Q(user__is_superuser=True) | Q(user__groups__name=EDITORS)
    return Member.objects.filter(is_editor | Q(user__in=began) | Q(user__in=moved)).values("pk")


def best(resource: Resource, this_round: Round, seat: str) -> Candidate | None:
    """Who is asked by the portal itself for a seat: somebody who reads the language of the text, or nobody.

    After a disagreement that may be anybody; people from outside come first among equals.
    """
    able = [each for each in candidates(resource, this_round) if each.reads_text and not each.has_declined]
    if seat == Seat.ARBITER:
        able.sort(key=lambda candidate: candidate.member.is_internal)
    else:
        able = [each for each in able if each.seat == seat]
    return able[0] if able else None


def lacking(found: list[Candidate], needed: Counter) -> list[tuple[str, int, int]]:
    """Seats for which fewer people can be asked than are needed: the seat, how many can be, how many are needed.

    Anybody can be asked after a disagreement.
    """
    able = Counter(each.seat for each in found if not each.has_declined)
    able[Seat.ARBITER] = able.total()
    return [(seat, able[seat], number) for seat, number in needed.items() if able[seat] < number]


@dataclass(frozen=True)
class Ties:
    """The people and organizations that a resource is from."""

    # The lines that name authors, by the keys of the people.
    people: dict[frozenset[str], str]
    # Organizations by the keys of their whole names, by those of the pieces, and by their initials.
    wholes: dict[str, str]
    pieces: dict[str, str]
    acronyms: dict[str, str]

    @classmethod
    def of(cls, resource: Resource) -> "Ties":
        organizations = [resource.publisher, *resource.author_names]
        if submitter := resource.submitted_by:
            place = Member.objects.filter(user=submitter).first()
            organizations += [submitter.organization, place.organization if place else ""]
        people = {key: line for line in resource.author_names for key in naming.keys_of_people(line)}
        keys = [(name, *naming.keys_of_organization(name)) for name in organizations]
        wholes = {key: name for name, whole, _pieces in keys for key in whole}
        pieces = {key: name for name, _whole, pieces in keys for key in pieces}
        return cls(people, wholes, pieces, {key: name for name in organizations for key in naming.acronyms_of(name)})

    def to(self, member: Member) -> str:
        """What binds this member to the resource, in words for an editor; nothing if nothing does."""
        own_keys = naming.keys_of_people(member.user.name)
        if own_keys & self.people.keys() or self.organization_like(member.user.name):
            return _("named among the authors")
        for own in filter(None, (member.organization, member.user.organization)):
            if name := self.organization_like(own) or self.organization_short_for(own):
                return _("of the same organization: %(name)s") % {"name": name}
        for key, line in self.people.items():
            if any(naming.could_be_one_person(key, mine) for mine in own_keys):
                return _("perhaps named among the authors: %(name)s") % {"name": line}
        return ""

    def organization_like(self, name: str) -> str:
        """The one of these that `name` means; see `naming.is_same_organization`."""
        whole, pieces = naming.keys_of_organization(name)
        by_whole = (self.wholes.get(key) or self.pieces.get(key) for key in whole)
        return next(filter(None, [*by_whole, *map(self.wholes.get, pieces)]), "")

    def organization_short_for(self, name: str) -> str:
        """The one of these of which `name` is the acronym, or the other way round."""
        keys = set().union(*naming.keys_of_organization(name))
        of_acronym = map(self.acronyms.get, keys)
        short = naming.acronyms_of(name)
        return next(filter(None, [*of_acronym, *map(self.wholes.get, short), *map(self.pieces.get, short)]), "")


def bound(resource: Resource) -> list[tuple[Member, str]]:
    """Members who are left out as bound to the resource, each with what binds them, so that an editor can see it."""
    ties = Ties.of(resource)
    members = Member.objects.available().exclude(user=resource.submitted_by_id).select_related("user")
    editors = set(editing(resource).values_list("pk", flat=True))
    found = [(member, _("one of the editors") if member.pk in editors else ties.to(member)) for member in members]
    return [(member, tie) for member, tie in found if tie]
