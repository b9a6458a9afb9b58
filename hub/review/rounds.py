"""A round of review from its beginning to its end: who is asked, what they answer, and who is asked instead.

One function each, one transaction each, under the lock of the round; each raises a ReviewError, in words for whoever
tried, and then has changed nothing.
"""

from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.resources import listing
from hub.resources.models import Resource
from hub.resources.states import ResourceError
from hub.review import choosing, letters
from hub.review.models import Invitation, Member, Round

State, Seat = Invitation.State, Invitation.Seat


class ReviewError(ResourceError):
    """Why something could not be done in a review, in words for the person who tried."""


class NotEnough(ReviewError):
    """Fewer reviewers were chosen than a round needs."""

    def __init__(self):
        self.message = _(
            "Choose at least %(internal)s internal and %(external)s external reviewers, or tick that the round begins "
            "with fewer."
        ) % {"internal": settings.INTERNAL_REVIEWERS, "external": settings.EXTERNAL_REVIEWERS}


class CannotBeAsked(ReviewError):
    def __init__(self, name: str):
        self.message = _(
            "%(name)s can no longer be asked: they were asked before, paused, left, or are bound to the resource. "
            "Choose somebody else."
        ) % {"name": name}


class RoundIsOver(ReviewError):
    message = gettext_lazy("This round of review has ended in the meantime. What you wrote is kept, and was not sent.")


class NotWaiting(ReviewError):
    message = gettext_lazy("This invitation was answered before, or nobody waits for it any more.")


# Beginning, asking


@transaction.atomic
def begin(resource: Resource, members: list[Member], editor, *, fewer: bool = False) -> Round:
    """Open the next round of a submission and ask these people.

    Raises NotEnough unless `fewer`, CannotBeAsked, StateHasChanged.
    """
    change = listing.begin_review(resource, editor)
    resource = change.resource
    chosen = Counter(choosing.seat_of(member) for member in members)
    if not members or (not fewer and required() - chosen):
        raise NotEnough
    made = Round.objects.create(resource=resource, number=resource.rounds.count() + 1, editor=editor)
    able = {each.member.pk for each in choosing.candidates(resource, made, but_not=editor)}
    for member in members:
        if member.pk not in able:
            raise CannotBeAsked(member.user.name)
        invite(made, member, choosing.seat_of(member), by=editor)
    return made


def required(round: Round | None = None) -> Counter:
    """How many reviewers a round needs, by seat."""
    needed = Counter({Seat.INTERNAL: settings.INTERNAL_REVIEWERS, Seat.EXTERNAL: settings.EXTERNAL_REVIEWERS})
    if round and round.disagreed_at:
        needed[Seat.ARBITER] = 1
    return needed


def invite(round: Round, member: Member, seat: str, *, by=None) -> Invitation:
    """Ask somebody; call it under the lock of the round, or while the round is new."""
    invitation = Invitation.objects.create(
        round=round,
        member=member,
        seat=seat,
        invited_by=by,
        answer_by=end_of_day(settings.REVIEW_ANSWER_DAYS),
    )
    letters.ask(invitation)
    return invitation


def end_of_day(days: int) -> datetime:
    """The last minute of the day that lies so many days ahead."""
    return (timezone.now() + timedelta(days=days)).replace(hour=23, minute=59, second=0, microsecond=0)


@transaction.atomic
def ask(round: Round, member: Member, editor) -> Invitation:
    """One more reviewer, chosen by an editor; for the seat that is empty, or beside the others.

    Raises RoundIsOver, CannotBeAsked.
    """
    round = lock(round.pk)
    if member.pk not in {each.member.pk for each in choosing.candidates(round.resource, round, but_not=editor)}:
        raise CannotBeAsked(member.user.name)
    own = choosing.seat_of(member)
    empty = empty_seats(round)
    seat = Seat.ARBITER if empty[Seat.ARBITER] and not empty[own] else own
    return invite(round, member, seat, by=editor)


def lock(pk: int) -> Round:
    """The round, kept from others until the transaction ends. Raises RoundIsOver when it has ended."""
    round = Round.objects.select_for_update(of=("self",)).select_related("resource", "editor").get(pk=pk)
    if not round.is_open:
        raise RoundIsOver
    return round


def lock_waiting(invitation: Invitation, states=(State.INVITED, State.ACCEPTED)) -> Invitation:
    """The invitation as it is now, under the lock of its round. Raises RoundIsOver, NotWaiting."""
    round = lock(invitation.round_id)
    current = Invitation.objects.select_related("member__user").get(pk=invitation.pk)
    current.round = round
    if current.state not in states:
        raise NotWaiting
    return current


def empty_seats(round: Round) -> Counter:
    """Seats for which nobody is invited, reviews or has reviewed."""
    return required(round) - Counter(round.invitations.live().values_list("seat", flat=True))


# Answers


@transaction.atomic
def accept(invitation: Invitation) -> Invitation:
    """The reviewer will do it; the review is due in REVIEW_DAYS from now. Accepting twice changes nothing.

    Raises RoundIsOver, NotWaiting.
    """
    current = lock_waiting(invitation)
    if current.state == State.INVITED:
        settle(current, State.ACCEPTED, answered_at=timezone.now(), due_at=end_of_day(settings.REVIEW_DAYS))
        letters.confirm_acceptance(current)
    return current


@transaction.atomic
def decline(invitation: Invitation, reason: str = "") -> Invitation:
    """The reviewer cannot do it, or no longer; somebody else is asked. Raises RoundIsOver, NotWaiting."""
    current = lock_waiting(invitation)
    settle(current, State.DECLINED, answered_at=current.answered_at or timezone.now(), reason=reason)
    replace(current)
    return current


@transaction.atomic
def declare(invitation: Invitation, *, is_free: bool, words: str = "") -> Invitation:
    """The reviewer says whether anything binds them to the resource; with a conflict somebody else is asked.

    Raises RoundIsOver, NotWaiting.
    """
    current = lock_waiting(invitation)
    now = timezone.now()
    if not is_free:
        settle(current, State.CONFLICT, answered_at=current.answered_at or now, reason=words)
        replace(current)
    elif current.state == State.INVITED:
        raise NotWaiting
    elif not current.declared_free_at:
        settle(current, State.ACCEPTED, declared_free_at=now)
    return current


@transaction.atomic
def take_back(invitation: Invitation, editor) -> Invitation:
    """An editor no longer waits for somebody, who is told; somebody else is asked. Raises RoundIsOver, NotWaiting."""
    current = lock_waiting(invitation)
    settle(current, State.WITHDRAWN)
    letters.tell_not_needed(current)
    replace(current)
    return current


def settle(invitation: Invitation, state: str, **fields) -> None:
    invitation.state = state
    for name, value in fields.items():
        setattr(invitation, name, value)
    invitation.save(update_fields=["state", *fields])


def replace(invitation: Invitation) -> Invitation | None:
    """Ask the best other person for the seat of somebody who is gone; tell the editors when there is nobody.

    An editor may have asked more people than a round needs: then nobody has to be asked instead.
    """
    round = invitation.round
    if not empty_seats(round)[invitation.seat]:
        tell_if_complete(round)
        return None
    if candidate := choosing.best(round.resource, round, invitation.seat):
        return invite(round, candidate.member, invitation.seat)
    letters.tell_nobody_left(round, invitation)
    return None


@transaction.atomic
def release_member(member: Member, reason: str) -> int:
    """Nobody waits any more for the reviews of this person, who leaves, pauses or is removed; others are asked.

    What they have sent stays. Call it after the member's own row is saved, so that they are not asked again.
    Returns from how many reviews they are released.
    """
    open_rounds = (
        Invitation.objects.waiting().filter(member=member).order_by("round_id").values_list("round_id", flat=True)
    )
    count = 0
    for pk in list(open_rounds):
        try:
            round = lock(pk)
        except RoundIsOver:
            continue
        invitation = round.invitations.waiting().filter(member=member).first()
        if not invitation:
            continue
        invitation.round = round
        settle(invitation, State.WITHDRAWN, reason=reason)
        replace(invitation)
        count += 1
    return count


# The end


def close(round: Round, outcome: str) -> None:
    """End a round whose resource is locked, and tell those from whom something was still expected.

    `outcome` is the state into which the resource came.
    """
    round = Round.objects.select_for_update(of=("self",)).select_related("resource").get(pk=round.pk)
    if not round.is_open:
        return
    round.closed_at = timezone.now()
    round.save(update_fields=["closed_at"])
    invitations = list(round.invitations.live().select_related("member__user"))
    for invitation in invitations:
        invitation.round = round
        if invitation.is_open:
            settle(invitation, State.WITHDRAWN)
            letters.tell_not_needed(invitation)
        elif invitation.state == State.SENT:
            letters.tell_outcome(invitation, outcome)


# How far it is


def recommendations(round: Round) -> list[int]:
    return list(
        round.invitations.filter(state=State.SENT).values_list("review__recommendation", flat=True).order_by("pk")
    )


def is_disagreement(values: list[int]) -> bool:
    return bool(values) and max(values) - min(values) >= settings.REVIEW_DISAGREEMENT


def is_complete(round: Round) -> bool:
    """Is there nothing to wait for: every seat has its review, and nobody else is still writing?"""
    states = list(round.invitations.live().values_list("seat", "state"))
    sent = Counter(seat for seat, state in states if state == State.SENT)
    return not required(round) - sent and all(state == State.SENT for _seat, state in states)


def tell_if_complete(round: Round) -> None:
    if is_complete(round):
        letters.tell_complete(round)


def look_at_disagreement(round: Round) -> None:
    """After a review was sent: when reviews are too far apart, one more person is asked, once per round."""
    if round.disagreed_at or not is_disagreement(recommendations(round)):
        return
    round.disagreed_at = timezone.now()
    round.save(update_fields=["disagreed_at"])
    candidate = choosing.best(round.resource, round, Seat.ARBITER)
    if candidate:
        invite(round, candidate.member, Seat.ARBITER)
    letters.tell_of_disagreement(round, candidate.member if candidate else None)
