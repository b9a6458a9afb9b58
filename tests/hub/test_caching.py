"""Who may keep a page: anybody, if nothing personal can be in it; else the reader's browser alone."""

import re

import pytest
from django.conf import settings

from tests import make

LANGUAGES = ["en", "fr", "es"]


def addresses(question, comment) -> list[str]:
    """Every public page, as the address after the language."""
    of = question.consultation
    return [
        "",
        "about/",
        "selection/",
        "privacy/",
        "accessibility/",
        "terms-of-use/",
        "disclaimer/",
        "help/",
        "contact/?sent=1",
        "code-of-conduct/",
        "search/?q=migration",
        "peer-review/",
        "peer-review/apply/",
        "peer-review/balance/",
        "experts/",
        "experts/support/",
        "resources/",
        "calls/",
        "consultations/",
        f"consultations/{of.slug}/",
        f"consultations/{of.slug}/questions/1/",
        f"consultations/{of.slug}/questions/1/?order=oldest",
        f"consultations/{of.slug}/questions/1/?reply_to={comment.pk}",
        f"consultations/{of.slug}/questions/1/?at={comment.pk}",
        f"consultations/{of.slug}/open-floor/",
        f"comments/{comment.pk}/",
        f"consultations/{of.slug}/feed/",
        f"consultations/{of.slug}/questions/1/feed/",
        f"consultations/{of.slug}/open-floor/feed/",
        f"consultations/{of.slug}/calendar.ics",
        f"consultations/{of.slug}/moderation/",
        f"consultations/{of.slug}/pack/",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_works(client, question, language):
    comment = make.comment(question)
    for address in addresses(question, comment):
        response = client.get(f"/{language}/{address}")
        assert response.status_code == 200, address
        assert not response.cookies, address
        assert "csrfmiddlewaretoken" not in response.content.decode(), address
        assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=30", address
        assert "Cookie" in response.headers["Vary"], address
    assert not client.cookies


def test_no_public_page_is_missing_from_the_walk(client, question):
    """What the public pages link to is either walked above, or is known to be personal."""
    comment = make.comment(question)
    walked = {f"/en/{address}" for address in addresses(question, comment)}
    with_a_form = {
        "/en/contact/",
        "/en/resources/submit/",
        *(f"/en/comments/{each.pk}/report/" for each in type(comment).objects.all()),
    }
    known = {address.partition("?")[0] for address in walked} | with_a_form
    for address in walked:
        for found in re.findall(r'<a [^>]*href="(/en/[^"?#]*)', client.get(address).content.decode()):
            assert found in known or found.startswith(("/en/accounts/", "/en/me/")), (address, found)


def test_pages_with_a_form_are_for_one_reader(client):
    for address in ("/en/contact/", "/en/accounts/login/", "/en/accounts/signup/"):
        response = client.get(address)
        assert settings.CSRF_COOKIE_NAME in response.cookies, address
        assert "private" in response.headers["Cache-Control"], address


def test_pages_of_somebody_logged_in_are_theirs_alone(client, participant, question):
    client.force_login(participant)
    comment = make.comment(question)
    for address in addresses(question, comment):
        response = client.get(f"/en/{address}")
        assert response.headers["Cache-Control"] == "private, no-cache", address


def test_a_page_is_not_shared_when_a_session_begins_with_it(client, question):
    """A text sent without a session is parked in a new one; its cookie must never be kept by a cache."""
    response = client.post(question.get_absolute_url(), {"body": "Written before logging in."})
    assert settings.SESSION_COOKIE_NAME in response.cookies
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_the_address_without_a_language_depends_on_the_browser(client):
    response = client.get("/", headers={"accept-language": "fr"})
    assert response.headers["Location"] == "/fr/"
    assert "Accept-Language" in response.headers["Vary"]
    assert "public" not in response.headers["Cache-Control"]


def test_security_headers_are_on_every_page(client, participant, question):
    for address in ("/en/", question.get_absolute_url(), "/en/contact/", "/robots.txt", "/admin/login/"):
        headers = client.get(address, follow=True).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy, address
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert headers["X-Frame-Options"] == "DENY", address
        assert headers["Referrer-Policy"] == "same-origin", address
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", address
