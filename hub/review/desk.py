"""What the editors' desk reads: submissions by state, how long they took, and what is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import connection
from django.db.models import Count, Max, Min, Prefetch, Q
from django.utils import timezone

from hub.resources.models import Resource, StateChange
from hub.review import permissions, rounds
from hub.review.models import Invitation, Member, Round

State = Resource.State
# What editors see of resources; a draft is its submitter's own.
SHOWN = [
    State.SUBMITTED,
    State.IN_REVIEW,
    State.CHANGES_REQUESTED,
    State.LISTED,
    State.DECLINED,
    State.WITHDRAWN,
]
UNDECIDED = [State.SUBMITTED, State.IN_REVIEW, State.CHANGES_REQUESTED]

# How long resources were in each state before they came out of it; the median, since one forgotten case says little.
TIME_IN_STATES = """
    SELECT after, percentile_cont(0.5) WITHIN GROUP (ORDER BY stayed)
    FROM (
        SELECT after, extract(epoch FROM lead(at) OVER (PARTITION BY resource_id ORDER BY at, id) - at) AS stayed
        FROM resources_statechange
        WHERE resource_id IN (SELECT id FROM resources_resource WHERE submitted_at > now() - interval '1 year')
    ) AS steps
    WHERE stayed IS NOT NULL
    GROUP BY after
"""


@dataclass(frozen=True)
class Queue:
    """All resources in one state."""

    state: str
    count: int
    # Since when the one that waits longest has been in it.
    oldest: object
    # The median time that resources of the last year were in it; None when none has come out.
    usual: timedelta | None

    @property
    def label(self):
        return State(self.state).label

    @property
    def is_waiting(self) -> bool:
        return self.state in UNDECIDED


def queues() -> list[Queue]:
    """The states in the order of the way, with counts; in two queries."""
    found = {
        state: (count, oldest)
        for state, count, oldest in Resource.objects.order_by()
        .filter(state__in=SHOWN)
        .exclude(state=State.WITHDRAWN, submitted_at=None)
        .values_list("state")
        .annotate(Count("pk"), Min("state_since"))
    }
    with connection.cursor() as cursor:
        cursor.execute(TIME_IN_STATES)
        usual = {state: timedelta(seconds=float(seconds)) for state, seconds in cursor.fetchall()}
    return [Queue(state, *found.get(state, (0, None)), usual.get(state)) for state in SHOWN]


def submissions(states: list[str]):
    """Submissions in these states, whoever waits longest first, each with its latest round in `latest`."""
    with_people = Invitation.objects.select_related("member__user").order_by("pk")
    return (
        Resource.objects.filter(state__in=states)
        .exclude(state=State.WITHDRAWN, submitted_at=None)
        .select_related("submitted_by", "call")
        .prefetch_related(
            Prefetch(
                "rounds",
                Round.objects.order_by("-number").prefetch_related(Prefetch("invitations", with_people)),
                to_attr="latest_rounds",
            )
        )
    )


@dataclass(frozen=True)
class Progress:
    """How far the open round of a submission is."""

    round: Round
    sent: int
    asked: int
    late: int
    is_complete: bool

    @classmethod
    def of(cls, resource: Resource) -> "Progress | None":
        """From what `submissions` has fetched; None when no round is open."""
        latest = resource.latest_rounds[0] if resource.latest_rounds else None
        if not latest or not latest.is_open:
            return None
        live = [each for each in latest.invitations.all() if each.state in Invitation.LIVE]
        sent = sum(each.state == Invitation.State.SENT for each in live)
        late = sum(each.is_late for each in live)
        return cls(latest, sent, len(live), late, rounds.is_complete_with(latest, live))


def late_invitations():
    """Answers and reviews that should have come by now, the latest first to be looked at."""
    now = timezone.now()
    return (
        Invitation.objects.waiting()
        .filter(
            Q(state=Invitation.State.INVITED, answer_by__lt=now) | Q(state=Invitation.State.ACCEPTED, due_at__lt=now)
        )
        .select_related("member__user", "round__resource")
        .order_by("invited_at", "pk")
    )


@dataclass(frozen=True)
class Step:
    """A step of a resource, and how long it then stayed there; until now for the last one."""

    change: StateChange
    stayed: timedelta


def steps(resource: Resource) -> list[Step]:
    changes = list(resource.state_changes.select_related("by"))
    ends = [after.at for _before, after in pairwise(changes)] + [timezone.now()]
    return [Step(change, end - change.at) for change, end in zip(changes, ends, strict=True)]


def handled_by(user, resources: list[Resource]) -> set[int]:
    """The keys of those that this editor may handle; see `permissions.handling`."""
    return {pk for _editor, pk in permissions.handling([user], resources)}


@dataclass(frozen=True)
class Load:
    """How much a reviewer has to do and has done."""

    open_reviews: int = 0
    sent_reviews: int = 0
    last_asked: datetime | None = None


def loads(members: list[Member], editor) -> dict[int, Load]:
    """The load of each of these, by their keys, as this editor may know it; in a constant number of queries.

    Without what the editor may not handle: a number that grows would say who reviews one's own submission.
    """
    asked = Resource.objects.filter(rounds__invitations__member__in=members).order_by().distinct()
    handled = handled_by(editor, list(asked.only("pk", "submitted_by")))
    sent, live = Q(state=Invitation.State.SENT), [Invitation.State.INVITED, Invitation.State.ACCEPTED]
    found = (
        Invitation.objects.filter(member__in=members, round__resource__in=handled)
        .order_by()
        .values("member")
        .annotate(
            open_reviews=Count("pk", filter=Q(state__in=live, round__closed_at=None)),
            sent_reviews=Count("pk", filter=sent),
            last_asked=Max("invited_at"),
        )
    )
    counted = {each.pop("member"): Load(**each) for each in found}
    return {member.pk: counted.get(member.pk, Load()) for member in members}
