"""How often strangers and people may try something, seen from outside, and what nobody learns by trying."""

import datetime
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from allauth.core import ratelimit
from django.conf import settings as portal
from django.db import connections
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts import limits, rates
from accounts.forms import SignupForm
from accounts.models import Usage, User
from tests import make
from tests.accounts.test_signing_up import FORM, code_in

HERE, THERE = "192.0.2.7", "198.51.100.9"
WRONG = {"login": "ana@example.org", "password": "something else"}
RIGHT = WRONG | {"password": make.PASSWORD}


@pytest.fixture
def ana():
    return make.person(name="Ana Ruiz", email="ana@example.org")


def log_in(fields, *, address=HERE, browser=None):
    return (browser or Client()).post("/en/accounts/login/", fields, REMOTE_ADDR=address)


def request_from(address=HERE, **headers):
    return RequestFactory().post("/", REMOTE_ADDR=address, headers=headers)


# Counting


def test_it_works(settings):
    settings.LIMITS = {"try": rates.parse("3/10m/address")}
    with time_machine.travel("2026-03-01 12:00Z", tick=False) as clock:
        for _time in range(3):
            limits.take(request_from(), "try")
        clock.shift(datetime.timedelta(minutes=7))
        with pytest.raises(limits.TooOften) as refusal:
            limits.take(request_from(), "try")
        assert refusal.value.seconds == 180 and "Try again in 3 minutes." in str(refusal.value)
        limits.take(request_from(THERE), "try")
        clock.shift(datetime.timedelta(minutes=3))
        limits.take(request_from(), "try")


def test_all_limits_of_an_action_are_taken_from_or_none(settings):
    settings.LIMITS = {"try": rates.parse("9/m/address 1/10m/name")}
    limits.take(request_from(), "try", name="ana@example.org")
    for _time in range(3):
        with pytest.raises(limits.TooOften):
            limits.take(request_from(), "try", name=" ANA@example.org ")
    assert sorted(Usage.objects.values_list("used", flat=True)) == [1, 1]


def test_what_is_given_back_was_not_taken(settings):
    settings.LIMITS = {"try": rates.parse("1/m/address 1/10m/name")}
    for _time in range(3):
        limits.take(request_from(), "try", name="ana@example.org").rollback()


def test_counts_name_nobody_and_are_forgotten(settings):
    settings.LIMITS = {"try": rates.parse("1/10m/name+address 1/h/address")}
    limits.take(request_from(), "try", name="ana@example.org")
    assert not any(HERE in each.key or "ana" in each.key for each in Usage.objects.all())
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=30)):
        limits.forget_expired.enqueue()
        assert [each.key.split(":")[1] for each in Usage.objects.all()] == ["address"]


@pytest.mark.django_db(transaction=True)
def test_limits_hold_across_connections(settings):
    settings.LIMITS = {"try": rates.parse("7/10m/address 100/h/name")}

    def attempt(_number):
        try:
            limits.take(request_from(), "try", name="ana@example.org")
        except limits.TooOften:
            return 0
        finally:
            connections.close_all()
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(60))) == 7


@pytest.mark.django_db(transaction=True)
def test_allauths_own_limits_hold_across_connections():
    """They are kept in the shared cache, behind a lock in the same place."""

    def attempt(_number):
        try:
            return ratelimit.consume(request_from(), action="login_failed", key="one account")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(18))) <= 5


@pytest.mark.parametrize("text", ["10", "10/10m", "0/m/person", "10/10m/planet", "10/10y/person", "-1/m/person"])
def test_a_limit_that_cannot_be_read_is_refused_in_one_sentence(text):
    with pytest.raises(ValueError, match=r"is no limit\. Write for example"):
        rates.parse(text)
    environment = os.environ | {"LIMIT_POST": text}
    command = [sys.executable, "manage.py", "diffsettings"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=portal.BASE_DIR)
    assert done.returncode == 1 and done.stderr.startswith("LIMIT_POST: ") and done.stderr.count("\n") == 1


def test_a_limit_can_be_turned_off():
    assert rates.parse("off") == ()
    assert rates.parse("2/10m/person 60/d/address") == (
        rates.Rate(2, 600, "person"),
        rates.Rate(60, 86_400, "address"),
    )


# Whose address it is


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.5", HERE),
        (1, None, HERE),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "10.0.0.1, 203.0.113.5", "203.0.113.5"),
        (1, "nonsense", HERE),
        (1, "a, , <script>, 203.0.113.5", "203.0.113.5"),
        (2, "forged, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (2, "203.0.113.5", HERE),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
        (1, "fe80::1%eth0", "fe80::"),
    ],
)
def test_the_visitors_address_is_what_trusted_proxies_say(settings, proxies, forwarded, expected):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert limits.address_of(request_from(**headers)) == expected


def test_a_request_without_an_address_has_a_limit_too():
    assert limits.address_of(request_from(address="")) == "unknown"


@pytest.mark.parametrize("proxies", [0, 1])
def test_forged_headers_lead_around_no_limit(settings, ana, proxies):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    statuses = []
    for number in range(7):
        # What the visitor sends, and what the proxy in front appends to it.
        forwarded = f"203.0.113.{number}" if proxies == 0 else f"203.0.113.{number}, 198.51.100.20"
        answer = Client().post("/en/accounts/login/", WRONG, headers={"x-forwarded-for": forwarded})
        statuses.append(answer.status_code)
    assert statuses == [200] * 5 + [429] * 2


# Logging in


def test_wrong_passwords_are_slowed_per_account_and_address(ana):
    statuses = [log_in(WRONG).status_code for _attempt in range(6)]
    assert statuses == [200] * 5 + [429]
    # Not even the right one helps now; a code by e-mail, or a few minutes, does.
    answer = log_in(RIGHT)
    assert answer.status_code == 429 and 290 <= int(answer.headers["Retry-After"]) <= 300
    page = answer.content.decode()
    assert "Send me a code by e-mail instead" in page and "Too many attempts for the moment" in page
    assert "Try again in 5 minutes. Or ask for a code by e-mail." in page
    assert "still here" not in page and "Check the password" not in page and "not logged in yet" not in page
    assert 'value="ana@example.org"' in answer.content.decode()
    assert log_in(WRONG | {"login": make.person().email}).status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=5, seconds=1)):
        assert log_in(RIGHT).status_code == 302


def test_right_passwords_are_not_counted(ana):
    assert {log_in(RIGHT).status_code for _attempt in range(8)} == {302}


def test_an_attacker_elsewhere_does_not_stop_the_owner(ana):
    for _attempt in range(8):
        log_in(WRONG, address=THERE)
    assert log_in(RIGHT).status_code == 302


def test_an_attack_from_everywhere_is_slowed_and_locks_nobody_out(ana, mailoutbox):
    at_home = Client()
    assert log_in(RIGHT, browser=at_home).status_code == 302
    at_home.post("/en/accounts/logout/")
    statuses = [log_in(WRONG, address=f"203.0.113.{number // 5}").status_code for number in range(60)]
    assert statuses == [200] * 50 + [429] * 10
    # The owner's own browser is known, wherever it is.
    assert log_in(RIGHT, browser=at_home, address="203.0.113.200").status_code == 302
    # On a new one a code by e-mail leads in.
    abroad = Client()
    assert log_in(RIGHT, browser=abroad, address="203.0.113.201").status_code == 429
    confirm = abroad.post("/en/accounts/login/code/", {"email": "ana@example.org"}).headers["Location"]
    assert abroad.post(confirm, {"code": code_in(mailoutbox[-1])}).status_code == 302
    assert "_auth_user_id" in abroad.session


def test_a_stranger_who_asks_for_codes_does_not_keep_the_owner_from_them(ana, mailoutbox):
    at_home = Client()
    log_in(RIGHT, browser=at_home)
    at_home.post("/en/accounts/logout/")
    fields = {"email": "ana@example.org"}
    for number in range(30):
        Client().post("/en/accounts/login/code/", fields, REMOTE_ADDR=f"203.0.113.{number}")
    assert len(mailoutbox) == 20  # However many strangers ask.
    assert Client().post("/en/accounts/login/code/", fields).status_code == 429
    assert at_home.post("/en/accounts/login/code/", fields).status_code == 302


def test_a_known_browser_is_slowed_too(ana):
    at_home = Client()
    log_in(RIGHT, browser=at_home)
    at_home.post("/en/accounts/logout/")
    statuses = [log_in(WRONG, browser=at_home).status_code for _attempt in range(11)]
    assert statuses == [200] * 10 + [429]


@pytest.mark.parametrize("value", ["", "nonsense", "WzFd:1tabcd:forged", "[1]"])
def test_a_forged_device_is_not_known(ana, value):
    browser = Client()
    browser.cookies["known_device"] = value
    assert [log_in(WRONG, browser=browser).status_code for _attempt in range(6)] == [200] * 5 + [429]


def test_a_device_of_somebody_else_is_not_known(ana):
    somebody = make.person()
    browser = Client()
    log_in({"login": somebody.email, "password": make.PASSWORD}, browser=browser)
    browser.post("/en/accounts/logout/")
    assert [log_in(WRONG, browser=browser).status_code for _attempt in range(6)] == [200] * 5 + [429]


def test_one_address_cannot_try_many_accounts(ana):
    statuses = [log_in(WRONG | {"login": f"person{number}@example.org"}).status_code for number in range(101)]
    assert statuses == [200] * 100 + [429]


# Signing up


def sign_up(browser, **fields):
    return browser.post(reverse("account_signup"), FORM | fields)


def test_signing_up_too_often_keeps_what_was_written(client, settings, mailoutbox):
    settings.LIMITS = settings.LIMITS | {"sign_up": rates.parse("2/10m/address")}
    for number in range(2):
        assert sign_up(Client(), email=f"one{number}@example.org").status_code == 302
    answer = sign_up(client, email="three@example.org")
    page = answer.content.decode()
    assert answer.status_code == 429 and 590 <= int(answer.headers["Retry-After"]) <= 600
    assert "Try again in 10 minutes." in page and 'value="three@example.org"' in page and "Leïla Benkacem" in page
    assert len(mailoutbox) == 2 and not User.objects.filter(email="three@example.org").exists()


def test_a_form_that_is_filled_in_at_once_is_asked_for_again(client):
    page = client.get(reverse("account_signup")).content.decode()
    opened = re.search(r'name="opened" value="([^"]+)"', page)[1]
    answer = sign_up(client, opened=opened)
    page = answer.content.decode()
    assert not User.objects.exists() and "This looked like an automatic sign-up" in page
    assert "Leïla Benkacem" in page and f'name="opened" value="{opened}"' in page
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=5)):
        assert sign_up(client, opened=opened).status_code == 302


# The names keep what was signed now out of the tests' own names, which the processes that run them compare.
@pytest.mark.parametrize(
    "opened",
    ["", "form", "form:1tabcd:forged", SignupForm.signer.sign("form")[::-1]],
    ids=["nothing", "unsigned", "forged", "reversed"],
)
def test_a_form_that_nobody_was_shown_is_refused(client, opened):
    assert "This looked like an automatic sign-up" in sign_up(client, opened=opened).content.decode()


def test_a_field_that_people_do_not_see_is_left_empty(client):
    page = client.get(reverse("account_signup")).content.decode()
    trap = re.search(r'<div class="visually-hidden" aria-hidden="true">(.*?)</div>', page)[1]
    assert 'tabindex="-1"' in trap and 'autocomplete="off"' in trap and 'name="website"' in trap
    page = sign_up(client, website="https://example.org").content.decode()
    assert not User.objects.exists() and "This looked like an automatic sign-up" in page
    # A person whose browser filled it in is let through at the second try.
    assert "https://example.org" not in page
    assert sign_up(client).status_code == 302


# Who has an account


def comparable(answer) -> tuple:
    page = re.sub(r'value="[\w:-]{30,}"|[\w.]+@example\.org', "", answer.content.decode())
    left_out = {"Content-Length", "Content-Security-Policy", "Expires"}
    headers = {name: value for name, value in answer.headers.items() if name not in left_out}
    return answer.status_code, headers, sorted(answer.cookies), page


ASK = {
    "log in": lambda email: ("account_login", {"login": email, "password": "something else"}),
    "code": lambda email: ("account_request_login_code", {"email": email}),
    "reset": lambda email: ("account_reset_password", {"email": email}),
    "sign up": lambda email: ("account_signup", FORM | {"email": email}),
}


@pytest.mark.parametrize("ask", ASK)
def test_answers_do_not_tell_who_has_an_account(ana, ask):
    """Also when they follow one another until the limit."""
    histories = []
    for email in ("ana@example.org", "nobody@example.org"):
        name, fields = ASK[ask](email)
        history = []
        # The seconds until one may try again depend on how fast the machine is, not on who asks.
        with time_machine.travel(timezone.now(), tick=False):
            for _attempt in range(7):
                browser = Client()
                answer = browser.post(reverse(name), fields)
                history.append(comparable(answer))
                if answer.status_code == 302:
                    history.append(comparable(browser.get(answer.headers["Location"])))
        histories.append(history)
    assert histories[0] == histories[1]
    assert histories[0][-1][0] == 429


@pytest.mark.parametrize("ask", ASK)
def test_the_time_of_an_answer_does_not_tell_who_has_an_account(ana, settings, ask):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    settings.LIMITS = dict.fromkeys(settings.LIMITS, ())
    ana.set_password(make.PASSWORD)
    ana.save()
    took = {}
    for number in range(3):
        for whose, email in (("known", "ana@example.org"), ("unknown", f"nobody{number}@example.org")):
            name, fields = ASK[ask](email)
            # The work of this thread, whatever else the machine does.
            begun = time.thread_time()
            Client().post(reverse(name), fields)
            took.setdefault(whose, []).append(time.thread_time() - begun)
    known, unknown = min(took["known"]), min(took["unknown"])
    # A password that is hashed or not makes the difference that matters: a tenth of a second on any machine.
    assert abs(known - unknown) < max(0.5 * max(known, unknown), 0.05)
