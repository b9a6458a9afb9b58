"""Doing something as if it were another time, and quietly: for a process that loads a demonstration and no more."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django_tasks import task_backends
from django_tasks.backends.base import BaseTaskBackend

from consultations.following.telling import without_mail

DEFAULT = "default"


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stop django.utils.timezone.now, which all of the portal asks for the time, at `moment`.

    Model fields hold that very function as their default; so it is the clock behind it that is stopped.
    """

    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    running, timezone.datetime = timezone.datetime, Stopped
    try:
        yield
    finally:
        timezone.datetime = running


class AtOnce(BaseTaskBackend):
    """Runs a task where it is enqueued, in the same transaction and at the same time; what it raises is raised."""

    def enqueue(self, task, args, kwargs):
        return task.call(*args, **kwargs)


@contextmanager
def quietly() -> Iterator[None]:
    """Let people be told in the portal, and nobody by mail: neither now nor by the worker later.

    It has to surround the whole transaction, since letters leave when that has ended.
    """
    mails, tasks = settings.EMAIL_BACKEND, task_backends[DEFAULT]
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    task_backends[DEFAULT] = AtOnce(DEFAULT, {})
    try:
        with without_mail():
            yield
    finally:
        settings.EMAIL_BACKEND, task_backends[DEFAULT] = mails, tasks
