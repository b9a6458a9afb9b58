"""The page with everything that a moderator can do about one contribution."""

import pytest

from consultations import posting
from consultations.models import Question
from consultations.moderation import acts, consultation_acts
from consultations.moderation.sight import Stamp
from tests import make
from tests.consultations.moderation import make_cases
from tests.forms import fields_of


@pytest.fixture
def desk(client, teresa):
    """Teresa at her desk."""
    client.force_login(teresa)
    return client


def address_of(comment) -> str:
    return f"/en/comments/{comment.pk}/moderate/"


def form_of(client, comment) -> dict:
    return fields_of(client.get(address_of(comment)), f"contribution-{comment.pk}-form")


def test_an_answer_stays_when_a_colleague_was_faster(desk, noor, question):
    comment = make_cases.asked(question)
    sent = form_of(desk, comment) | {"act": "answer", "answer": "Yes & gladly: recordings are welcome."}
    make.comment(question, comment, author=noor, body="Recordings are welcome.")
    response = desk.post(address_of(comment), sent)
    assert response.status_code == 409
    assert "Noor Haddad" in response.text
    assert "Yes &amp; gladly: recordings are welcome." in response.text
    assert comment.replies.count() == 1


def test_a_sentence_and_the_texts_of_a_question_stay_too(desk, noor, question):
    comment = make_cases.asked(question)
    sent = form_of(desk, comment)
    acts.hide(comment=comment, moderator=noor, rule=make_cases.rule(), reason="It attacks a person.")
    hiding = desk.post(address_of(comment), sent | {"act": "hide", "rule": make_cases.rule().pk, "reason": "My own."})
    promoting = desk.post(address_of(comment), sent | {"act": "promote", "text_fr": "Et les enregistrements ?"})
    assert (hiding.status_code, promoting.status_code) == (409, 409)
    assert "My own." in hiding.text
    assert "Et les enregistrements ?" in promoting.text


# After the closing


@pytest.mark.parametrize("closed", ["consultation", "question"])
def test_a_question_that_waits_is_answered_after_the_closing(desk, consultation, question, teresa, closed):
    comment, other = make_cases.asked(question), make.comment(question)
    if closed == "question":
        consultation_acts.close_question(question=question, moderator=teresa)
    else:
        consultation_acts.close_consultation(consultation=consultation, moderator=teresa, reason="Time is up.")
    response = desk.post(address_of(comment), form_of(desk, comment) | {"act": "answer", "answer": "Yes, they count."})
    assert response.status_code == 302
    assert comment.replies.get().body == "Yes, they count."
    comment.refresh_from_db()
    assert not comment.awaits_answer
    for parent in (comment, other, None):
        with pytest.raises(posting.DiscussionClosed):
            make.comment(Question.objects.select_related("consultation").get(pk=question.pk), parent, author=teresa)


def test_nobody_else_answers_it_then(consultation, question, teresa):
    comment = make_cases.asked(question)
    consultation_acts.close_consultation(consultation=consultation, moderator=teresa, reason="Time is up.")
    closed = Question.objects.select_related("consultation").get(pk=question.pk)
    for person in (comment.author, make.moderator(make.consultation()), make.person()):
        with pytest.raises(posting.DiscussionClosed):
            make.comment(closed, comment, author=person)


# One's own


def test_ones_own_thread_is_moved_by_a_colleague(desk, consultation, question, teresa, noor):
    comment = make.comment(question, author=teresa)
    address = f"/en/comments/{comment.pk}/move/"
    second = consultation.questions.get(number=2)
    assert desk.get(address).status_code == 403
    assert desk.post(address, {"to": second.pk}).status_code == 403
    assert address not in desk.get(question.get_absolute_url()).text
    desk.force_login(noor)
    assert address in desk.get(question.get_absolute_url()).text
    assert desk.post(address, fields_of(desk.get(address), "move") | {"to": second.pk}).status_code == 302


def test_there_is_no_reply_to_what_is_held(client, question):
    comment = make_cases.held(question)
    client.force_login(comment.author)
    page = client.get(comment.get_absolute_url()).text
    assert "Held for review" in page
    assert "reply_to=" not in page


# What no form offers


@pytest.mark.parametrize(
    ("state", "act", "said"),
    [
        ("hidden", "hide", "removed by a moderator"),
        ("held", "acknowledge", "held for review"),
        ("held", "promote", "held for review"),
        ("published", "approve", "published"),
    ],
)
def test_an_act_that_does_not_fit_is_refused_with_the_reason(desk, noor, question, state, act, said):
    make_one = {"hidden": lambda: make_cases.hidden(question, noor), "held": lambda: make_cases.held(question)}
    comment = make_one.get(state, lambda: make.comment(question))()
    sent = {
        "act": act,
        "rule": make_cases.rule().pk,
        "reason": "No.",
        "text_en": "What?",
        "seen": str(Stamp.now(comment)),
    }
    response = desk.post(address_of(comment), sent)
    assert response.status_code == 422
    assert f"as it is now: {said}. Nothing was done." in response.text
    assert "Meanwhile" not in response.text
    comment.refresh_from_db()
    assert comment.state == state
