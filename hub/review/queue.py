"""What a member of the roster finds on the page of their reviews."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from hub.resources.models import Resource, StateChange
from hub.review import tokens
from hub.review.models import Invitation, Member

State = Invitation.State
# The states into which a resource comes when a round of its review ends.
ENDS = [
    Resource.State.LISTED,
    Resource.State.CHANGES_REQUESTED,
    Resource.State.DECLINED,
    Resource.State.WITHDRAWN,
]
# The latest that are done; older ones count for nobody any more.
DONE = 50


@dataclass(frozen=True)
class Waiting:
    """An invitation that is to be answered, or a review that is to be written."""

    invitation: Invitation

    @property
    def resource(self) -> Resource:
        return self.invitation.round.resource

    @property
    def is_invitation(self) -> bool:
        return self.invitation.state == State.INVITED

    @property
    def due_at(self) -> datetime:
        return (
            self.invitation.due_at if self.invitation.due_at and not self.is_invitation else self.invitation.answer_by
        )

    @property
    def is_late(self) -> bool:
        return self.due_at < timezone.now()

    @property
    def review(self):
        """What is saved of the review so far, or nothing."""
        return getattr(self.invitation, "review", None)

    @property
    def address(self) -> str:
        """Where to answer it, or to write the review."""
        return tokens.address(self.invitation) if self.is_invitation else reverse("review", args=[self.invitation.pk])


def waiting(member: Member) -> list[Waiting]:
    """What the member has to do, what is due first before the rest; in one query."""
    found = of(member).waiting()
    return sorted((Waiting(invitation) for invitation in found), key=lambda each: (each.due_at, each.invitation.pk))


def done(member: Member) -> list[Invitation]:
    """What the member has sent or declined, or what was no longer needed, the latest first; in one query.

    Each with its `outcome`: the state into which the resource came when that round ended.
    """
    ends = StateChange.objects.filter(
        resource=OuterRef("round__resource"), after__in=ENDS, at__lte=OuterRef("round__closed_at")
    )
    found = of(member).exclude(pk__in=Invitation.objects.waiting().filter(member=member)).order_by("-pk")
    return list(found.annotate(outcome=Subquery(ends.order_by("-at", "-pk").values("after")[:1]))[:DONE])


def of(member: Member):
    return Invitation.objects.filter(member=member).select_related("round__resource", "review")
