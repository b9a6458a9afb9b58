"""What submitters do: begin, send in, answer a request for changes, withdraw.

One function each, one transaction each; each raises a ResourceError, in words for the submitter, and then has changed
nothing.
"""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.resources import drafting, files, permissions, versions
from hub.resources.completeness import what_is_missing
from hub.resources.models import Call, Resource, StateChange
from hub.resources.states import ResourceError, State, lock, move

# Within which a second click is the same as the first.
A_MOMENT = datetime.timedelta(minutes=1)


class NotReady(ResourceError):
    """Something is missing; `missing` says in sentences what."""

    def __init__(self, missing: list[str]):
        self.missing = missing
        self.message = " ".join(missing)


class CallClosed(ResourceError):
    message = _(
        "The deadline of this call has passed. What you wrote is kept: you can send it in without the call, "
        "as a resource like any other."
    )


class NothingChanged(ResourceError):
    message = _("You have changed nothing, and written no words to the editors. Do one of the two, then send it back.")


def begin(user, *, text_language: str, call: Call | None = None, **fields) -> Resource:
    """A new draft that only its submitter sees."""
    return Resource.objects.create(submitted_by=user, text_language=text_language, call=call, **fields)


@transaction.atomic
def begin_anew(resource: Resource, user) -> Resource:
    """A new draft with the texts and files of a submission of which nothing comes any more.

    The same click twice makes one. Raises StateHasChanged when it is not withdrawn or declined.
    """
    current = lock(resource, {State.WITHDRAWN, State.DECLINED})
    title = f"title_{current.text_language}"
    moment_ago = timezone.now() - A_MOMENT
    same = {title: getattr(current, title), "submitted_by": user, "state": State.DRAFT, "created_at__gt": moment_ago}
    if twin := Resource.objects.filter(**same).first():
        return twin
    call = current.call if current.call and current.call.is_open else None
    draft = begin(user, text_language=current.text_language, call=call, kind=current.kind)
    for step in drafting.steps_of(current):
        values = drafting.values_of(current, step)
        values = {name: value for name, value in values.items() if name not in {"text_language", "answer"}}
        drafting.save(draft, step, values, drafting.version_of(drafting.values_of(draft, step)))
    for file in current.files.all():
        files.copy(file, draft)
    return draft


@transaction.atomic
def submit(resource: Resource, user) -> StateChange:
    """Send the draft to the editors.

    Raises NotReady with all that is missing, CallClosed after the deadline of its call, StateHasChanged when it was
    sent before.
    """
    current = lock(resource, {State.DRAFT})
    if current.call and not current.call.is_open:
        raise CallClosed
    if missing := what_is_missing(current):
        raise NotReady(missing)
    return versions.keep(move(current, State.SUBMITTED, user, submitted_at=timezone.now()))


@transaction.atomic
def answer_changes(resource: Resource, user, words: str = "") -> StateChange:
    """Send it back to the editors after the changes that they asked for, with words to them.

    Raises NotReady, NothingChanged where there is neither a change nor a word, or StateHasChanged.
    """
    current = lock(resource, {State.CHANGES_REQUESTED})
    is_unchanged = current.updated_at <= current.state_since
    if is_unchanged and not words:
        raise NothingChanged
    if missing := what_is_missing(current):
        raise NotReady(missing)
    return versions.keep(move(current, State.SUBMITTED, user, words, is_unchanged=is_unchanged, answer=""))


@transaction.atomic
def withdraw(resource: Resource, user) -> StateChange:
    """Take it back; possible until it is listed or declined. Raises StateHasChanged."""
    return move(lock(resource, permissions.WITHDRAWABLE), State.WITHDRAWN, user)
