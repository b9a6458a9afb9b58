"""What went before a round: reviews of earlier rounds, what the editors then asked for, and the submitter's answer.

A reviewer of a second reading judges whether that was done, so they read with the form what was asked and answered, and
what they wrote themselves; the reviews of others once their own is sent, as in every round.
"""

from dataclasses import dataclass, field

from hub.resources import versions
from hub.resources.models import Resource, StateChange
from hub.resources.versions import Change
from hub.review import anonymous
from hub.review.anonymous import AnonymousReview
from hub.review.models import Round

State = Resource.State


@dataclass(frozen=True)
class Earlier:
    """Steps with words, and the reviews of each earlier round, the oldest first."""

    steps: list[StateChange]
    rounds: list[tuple[Round, list[AnonymousReview]]]
    # Are there reviews by others, which stand there later?
    hides_some: bool = False
    # From the version that the round before has read to the one of this round, for who is reading it.
    changes: list[Change] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.steps or self.rounds or self.changes)


def before(this_round: Round, user, *, is_sent: bool) -> Earlier:
    """What a reviewer of this round may read of those before; in at most a constant number of queries.

    `is_sent` says whether their own review of this round is sent.
    """
    if this_round.number == 1:
        return Earlier([], [])
    past = list(Round.objects.filter(resource=this_round.resource_id, number__lt=this_round.number))
    reviews = anonymous.by_round(past, user)
    shown = {key: [each for each in of_round if is_sent or each.is_mine] for key, of_round in reviews.items()}
    return Earlier(
        list(steps_before(this_round)),
        [(each, shown[each.pk]) for each in past if shown[each.pk]],
        hides_some=shown != reviews,
        changes=[] if is_sent else changes_since(past[-1], this_round),
    )


def changes_since(past: Round, this_round: Round) -> list[Change]:
    sent = versions.of(this_round.resource)
    before, after = (versions.sent_before(each.opened_at, sent) for each in (past, this_round))
    return versions.changes(before, after) if before and after else []


def steps_before(this_round: Round):
    """What editors asked to be changed, and what the submitter answered, in order."""
    moves = StateChange.objects.filter(resource=this_round.resource_id, at__lt=this_round.opened_at)
    asked = moves.filter(after=State.CHANGES_REQUESTED)
    answered = moves.filter(before=State.CHANGES_REQUESTED, after=State.SUBMITTED)
    return (asked | answered).exclude(words="").order_by("at", "pk")


def request_before(this_round: Round) -> str:
    """The words with which editors last asked for changes; none in a first round."""
    if this_round.number == 1:
        return ""
    step = steps_before(this_round).filter(after=State.CHANGES_REQUESTED).last()
    return step.words if step else ""
