"""Several workers, and one that is killed: with the real queue of mails, in real transactions."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from consultations.following import follows, mailing, tasks
from consultations.following.models import Digest, Follow, Notification
from hub.background.models import OutgoingMail
from tests import make


@pytest.fixture(autouse=True)
def queue(transactional_db, settings):
    settings.EMAIL_BACKEND = "hub.background.mail.QueuedBackend"


@pytest.fixture
def follower():
    """Somebody for whom two contributions have waited since yesterday."""
    question = make.consultation().questions.get(number=1)
    made = make.person()
    follows.follow(made, question)
    make.comment(question)
    make.comment(question)
    Notification.objects.update(at=timezone.now() - timedelta(days=1, minutes=1))
    OutgoingMail.objects.all().delete()
    return made


def in_threads(*jobs) -> list[Exception]:
    failures = []

    def run(job):
        try:
            job()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return failures


def test_workers_at_the_same_time_send_one_digest(follower):
    assert in_threads(*[lambda: mailing.digest_for(follower.pk, timezone.now())] * 4) == []
    assert OutgoingMail.objects.count() == 1
    assert set(Notification.objects.filter(user=follower).values_list("mail", flat=True)) == {"sent"}


def test_killed_between_handing_over_and_marking(follower, settings):
    settings.EMAIL_BACKEND = "tests.consultations.following.backends.DiesAfterHandingOver"
    [failure] = in_threads(lambda: mailing.digest_for(follower.pk, timezone.now()))
    assert isinstance(failure, OperationalError)
    assert not OutgoingMail.objects.exists()
    assert not Digest.objects.filter(sent_at__isnull=False).exists()
    assert set(Notification.objects.filter(user=follower).values_list("mail", flat=True)) == {"waiting"}
    settings.EMAIL_BACKEND = "hub.background.mail.QueuedBackend"
    mailing.send_digests.enqueue()
    mailing.send_digests.enqueue()
    assert OutgoingMail.objects.count() == 1


def test_workers_at_the_same_time_tell_once(follower):
    comment = make.comment(make.consultation().questions.get(number=1))
    follows.follow(follower, comment.question)
    Follow.objects.update(since=comment.created_at)
    assert in_threads(*[lambda: tasks.tell_of_comment.call(comment.pk)] * 4) == []
    assert Notification.objects.filter(user=follower, comment=comment).count() == 1


def test_workers_at_the_same_time_find_one_closing(follower):
    consultation = make.consultation(days=(-3, 2))
    follows.follow(follower, consultation)
    assert in_threads(*[tasks.look_at_the_calendar.call] * 4) == []
    assert Notification.objects.filter(user=follower, kind="closing").count() == 1
