"""One click in a mail stops its kind, without logging in; nothing else can be done with the address."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from consultations.following import preferences, unsubscribing
from consultations.following.models import Kind, Pace
from tests import make

LANGUAGES = ["en", "fr", "es"]


def address(user, what) -> str:
    return reverse("unsubscribe", args=[unsubscribing.token_for(user, what)])


def test_it_works(question, participant, inbox):
    make.comment(question, make.comment(question, author=participant))
    link = re.search(r"https?://[^/]+(/\S+)>", inbox(participant)[0].extra_headers["List-Unsubscribe"])[1]
    # As a mail program sends it: no cookie, no proof of origin (RFC 8058).
    stranger = Client(enforce_csrf_checks=True)
    response = stranger.post(link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200
    assert "These e-mails have stopped" in response.content.decode()
    assert not response.cookies
    assert preferences.paces_of(participant) == preferences.DEFAULTS | {Kind.REPLY: Pace.NEVER}
    assert stranger.post(link).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_looking_at_the_page_changes_nothing(client, participant, language):
    link = address(participant, Kind.NEWS.value).replace("/en/", f"/{language}/")
    response = client.get(link)
    html = response.content.decode()
    assert f'<html lang="{language}">' in html
    assert f'<form method="post" action="{link}">' in html
    assert "no-store" in response.headers["Cache-Control"]
    assert participant.name not in html and participant.email not in html
    assert preferences.paces_of(participant) == preferences.DEFAULTS


def test_a_digest_is_stopped_as_a_whole(client, participant):
    preferences.choose(participant, {Kind.OUTCOME: Pace.WEEKLY})
    assert client.post(address(participant, preferences.DIGEST)).status_code == 200
    paces = preferences.paces_of(participant)
    assert paces[Kind.REPLY] == Pace.AT_ONCE
    assert {pace for kind, pace in paces.items()} == {Pace.AT_ONCE, Pace.NEVER}
    assert "have stopped" in client.get(address(participant, preferences.DIGEST)).content.decode()


def test_a_token_that_was_tampered_with_does_nothing(client, participant):
    other = make.person()
    token = unsubscribing.token_for(participant, Kind.NEWS.value)
    signature = token.partition("~")[2]
    for bad in (
        token[:-1],
        f"{other.pk}-news~{signature}",
        f"{participant.pk}-reply~{signature}",
        "x",
        "~",
        "9" * 5_000,
        "%00",
        "é~ü",
        token + "x",
    ):
        for ask in (client.get, client.post):
            response = ask(f"/en/unsubscribe/{bad}/")
            assert response.status_code == 404, bad
    html = client.get("/en/unsubscribe/x/").content.decode()
    assert "This address does not stop any e-mails" in html
    for person in (participant, other):
        assert preferences.paces_of(person) == preferences.DEFAULTS


def test_the_token_of_an_account_that_is_gone(client, participant):
    link = address(participant, Kind.NEWS.value)
    participant.delete()
    assert client.post(link).status_code == 404
