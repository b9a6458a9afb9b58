"""Whoever follows hears once that a question was closed or opened again."""

import pytest
from django.core import mail

from consultations.following import follows, mailing, preferences
from consultations.following.models import Kind, Notification, Pace
from consultations.moderation import consultation_acts
from tests import make

REASON = "All was said by the delegations."


@pytest.fixture
def teresa(question):
    return make.moderator(question.consultation, name="Teresa Manalo")


@pytest.fixture
def amina(question):
    """She follows the question and its consultation, and has written in it."""
    amina = make.person(name="Amina Diarra", language="fr")
    make.comment(question, author=amina)
    follows.follow(amina, question)
    follows.follow(amina, question.consultation)
    preferences.choose(amina, {Kind.DATES: Pace.AT_ONCE})
    return amina


def close(question, by):
    return consultation_acts.close_question(question=question, moderator=by, reason=REASON)


def test_it_works(client, question, teresa, amina):
    mail.outbox.clear()
    close(question, teresa)
    assert Notification.objects.filter(user=amina, kind=Kind.DATES).count() == 1
    [letter] = [each for each in mail.outbox if each.to == [amina.email]]
    for part in (letter.body, letter.alternatives[0][0]):
        assert REASON in part
        assert f"/fr{question.get_absolute_url().removeprefix('/en')}" in part
        assert question.text_fr.split("\u00a0")[0] in " ".join(part.split())
    client.force_login(amina)
    page = client.get("/en/me/notifications/").text
    assert f"“{question.consultation.title_en}”: Question 1 takes no more contributions" in page
    told = Notification.objects.get(user=amina, kind=Kind.DATES)
    assert client.get(f"/en/me/notifications/{told.pk}/").headers["Location"] == question.get_absolute_url()


def test_each_closing_and_opening_is_told_once(client, question, teresa, amina):
    close(question, teresa)
    with pytest.raises(consultation_acts.Unchanged):
        close(question, teresa)
    consultation_acts.open_question(question=question, moderator=teresa)
    assert Notification.objects.filter(user=amina, kind=Kind.DATES).count() == 2
    client.force_login(amina)
    assert "Question 1 takes contributions again" in client.get("/en/me/notifications/").text


def test_who_follows_something_else_does_not_hear_of_it(question, teresa):
    elsewhere, thread, consultation = make.person(), make.person(), make.person()
    follows.follow(elsewhere, make.question(question.consultation, number=2))
    follows.follow(thread, make.comment(question))
    follows.follow(consultation, question.consultation)
    close(question, teresa)
    heard = Notification.objects.filter(kind=Kind.DATES, user__in=[elsewhere, thread, consultation])
    assert set(heard.values_list("user", flat=True)) == {thread.pk, consultation.pk}
    assert not Notification.objects.filter(user=teresa).exists()


def test_it_comes_in_the_digest(question, teresa, time_machine):
    reader = make.person()
    follows.follow(reader, question.consultation.questions.get(number=None))
    close(question.consultation.questions.get(number=None), teresa)
    mail.outbox.clear()
    at = Notification.objects.get(user=reader).at
    time_machine.move_to(at.replace(hour=8) + mailing.timedelta(days=1))
    mailing.send_digests.enqueue()
    [letter] = mail.outbox
    assert "Open floor takes no more contributions" in letter.subject
    assert REASON in letter.body
