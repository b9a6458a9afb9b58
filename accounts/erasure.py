"""Deleting an account."""

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.export import keepers
from accounts.models import User


class LastAdministrator(Exception):
    """The portal must not be left without anybody who can administer it."""

    message = _(
        "You are the only administrator. Make somebody else an administrator first; then you can delete your account."
    )

    def __str__(self):
        return str(self.message)


@transaction.atomic
def erase_account(user: User, *, keep_contributions: bool) -> None:
    """Delete `user` and all that is kept about them, or nothing when any part of it fails.

    Contributions stay without the name when `keep_contributions`, and are withdrawn otherwise.
    Raises LastAdministrator.
    """
    administrators = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").select_for_update()
    if user.is_superuser and [each.pk for each in administrators] == [user.pk]:
        raise LastAdministrator
    for keeper in keepers():
        keeper.erase(user, keep_contributions=keep_contributions)
    # Ends the sessions on all devices, not only what is noted about them.
    for session in UserSession.objects.filter(user=user):
        session.end()
    # Where somebody administered the account, the administration's history names it.
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=user.pk).delete()
    user.delete()
