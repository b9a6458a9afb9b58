import uuid

import pytest
from django.urls import reverse

from tests import make


def post(client, question, **fields):
    fields = {"body": "A district form with eleven fields.", "submission_key": str(uuid.uuid4())} | fields
    return client.post(question.get_absolute_url(), fields)


def test_it_works(client, question):
    comment = make.comment(question, body="Nobody counts the person.")
    page = client.get(question.get_absolute_url()).content.decode()
    assert f'<article class="comment" id="comment-{comment.pk}" lang="en"' in page
    assert "Nobody counts the person." in page
    assert page.count("<h1") == page.count("<main") == 1


def test_a_participant_posts_and_is_led_to_the_contribution(client, question, participant):
    client.force_login(participant)
    answer = post(client, question)
    comment = question.comments.get()
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"#comment-{comment.pk}")
    assert "Your contribution is published." in client.get(answer.headers["Location"]).content.decode()


def test_all_pages_answer_in_three_languages(client, question, participant):
    comment = make.comment(question, author=participant)
    reply = make.comment(question, comment, language="fr")
    names = [
        reverse("consultations"),
        question.consultation.get_absolute_url(),
        question.get_absolute_url(),
        f"{question.get_absolute_url()}?reply_to={comment.pk}",
        f"{question.get_absolute_url()}?order=oldest",
        f"{question.get_absolute_url()}?written=fr",
        f"{question.get_absolute_url()}?answered=1",
        f"{question.get_absolute_url()}?thread={comment.pk}",
        f"{question.get_absolute_url()}?at={reply.pk}",
        reverse("open_floor", args=[question.consultation.slug]),
        comment.get_absolute_url(),
        reply.get_absolute_url(),
        reverse("terms"),
        reverse("home"),
    ]
    own = [
        reverse("my_contributions"),
        reverse("edit_comment", args=[comment.pk]),
        reverse("withdraw_comment", args=[comment.pk]),
    ]
    for language in ("en", "fr", "es"):
        for name in names:
            answer = client.get(name.replace("/en/", f"/{language}/", 1))
            assert answer.status_code == 200, name
            assert f'<html lang="{language}">' in answer.content.decode()
    client.force_login(participant)
    for name in names + own:
        assert client.get(name).status_code == 200, name


@pytest.mark.parametrize(
    "query",
    [
        "?reply_to=abc",
        "?reply_to=99999999999999999999999",
        "?after=%00",
        "?reply_to=-1",
        "?at=7",
        "?thread=x",
        "?after=9&thread=3",
        "?order=%00",
        "?written=xx",
    ],
)
def test_absurd_addresses_are_answered(client, question, participant, query):
    client.force_login(participant)
    assert client.get(question.get_absolute_url() + query).status_code in {200, 404}
