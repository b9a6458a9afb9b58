import re

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.accounts.test_signing_up import TARGET, code_in


@pytest.fixture
def ana():
    return make.person(name="Ana Ruiz", email="ana@example.org", language="es")


def log_in(client, address="/en/accounts/login/", **fields):
    return client.post(address, {"login": "ana@example.org", "password": make.PASSWORD} | fields)


def test_it_works(client, ana):
    # Without a wish where to go, it is home, in the person's own language.
    assert log_in(client).headers["Location"] == "/es/"
    assert "Ana Ruiz" in client.get("/es/").content.decode()


def test_the_root_leads_to_the_persons_language(client, ana):
    client.force_login(ana)
    assert client.get("/").headers["Location"] == "/es/"


@pytest.mark.parametrize("remember", [True, False])
def test_the_session_lasts_as_long_as_asked(client, ana, remember):
    log_in(client, **({"remember": "on"} if remember else {}))
    assert client.session.get_expire_at_browser_close() is not remember


def test_one_lands_where_one_wanted_to_be(client, ana):
    address = client.get("/fr/accounts/login/", {"next": TARGET}).wsgi_request.get_full_path()
    assert log_in(client, address).headers["Location"] == TARGET


@pytest.mark.parametrize("elsewhere", ["http://[::1", "https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_addresses_elsewhere_are_not_followed(client, ana, elsewhere):
    for name in ("account_login", "account_signup", "account_request_login_code", "account_reset_password"):
        page = client.get(reverse(name), {"next": elsewhere})
        assert page.status_code == 200
        assert "where you were" not in page.content.decode()
    assert log_in(client, f"/en/accounts/login/?next={elsewhere}").headers["Location"] == "/es/"


def test_a_wrong_password_keeps_the_address(client, ana):
    page = log_in(client, password="something else").content.decode()
    assert "<title>Error: Log in" in page and 'role="alert"' in page
    assert "do not belong together" in page and 'value="ana@example.org"' in page
    assert page.count("<h1") == 1


def test_an_unknown_address_gets_the_same_answer(client, ana):
    wrong = log_in(client, password="something else").content.decode()
    unknown = log_in(client, login="nobody@example.org", password="something else").content.decode()
    drop = re.compile(r'value="\w{64}"|\w+@example\.org')
    assert drop.sub("", wrong) == drop.sub("", unknown)


def test_many_attempts_are_stopped(client, ana):
    # A password takes a while to check: the clock stands still meanwhile.
    with time_machine.travel(timezone.now(), tick=False):
        for _attempt in range(6):
            answer = log_in(client, password="something else")
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "300"
    page = answer.content.decode()
    assert "Try again in 5 minutes." in page and 'value="ana@example.org"' in page


@pytest.mark.parametrize("address", ["/en/accounts/login/code/", "/fr/accounts/login/code/"])
def test_a_code_by_mail(client, ana, mailoutbox, address):
    answer = client.post(f"{address}?next=/en/consultations/", {"email": "ana@example.org"})
    confirm = answer.headers["Location"]
    assert client.get(confirm).status_code == 200
    [mail] = mailoutbox
    assert '<html lang="es">' in mail.alternatives[0][0]
    answer = client.post(confirm, {"code": code_in(mail)})
    assert answer.headers["Location"] == "/en/consultations/"


def test_no_code_is_sent_to_strangers(client, mailoutbox):
    answer = client.post("/fr/accounts/login/code/", {"email": "stranger@example.org"}, follow=True)
    assert "stranger@example.org" in answer.content.decode()
    [mail] = mailoutbox
    assert "/fr/accounts/signup/" in mail.body


def test_text_typed_before_logging_in_is_in_the_form_afterwards(client, ana, question):
    root = make.comment(question)
    typed = {"body": "El formulario tiene once casillas.", "parent": root.pk, "language": "es"}
    answer = client.post(question.get_absolute_url(), typed)
    landing = log_in(client, answer.headers["Location"]).headers["Location"]
    assert landing == f"{question.get_absolute_url()}?reply_to={root.pk}#respond"
    assert "El formulario tiene once casillas." in client.get(landing).content.decode()


def test_logging_out_takes_a_button(client, ana):
    client.force_login(ana)
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(reverse("profile")).status_code == 200
    answer = client.post(reverse("account_logout"), follow=True)
    assert "You are logged out." in answer.content.decode()
    assert client.get(reverse("profile")).status_code == 302


def test_an_inactive_account_is_told(client, ana):
    ana.is_active = False
    ana.save()
    answer = log_in(client)
    assert answer.status_code in {200, 302} and "_auth_user_id" not in client.session
    assert client.get(reverse("account_inactive")).status_code == 200


def test_a_forgotten_password(client, ana, mailoutbox):
    answer = client.post(reverse("account_reset_password") + "?next=/en/consultations/", {"email": "ana@example.org"})
    assert client.get(answer.headers["Location"]).status_code == 200
    answer = client.post(answer.headers["Location"], {"code": code_in(mailoutbox[0])})
    complete = answer.headers["Location"]
    page = client.get(complete).content.decode()
    assert 'autocomplete="new-password"' in page and "At least 12 characters" in page
    answer = client.post(complete, {"password1": "short"})
    assert "<title>Error:" in answer.content.decode()
    answer = client.post(complete, {"password1": "eleven boxes on a form"})
    assert answer.headers["Location"] == "/en/consultations/"
    assert "_auth_user_id" in client.session
    ana.refresh_from_db()
    assert ana.check_password("eleven boxes on a form")


def test_a_forgotten_password_of_a_stranger_looks_the_same(client, mailoutbox):
    answer = client.post(reverse("account_reset_password"), {"email": "stranger@example.org"}, follow=True)
    assert "stranger@example.org" in answer.content.decode()
    assert "no account" in mailoutbox[0].subject


def test_readers_pages_carry_no_cookie(client):
    assert not client.get("/en/").cookies
    cache.clear()
