"""What happens to an entry and to a request for support: one function each, one transaction each."""

import hashlib
import json

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.typed import is_blank
from hub.background.terms import months_ago
from hub.experts import letters
from hub.experts.models import Expert, SupportMessage, SupportRequest

# What the editors have read. Somebody who changes it is read again; ticks and lists change at once.
READ_BY_EDITORS = ("name", "about", "organization")


class DecidedBefore(Exception):
    """Somebody else was first, or the person changed their mind; the message is for the editor."""

    message = _("This has changed since you opened the page. See how it stands now; nothing was changed or sent.")

    def __str__(self):
        return str(self.message)


class NothingNew(Exception):
    """There is nothing to tell the sender; the message is for the editor."""

    message = _("Write some words or choose another state: as it is, there is nothing to tell the sender.")

    def __str__(self):
        return str(self.message)


def digest(expert: Expert) -> str:
    """A mark of all that the editors read, which changes with any of it."""
    words = json.dumps([getattr(expert, name) for name in READ_BY_EDITORS])
    return hashlib.sha256(words.encode()).hexdigest()


@transaction.atomic
def propose(expert: Expert, objectives, regions) -> Expert:
    """Keep a person's entry, and let the editors read it unless they know all of its words already."""
    before = Expert.objects.filter(user=expert.user).select_for_update().first()
    expert.pk = before.pk if before else None
    is_known = (
        before and before.is_listed and all(getattr(before, name) == getattr(expert, name) for name in READ_BY_EDITORS)
    )
    if is_known:
        expert.state, expert.state_since, expert.decided_by = before.state, before.state_since, before.decided_by
    else:
        expert.state, expert.state_since, expert.decided_by = Expert.State.WAITING, timezone.now(), None
    expert.reason = ""
    expert._state.adding = not before
    expert.save()
    expert.objectives.set(objectives)
    expert.regions.set(regions)
    if not is_known and not (before and before.is_waiting):
        letters.tell_of_entry(expert)
    return expert


def remove(user) -> None:
    """Take a person out of the directory, at once and with all that the entry held."""
    Expert.objects.filter(user=user).delete()


@transaction.atomic
def decide(expert_id: int, editor, *, lists: bool, reason: str = "", seen: str) -> Expert:
    """List an entry that waits, or decline it with a reason. Raises DecidedBefore.

    `seen` is the digest of what the editor has read: what was changed meanwhile is read again.
    """
    expert = Expert.objects.select_for_update(of=("self",)).select_related("user").filter(pk=expert_id).first()
    if not expert or not expert.is_waiting or digest(expert) != seen:
        raise DecidedBefore
    expert.state = Expert.State.LISTED if lists else Expert.State.DECLINED
    expert.reason = "" if lists else reason
    expert.state_since, expert.decided_by = timezone.now(), editor
    expert.save()
    letters.tell_of_decision(expert)
    return expert


@transaction.atomic
def receive(request: SupportRequest, objectives) -> SupportRequest:
    """Keep a request for support, and tell its sender and the editors."""
    request.save()
    request.objectives.set(objectives)
    letters.tell_of_request(request)
    return request


@transaction.atomic
def answer(request_id: int, editor, *, state: str, words: str, seen: str) -> SupportRequest:
    """Bring a request into `state`, write `words` to its sender, or both; the sender is told once.

    `seen` is the stamp of what the editor saw. Raises DecidedBefore, or NothingNew.
    """
    request = SupportRequest.objects.select_for_update(of=("self",)).select_related("requester").get(pk=request_id)
    if request.stamp != seen or request.is_withdrawn:
        raise DecidedBefore
    has_moved, has_words = request.state != state, not is_blank(words)
    if not has_moved and not has_words:
        raise NothingNew
    if has_moved:
        request.state, request.state_since = state, timezone.now()
    request.handled_by = editor
    request.save()
    if has_words:
        SupportMessage.objects.create(request=request, author=editor, words=words)
    letters.tell_of_answer(request, words if has_words else "", has_moved=has_moved)
    return request


class AlreadyWithdrawn(Exception):
    """The message is for whoever asked for support."""

    message = _("You have withdrawn this request. Nothing was sent; you can send a new one.")

    def __str__(self):
        return str(self.message)


@transaction.atomic
def write_back(request_id: int, requester, words: str) -> SupportRequest:
    """Keep what somebody writes to the editors about their own request, and tell the editors.

    What was answered or closed is open again. The same words sent twice are one message. Raises AlreadyWithdrawn.
    """
    request = own(request_id, requester)
    if request.is_withdrawn:
        raise AlreadyWithdrawn
    last = request.messages.last()
    if last and last.is_from_requester and last.words == words:
        return request
    if request.state in SupportRequest.DONE:
        request.state, request.state_since = SupportRequest.State.IN_PROGRESS, timezone.now()
        request.save(update_fields=["state", "state_since"])
    SupportMessage.objects.create(request=request, author=requester, words=words, is_from_requester=True)
    letters.tell_of_reply(request, words)
    return request


@transaction.atomic
def withdraw(request_id: int, requester) -> SupportRequest:
    """Somebody needs no support any more; the editors are told once."""
    request = own(request_id, requester)
    if not request.is_withdrawn:
        request.state, request.state_since = SupportRequest.State.WITHDRAWN, timezone.now()
        request.save(update_fields=["state", "state_since"])
        letters.tell_of_withdrawal(request)
    return request


def own(request_id: int, requester) -> SupportRequest:
    """A request of this person, kept from others until the transaction ends."""
    found = SupportRequest.objects.select_for_update(of=("self",)).select_related("requester", "handled_by")
    return found.get(pk=request_id, requester=requester)


@transaction.atomic
def forget_done() -> None:
    """Delete the requests that were answered or closed long enough ago, and not written about since, with all words."""
    until = months_ago(settings.ANSWERED_KEPT_MONTHS)
    done = SupportRequest.objects.filter(state__in=SupportRequest.DONE, state_since__lt=until)
    # Whoever answers one at this moment comes first: the words are looked at once the request is locked.
    locked = list(done.select_for_update(skip_locked=True).values_list("pk", flat=True))
    SupportRequest.objects.filter(pk__in=locked).exclude(messages__created_at__gte=until).delete()
