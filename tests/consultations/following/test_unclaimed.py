"""Whoever had a contribution posted for them hears of what is done with it, before it is theirs."""

import re

import pytest
from django.core import mail

from consultations.moderation import acts, on_behalf
from consultations.moderation.models import FocalPoint
from tests import make
from tests.consultations.moderation import make_cases
from tests.consultations.moderation.test_on_behalf import post
from tests.forms import fields_of

ROSA = "rosa@example.org"


@pytest.fixture
def teresa(question):
    return make.moderator(question.consultation, name="Teresa Manalo")


@pytest.fixture
def comment(question, teresa):
    comment = post(question, teresa, email=ROSA).comment
    mail.outbox.clear()
    return comment


def remove(comment, by):
    return acts.hide(comment=comment, moderator=by, rule=make_cases.rule(), reason="It attacks a person.")


def test_it_works(comment, teresa):
    remove(comment, teresa)
    [letter] = mail.outbox
    assert letter.to == [ROSA]
    html = letter.alternatives[0][0]
    for part in (letter.body, html):
        for expected in ("Abuela Rosa", "Nadie nos preguntó", "It attacks a person.", f"/es/comments/{comment.pk}/"):
            assert expected in part
        assert "/es/me/claim/" in part
        assert "unsubscribe" not in part
        assert "/appeal/" not in part
    assert str(comment.pk) in letter.subject


def test_other_acts_and_a_moderators_answer_are_told_too(comment, teresa):
    acts.promote(comment=comment, moderator=teresa, texts={"en": "What about languages?"})
    answer = make.comment(comment.question, comment, author=teresa, body="We will ask in yours.")
    make.comment(comment.question, comment, body="I agree.")
    letters = [each for each in mail.outbox if each.to == [ROSA]]
    assert len(letters) == 2
    assert "We will ask in yours." in letters[1].body
    assert f"/es/comments/{answer.pk}/" in letters[1].body
    assert "reply_to" not in letters[1].body


def test_whoever_has_claimed_it_is_told_as_everybody(question, teresa):
    posted = post(question, teresa, email=ROSA)
    on_behalf.claim_with_code(user=make.person(), number=posted.comment.pk, code=posted.code)
    mail.outbox.clear()
    remove(posted.comment, teresa)
    assert ROSA not in [address for each in mail.outbox for address in each.to]


def test_a_held_text_is_sent_to_nobody_before_a_moderator_has_let_it_through(question, teresa):
    nuru = make.person()
    FocalPoint.objects.create(consultation=question.consultation, user=nuru)
    spam, good = (
        post(question, nuru, origin="transcription", email=ROSA, body=f"{text} https://example.org/").comment
        for text in ("Casino", "Escuche esto")
    )
    assert not mail.outbox
    acts.approve(comment=good, moderator=teresa)
    assert "Escuche esto" in mail.outbox[-1].body
    remove(spam, teresa)
    assert "Casino" not in mail.outbox[-1].body + mail.outbox[-1].alternatives[0][0]
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(("email", "said"), [(ROSA, "Its author is told"), ("", "Nobody could be told")])
def test_the_page_says_whether_anybody_could_be_told(client, question, teresa, email, said):
    comment = post(question, teresa, email=email).comment
    client.force_login(teresa)
    address = f"/en/comments/{comment.pk}/moderate/"
    fields = fields_of(client.get(address), f"contribution-{comment.pk}-form")
    rule = make_cases.rule()
    page = client.post(address, fields | {"act": "hide", "rule": rule.pk, "reason": "No."}, follow=True).text
    [notice] = re.findall(r'<div class="notice notice-done"[^>]*><p>([^<]*)', page)
    assert said in notice
