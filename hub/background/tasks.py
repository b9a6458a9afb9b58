"""The background's own housekeeping."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus, task

from hub.background.models import OutgoingMail, Task

KEPT = {
    OutgoingMail.State.SENT: timedelta(days=30),
    OutgoingMail.State.DEAD: timedelta(days=90),
    TaskResultStatus.SUCCESSFUL: timedelta(days=7),
    TaskResultStatus.FAILED: timedelta(days=90),
}


@task
def prune() -> None:
    """Delete the records of mails and tasks that ended long ago, ended sessions, expired entries of the cache, and what
    the rooms of settings.FORGETTING have kept for long enough.
    """
    now = timezone.now()
    for state in (OutgoingMail.State.SENT, OutgoingMail.State.DEAD):
        OutgoingMail.objects.filter(state=state, finished_at__lt=now - KEPT[state]).delete()
    for status in (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED):
        Task.objects.filter(status=status, finished_at__lt=now - KEPT[status]).delete()
    forget_sessions(now)
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])
    for path in settings.FORGETTING:
        import_string(path)()


@transaction.atomic
def forget_sessions(now) -> None:
    """Delete sessions that are over, with the texts that waited in them, and where and when they were."""
    Session.objects.filter(expire_date__lt=now).delete()
    # Whoever logs in at this moment has the session first, and then the note about it.
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
