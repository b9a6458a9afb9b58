"""The bell, the page of notifications, and the choice of what comes by e-mail."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consultations import posting
from consultations.following import follows, preferences, views
from consultations.following.models import Kind, Notification, Pace
from consultations.models import Consultation
from tests import make

LANGUAGES = ["en", "fr", "es"]
PAGE = "/en/me/notifications/"


@pytest.fixture
def reply(question, participant):
    """An answer to the participant, who has been told of it."""
    return make.comment(question, make.comment(question, author=participant), body="I agree with all of it.")


@pytest.fixture
def told(participant, reply):
    return Notification.objects.get(user=participant)


def test_it_works(client, participant, reply, told):
    client.force_login(participant)
    html = client.get("/en/").content.decode()
    assert re.search(
        r'Notifications <span aria-hidden="true">\(1\)</span><span class="visually-hidden">1 not read yet', html
    )
    page = client.get(PAGE).content.decode()
    assert f"{reply.author_name} replied to your contribution № {reply.parent_id}" in page
    assert "I agree with all of it." in page
    assert "Not read yet" in page
    response = client.get(reverse("notification", args=[told.pk]))
    assert response.headers["Location"] == reply.get_absolute_url()
    told.refresh_from_db()
    assert told.read_at
    assert "Not read yet" not in client.get(PAGE).content.decode()
    assert "(1)" not in client.get("/en/").content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_exist_in_each_language(client, participant, reply, language):
    client.force_login(participant)
    for name in ("notifications", "mail_settings"):
        response = client.get(reverse(name).replace("/en/", f"/{language}/"))
        assert response.status_code == 200
        assert f'<html lang="{language}">' in response.content.decode()


def test_visitors_are_asked_to_log_in_and_have_no_bell(client, told):
    assert PAGE not in client.get("/en/").content.decode()
    for address in (PAGE, reverse("mail_settings"), reverse("notification", args=[told.pk])):
        assert client.get(address).headers["Location"].startswith("/en/accounts/login/")
    assert client.post(reverse("read_notifications")).headers["Location"].startswith("/en/accounts/login/")
    told.refresh_from_db()
    assert told.read_at is None


def test_marking_one_and_all_as_read(client, question, participant, reply, told):
    other = make.comment(question, reply.parent)
    client.force_login(participant)
    read = reverse("read_notifications")
    client.post(read, {"id": told.pk})
    assert list(Notification.objects.filter(user=participant).unread().values_list("comment", flat=True)) == [other.pk]
    response = client.post(read, follow=True)
    assert "1 notification is marked as read." in response.content.decode()
    assert not Notification.objects.filter(user=participant).unread().exists()
    assert client.get(read).status_code == 302


def test_nobody_reads_or_marks_what_others_were_told(client, told):
    client.force_login(make.person())
    assert client.get(reverse("notification", args=[told.pk])).status_code == 404
    assert client.post(reverse("read_notifications"), {"id": told.pk}).status_code == 404
    client.post(reverse("read_notifications"))
    told.refresh_from_db()
    assert told.read_at is None


@pytest.mark.parametrize("absurd", ["-1", "0", "x", "9" * 30, "", "1 OR 1=1", "٣", "\0"])
def test_absurd_ids(client, participant, absurd):
    client.force_login(participant)
    assert client.post(reverse("read_notifications"), {"id": absurd}).status_code == 404
    assert client.get(PAGE, {"before": absurd}).status_code in {200, 404}
    assert client.get(f"{PAGE}{10**17}/").status_code == 404


def test_what_was_taken_away_or_unpublished_is_no_longer_listed(client, participant, reply, told):
    client.force_login(participant)
    Consultation.objects.update(state=Consultation.State.DRAFT)
    assert reply.author_name not in client.get(PAGE).content.decode()
    assert client.get(reverse("notification", args=[told.pk])).status_code == 404
    Consultation.objects.update(state=Consultation.State.PUBLISHED)
    posting.withdraw(comment=reply, author=reply.author)
    page = client.get(PAGE).content.decode()
    assert "Nothing new" in page
    assert "(1)" not in page


def test_pages_by_key_show_each_once(client, question, participant, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 4)
    follows.follow(participant, question)
    for _each in range(10):
        make.comment(question)
    client.force_login(participant)
    seen, address = [], PAGE
    while address:
        html = client.get(address).content.decode()
        seen += re.findall(r'<h[23]><a href="/en/me/notifications/(\d+)/"', html)
        found = re.search(r'rel="next" href="(\?before=\d+)"', html)
        address = found and PAGE + found[1]
    expected = Notification.objects.filter(user=participant).order_by("-pk").values_list("pk", flat=True)
    assert seen == [str(pk) for pk in expected]


def test_what_is_new_in_one_consultation_stands_together(client, question, participant, reply, told):
    other = make.question(make.consultation(questions=0, title_en="Elsewhere"))
    follows.follow(participant, question)
    follows.follow(participant, other)
    news = [make.comment(question) for _number in range(3)]
    make.comment(other)
    client.force_login(participant)
    page = client.get(PAGE).text
    assert f"<h2>3 new contributions · <span>{question.consultation.title_en}</span></h2>" in page
    assert page.count("<h2><a") == 2 and page.count("new contribution") == 1
    [fold] = re.findall(r'<ul class="card-list brief">.*?</ul></details>', page, re.DOTALL)
    assert all(each.author_name in fold for each in news) and reply.author_name not in fold
    [form] = re.findall(r"<form(?:(?!</form>).)*Mark these as read", page, re.DOTALL)
    ids = re.findall(r'name="id" value="(\d+)"', form)
    answer = client.post(reverse("read_notifications"), {"id": ids}, follow=True)
    assert "3 notifications are marked as read." in answer.text
    unread = Notification.objects.filter(user=participant).unread()
    assert unread.count() == 2 and told in unread
    assert "Mark these as read" not in answer.text


def test_with_one_that_is_not_ones_own_nothing_is_marked(client, question, participant, told):
    others = make.person()
    follows.follow(others, question)
    make.comment(question)
    client.force_login(participant)
    theirs = Notification.objects.get(user=others)
    assert client.post(reverse("read_notifications"), {"id": [told.pk, theirs.pk]}).status_code == 404
    assert Notification.objects.unread().count() == Notification.objects.count()


def test_many_take_as_many_queries_as_few_and_the_bell_takes_one(client, question, participant):
    follows.follow(participant, question)
    client.force_login(participant)

    def queries(address) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    make.comment(question, make.comment(question))
    queries(PAGE)
    few, home = queries(PAGE), queries("/en/about/")
    for _each in range(10):
        make.comment(question, make.comment(question))
    assert queries(PAGE) == few
    with CaptureQueriesContext(connection) as captured:
        client.get("/en/about/")
    assert len(captured) == home
    assert sum('FROM "following_notification"' in query["sql"] for query in captured) == 1


def test_more_than_a_hundred_are_many(client, question, participant):
    client.force_login(participant)
    comment = make.comment(question)
    Notification.objects.bulk_create(
        Notification(
            user=participant, kind=Kind.NEWS, key=f"k{each}", consultation=question.consultation, comment=comment
        )
        for each in range(150)
    )
    assert "(99+)" in client.get("/en/").content.decode()


def test_what_one_follows_is_listed_and_can_be_left(client, question, participant, reply):
    for thing in (question, question.consultation):
        follows.follow(participant, thing)
    client.force_login(participant)
    page = client.get(PAGE).content.decode()
    for address in (
        question.get_absolute_url(),
        question.consultation.get_absolute_url(),
        f"/en/comments/{reply.parent_id}/",
    ):
        assert f'href="{address}"' in page
    response = client.post(reverse("follow", args=["question", question.pk]), {"action": "unfollow", "next": PAGE})
    assert response.headers["Location"] == PAGE
    assert ("question", question.pk) not in follows.followed_by(participant)


# What comes by e-mail


def test_choosing_what_comes(client, participant):
    client.force_login(participant)
    address = reverse("mail_settings")
    html = client.get(address).content.decode()
    assert html.count('<select name="') == len(Kind)
    assert client.get(reverse("profile")).content.decode().count(f'href="{address}"') == 1
    chosen = {kind.value: Pace.WEEKLY.value for kind in Kind}
    assert client.post(address, chosen).status_code == 302
    assert set(preferences.paces_of(participant).values()) == {Pace.WEEKLY}
    assert client.get(address).content.decode().count('value="weekly" selected') == len(Kind)


def test_a_form_that_is_not_well_formed_changes_nothing(client, participant):
    client.force_login(participant)
    address = reverse("mail_settings")
    for bad in ({}, {kind.value: "hourly" for kind in Kind}, {"reply": "never"}):
        assert client.post(address, bad).status_code == 422
    assert preferences.paces_of(participant) == preferences.DEFAULTS


def test_answers_come_at_once_and_the_rest_daily_by_default(participant):
    paces = preferences.paces_of(participant)
    at_once = {kind for kind, pace in paces.items() if pace == Pace.AT_ONCE}
    assert at_once == {Kind.REPLY, Kind.ANSWER, Kind.ACT, Kind.REPORT}
    assert set(paces.values()) == {Pace.AT_ONCE, Pace.DAILY}


# “My contributions”


def test_my_contributions_count_the_answers_since_my_last_visit(client, question, participant, reply, time_machine):
    client.force_login(participant)
    address = reverse("my_contributions")
    now = timezone.now()
    assert "since your last visit" not in client.get(address).content.decode()
    time_machine.move_to(now + timedelta(hours=2))
    make.comment(question, reply.parent)
    make.comment(question, reply.parent, author=participant)
    for _each in range(2):
        assert "1 new answer since your last visit" in client.get(address).content.decode()
    time_machine.move_to(now + timedelta(hours=4))
    assert "since your last visit" not in client.get(address).content.decode()


def test_paces_are_said_in_few_words(client, participant):
    client.force_login(participant)
    page = client.get(reverse("mail_settings")).text
    assert ">Once a day</option>" in page and ">Once a week</option>" in page
    assert "gathered in one e-mail" in page
