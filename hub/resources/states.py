"""How a resource comes from one state into another: locked, checked, dated, and told to whoever must react."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.reactions import tell
from hub.resources.models import Resource, StateChange

State = Resource.State


class ResourceError(Exception):
    """Why something could not be done with a resource, in words for the person who tried."""

    message = ""

    def __str__(self):
        return str(self.message)


class StateHasChanged(ResourceError):
    """Somebody else was faster; `state` is what they made of it."""

    def __init__(self, state: str):
        self.state = state
        self.message = _("Its state has changed in the meantime, to “%(state)s”. Nothing was changed by you.") % {
            "state": State(state).label
        }


def lock(resource: Resource, allowed: set[str]) -> Resource:
    """The resource as it is now, kept from others until the transaction ends. Raises StateHasChanged."""
    current = Resource.objects.select_for_update().get(pk=resource.pk)
    if current.state not in allowed:
        raise StateHasChanged(current.state)
    return current


def move(resource: Resource, after: str, by, words: str = "", *, is_unchanged=False, **fields) -> StateChange:
    """Bring a locked resource into the state `after`, and keep the step with the words to its submitter."""
    change = StateChange(
        resource=resource,
        before=resource.state,
        after=after,
        by=by,
        words=words,
        is_unchanged=is_unchanged,
        at=timezone.now(),
    )
    resource.state, resource.state_since = after, change.at
    for name, value in fields.items():
        setattr(resource, name, value)
    with transaction.atomic():
        resource.save(update_fields=["state", "state_since", *fields])
        change.save()
        tell("resource_moved", change=change)
    return change
