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
from hub.resources.states import ResourceError, StateHasChanged
from hub.review import choosing, letters
from hub.review.models import Invitation, Member, Round

State, Seat = Invitation.State, Invitation.Seat


class ReviewError(ResourceError):
    """Why something could not be done in a review, in words for the person who tried."""


class Malformed(ReviewError):
    """What was sent is not what the page's form sends."""

    def __init__(self, message):
        self.message = message


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
    """Open the next round of a submission and ask these people; a second click opens no second one.

    Raises NotEnough unless `fewer`, CannotBeAsked, StateHasChanged.
    """
    try:
        change = listing.begin_review(resource, editor)
    except StateHasChanged:
        begun = Round.objects.filter(resource=resource, closed_at=None, editor=editor).first()
        if (
            begun
            and members
            and {each.pk for each in members} <= set(begun.invitations.values_list("member", flat=True))
        ):
            return begun
        raise
    resource = change.resource
    chosen = Counter(choosing.seat_of(member) for member in members)
    if not members or (not fewer and required() - chosen):
        raise NotEnough
    few = required() & chosen
    made = Round.objects.create(
        resource=resource,
        number=resource.rounds.count() + 1,
        editor=editor,
        internal_seats=few[Seat.INTERNAL],
        external_seats=few[Seat.EXTERNAL],
    )
    able = {each.member.pk for each in choosing.candidates(resource, made)}
    for member in members:
        if member.pk not in able:
            raise CannotBeAsked(str(member))
        invite(made, member, choosing.seat_of(member), by=editor)
    return made


def required() -> Counter:
    """How many reviewers every resource should have, by seat."""
    return Counter({Seat.INTERNAL: settings.INTERNAL_REVIEWERS, Seat.EXTERNAL: settings.EXTERNAL_REVIEWERS})


def seats(this_round: Round) -> Counter:
    """How many reviewers this round is for: an editor may have begun it with fewer; a disagreement adds one."""
    wanted = required()
    if this_round.internal_seats is not None:
        wanted[Seat.INTERNAL] = this_round.internal_seats
        wanted[Seat.EXTERNAL] = this_round.external_seats
    if this_round.disagreed_at:
        wanted[Seat.ARBITER] = 1
    return wanted


def invite(this_round: Round, member: Member, seat: str, *, by=None) -> Invitation:
    """Ask somebody; call it under the lock of the round, or while the round is new."""
    invitation = seated(this_round, member, seat, by=by)
    letters.ask(invitation)
    return invitation


def seated(this_round: Round, member: Member, seat: str, *, by=None) -> Invitation:
    """An invitation to be answered, without a mail."""
    return Invitation.objects.create(
        round=this_round,
        member=member,
        seat=seat,
        invited_by=by,
        answer_by=end_of_day(settings.REVIEW_ANSWER_DAYS),
    )


def end_of_day(days: int) -> datetime:
    """The last minute of the day that lies so many days ahead."""
    return (timezone.now() + timedelta(days=days)).replace(hour=23, minute=59, second=0, microsecond=0)


@transaction.atomic
def ask(this_round: Round, member: Member, editor) -> Invitation:
    """One more reviewer, chosen by an editor; for the seat that is empty, or beside the others. Twice is once.

    Raises RoundIsOver, CannotBeAsked.
    """
    this_round = lock(this_round.pk)
    if asked := this_round.invitations.filter(member=member, invited_by=editor, state=State.INVITED).first():
        return asked
    if member.pk not in {each.member.pk for each in choosing.candidates(this_round.resource, this_round)}:
        raise CannotBeAsked(str(member))
    own = choosing.seat_of(member)
    empty = empty_seats(this_round)
    seat = Seat.ARBITER if empty[Seat.ARBITER] and not empty[own] else own
    return invite(this_round, member, seat, by=editor)


def lock(pk: int) -> Round:
    """The round, kept from others until the transaction ends. Raises RoundIsOver when it has ended."""
    this_round = Round.objects.select_for_update(of=("self",)).select_related("resource", "editor").get(pk=pk)
    if not this_round.is_open:
        raise RoundIsOver
    return this_round


def lock_waiting(invitation: Invitation, states=(State.INVITED, State.ACCEPTED)) -> Invitation:
    """The invitation as it is now, under the lock of its round. Raises RoundIsOver, NotWaiting."""
    this_round = lock(invitation.round_id)
    current = Invitation.objects.select_related("member__user").get(pk=invitation.pk)
    current.round = this_round
    if current.state not in states:
        raise NotWaiting
    return current


def empty_seats(this_round: Round) -> Counter:
    """Seats for which nobody is invited, reviews or has reviewed."""
    return seats(this_round) - filled(this_round)


def filled(this_round: Round) -> Counter:
    return Counter(this_round.invitations.live().values_list("seat", flat=True))


def lacking_seats(this_round: Round) -> Counter:
    """The same, with those that it lacks because it was begun with fewer than every resource should have."""
    return (seats(this_round) | required()) - filled(this_round)


# Answers


@transaction.atomic
def accept(invitation: Invitation) -> Invitation:
    """The reviewer will do it; the review is due in REVIEW_DAYS from now. Accepting twice changes nothing.

    Raises RoundIsOver, NotWaiting.
    """
    current = lock_waiting(invitation)
    if not current.member.is_admitted:
        raise NotWaiting
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


def can_reconsider(invitation: Invitation) -> bool:
    """Has this person declined, or not answered in time, and nobody has taken the seat yet?"""
    this_round = invitation.round
    return (
        invitation.state == State.DECLINED
        and this_round.is_open
        and Member.objects.available().filter(pk=invitation.member_id).exists()
        and invitation == latest(invitation)
        and bool(empty_seats(this_round)[invitation.seat])
    )


def latest(invitation: Invitation) -> Invitation:
    """The last invitation of this person to this round; whoever has declined may have been asked once more."""
    return Invitation.objects.filter(round=invitation.round_id, member=invitation.member_id).latest("pk")


@transaction.atomic
def reconsider(invitation: Invitation) -> Invitation:
    """Whoever declined can answer once more, by the invitation that is returned; that they declined stays kept.

    Twice is once. Raises RoundIsOver, NotWaiting.
    """
    this_round = lock(invitation.round_id)
    current = latest(invitation)
    current.round = this_round
    if current.is_open:
        return current
    if not can_reconsider(current):
        raise NotWaiting
    return seated(this_round, current.member, current.seat)


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
def take_back(invitation: Invitation) -> Invitation:
    """An editor no longer waits for somebody, who is told; somebody else is asked. Raises RoundIsOver, NotWaiting."""
    current = lock_waiting(invitation)
    settle(current, State.WITHDRAWN)
    if current.member.is_reachable:
        letters.tell_not_needed(current)
    replace(current)
    return current


def give_up(invitation: Invitation) -> None:
    """Nobody answered: it counts as declined, without a date of an answer. Call it under the lock of the round."""
    settle(invitation, State.DECLINED)
    replace(invitation)


def settle(invitation: Invitation, state: str, **fields) -> None:
    if state not in Invitation.LIVE:
        fields["ended_at"] = timezone.now()
    invitation.state = state
    for name, value in fields.items():
        setattr(invitation, name, value)
    invitation.save(update_fields=["state", *fields])


def replace(invitation: Invitation) -> Invitation | None:
    """Ask the best other person for the seat of somebody who is gone; tell the editors when there is nobody.

    An editor may have asked more people than a round needs: then nobody has to be asked instead.
    """
    this_round = invitation.round
    if not empty_seats(this_round)[invitation.seat]:
        tell_if_complete(this_round)
        return None
    if candidate := choosing.best(this_round.resource, this_round, invitation.seat):
        return invite(this_round, candidate.member, invitation.seat)
    letters.tell_nobody_left(this_round, invitation)
    return None


@transaction.atomic
def release_member(member: Member, reason: Invitation.Release) -> int:
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
            this_round = lock(pk)
        except RoundIsOver:
            continue
        invitation = this_round.invitations.waiting().filter(member=member).first()
        if not invitation:
            continue
        invitation.round = this_round
        release(invitation, reason)
        count += 1
    return count


def release(invitation: Invitation, reason: Invitation.Release) -> None:
    """Nobody waits for this one any more, without a word to whom it was; call it under the lock of the round."""
    settle(invitation, State.WITHDRAWN, reason=reason)
    replace(invitation)


# The end


def close(this_round: Round, outcome: str) -> None:
    """End a round whose resource is locked, and tell those from whom something was still expected.

    `outcome` is the state into which the resource came.
    """
    this_round = Round.objects.select_for_update(of=("self",)).select_related("resource").get(pk=this_round.pk)
    if not this_round.is_open:
        return
    this_round.closed_at = timezone.now()
    this_round.save(update_fields=["closed_at"])
    invitations = list(this_round.invitations.live().select_related("member__user"))
    for invitation in invitations:
        invitation.round = this_round
        if invitation.is_open:
            settle(invitation, State.WITHDRAWN)
            if invitation.member.is_reachable:
                letters.tell_not_needed(invitation)
        elif invitation.member.is_reachable:
            letters.tell_outcome(invitation, outcome)


# How far it is


def recommendations(this_round: Round) -> list[int]:
    return list(
        this_round.invitations.filter(state=State.SENT).values_list("review__recommendation", flat=True).order_by("pk")
    )


def is_disagreement(values: list[int]) -> bool:
    return bool(values) and max(values) - min(values) >= settings.REVIEW_DISAGREEMENT


def is_complete(this_round: Round) -> bool:
    """Is there nothing to wait for: every seat has its review, and nobody else is still writing?"""
    return is_complete_with(this_round, list(this_round.invitations.live()))


def is_complete_with(this_round: Round, live: list[Invitation]) -> bool:
    """The same, of a round whose live invitations are at hand."""
    sent = Counter(each.seat for each in live if each.state == State.SENT)
    return not seats(this_round) - sent and all(each.state == State.SENT for each in live)


def has_fewer(this_round: Round) -> bool:
    """Have fewer people reviewed it than every resource should have, since an editor began it with fewer?"""
    sent = this_round.invitations.filter(state=State.SENT).values_list("seat", flat=True)
    return bool(required() - Counter(sent))


def tell_if_complete(this_round: Round) -> None:
    if is_complete(this_round):
        letters.tell_complete(this_round)


def look_at_disagreement(this_round: Round) -> None:
    """After a review was sent: when reviews are too far apart, one more person is asked, once per round."""
    if this_round.disagreed_at or not is_disagreement(recommendations(this_round)):
        return
    this_round.disagreed_at = timezone.now()
    this_round.save(update_fields=["disagreed_at"])
    candidate = choosing.best(this_round.resource, this_round, Seat.ARBITER)
    if candidate:
        invite(this_round, candidate.member, Seat.ARBITER)
    letters.tell_of_disagreement(this_round, candidate.member if candidate else None)
