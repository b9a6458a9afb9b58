"""Each error has the portal's own page, in the reader's language, and none of them needs the database."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.test import Client
from django.urls import path, reverse

from accounts import rates
from hub import urls
from hub.urls import handler400, handler403, handler404, handler429, handler500  # noqa: F401

HEADINGS = {
    400: "This request could not be understood",
    403: "This page is for others",
    404: "This page is not here",
    413: "This is more than we can take",
    429: "Too many attempts for the moment",
    500: "Something broke on our side",
    503: "The portal is resting for a moment",
}


def broken(request):
    raise ZeroDivisionError


def forbidden(request):
    raise PermissionDenied


urlpatterns = [*urls.urlpatterns, path("en/broken/", broken), path("fr/forbidden/", forbidden)]


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.fixture
def careful_client():
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def no_database(execute, sql, params, many, context):
    raise OperationalError("the connection is gone")


def assert_is_error(response, status, language="en", heading=None):
    text = response.content.decode()
    assert response.status_code == status
    assert f'<html lang="{language}">' in text
    assert text.count("<h1") == 1
    assert f"Error {status}" in text or language != "en"
    assert (heading or HEADINGS[status]) in text or language != "en"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert not response.cookies


def test_a_refusal_is_one_line_of_the_log_and_a_fault_keeps_its_traceback(client, caplog, settings):
    settings.ROOT_URLCONF = __name__
    assert client.get("/fr/forbidden/").status_code == 403
    assert caplog.text.count("\n") == 1 and "Forbidden (Permission denied): /fr/forbidden/" in caplog.text
    caplog.clear()
    assert client.post("/en/contact/", b"--x", content_type="multipart/form-data; boundary=\xff").status_code == 400
    assert caplog.text.count("\n") == 1 and "Bad request" in caplog.text
    caplog.clear()
    assert client.get("/en/broken/").status_code == 500
    assert "Traceback" in caplog.text and "ZeroDivisionError" in caplog.text


def test_it_works(client):
    assert_is_error(client.get("/en/nowhere/"), 404)


def test_the_page_is_in_the_language_of_the_address(client):
    for language in ("en", "fr", "es"):
        assert_is_error(client.get(f"/{language}/nowhere/", headers={"accept-language": "es"}), 404, language)


@pytest.mark.parametrize("address", ["/nowhere", "/nowhere/", "/de/", "/en", "/x" * 2000])
def test_elsewhere_it_is_in_the_language_of_the_browser(client, address):
    response = client.get(address, headers={"accept-language": "de, es;q=0.9"}, follow=True)
    if response.redirect_chain:
        assert response.status_code == 200
    else:
        assert_is_error(response, 404, "es")


@pytest.mark.parametrize(
    "address",
    [
        "/en/comments/0/",
        "/en/comments/999999999999999999/",
        "/en/comments/9999999999999999999999999/",
        "/en/consultations/%00/",
        "/en/consultations/no-such/questions/1/",
        "/en/%ff%fe",
        "/en/privacy/?version=no",
        "/en/privacy/?version=999999999999999999",
        "/en/privacy/?version=9999999999999999999999999",
    ],
)
def test_absurd_addresses_are_not_found(client, address):
    assert_is_error(client.get(address), 404)


def test_the_switch_of_an_error_page_leads_to_the_same_error_in_the_other_language(client):
    text = client.get("/en/nowhere/?a=1&b=2").content.decode()
    assert 'href="/fr/nowhere/?a=1&amp;b=2" lang="fr"' in text
    text = client.get("/nowhere").content.decode()
    assert 'href="/fr/" lang="fr"' in text


@pytest.mark.urls(__name__)
def test_a_broken_view_answers_500(client):
    assert_is_error(client.get("/en/broken/"), 500)


@pytest.mark.urls(__name__)
def test_a_forbidden_page_answers_403(client, participant):
    client.force_login(participant)
    assert_is_error(client.get("/fr/forbidden/"), 403, "fr")


@pytest.mark.parametrize("address", ["/nowhere", "/en/nowhere/"])
@pytest.mark.urls(__name__)
def test_error_pages_ask_the_database_nothing_for_visitors(client, address, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert_is_error(client.get(address), 404)
        assert_is_error(client.get("/fr/forbidden/"), 403, "fr")
        assert_is_error(client.get("/en/broken/"), 500)


@pytest.mark.urls(__name__)
def test_a_fault_asks_the_database_nothing(client, participant, django_assert_num_queries):
    client.force_login(participant)
    with django_assert_num_queries(0):
        assert_is_error(client.get("/en/broken/"), 500)


def head_of(response) -> str:
    return re.search(r"<header.*?</header>", response.content.decode(), re.DOTALL)[0]


@pytest.mark.urls(__name__)
def test_the_head_says_who_is_logged_in(client, participant, django_assert_max_num_queries):
    assert "Log in" in head_of(client.get("/en/nowhere/"))
    client.force_login(participant)
    for address in ("/nowhere", "/en/nowhere/", "/fr/forbidden/"):
        # Session, person, unread notifications, and what the menu holds for them.
        with django_assert_max_num_queries(6):
            response = client.get(address)
        assert response.status_code in {403, 404} and not response.cookies
        assert "Amina Diarra" in head_of(response) and "Notifications" in head_of(response), address
        assert reverse("my_contributions") in head_of(response) or "/fr/" in address
    # Where something broke nobody is asked for.
    assert "Amina Diarra" not in client.get("/en/broken/").content.decode()


def test_a_page_that_is_not_here_needs_no_database(client, participant):
    client.force_login(participant)
    with connection.execute_wrapper(no_database):
        response = client.get("/en/nowhere/")
    assert_is_error(response, 404)
    assert "Amina Diarra" not in response.content.decode() and "Log in" not in head_of(response)


def test_a_refusal_says_for_whom_the_page_is_and_who_is_logged_in(client, participant):
    client.force_login(participant)
    for address, whose in (
        ("/en/editorial/", "This page is for the editors of the hub."),
        ("/en/experts/desk/", "This page is for the editors of the hub."),
        ("/en/moderation/", "This page is for the people who moderate a consultation."),
    ):
        text = client.get(address).content.decode()
        assert whose in text and "You are logged in as Amina Diarra." in text, address
        assert "which consultation" not in text and "tell us what your role is" in text, address


def test_a_lost_database_answers_503_in_a_view(client, question):
    with connection.execute_wrapper(no_database):
        response = client.get(question.get_absolute_url())
        assert_is_error(response, 503)
        assert response.headers["Retry-After"] == "30"
        assert client.get("/healthz").status_code == 503


def test_a_lost_database_answers_503_to_somebody_logged_in_who_posts(client, participant, question):
    """The session is read in middleware, before any view runs."""
    client.force_login(participant)
    with connection.execute_wrapper(no_database):
        response = client.post(question.get_absolute_url().replace("/en/", "/es/"), {"body": "Un texto."})
    assert response.status_code == 503
    assert '<html lang="es">' in response.content.decode()


def test_a_database_lost_while_the_session_is_saved_answers_503(client, question):
    def no_sessions(execute, sql, params, many, context):
        if "django_session" in sql:
            raise OperationalError("the connection is gone")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(no_sessions):
        response = client.post(question.get_absolute_url(), {"body": "Kept in the session until the log-in."})
    assert response.status_code == 503


def test_a_form_without_proof_of_origin_gives_the_text_back(careful_client, participant, question):
    careful_client.force_login(participant)
    response = careful_client.post(question.get_absolute_url(), {"body": "Forty <b>forms</b>."})
    assert_is_error(response, 403, heading="This form has expired")
    text = response.content.decode()
    assert "Forty &lt;b&gt;forms&lt;/b&gt;.</textarea>" in text
    assert f'href="{question.get_absolute_url()}"' in text


def test_the_contact_form_without_proof_of_origin_gives_the_text_back(careful_client):
    response = careful_client.post("/en/contact/", {"message": "I could not post this."})
    assert_is_error(response, 403, heading="This form has expired")
    assert "I could not post this.</textarea>" in response.content.decode()


@pytest.mark.parametrize("address", ["/en/contact/", "/en/accounts/login/", "/en/consultations/"])
def test_a_body_of_ten_megabytes_answers_413(client, careful_client, address):
    for each in (client, careful_client):
        body = "message=" + "a" * (10 * 1024 * 1024)
        response = each.post(address, body, content_type="application/x-www-form-urlencoded")
        if not (each is client and address == "/en/consultations/"):
            # Without the check of its origin nobody reads what was sent to a page that takes nothing.
            assert_is_error(response, 413)


def test_too_many_fields_answer_413(client):
    assert_is_error(client.get("/en/?" + "&".join(f"a{number}=1" for number in range(1001))), 413)
    fields = {f"field{number}": "1" for number in range(1001)}
    assert_is_error(client.post("/en/contact/", fields), 413)


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "application/x-www-form-urlencoded; charset=utf-7", "multipart/form-data; boundary="],
)
def test_a_form_that_cannot_be_read_answers_400(careful_client, content_type):
    assert_is_error(careful_client.post("/en/contact/", "xx", content_type=content_type), 400)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/octet-stream", "nonsense"])
def test_a_form_of_the_wrong_kind_is_refused(client, careful_client, content_type):
    assert_is_error(
        careful_client.post("/en/contact/", "{}", content_type=content_type), 403, heading="This form has expired"
    )
    assert client.post("/en/contact/", "{}", content_type=content_type).status_code == 422


def test_an_unknown_host_answers_400(client):
    assert_is_error(client.get("/en/", headers={"host": "evil.example"}), 400)


def test_too_many_attempts_answer_429_and_give_the_text_back(client, question, settings):
    settings.LIMITS = settings.LIMITS | {"park": rates.parse("2/10m/address")}
    typed = {"body": "The queue is the <real> border."}
    answers = [client.post(question.get_absolute_url(), typed) for _attempt in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Try again in 10 minutes." in answers[-1].content.decode()
    assert "The queue is the &lt;real&gt; border." in answers[-1].content.decode()
    assert answers[-1].headers["Retry-After"] == "600"
    assert_is_error(Client().post(question.get_absolute_url(), typed), 429)


def test_error_pages_keep_the_security_headers(client):
    headers = client.get("/en/nowhere/").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
