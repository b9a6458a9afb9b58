"""Atom feeds: valid, public, whole, in the languages of the texts, without what readers may not see."""

import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations import posting
from consultations.following import feeds
from consultations.models import Comment, ConductRule, Consultation
from consultations.moderation import acts
from tests import make

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def feed_of(client, thing, language="en"):
    response = client.get(f"{thing.get_absolute_url()}feed/".replace("/en/", f"/{language}/"))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)


def ids(feed) -> list[str]:
    return [entry.find(f"{ATOM}id").text for entry in feed.iter(f"{ATOM}entry")]


def test_it_works(client, question):
    author = make.person(name="Inés & Co")
    root = make.comment(question, author=author, body="Uno **dos**.\n\n> tres", language="es")
    reply = make.comment(question, root, language="fr")
    feed = feed_of(client, question)
    assert feed.get(LANG) == "en"
    assert [entry.get(LANG) for entry in feed.iter(f"{ATOM}entry")] == ["fr", "es"]
    entry = feed.findall(f"{ATOM}entry")[1]
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "Inés & Co"
    assert entry.find(f"{ATOM}content").get("type") == "html"
    assert entry.find(f"{ATOM}content").text == root.html
    assert entry.find(f"{ATOM}link").get("href") == f"http://127.0.0.1:8000/en/comments/{root.pk}/"
    assert entry.find(f"{ATOM}id").text == f"tag:127.0.0.1,2026:contribution/{root.pk}"
    assert entry.find(f"{ATOM}title").text
    assert entry.find(f"{ATOM}updated").text
    assert f"№ {root.pk}" in feed.findall(f"{ATOM}entry")[0].find(f"{ATOM}title").text
    assert ids(feed_of(client, question.consultation)) == ids(feed)
    assert reply.pk > root.pk


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_each_language_has_a_feed_with_the_same_entries(client, question, language):
    make.comment(question)
    feed = feed_of(client, question.consultation, language)
    assert feed.get(LANG) == language
    assert feed.find(f"{ATOM}title").text == getattr(question.consultation, f"title_{language}")
    assert ids(feed) == ids(feed_of(client, question.consultation))
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert f"/{language}/" in links["self"] and f"/{language}/" in links["alternate"]


def test_a_question_and_the_open_floor_have_their_own(client):
    consultation = make.consultation(questions=2)
    first, second, floor = (consultation.questions.get(number=number) for number in (1, 2, None))
    comments = [make.comment(each) for each in (first, second, floor)]
    tags = [f"tag:127.0.0.1,2026:contribution/{each.pk}" for each in comments]
    assert [ids(feed_of(client, each)) for each in (first, second, floor)] == [[tag] for tag in tags]
    assert ids(feed_of(client, consultation)) == tags[::-1]


def test_what_readers_may_not_see_is_not_in_it(client, question):
    moderator = make.moderator(question.consultation)
    kept, held, hidden, withdrawn = (make.comment(question) for _each in range(4))
    Comment.objects.filter(pk=held.pk).update(state=Comment.State.HELD)
    acts.hide(comment=hidden, moderator=moderator, rule=ConductRule.objects.first(), reason="No.")
    posting.withdraw(comment=withdrawn, author=withdrawn.author)
    feed = feed_of(client, question)
    assert ids(feed) == [f"tag:127.0.0.1,2026:contribution/{kept.pk}"]


def test_the_pages_name_their_feeds(client, question):
    consultation = question.consultation
    html = client.get(question.get_absolute_url()).content.decode()
    for address in (f"{question.get_absolute_url()}feed/", f"{consultation.get_absolute_url()}feed/"):
        assert f'href="{address}"' in html
        assert html.count('<link rel="alternate" type="application/atom+xml"') == 2
    assert "atom+xml" in client.get(consultation.get_absolute_url()).content.decode()


def test_drafts_have_none_for_anybody(client):
    draft = make.consultation(state=Consultation.State.DRAFT)
    question = draft.questions.get(number=1)
    client.force_login(make.admin())
    for thing in (draft, question, draft.questions.get(number=None)):
        assert client.get(f"{thing.get_absolute_url()}feed/").status_code == 404
        assert "atom+xml" not in client.get(thing.get_absolute_url()).content.decode()
    assert client.get("/en/consultations/nowhere/feed/").status_code == 404
    assert client.get(f"{draft.get_absolute_url()}questions/9999/feed/").status_code == 404


def test_it_can_be_kept_and_asked_for_again(client, question):
    make.comment(question)
    address = f"{question.get_absolute_url()}feed/"
    response = client.get(address)
    assert not response.cookies
    assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=30"
    assert client.get(address, headers={"if-none-match": response.headers["ETag"]}).status_code == 304
    assert client.post(address).status_code == 405


def test_long_discussions_give_their_latest_in_as_many_queries(client, question, monkeypatch):
    monkeypatch.setattr(feeds, "ENTRIES", 5)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            feed_of(client, question.consultation)
        return len(captured)

    make.comment(question)
    few = queries()
    for language in ["en", "fr", "es", "und"] * 3:
        make.comment(question, language=language)
    assert queries() == few
    latest = list(Comment.objects.order_by("-pk").values_list("pk", flat=True)[:5])
    assert ids(feed_of(client, question)) == [f"tag:127.0.0.1,2026:contribution/{pk}" for pk in latest]
