"""Questions to the moderators: what becomes of them when their answer goes, and where it was answered before."""

import pytest
from django.core import mail

from consultations import posting
from consultations.following.models import Notification
from consultations.moderation import acts
from consultations.moderation.models import Act, Case
from tests import make
from tests.consultations.moderation import make_cases
from tests.consultations.moderation.deciding import decide
from tests.consultations.moderation.make_cases import case_of, rule


@pytest.fixture
def asked(question):
    return make_cases.asked(question)


@pytest.fixture
def answer(question, asked, teresa):
    return make.comment(question, asked, author=teresa, body="Papers may be sent until the closing day.")


@pytest.fixture
def desk(client, teresa):
    client.force_login(teresa)
    return client


def waits(comment) -> bool:
    comment.refresh_from_db()
    return comment.awaits_answer


def is_waiting(comment) -> bool:
    """For the desk and for readers, who are told the same."""
    on_desk = Case.objects.waiting().filter(comment=comment, kind=Case.Kind.QUESTION).exists()
    assert on_desk == waits(comment)
    return on_desk


# The answer goes, and comes back


def test_a_question_whose_answer_is_withdrawn_waits_again(desk, question, asked, answer, teresa):
    assert not is_waiting(asked)
    posting.withdraw(comment=answer, author=teresa)
    assert is_waiting(asked)
    assert f"case-{case_of(asked).pk}" in desk.get("/en/moderation/").text
    assert "1 question to the moderators not yet answered" in desk.get(question.get_absolute_url()).text
    decide(desk, asked, "answer", answer="Until the closing day.")
    assert not is_waiting(asked)


def test_so_it_is_when_a_colleague_removes_the_answer_until_it_is_restored(asked, answer, noor, consultation):
    acts.hide(comment=answer, moderator=noor, rule=rule(), reason="It names a person.")
    assert is_waiting(asked)
    acts.restore(comment=answer, moderator=make.moderator(consultation))
    assert not is_waiting(asked)
    assert Case.objects.filter(comment=asked, kind=Case.Kind.QUESTION).count() == 1


def test_another_answer_is_enough(question, asked, answer, teresa, noor):
    make.comment(question, asked, author=noor, body="And papers by post count, too.")
    posting.withdraw(comment=answer, author=teresa)
    assert not is_waiting(asked)


@pytest.mark.parametrize("end", ["close", "promote"])
def test_what_ended_otherwise_does_not_wait_again(question, asked, teresa, end):
    if end == "close":
        acts.close_answered(comment=asked, moderator=teresa, reason="It is on the agenda.")
    else:
        acts.promote(comment=asked, moderator=teresa, texts={"en": "What about papers?"})
    late = make.comment(question, asked, author=teresa, body="See above.")
    posting.withdraw(comment=late, author=teresa)
    assert not is_waiting(asked)


def test_a_removed_question_waits_once_it_is_restored(asked, answer, teresa, noor):
    acts.hide(comment=asked, moderator=noor, rule=rule(), reason="It names a person.")
    posting.withdraw(comment=answer, author=teresa)
    assert not is_waiting(asked)
    acts.restore(comment=asked, moderator=teresa)
    assert is_waiting(asked)


# Answered elsewhere


def test_whoever_asked_is_told_where_it_was_answered(desk, client, question, asked):
    there = make.comment(question, body="Papers may be sent until the closing day.")
    mail.outbox.clear()
    assert decide(desk, asked, "close", answered_in=there.pk, closing="Please see there.").status_code == 302
    assert not is_waiting(asked)
    (sent,) = mail.outbox
    assert sent.to == [asked.author.email]
    assert f"The moderators consider your question № {asked.pk} answered" in sent.subject
    for part in (sent.body, sent.alternatives[0].content):
        assert f"/en/comments/{there.pk}/" in part
        assert "Please see there." in part
    client.force_login(asked.author)
    page = client.get("/en/me/notifications/").text
    assert f"/en/comments/{there.pk}/" in page
    assert "Please see there." in page


@pytest.mark.parametrize("said", ["nothing", "itself", "unknown", "removed", "elsewhere", "not a number"])
def test_where_it_was_answered_has_to_be_there(desk, question, asked, noor, said):
    number = {
        "nothing": lambda: "",
        "itself": lambda: asked.pk,
        "unknown": lambda: 999_999_999,
        "removed": lambda: make_cases.hidden(question, noor).pk,
        "elsewhere": lambda: make.comment(make.question()).pk,
        "not a number": lambda: "above",
    }[said]()
    response = decide(desk, asked, "close", answered_in=number, closing="" if said == "nothing" else "See there.")
    assert response.status_code == 422
    sentence = {
        "nothing": "Give the number of the contribution",
        "not a number": "Write the number of the contribution",
    }
    assert sentence.get(said, "There is no other published contribution") in response.text
    assert "See there." in response.text or said == "nothing"
    assert is_waiting(asked)
    assert not Act.objects.filter(comment=asked).exists()


def test_words_are_enough(desk, asked):
    decide(desk, asked, "close", closing="It is on the agenda.")
    assert not is_waiting(asked)
    assert "It is on the agenda." in mail.outbox[-1].body


# Made a numbered question


def test_the_mail_says_which_question_it_became(client, asked, teresa):
    made = acts.promote(comment=asked, moderator=teresa, texts={"en": "What about recordings?"})
    sent = mail.outbox[-1]
    assert sent.to == [asked.author.email]
    assert f"a numbered question: Question {made.number}" in sent.subject
    for part in (sent.body, sent.alternatives[0].content):
        assert "What about recordings?" in part
        assert made.get_absolute_url() in part
    assert Notification.objects.filter(user=asked.author, act__kind="promoted").exists()
    client.force_login(asked.author)
    assert made.get_absolute_url() in client.get("/en/me/notifications/").text
