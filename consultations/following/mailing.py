"""When mail about notifications is sent. Every function may run twice, or be killed, and sends each thing once.

Composing, handing the message to the mail API and marking the notifications are one transaction: with the mail
queue in the same database, either all of it has happened or nothing.
"""

import logging
from datetime import UTC, datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django_tasks import task

from consultations.following import mails, preferences
from consultations.following.models import Digest, Notification, Pace, Preference

log = logging.getLogger(__name__)

Mail = Notification.Mail
# Digests are of what was new at seven (UTC) this morning; weekly ones, at seven on Monday.
HOUR = 7
# More than this is counted, not listed.
LISTED = 40


class NotAllSent(Exception):
    """Some mails of a batch could not be made; the task is tried again for them."""


@task()
def mail_at_once(key: str, users: list[int]) -> None:
    """Send the mail about one event to each of `users` that still waits for it."""
    failed = 0
    for user in users:
        try:
            mail_one(key, user)
        except Exception:
            # Nobody waits for the trouble with somebody else's mail.
            log.exception("The mail about %s for person %s could not be made", key, user)
            failed += 1
    if failed:
        raise NotAllSent(f"{key}: {failed} of {len(users)}")


@transaction.atomic
def mail_one(key: str, user: int) -> None:
    waiting = Notification.objects.filter(user=user, key=key, mail=Mail.WAITING, user__is_active=True)
    if not waiting.order_by().select_for_update(of=["self"]).values("pk").first():
        return
    told = waiting.readable().in_words().select_related("user").first()
    if told:
        mails.send_one(told)
    waiting.update(mail=Mail.SENT if told else Mail.NONE)


@task()
def send_digests() -> None:
    """Have a digest made for everybody for whom something waits."""
    for user in due(timezone.now()):
        send_digest.enqueue(user)


@task()
def send_digest(user: int) -> None:
    digest_for(user, timezone.now())


def seven(now: datetime) -> datetime:
    """The latest time that it was seven in the morning."""
    today = now.astimezone(UTC).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def monday(now: datetime) -> datetime:
    """The latest time that it was seven on a Monday morning."""
    morning = seven(now)
    return morning - timedelta(days=morning.weekday())


def due(now: datetime) -> list[int]:
    """The ids of those for whom something waits and who had no digest yet since seven."""
    weekly = Preference.objects.filter(user=OuterRef("user"), kind=OuterRef("kind"), pace=Pace.WEEKLY)
    ready = Notification.objects.filter(
        Q(~Exists(weekly), at__lt=seven(now)) | Q(Exists(weekly), at__lt=monday(now)),
        user=OuterRef("pk"),
        mail=Mail.WAITING,
    )
    people = get_user_model().objects.filter(Exists(ready), is_active=True)
    return list(
        people.filter(Q(digest=None) | Q(digest__sent_at=None) | Q(digest__sent_at__lt=seven(now)))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


@transaction.atomic
def digest_for(user_id: int, now: datetime) -> None:
    """Send one person what waits for them, if they had no digest yet since seven.

    Mail that should have gone at once, and for some reason did not, goes with it.
    """
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    Digest.objects.get_or_create(user=user)
    digest = Digest.objects.select_for_update().get(user=user)
    if digest.sent_at and digest.sent_at >= seven(now):
        return
    paces = preferences.paces_of(user)
    weekly = [kind for kind, pace in paces.items() if pace == Pace.WEEKLY]
    waiting = Notification.objects.filter(user=user, mail=Mail.WAITING)
    has_week = digest.weekly_at is None or digest.weekly_at < monday(now)
    is_gathered = ~Q(kind__in=weekly) & Q(at__lt=seven(now))
    if has_week:
        is_gathered |= Q(kind__in=weekly, at__lt=monday(now))
    ids = list(waiting.filter(is_gathered).order_by().select_for_update().values_list("pk", flat=True))
    # What was read in the portal meanwhile, or was taken away, is not sent any more.
    fresh = Notification.objects.filter(pk__in=ids).unread().readable()
    sent = list(fresh.values_list("pk", flat=True))
    if sent:
        listed = fresh.in_words().order_by("pk")[:LISTED]
        mails.send_digest(user, list(listed), others=max(len(sent) - LISTED, 0), day=seven(now).date())
        digest.sent_at = now
        if has_week:
            digest.weekly_at = now
        digest.save(update_fields=["sent_at", "weekly_at"])
    Notification.objects.filter(pk__in=ids).update(mail=Mail.NONE)
    Notification.objects.filter(pk__in=sent).update(mail=Mail.SENT)
