"""Reminders: before an answer or a review is due, and after; and what follows when nobody answers."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from hub.review import letters, rounds
from hub.review.models import Invitation, Member
from hub.review.rounds import NotWaiting, RoundIsOver

State = Invitation.State
# After the reminder somebody has so many days more to answer.
GRACE_DAYS = 3
SOON = timedelta(days=3)
OVERDUE = timedelta(days=1)
LONG_OVERDUE = timedelta(days=7)
# Nobody is reminded of what they have only just accepted.
SETTLED = timedelta(days=1)


@task
def remind() -> None:
    """Look at each invitation that may need something now. Runs every hour; what was sent is not sent again."""
    for pk in needing_something().values_list("pk", flat=True):
        look_at.enqueue(pk)


def needing_something():
    """Invitations not answered in time, reviews that are due soon or late, and those of people who are gone."""
    now = timezone.now()
    gone = ~Q(member__state=Member.State.ADMITTED) | ~Q(member__user__is_active=True)
    unanswered = Q(state=State.INVITED, answer_by__lte=now)
    unsent = Q(state=State.ACCEPTED, due_at__lte=now + SOON)
    return Invitation.objects.waiting().filter(gone | unanswered | unsent).order_by("pk")


@task
@transaction.atomic
def look_at(pk: int) -> None:
    """Do for one invitation what is due now, under the lock of its round; twice is once."""
    found = Invitation.objects.filter(pk=pk).first()
    if not found:
        return
    try:
        invitation = rounds.lock_waiting(found)
    except (RoundIsOver, NotWaiting):
        return
    member = invitation.member
    if not member.is_admitted or not member.is_reachable:
        # They left at the same moment, or their account is closed.
        rounds.release(invitation, Invitation.Release.LEFT)
    elif invitation.state == State.INVITED:
        look_at_answer(invitation)
    else:
        look_at_review(invitation)


def look_at_answer(invitation: Invitation) -> None:
    if invitation.answer_by > timezone.now():
        return
    if once(invitation, "answer"):
        invitation.answer_by = rounds.end_of_day(GRACE_DAYS)
        invitation.save(update_fields=["answer_by"])
        letters.remind_to_answer(invitation)
    else:
        rounds.give_up(invitation)
        letters.tell_not_answered(invitation)


def look_at_review(invitation: Invitation) -> None:
    now = timezone.now()
    if now >= invitation.due_at + OVERDUE:
        if once(invitation, "late"):
            letters.remind_of_review(invitation, is_late=True)
        if now >= invitation.due_at + LONG_OVERDUE and once(invitation, "editors"):
            letters.tell_overdue(invitation)
    elif now < invitation.due_at and invitation.answered_at <= now - SETTLED and once(invitation, "soon"):
        letters.remind_of_review(invitation, is_late=False)


def once(invitation: Invitation, name: str) -> bool:
    """Note that this reminder is sent now; False when it was sent before."""
    sent = invitation.reminded.split()
    if name in sent:
        return False
    invitation.reminded = " ".join([*sent, name])
    invitation.save(update_fields=["reminded"])
    return True
