"""Floods and advertising: what stops them, and that nobody loses a text over it."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts import rates
from accounts.models import Usage
from consultations.models import Comment, ConductRule, Draft
from consultations.moderation.forms import ReportForm
from consultations.moderation.models import Report
from tests import make
from tests.forms import opened_a_minute_ago

LONG = "We queued for eleven hours at a counter that nobody had told us about, " * 2 + "and that is all."
LINKED = "See https://example.org/offers for more."


@pytest.fixture
def few(settings):
    """Limits that a test can reach."""
    few = {"post": "2/10m/person", "preview": "1/10m/person", "draft": "1/5m/person", "edit": "1/10m/person"}
    settings.LIMITS = settings.LIMITS | {action: rates.parse(text) for action, text in few.items()}


@pytest.fixture
def amina(client, participant):
    client.force_login(participant)
    return participant


def post(client, question, body, **fields):
    fields = {"body": body, "language": "en", "submission_key": str(uuid.uuid4())} | fields
    return client.post(question.get_absolute_url(), fields)


def text_in_form(response) -> str:
    return re.search(r'<textarea id="body" name="body"[^>]*>\n(.*?)</textarea>', response.content.decode(), re.S)[1]


def refused(response, body, *, minutes):
    page = response.content.decode()
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= minutes * 60
    assert f"Try again in {minutes} minutes." in page
    assert text_in_form(response) == body


# Too much in a short time


def test_it_works(client, amina, question, few):
    for number in range(2):
        assert post(client, question, f"Contribution {number}.").status_code == 302
    refused(post(client, question, "One more."), "One more.", minutes=10)
    assert question.comments.count() == 2
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11)):
        client.force_login(amina)
        assert post(client, question, "One more.").status_code == 302


def test_a_real_discussion_is_not_stopped(client, amina, question):
    assert {post(client, question, f"Contribution {number}.").status_code for number in range(10)} == {302}
    assert post(client, question, "The eleventh.").status_code == 429


def test_a_refused_reply_is_still_a_reply(client, amina, question, few, settings):
    parent = make.comment(question)
    settings.LIMITS = settings.LIMITS | {"post": rates.parse("1/2d/person")}
    post(client, question, "One.")
    answer = post(client, question, "Two.", parent=parent.pk)
    page = answer.content.decode()
    assert answer.status_code == 429 and "Try again in 48 hours." in page
    assert f'name="parent" value="{parent.pk}"' in page and "Two." in text_in_form(answer)


def test_another_person_is_not_stopped(client, amina, question, few):
    for number in range(3):
        post(client, question, f"Contribution {number}.")
    other = Client()
    other.force_login(make.person())
    assert post(other, question, "Somebody else.").status_code == 302


def test_an_address_has_a_limit_of_its_own(question, settings):
    settings.LIMITS = settings.LIMITS | {"post": rates.parse("9/m/person 2/10m/address")}
    statuses = []
    for _person in range(3):
        browser = Client()
        browser.force_login(make.person())
        statuses.append(post(browser, question, "From one room.").status_code)
    assert statuses == [302, 302, 429]


def test_a_double_click_at_the_limit_leads_to_the_comment(client, amina, question, few):
    post(client, question, "One.")
    key = str(uuid.uuid4())
    first, second = (post(client, question, "Two.", submission_key=key) for _click in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert question.comments.count() == 2


def test_what_is_refused_for_another_reason_takes_nothing(client, amina, question, few):
    gone = make.comment(question)
    Comment.objects.filter(pk=gone.pk).update(state=Comment.State.WITHDRAWN)
    for _attempt in range(4):
        assert post(client, question, "Too late.", parent=gone.pk).status_code == 422
        assert post(client, question, "").status_code == 422
    assert not Usage.objects.filter(key__startswith="post:").exists()


def test_moderators_may_write_ten_times_as_much(client, question, few):
    client.force_login(make.moderator(question.consultation))
    statuses = [post(client, question, f"Answer {number}.").status_code for number in range(21)]
    assert statuses == [302] * 20 + [429]


@pytest.mark.parametrize("action", ["preview", "draft"])
def test_previews_and_drafts_keep_the_text_too(client, amina, question, few, action):
    post(client, question, "One.", action=action)
    answer = post(client, question, "One, and two.", action=action)
    refused(answer, "One, and two.", minutes=10 if action == "preview" else 5)


def test_drafts_of_the_script_are_answered_in_its_language(client, amina, question, few):
    fields = {"question": question.pk, "body": "Half a thou", "sequence": "1", "submission_key": str(uuid.uuid4())}
    assert client.post("/en/me/drafts/", fields).status_code == 200
    answer = client.post("/en/me/drafts/", fields | {"body": "Half a thought", "sequence": "2"})
    assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 300
    assert "Try again in 5 minutes." in answer.json()["error"]
    assert Draft.objects.get().body == "Half a thou"


def test_the_shipped_limit_on_drafts_lets_a_fast_writer_type(client, amina, question):
    """The form saves at most every second and a half."""
    for second in range(100):
        fields = {"question": question.pk, "body": "a" * (second + 1), "sequence": str(second)}
        assert client.post("/en/me/drafts/", fields).status_code in {200, 409}


def test_an_edit_that_is_refused_keeps_its_text(client, amina, question, few):
    comment = make.comment(question, author=amina)
    address = f"/en/comments/{comment.pk}/edit/"
    assert client.post(address, {"body": "Better.", "language": "en"}).status_code == 302
    answer = client.post(address, {"body": "Better still.", "language": "en"})
    assert answer.status_code == 429 and answer.headers["Retry-After"]
    assert text_in_form(answer) == "Better still." and "readonly" not in answer.content.decode()
    comment.refresh_from_db()
    assert comment.body == "Better."


def test_reports_from_one_address_are_limited_and_kept(client, question, settings):
    settings.LIMITS = settings.LIMITS | {"report_as_visitor": rates.parse("2/h/address")}
    opened = opened_a_minute_ago(ReportForm.signer)
    rule = ConductRule.objects.first()
    for number in range(3):
        address = f"/en/comments/{make.comment(question).pk}/report/"
        fields = {"rule": rule.pk, "words": "It names a child.", "opened": opened, "email": f"r{number}@example.org"}
        answer = client.post(address, fields)
    page = answer.content.decode()
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "3600"
    assert "Try again in 60 minutes." in page and "It names a child." in page
    assert Report.objects.count() == 2
    # Somebody logged in behind the same address is not kept from it.
    client.force_login(make.person())
    assert client.post(address, {"rule": rule.pk, "words": "It names a child."}).status_code == 302


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_page_is_in_the_readers_language(client, amina, question, few, language):
    address = question.get_absolute_url().replace("/en/", f"/{language}/")
    for number in range(3):
        answer = client.post(address, {"body": f"Text {number}.", "submission_key": str(uuid.uuid4())})
    assert answer.status_code == 429 and f'<html lang="{language}">' in answer.content.decode()


# What looks like advertising


def test_a_link_in_a_first_contribution_waits_for_a_moderator(client, amina, question):
    post(client, question, LINKED)
    assert question.comments.get().state == Comment.State.HELD
    page = Client().get(question.get_absolute_url()).content.decode()
    assert "example.org/offers" not in page


def test_later_links_do_not_wait(client, amina, question):
    make.comment(question, author=amina)
    post(client, question, LINKED)
    assert question.comments.get(body=LINKED).state == Comment.State.PUBLISHED


@pytest.mark.parametrize(
    "body",
    ["[offers](https://example.org)", "<https://example.org>", "www.example.org has it.", "mailto:win@example.org"],
)
def test_links_of_every_spelling_wait(client, amina, question, body):
    post(client, question, body)
    comment = question.comments.get()
    # What is no link for readers need not wait.
    assert (comment.state == Comment.State.HELD) is ("<a " in comment.html)


def test_a_held_first_contribution_makes_nobody_known(client, amina, question):
    post(client, question, LINKED)
    post(client, question, LINKED + " And again.")
    assert {each.state for each in question.comments.all()} == {Comment.State.HELD}


# The same text again

SAME = [LONG, LONG.upper(), LONG.replace(" ", "  "), f"\n\n{LONG}\n", LONG.replace(" that", "\nthat"), f"{LONG}\u200b"]


@pytest.mark.parametrize("again", SAME)
def test_the_same_text_in_the_same_place_leads_to_the_first_one(client, amina, question, again):
    first = post(client, question, LONG)
    second = post(client, question, again)
    assert second.headers["Location"] == first.headers["Location"]
    assert question.comments.count() == 1
    assert "You have posted this text here before" in client.get(second.headers["Location"]).content.decode()


@pytest.mark.parametrize("again", SAME)
def test_the_same_long_text_elsewhere_waits(client, amina, question, again):
    post(client, question, LONG)
    elsewhere = make.question(question.consultation, number=7)
    post(client, elsewhere, again)
    assert elsewhere.comments.get().state == Comment.State.HELD


def test_thanks_may_be_said_often(client, amina, question):
    for parent in [make.comment(question), make.comment(question)]:
        post(client, question, "Thank you, this helps.", parent=parent.pk)
    assert question.comments.filter(author=amina, state=Comment.State.PUBLISHED).count() == 2


def test_two_people_may_say_the_same(client, amina, question):
    make.comment(make.question(), author=amina)
    make.comment(question, body=LONG)
    post(client, question, LONG)
    assert question.comments.filter(state=Comment.State.PUBLISHED).count() == 2


def test_other_words_of_the_same_number_are_another_text(client, amina, question):
    post(client, question, "Eleven fields are too many.")
    post(client, question, "Twelve fields are too many.")
    assert question.comments.count() == 2


def test_a_withdrawn_text_may_be_posted_again_where_it_belongs(client, amina, question):
    post(client, question, LONG)
    client.post(f"/en/comments/{question.comments.get().pk}/withdraw/")
    elsewhere = make.question(question.consultation, number=7)
    post(client, elsewhere, LONG)
    assert elsewhere.comments.get().state == Comment.State.PUBLISHED
    # Now it stands elsewhere.
    post(client, question, LONG)
    assert {each.state for each in question.comments.all()} == {Comment.State.WITHDRAWN, Comment.State.HELD}
    assert [each.state for each in question.comments.order_by("pk")] == ["withdrawn", "held"]


def test_a_removed_text_is_recognized_when_it_comes_back(client, amina, question):
    post(client, question, LONG)
    question.comments.update(state=Comment.State.HIDDEN)
    post(client, question, LONG)
    assert {each.state for each in question.comments.all()} == {Comment.State.HIDDEN, Comment.State.HELD}


# Many processes at once


@pytest.mark.django_db(transaction=True)
def test_a_flood_over_many_connections_gets_no_more_than_its_limit(question, few):
    from concurrent.futures import ThreadPoolExecutor

    person = make.person()
    make.comment(question, author=person)

    def flood(number):
        try:
            browser = Client()
            browser.force_login(person)
            return post(browser, question, f"Flood {number}.").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(flood, range(16)))
    assert statuses == [302] * 2 + [429] * 14
    assert question.comments.filter(body__startswith="Flood").count() == 2
