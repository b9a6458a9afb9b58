"""Deleting an account."""

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from accounts.administrators import LastAdministrator, is_last
from accounts.export import keepers
from accounts.models import User


@transaction.atomic
def erase_account(user: User, *, keep_contributions: bool) -> None:
    """Delete `user` and all that is kept about them, or nothing when any part of it fails.

    Contributions stay without the name when `keep_contributions`, and are withdrawn otherwise.
    Raises LastAdministrator.
    """
    if is_last(user):
        raise LastAdministrator
    for keeper in keepers():
        keeper.erase(user, keep_contributions=keep_contributions)
    # Ends the sessions on all devices, not only what is noted about them.
    for session in UserSession.objects.filter(user=user):
        session.end()
    # Where somebody administered the account, the administration's history names it.
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=user.pk).delete()
    user.delete()
