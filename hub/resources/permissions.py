"""Who may do what with resources: one predicate each, asked by views, templates and other rooms."""

from django.conf import settings
from django.utils.module_loading import import_string

from hub.resources.models import Resource

EDITORS = "Editors"
# While it waits for a decision, what reviewers read stays as it is.
EDITABLE = {Resource.State.DRAFT, Resource.State.CHANGES_REQUESTED}
WITHDRAWABLE = {
    Resource.State.DRAFT,
    Resource.State.SUBMITTED,
    Resource.State.IN_REVIEW,
    Resource.State.CHANGES_REQUESTED,
}


def edits(user) -> bool:
    """Is this one of the hub's editors?"""
    return user.is_active and (user.is_superuser or user.groups.filter(name=EDITORS).exists())


def can_read(user, resource: Resource) -> bool:
    """May this person see the resource and download its files?

    Before it is sent that is its submitter alone, as the steps promise; then until it is listed also an editor, or
    whoever a function in settings.RESOURCE_READERS lets. Once it is withdrawn it is its submitter alone again.
    """
    if resource.is_listed:
        return True
    if not user.is_authenticated:
        return False
    if resource.submitted_by_id == user.pk:
        return True
    if resource.state in {Resource.State.DRAFT, Resource.State.WITHDRAWN}:
        return False
    if edits(user):
        return True
    return any(import_string(function)(user, resource) for function in settings.RESOURCE_READERS)


def can_edit(user, resource: Resource) -> bool:
    """May this person change what they submit?"""
    return user.is_authenticated and resource.submitted_by_id == user.pk and resource.state in EDITABLE


def can_submit_anew(user, resource: Resource) -> bool:
    """May this person begin a new draft with what they wrote, now that nothing comes of it any more?"""
    ended = {Resource.State.WITHDRAWN, Resource.State.DECLINED}
    return user.is_authenticated and resource.submitted_by_id == user.pk and resource.state in ended


def can_withdraw(user, resource: Resource) -> bool:
    return user.is_authenticated and resource.submitted_by_id == user.pk and resource.state in WITHDRAWABLE
