"""Work in the background and the queue of mails, and what can happen to both."""

import pytest
from django.core import mail as django_mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend as MemoryBackend
from django.db import transaction
from django_tasks import task

from hub.background.models import OutgoingMail, Task
from hub.background.worker import work_until_idle

DATABASE_TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture(autouse=True)
def real_queue(settings):
    """Tasks and mails wait for a worker, as they do outside of tests."""
    settings.TASKS = DATABASE_TASKS
    settings.SCHEDULE = {}
    settings.EMAIL_BACKEND = "hub.background.mail.QueuedBackend"
    settings.DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@task
def count(name: str) -> None:
    cache.add(name, 0)
    cache.incr(name)


def test_it_works():
    count.enqueue("done")
    EmailMultiAlternatives("Hello", "A text", to=["ana@example.org"]).send()
    assert cache.get("done") is None and django_mail.outbox == []
    work_until_idle()
    assert cache.get("done") == 1
    [sent] = django_mail.outbox
    assert (sent.subject, sent.body, sent.to) == ("Hello", "A text", ["ana@example.org"])
    assert OutgoingMail.objects.get().content is None
    assert Task.objects.get().status == "SUCCESSFUL"
