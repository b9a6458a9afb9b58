"""What peer review does when a resource comes into another state, through whomever."""

from hub.resources.models import Resource, StateChange
from hub.review import letters, rounds
from hub.review.models import Round

State = Resource.State
DECIDED = {State.LISTED, State.CHANGES_REQUESTED, State.DECLINED}


def resource_moved(change: StateChange) -> None:
    """End the open round when there is nothing left to review, and tell those whom it concerns."""
    this_round = Round.objects.filter(resource=change.resource, closed_at=None).first()
    if this_round and change.after in DECIDED | {State.WITHDRAWN}:
        rounds.close(this_round, change.after)
    if change.after == State.WITHDRAWN and change.before == State.IN_REVIEW:
        letters.tell_of_withdrawal(change)
    if change.before == State.DECLINED and change.after == State.SUBMITTED:
        letters.tell_taken_up_again(change)
    elif change.after == State.SUBMITTED:
        letters.confirm_submission(change)
        letters.tell_of_submission(change)
    elif change.after in DECIDED:
        letters.tell_of_decision(change, this_round)
