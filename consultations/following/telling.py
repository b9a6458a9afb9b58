"""Writing notifications: who is told of an event, in batches, each person once."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from consultations.following import mailing, preferences
from consultations.following.models import Kind, Notification, Pace
from consultations.models import Consultation, Moderator

Mail = Notification.Mail
BATCH = 500
# Of what is older nobody has mail: it came with texts that were brought here from elsewhere.
MAILED_WITHIN = timedelta(days=14)
mailless: ContextVar[bool] = ContextVar("mailless", default=False)


@contextmanager
def without_mail() -> Iterator[None]:
    """Tell people on their pages alone, for instance while a demonstration is loaded."""
    token = mailless.set(True)
    try:
        yield
    finally:
        mailless.reset(token)


def tell(
    users: Iterable[int],
    kind: Kind,
    key: str,
    *,
    consultation: Consultation,
    actor_id: int | None = None,
    at: datetime | None = None,
    **about,
) -> None:
    """Tell each of `users` (ids) of the event `key`, except who did it and who may not read it.

    Safe to repeat: whoever was told is not told again. Each batch is a transaction of its own and takes the
    same number of queries; mail that is wanted at once is enqueued with it.
    """
    at = at or timezone.now()
    others = sorted(set(users) - {actor_id, None})
    for start in range(0, len(others), BATCH):
        told = Notification(kind=kind, key=key, consultation=consultation, actor_id=actor_id, at=at, **about)
        tell_batch(others[start : start + BATCH], told)


@transaction.atomic
def tell_batch(users: list[int], told: Notification) -> None:
    readers = may_read(users, told.consultation)
    known = set(Notification.objects.filter(user__in=readers, key=told.key).values_list("user", flat=True))
    paces = preferences.paces_for([user for user in readers if user not in known], told.kind)
    mailed = {user for user, pace in paces.items() if is_mailed(told.at) and pace != Pace.NEVER}
    Notification.objects.bulk_create(
        [for_one(told, user, Mail.WAITING if user in mailed else Mail.NONE) for user in paces], ignore_conflicts=True
    )
    if at_once := [user for user in mailed if paces[user] == Pace.AT_ONCE]:
        mailing.mail_at_once.enqueue(told.key, sorted(at_once))


def is_mailed(at: datetime) -> bool:
    """Whether what happened then is news, and people may have mail about it."""
    return at > timezone.now() - MAILED_WITHIN and not mailless.get()


def for_one(told: Notification, user: int, mail: str) -> Notification:
    """A copy of the notification for one person."""
    mine = copy(told)
    mine._state = copy(told._state)
    mine.user_id, mine.mail = user, mail
    return mine


def may_read(users: list[int], consultation: Consultation) -> list[int]:
    """Those of `users` who have an account that works and may read the consultation."""
    readers = get_user_model().objects.filter(pk__in=users, is_active=True)
    if not consultation.is_published:
        readers = readers.filter(pk__in=Moderator.objects.filter(consultation=consultation).values("user"))
    return list(readers.order_by("pk").values_list("pk", flat=True))
