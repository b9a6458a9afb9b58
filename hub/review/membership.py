"""How somebody comes onto the roster, pauses, and goes: one function each, one transaction each.

Each locks the place and looks at its state again; each raises a MembershipError, in words for whoever tried, and then
has changed nothing and told nobody. A CV is kept only while an application waits or somebody is on the roster.
"""

from collections.abc import Iterable

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import User
from consultations.models import Objective
from hub.resources.files import Format
from hub.review import cv, letters_roster, rounds
from hub.review.models import Invitation, Member

State = Member.State
# Those who have no place now, and may apply again.
GONE = (State.DECLINED, State.LEFT)


class MembershipError(Exception):
    """Why something could not be done, in words for the person who tried."""

    message = ""

    def __str__(self):
        return str(self.message)


class ChangedMeanwhile(MembershipError):
    message = gettext_lazy(
        "This has changed since you opened the page. See how it stands now; nothing was changed or sent."
    )


class NotOnRoster(MembershipError):
    message = gettext_lazy("You are not on the roster any more. Nothing was changed.")


def lock(**which) -> Member | None:
    """The place as it is now, kept from others until the transaction ends; invitations can still refer to it."""
    return Member.objects.select_for_update(of=("self",), no_key=True).select_related("user").filter(**which).first()


def move(member: Member, state: str, *, by=None, reason: str = "") -> None:
    member.state, member.reason, member.decided_by = state, reason, by
    member.state_since = member.changed_at = timezone.now()


# The person


@transaction.atomic
def send(
    person: User, fields: dict, objectives: Iterable[Objective], *, upload: File | None, found: Format | None, seen: str
) -> Member:
    """Keep what somebody tells of themselves: a new application, or a change while it waits or on the roster.

    `seen` is the state of their place as the form showed it. Raises ChangedMeanwhile when the editors have declined or
    removed them since; sending a form twice changes nothing.
    """
    # There may be no place to lock yet.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    member = lock(user=person)
    if member and member.state in GONE and member.state != seen:
        raise ChangedMeanwhile
    is_new = not member or member.state in GONE
    member = member or Member(user=person)
    is_internal = fields.pop("is_internal")
    for name, value in fields.items():
        setattr(member, name, value)
    if not member.is_admitted:
        # For members it is what the editors said.
        member.is_internal = is_internal
    member.changed_at = timezone.now()
    if is_new:
        move(member, State.APPLIED)
        member.applied_at, member.is_paused = member.state_since, False
    if upload:
        cv.keep(member, upload, found)
    member.save()
    member.objectives.set(objectives)
    if is_new:
        letters_roster.tell_of_application(member)
    return member


@transaction.atomic
def withdraw(person: User) -> None:
    """Take back an application that waits, with all that was kept for it. Raises ChangedMeanwhile."""
    member = lock(user=person)
    if not member:
        return
    if not member.is_waiting:
        raise ChangedMeanwhile
    if member.invitations.exists():
        end(member, by=person)
    else:
        cv.forget(member)
        member.delete()


@transaction.atomic
def pause(person: User, *, gives_back: bool) -> int:
    """Be asked for no review until resumed. Returns from how many reviews they are released: none, or all that wait.

    Raises NotOnRoster.
    """
    member = lock_own(person)
    member.is_paused = True
    member.save(update_fields=["is_paused"])
    return rounds.release_member(member, Invitation.Release.PAUSED) if gives_back else 0


@transaction.atomic
def resume(person: User) -> None:
    """Can be asked again. Raises NotOnRoster."""
    member = lock_own(person)
    member.is_paused = False
    member.save(update_fields=["is_paused"])


def waiting_of(member: Member) -> str:
    """Since when they are on the roster and which reviews wait for them: what somebody reads before they leave."""
    numbers = Invitation.objects.waiting().filter(member=member).order_by("pk").values_list("pk", flat=True)
    return " ".join([member.state_since.isoformat(), *map(str, numbers)])


@transaction.atomic
def leave(person: User, *, seen: str) -> None:
    """Off the roster at once; others are asked for the reviews that waited.

    `seen` is `waiting_of` as the page showed it. Whoever has left already has: a button pressed twice changes nothing.
    Raises NotOnRoster, and ChangedMeanwhile when other reviews wait by now.
    """
    member = lock(user=person)
    if member and member.state == State.LEFT and member.decided_by_id == person.pk:
        return
    if not member or not member.is_admitted:
        raise NotOnRoster
    if waiting_of(member) != seen:
        raise ChangedMeanwhile
    end(member, by=person)
    rounds.release_member(member, Invitation.Release.LEFT)


def lock_own(person: User) -> Member:
    member = lock(user=person)
    if not member or not member.is_admitted:
        raise NotOnRoster
    return member


def end(member: Member, *, by, reason: str = "") -> None:
    cv.forget(member)
    move(member, State.LEFT, by=by, reason=reason)
    member.is_paused = False
    member.save()


# The editors


@transaction.atomic
def admit(member_id: int, editor: User, *, is_internal: bool, words: str = "", seen: str) -> Member:
    """Take up an application that waits. `seen` says which version the editor has read. Raises ChangedMeanwhile."""
    member = lock_as_seen(member_id, State.APPLIED, seen)
    move(member, State.ADMITTED, by=editor, reason=words)
    member.is_internal = is_internal
    member.save()
    letters_roster.tell_of_admission(member)
    return member


@transaction.atomic
def decline(member_id: int, editor: User, *, reason: str, seen: str) -> Member:
    """Decline an application that waits, with a reason for the person. Raises ChangedMeanwhile."""
    member = lock_as_seen(member_id, State.APPLIED, seen)
    cv.forget(member)
    move(member, State.DECLINED, by=editor, reason=reason)
    member.save()
    letters_roster.tell_of_refusal(member)
    return member


@transaction.atomic
def remove(member_id: int, editor: User, *, reason: str, seen: str) -> Member:
    """Take a member off the roster, with a reason for the person. Raises ChangedMeanwhile."""
    member = lock_as_seen(member_id, State.ADMITTED, seen)
    end(member, by=editor, reason=reason)
    letters_roster.tell_of_removal(member)
    rounds.release_member(member, Invitation.Release.REMOVED)
    return member


def lock_as_seen(member_id: int, state: str, seen: str) -> Member:
    member = lock(pk=member_id)
    if not member or member.state != state or member.changed_at.isoformat() != seen:
        raise ChangedMeanwhile
    return member
