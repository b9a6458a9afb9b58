"""Password, e-mail address, sessions, two-factor authentication: what one manages when logged in."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from tests import make
from tests.accounts.test_signing_up import code_in


@pytest.fixture
def ana(client):
    person = make.person(name="Ana Ruiz", email="ana@example.org", language="es")
    log_in(client, person)
    return person


def log_in(client, person):
    return client.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD})


def confirm_identity(client):
    answer = client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    assert answer.status_code == 302


def app_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_changing_the_password(client, ana, mailoutbox):
    address = reverse("account_change_password")
    page = client.get(address).content.decode()
    assert 'autocomplete="current-password"' in page and 'autocomplete="new-password"' in page
    answer = client.post(address, {"oldpassword": "wrong", "password1": "eleven boxes on a form"})
    assert "This is not your current password" in answer.content.decode()
    answer = client.post(address, {"oldpassword": make.PASSWORD, "password1": "eleven boxes on a form"}, follow=True)
    assert "Your new password is saved." in answer.content.decode()
    [mail] = mailoutbox
    assert '<html lang="es">' in mail.alternatives[0][0] and "/es/accounts/profile/" in mail.body


def test_people_without_a_password_choose_one(client):
    person = make.person()
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    answer = client.get(reverse("account_change_password"))
    assert answer.headers["Location"] == reverse("account_set_password")
    assert "Choose a password" in client.get(answer.headers["Location"]).content.decode()
    answer = client.post(answer.headers["Location"], {"password1": "eleven boxes on a form"}, follow=True)
    assert "Your new password is saved." in answer.content.decode()
    person.refresh_from_db()
    assert person.check_password("eleven boxes on a form")


def test_changing_the_address(client, ana, mailoutbox):
    address = reverse("account_email")
    answer = client.post(address, {"action_add": "1", "email": "ana@example.net"})
    # Whoever finds an open browser cannot take the account over.
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    answer = client.post(answer.headers["Location"], {"password": make.PASSWORD}, follow=True)
    assert mailoutbox[-1].to == ["ana@example.net"]
    assert "ana@example.net" in client.get(address).content.decode()
    answer = client.post(reverse("account_email_verification_sent"), {"code": code_in(mailoutbox[-1])})
    assert answer.headers["Location"] == address
    ana.refresh_from_db()
    assert ana.email == "ana@example.net"
    assert [each.email for each in ana.emailaddress_set.all()] == ["ana@example.net"]
    # The old address is told, in the person's language, and what to do if it was somebody else.
    assert mailoutbox[-1].to == ["ana@example.org"] and "ana@example.net" in mailoutbox[-1].body
    assert "/es/contact/" in mailoutbox[-1].body and "/es/accounts/profile/" not in mailoutbox[-1].body


def test_the_address_of_somebody_else_cannot_be_taken(client, ana, mailoutbox):
    make.person(email="taken@example.org")
    confirm_identity(client)
    answer = client.post(reverse("account_email"), {"action_add": "1", "email": "taken@example.org"})
    assert answer.status_code == 302  # As with a free address, so that nobody learns of the account.
    ana.refresh_from_db()
    assert ana.email == "ana@example.org"


def test_logging_out_elsewhere(client, ana):
    elsewhere = Client(HTTP_USER_AGENT="Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0")
    log_in(elsewhere, ana)
    page = client.get(reverse("usersessions_list")).content.decode()
    assert "Firefox on Android" in page and page.count("this device") == 1
    answer = client.post(reverse("usersessions_list"), follow=True)
    assert "All other devices are logged out." in answer.content.decode()
    assert "You are logged in here alone." in answer.content.decode()
    assert elsewhere.get(reverse("profile")).status_code == 302
    assert client.get(reverse("profile")).status_code == 200


def test_two_steps_with_an_app_and_recovery_codes(client, ana, mailoutbox, django_capture_on_commit_callbacks):
    activate = reverse("mfa_activate_totp")
    assert client.get(activate).headers["Location"].startswith(reverse("account_reauthenticate"))
    confirm_identity(client)
    page = client.get(activate).content.decode()
    secret = re.search(r"<code>(\w+)</code>", page).group(1)
    assert 'src="data:image/svg+xml;' in page
    answer = client.post(activate, {"code": "000000"})
    assert "<title>Error:" in answer.content.decode() and secret in answer.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(activate, {"code": app_code(secret)})
    codes = Authenticator.objects.get(user=ana, type="recovery_codes").wrap().get_unused_codes()
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert all(code in page for code in codes)
    assert codes[0] in client.get(reverse("mfa_download_recovery_codes")).content.decode()
    assert [mail.to for mail in mailoutbox] == [["ana@example.org"]]
    assert "It is on" in client.get(reverse("mfa_index")).content.decode()

    other = Client()
    login = reverse("account_login") + "?next=/en/consultations/"
    answer = other.post(login, {"login": ana.email, "password": make.PASSWORD})
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert other.get(reverse("mfa_authenticate")).status_code == 200
    answer = other.post(reverse("mfa_authenticate"), {"code": "nonsense"})
    assert "<title>Error:" in answer.content.decode()
    answer = other.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert answer.headers["Location"] == "/en/consultations/"

    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    answer = client.post(reverse("mfa_generate_recovery_codes"), follow=True)
    assert codes[1] not in answer.content.decode()
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=ana).exists()


def test_identity_can_also_be_confirmed_with_the_app(client, ana):
    Authenticator.objects.create(user=ana, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    page = client.get(reverse("account_reauthenticate")).content.decode()
    assert reverse("mfa_reauthenticate") in page
    assert client.get(reverse("mfa_reauthenticate")).status_code == 200
    answer = client.post(reverse("mfa_reauthenticate"), {"code": app_code("JBSWY3DPEHPK3PXP")})
    assert answer.status_code == 302


def test_passkey_pages_without_javascript_say_what_they_need(client, ana):
    confirm_identity(client)
    page = client.get(reverse("mfa_add_webauthn")).content.decode()
    assert "Passkeys need JavaScript." in page
    answer = client.post(reverse("mfa_add_webauthn"), {"name": "My key"})
    assert "No passkey arrived." in answer.content.decode() and "My key" in answer.content.decode()
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": "nonsense"})
    assert answer.status_code == 302


@pytest.mark.parametrize("page", ["account_login", "mfa_add_webauthn"])
def test_at_an_address_in_digits_the_demonstration_leads_to_where_passkeys_work(client, settings, ana, page):
    confirm_identity(client)
    if page == "account_login":
        client.logout()
    settings.DEMONSTRATION = True
    address = reverse(page) + "?next=/en/"
    for host in ("127.0.0.1:8000", "[::1]:8000"):
        text = client.get(address, headers={"host": host}).content.decode()
        assert f'href="http://localhost:8000{address}"' in text, host
        assert "data-passkey" not in text
    assert "data-passkey" in client.get(address, headers={"host": "localhost:8000"}).content.decode()
    settings.DEMONSTRATION = False
    assert "data-passkey" in client.get(address, headers={"host": "127.0.0.1:8000"}).content.decode()


OWN_PAGES = [
    "profile",
    "account_email",
    "account_change_password",
    "usersessions_list",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_activate_totp",
    "download_my_data",
    "delete_account",
    "account_logout",
    "account_reauthenticate",
]


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_each_page_is_the_portals_own(client, ana, language):
    confirm_identity(client)
    with override(language):
        addresses = [reverse(name) for name in OWN_PAGES]
    for address in addresses:
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200, address
        assert f'<html lang="{language}">' in page and 'class="site-head"' in page, address
        assert page.count("<h1") == 1 and 'hreflang="fr"' in page, address
        # What the Content-Security-Policy would refuse.
        assert " style=" not in page and " onclick=" not in page, address
        scripts = re.findall("<script[^>]*>", page)
        assert all("src=" in tag or "application/json" in tag for tag in scripts), address
