"""Digests: one mail a day at most, with everything that waited, nothing twice and nothing lost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consultations import posting
from consultations.following import follows, mailing, preferences
from consultations.following.models import Kind, Notification, Pace
from consultations.models import Comment
from tests import make

# A Wednesday.
NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)
MORNING = datetime(2026, 12, 3, 7, 5, tzinfo=UTC)


@pytest.fixture
def question(time_machine):
    time_machine.move_to(NOON, tick=False)
    return make.consultation(days=(-10, 30)).questions.get(number=1)


@pytest.fixture
def follower(question):
    made = make.person(name="Amina Diarra")
    follows.follow(made, question)
    return made


def test_it_works(question, follower, inbox, time_machine):
    first = make.comment(question, body="The first thing.")
    second = make.comment(question, first, body="The second thing.")
    mailing.send_digests.enqueue()
    assert inbox(follower) == []
    time_machine.move_to(MORNING)
    mailing.send_digests.enqueue()
    [message] = inbox(follower)
    assert message.subject == "2 new events in the consultations that you follow"
    for part in (message.body, message.alternatives[0][0]):
        assert "The first thing." in part and "The second thing." in part
        assert f"/en/comments/{first.pk}/" in part and f"/en/comments/{second.pk}/" in part
        assert "Consultation" in part
        assert reverse("mail_settings") in part
        assert "/en/unsubscribe/" in part
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert not Notification.objects.filter(mail="waiting").exists()
    assert all(len(line) <= 72 or "://" in line for line in message.body.splitlines())


def test_however_busy_the_discussion_one_mail_comes_a_day(question, follower, inbox, time_machine):
    start = NOON
    for hour in range(24 * 4):
        time_machine.move_to(start + timedelta(hours=hour))
        if hour % 5 == 0:
            make.comment(question)
        mailing.send_digests.enqueue()
    messages = inbox(follower)
    assert len(messages) == 4
    listed = sum(message.body.count("\n* ") for message in messages)
    assert listed == Notification.objects.filter(user=follower, mail="sent").count()
    assert listed + Notification.objects.filter(user=follower, mail="waiting").count() == 20


def test_nothing_new_no_mail(follower, inbox, time_machine):
    for day in range(5):
        time_machine.move_to(MORNING + timedelta(days=day))
        mailing.send_digests.enqueue()
    assert inbox(follower) == []


def test_what_was_read_or_taken_away_meanwhile_is_not_sent(question, follower, inbox, time_machine):
    gone, seen, stays = make.comment(question), make.comment(question), make.comment(question)
    posting.withdraw(comment=gone, author=gone.author)
    Notification.objects.filter(user=follower, comment=seen).update(read_at=timezone.now())
    time_machine.move_to(MORNING)
    mailing.send_digests.enqueue()
    [message] = inbox(follower)
    assert message.subject == f"{stays.author_name} contributed (Question 1)"
    assert gone.body not in message.body and seen.body not in message.body


def test_weekly_comes_on_monday_together_with_the_day(question, follower, inbox, time_machine):
    preferences.choose(follower, {Kind.NEWS: Pace.WEEKLY})
    make.comment(question)
    for day in range(6):
        time_machine.move_to(MORNING + timedelta(days=day))
        mailing.send_digests.enqueue()
        # Thursday is the third of December; Monday the seventh.
        assert len(inbox(follower)) == (1 if day >= 4 else 0)
    make.comment(question)
    time_machine.move_to(MORNING + timedelta(days=10))
    mailing.send_digests.enqueue()
    assert len(inbox(follower)) == 1
    time_machine.move_to(MORNING + timedelta(days=11))
    mailing.send_digests.enqueue()
    assert len(inbox(follower)) == 2


def test_a_worker_killed_in_the_middle_sends_nothing_twice_and_loses_nothing(
    question, follower, inbox, time_machine, settings, failures
):
    """The mail queue is in the same database: what is not committed was not handed over."""
    other = make.person()
    follows.follow(other, question)
    make.comment(question)
    time_machine.move_to(MORNING)
    settings.EMAIL_BACKEND = "tests.consultations.following.backends.RefusesOne"
    settings.REFUSED = follower.email
    mailing.send_digests.enqueue()
    assert "SMTPServerDisconnected" in failures.pop()
    assert inbox(follower) == [] and len(inbox(other)) == 1
    assert Notification.objects.get(user=follower).mail == "waiting"
    settings.REFUSED = ""
    mailing.send_digests.enqueue()
    mailing.send_digests.enqueue()
    assert len(inbox(follower)) == len(inbox(other)) == 1


def test_mail_at_once_that_never_went_comes_with_the_digest(
    question, follower, inbox, time_machine, settings, failures
):
    settings.EMAIL_BACKEND = "tests.consultations.following.backends.RefusesOne"
    settings.REFUSED = follower.email
    make.comment(question, make.comment(question, author=follower), body="An answer.")
    failures.clear()
    settings.REFUSED = ""
    time_machine.move_to(MORNING)
    mailing.send_digests.enqueue()
    [message] = inbox(follower)
    assert "An answer." in message.body


def test_a_change_of_mind_counts_for_what_waits(question, follower, inbox, time_machine):
    make.comment(question)
    preferences.choose(follower, {Kind.NEWS: Pace.NEVER})
    time_machine.move_to(MORNING)
    mailing.send_digests.enqueue()
    assert inbox(follower) == []
    preferences.choose(follower, {Kind.NEWS: Pace.DAILY})
    time_machine.move_to(MORNING + timedelta(days=1))
    mailing.send_digests.enqueue()
    assert inbox(follower) == []


def test_a_long_digest_lists_some_and_counts_the_rest(question, follower, inbox, time_machine, monkeypatch):
    monkeypatch.setattr(mailing, "LISTED", 3)
    for _each in range(5):
        make.comment(question)
    time_machine.move_to(MORNING)
    mailing.send_digests.enqueue()
    [message] = inbox(follower)
    assert message.body.count("\n* ") == 3
    assert "And 2 other events:" in message.body
    assert message.subject.startswith("5 new events")


def test_the_number_of_queries_does_not_grow_with_what_is_new(question, follower, time_machine):
    def queries(comments: int, day: int) -> int:
        for _each in range(comments):
            make.comment(question, make.comment(question))
        time_machine.move_to(MORNING + timedelta(days=day))
        with CaptureQueriesContext(connection) as captured:
            mailing.digest_for(follower.pk, timezone.now())
        return len(captured)

    queries(1, 1)
    assert queries(1, 2) == queries(12, 3)


@pytest.mark.parametrize(("language", "words"), [("fr", "Question 1"), ("es", "Pregunta 1")])
def test_in_the_persons_language(question, inbox, time_machine, language, words):
    reader = make.person(language=language)
    follows.follow(reader, question)
    make.comment(question)
    make.comment(question)
    time_machine.move_to(MORNING)
    mailing.send_digests.enqueue()
    [message] = inbox(reader)
    assert words in message.body
    assert "/en/" not in message.body
    assert f'<html lang="{language}">' in message.alternatives[0][0]


def test_accounts_that_are_closed_get_none(question, follower, inbox, time_machine):
    make.comment(question)
    follower.is_active = False
    follower.save()
    time_machine.move_to(MORNING)
    mailing.send_digests.enqueue()
    mailing.send_digest.enqueue(follower.pk)
    mailing.send_digest.enqueue(10**12)
    assert inbox(follower) == []
    assert Comment.objects.exists()
