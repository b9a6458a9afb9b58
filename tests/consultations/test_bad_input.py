"""Whatever is sent, the answer is a clear sentence, the text is still there, and it is never a 500."""

import datetime
import re
import uuid
from html import unescape

import pytest
from django.test import Client

from consultations import drafts, posting
from consultations.models import Comment, Draft
from tests import make
from tests.consultations.test_question_page import post


@pytest.fixture
def writer(client, participant):
    client.force_login(participant)
    return client


def text_in(answer) -> str:
    """What the form's field holds, as a browser reads it."""
    return unescape(re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", answer.content.decode(), re.S)[1])


@pytest.mark.parametrize("body", ["", "   \n\n ", "\u200b\u200b", "\u2800", "\u3164", "\0\0"])
def test_what_looks_empty_is_refused(writer, question, body):
    answer = post(writer, question, body=body)
    assert answer.status_code == 422
    assert "Write your text first" in answer.content.decode()
    assert "<title>Error:" in answer.content.decode()


def test_a_text_that_is_too_long_comes_back_whole(writer, question):
    body = "word " * 4_100
    answer = post(writer, question, body=body)
    assert answer.status_code == 422
    assert "20,000" in answer.content.decode()
    assert text_in(answer).strip() == body.strip()
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "A\0B\x01C\x1b[31m",
        "👩‍👩‍👧 مرحبا שלום",
        "\u202egnp.exe\u202c and on",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "'; DROP TABLE consultations_comment; --",
        "{{ 7*7 }} {% csrf_token %} ${7*7}",
        "[x](javascript:alert(1)) [y](data:text/html,x)",
        ">" * 500 + " deep",
        "- " * 300 + "deep",
        "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace") + " half",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
    ],
)
def test_naughty_strings_are_published_as_text(writer, question, body):
    answer = post(writer, question, body=body)
    assert answer.status_code == 302
    comment = question.comments.get()
    assert "<script" not in comment.html
    assert not re.search(r"<[^>]*\son\w+=", comment.html)
    assert not re.search(r'href="(?!https?:|mailto:)', comment.html)
    assert writer.get(answer.headers["Location"]).status_code == 200


def test_html_in_every_field_is_text(client):
    evil = '"><script>alert(1)</script>'
    question = make.consultation(title_en=evil, summary_en=evil, aim_en=evil, allows_pseudonyms=True).questions.get(
        number=1
    )
    author = make.person(name=evil, organization=evil, country="GH")
    make.comment(question, author=author, body=evil)
    make.comment(question, author=author, voice=posting.Voice(pseudonym=evil[:60]))
    client.force_login(author)
    for address in (question.get_absolute_url(), question.consultation.get_absolute_url(), "/en/me/contributions/"):
        assert "<script>alert" not in client.get(address).content.decode()


@pytest.mark.parametrize("parent", ["abc", "-1", "0", "99999999999999999999999", "\0", "½", "12345"])
def test_an_absurd_parent_is_refused_with_the_text(writer, question, parent):
    answer = post(writer, question, body="My careful answer.", parent=parent)
    assert answer.status_code == 422
    assert "no longer there" in answer.content.decode()
    assert text_in(answer) == "My careful answer."


def test_a_parent_of_another_question_is_refused(writer, question):
    elsewhere = make.comment(make.question(question.consultation, number=2))
    answer = post(writer, question, body="My careful answer.", parent=str(elsewhere.pk))
    assert answer.status_code == 422
    assert text_in(answer) == "My careful answer."


def test_a_withdrawn_parent_is_refused(writer, question):
    author = make.person()
    parent = make.comment(question, author=author)
    posting.withdraw(comment=parent, author=author)
    answer = post(writer, question, body="My careful answer.", parent=str(parent.pk))
    assert answer.status_code == 422
    assert text_in(answer) == "My careful answer."
    assert writer.get(f"{question.get_absolute_url()}?reply_to={parent.pk}").status_code == 404


@pytest.mark.parametrize("key", ["", "not-a-key", "\0"])
def test_a_form_without_its_key_comes_back_with_a_fresh_one(writer, question, key):
    answer = post(writer, question, body="My careful answer.", submission_key=key)
    assert answer.status_code == 422
    assert text_in(answer) == "My careful answer."
    fresh = re.search(r'name="submission_key" value="([^"]+)"', answer.content.decode())[1]
    assert post(writer, question, submission_key=fresh).status_code == 302


def test_the_same_key_leads_to_the_same_comment(writer, question):
    key = str(uuid.uuid4())
    first, second = post(writer, question, submission_key=key), post(writer, question, submission_key=key)
    assert first.headers["Location"] == second.headers["Location"]
    assert question.comments.count() == 1


@pytest.mark.parametrize("field", ["language", "capacity"])
def test_a_choice_that_does_not_exist_is_named(writer, question, field):
    answer = post(writer, question, body="My careful answer.", **{field: "zz"})
    assert answer.status_code == 422
    assert "Choose" in answer.content.decode()
    assert text_in(answer) == "My careful answer."


def test_a_post_after_the_closing_gives_the_text_back(writer):
    question = make.consultation(days=(-9, -1)).questions.get(number=1)
    answer = post(writer, question, body="My careful answer.")
    assert answer.status_code == 422
    assert "This consultation has closed" in answer.content.decode()
    assert text_in(answer) == "My careful answer."


def test_a_key_posted_before_the_closing_still_leads_to_its_comment(writer, question, participant):
    key = str(uuid.uuid4())
    first = post(writer, question, submission_key=key)
    consultation = question.consultation
    consultation.closes_at = consultation.opens_at + datetime.timedelta(days=1)
    consultation.save()
    assert post(writer, question, submission_key=key).headers["Location"] == first.headers["Location"]


def test_a_draft_consultation_is_seen_and_answered_by_nobody(writer):
    question = make.consultation(state="draft").questions.get(number=1)
    assert writer.get(question.get_absolute_url()).status_code == 404
    assert post(writer, question).status_code == 404


def test_text_posted_after_the_session_ended_comes_back_after_logging_in(client, question):
    root = make.comment(question)
    answer = post(client, question, body="Eight hundred words.", parent=str(root.pk))
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.headers["Location"]
    client.force_login(make.person())
    page = client.get(f"{question.get_absolute_url()}?reply_to={root.pk}")
    assert text_in(page) == "Eight hundred words."
    assert Draft.objects.get().parent == root
    assert not Comment.objects.filter(body="Eight hundred words.").exists()


def test_a_missing_csrf_token_gives_the_text_back(question, participant):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(participant)
    answer = post(strict, question, body="Eight hundred words.")
    assert answer.status_code == 403
    assert text_in(answer) == "Eight hundred words."


def test_a_body_of_ten_megabytes_is_refused(writer, question):
    answer = post(writer, question, body="x" * 10_000_000)
    assert answer.status_code == 413
    assert "more than we can take" in answer.content.decode()


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", "nonsense"])
def test_a_wrong_content_type_is_answered(writer, question, kind):
    answer = writer.post(question.get_absolute_url(), data=b"\x00\xff{", content_type=kind)
    assert answer.status_code in {400, 422}


def test_drafts_take_anything(writer, question):
    address = "/en/me/drafts/"
    good = {"question": question.pk, "body": "A te\0xt"}
    assert writer.post(address, good).json()["sequence"] == 1
    for bad in ({"question": "x"}, {"question": 10**17}, {"parent": "7"}, {"parent": "\0"}):
        assert writer.post(address, good | bad).status_code == 400
    for odd in ({"language": "\0zz", "sequence": 1}, {"submission_key": "x", "sequence": "-"}, {"capacity": "\0"}):
        assert writer.post(address, good | odd).status_code == 200
    assert Draft.objects.get().body == "A text"
    stale = writer.post(address, good | {"body": "Older", "sequence": 0})
    assert (stale.status_code, stale.json()["body"]) == (409, "A text")
    assert Client().post(address, good).status_code == 401


@pytest.mark.parametrize("pseudonym", ["\u3164", "\u200b", "\u2800", "Teresa Manalo", "amina diarra"])
def test_a_pseudonym_can_be_read_and_is_nobodys_name(client, pseudonym):
    question = make.consultation(allows_pseudonyms=True).questions.get(number=1)
    make.moderator(question.consultation, name="Teresa Manalo")
    make.comment(question, author=make.person(name="Amina Diarra"))
    client.force_login(make.person())
    answer = post(client, question, body="My careful answer.", pseudonym=pseudonym)
    assert answer.status_code == 422
    assert text_in(answer) == "My careful answer."


def test_every_depth_has_a_page(client, question):
    author = make.person()
    comment = make.comment(question, author=author)
    for _level in range(30):
        comment = make.comment(question, comment, author=author)
        assert client.get(comment.get_absolute_url()).status_code == 200
        assert client.get(comment.get_discussion_url().split("#")[0]).status_code == 200


def test_others_drafts_are_out_of_reach(writer, question):
    theirs = drafts.save(author=make.person(), question=question, typed=drafts.Typed(body="Private.")).draft
    assert writer.post(f"/en/me/drafts/{theirs.pk}/delete/").status_code == 404
    assert "Private." not in writer.get("/en/me/contributions/").content.decode()
