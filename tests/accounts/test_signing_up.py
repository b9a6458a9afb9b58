import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.forms import SignupForm
from accounts.models import StakeholderGroup, User
from hub.background.models import OutgoingMail
from tests import make
from tests.forms import fields_sent_to, opened_a_minute_ago

FORM = {
    "name": "Leïla Benkacem",
    "email": "leila@example.org",
    "password1": "a quiet harbour at noon",
    "country": "DZ",
    "organization": "Institut des villes du littoral",
    "group": "",
    "language": "fr",
    "conduct": "on",
    "opened": opened_a_minute_ago(SignupForm.signer),
}
TARGET = "/en/consultations/some-table/questions/3/?reply_to=41#respond"


def code_in(mail) -> str:
    return re.search(r"\b[B-Z]{4}-[B-Z]{4}\b", mail.body).group()


def test_it_works(client, mailoutbox):
    academia = StakeholderGroup.objects.get(slug="academia")
    answer = client.post(reverse("account_signup"), FORM | {"group": academia.pk})
    assert answer.headers["Location"] == reverse("account_email_verification_sent")
    page = client.get(answer.headers["Location"]).content.decode()
    assert "leila@example.org" in page and 'autocomplete="one-time-code"' in page
    answer = client.post(reverse("account_email_verification_sent"), {"code": code_in(mailoutbox[0])})
    assert answer.headers["Location"] == "/fr/"
    user = User.objects.get(email="leila@example.org")
    assert (user.name, user.country.code, user.group, user.language) == ("Leïla Benkacem", "DZ", academia, "fr")
    assert user.organization == "Institut des villes du littoral"
    assert user.emailaddress_set.get().verified
    assert client.session["_auth_user_id"] == str(user.pk)


def test_one_lands_where_one_wanted_to_be(client, mailoutbox):
    login_page = client.get(reverse("account_login"), {"next": TARGET})
    assert 'href="/en/consultations/some-table/questions/3/?reply_to=41#respond"' in login_page.content.decode()
    signup_url = login_page.context["signup_url"]
    assert "%23respond" in signup_url
    assert "where you were" in client.get(signup_url).content.decode()
    answer = client.post(signup_url, FORM)
    assert "where you were" in client.get(answer.headers["Location"]).content.decode()
    answer = client.post(answer.headers["Location"], {"code": code_in(mailoutbox[0]).lower().replace("-", " ")})
    assert answer.headers["Location"] == TARGET


def test_text_typed_before_signing_up_is_in_the_form_afterwards(client, mailoutbox, question):
    address = question.get_absolute_url()
    answer = client.post(address, {"body": "The queue at the counter is the real border.", "language": "en"})
    login = answer.headers["Location"]
    page = client.get(login).content.decode()
    assert "The text that you typed is kept." in page and "session had ended" not in page
    client.post(client.get(login).context["signup_url"], FORM)
    answer = client.post(reverse("account_email_verification_sent"), {"code": code_in(mailoutbox[0])})
    assert answer.headers["Location"] == f"{address}#respond"
    assert "The queue at the counter is the real border." in client.get(address).content.decode()


def test_text_of_somebody_else_is_not_promised_to_a_new_account(client, participant, question):
    client.force_login(participant)
    form = fields_sent_to(
        client.get(question.get_absolute_url()).content.decode(), f"{question.get_absolute_url()}#respond"
    )
    client.logout()
    answer = client.post(question.get_absolute_url(), form | {"body": "The queue at the counter."})
    login = client.get(answer.headers["Location"])
    kept = "The text that you typed is kept."
    assert kept in login.content.decode()
    signup = client.get(login.context["signup_url"]).content.decode()
    assert "where you were" in signup and kept not in signup


def test_whoever_has_an_account_already_logs_in_instead(client, question):
    known = make.person(email="leila@example.org")
    address = question.get_absolute_url()
    answer = client.post(address, {"body": "The queue at the counter is the real border.", "language": "en"})
    signup = client.get(answer.headers["Location"]).context["signup_url"]
    page = client.post(signup, FORM, follow=True).content.decode()
    assert "where you were" in page
    instead, _again = re.findall(r'name="next" value="([^"]+)"', page)
    assert client.post(reverse("account_logout"), {"next": instead}).headers["Location"] == instead
    assert client.get(instead).status_code == 200
    answer = client.post(instead, {"login": known.email, "password": make.PASSWORD})
    assert answer.headers["Location"] == f"{address}#respond"
    assert "The queue at the counter is the real border." in client.get(address).content.decode()


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_errors_keep_what_was_written(client, language):
    answer = client.post(
        f"/{language}/accounts/signup/", FORM | {"email": "leila", "conduct": "", "password1": "short"}
    )
    page = answer.content.decode()
    assert set(answer.context["form"].errors) == {"email", "conduct", "password1"}
    for link in ("#id_email", "#id_conduct", "#id_password1"):
        assert f'href="{link}"' in page
    assert 'value="Leïla Benkacem"' in page and 'value="DZ" selected' in page and 'value="leila"' in page
    assert re.search(r'<input type="radio" name="language" value="fr"[^>]* checked', page)
    assert 'aria-invalid="true"' in page and page.count("field-error") == 3
    assert 'value="short"' not in page
    if language == "en":
        assert "<title>Error: Sign up" in page


def test_the_page_proposes_its_own_language(client):
    page = client.get("/es/accounts/signup/").content.decode()
    assert re.search(r'<input type="radio" name="language" value="es"[^>]* checked', page)


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u200b", "\u202e", "\x01"])
def test_a_name_that_shows_nothing_is_refused(client, name):
    answer = client.post(reverse("account_signup"), FORM | {"name": name})
    assert set(answer.context["form"].errors) == {"name"}


def test_a_name_is_one_line_and_cannot_turn_text_around(client):
    client.post(reverse("account_signup"), FORM | {"name": " Ana\n\u202eMaría <b>Ruiz</b> 🌍 "})
    assert User.objects.get().name == "Ana María <b>Ruiz</b> 🌍"


def test_nobody_learns_that_an_address_has_an_account(client, mailoutbox):
    make.person(email="leila@example.org", language="es")
    signup = reverse("account_signup") + "?next=/en/consultations/"
    answer = client.post(signup, FORM)
    assert answer.headers["Location"] == reverse("account_email_verification_sent")
    known = client.get(answer.headers["Location"]).content.decode()
    client.post(reverse("account_logout"))
    client.post(signup, FORM | {"email": "new@example.org"})
    unknown = client.get(answer.headers["Location"]).content.decode()

    def comparable(page, address):
        return re.sub(r'value="\w{64}"', "", page).replace(address, "ADDRESS")

    assert comparable(known, "leila@example.org") == comparable(unknown, "new@example.org")
    assert User.objects.count() == 2
    # The owner of the address is told in their own language, with links in it.
    assert "/es/accounts/password/reset/" in mailoutbox[0].body


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_mail_has_text_and_html_in_the_persons_language(client, mailoutbox, language):
    client.post("/en/accounts/signup/", FORM | {"language": language, "name": "O'Neil & Sons"})
    [mail] = mailoutbox
    [(html, kind)] = mail.alternatives
    assert kind == "text/html" and f'<html lang="{language}">' in html
    assert f'<p class="code">{code_in(mail)}</p>' in html
    assert code_in(mail) in mail.subject
    # Whoever typed somebody else's address cannot send them words through the name.
    assert "Neil" not in mail.body
    assert max(map(len, mail.body.splitlines())) <= 72


def test_a_wrong_code_can_be_corrected_three_times(client, mailoutbox):
    client.post(reverse("account_signup"), FORM)
    confirm = reverse("account_email_verification_sent")
    answer = client.post(confirm, {"code": "AAAA-AAAA"})
    assert "<title>Error:" in answer.content.decode() and 'href="#id_code"' in answer.content.decode()
    client.post(confirm, {"code": "AAAA-AAAA"})
    answer = client.post(confirm, {"code": "AAAA-AAAA"}, follow=True)
    assert "notice-error" in answer.content.decode()
    assert not User.objects.get().emailaddress_set.get().verified


def test_a_new_code_is_sent_on_request(client, mailoutbox):
    client.post(reverse("account_signup"), FORM)
    cache.clear()
    client.post(reverse("account_email_verification_sent"), {"action": "resend"})
    assert len(mailoutbox) == 2
    answer = client.post(reverse("account_email_verification_sent"), {"code": code_in(mailoutbox[1])})
    assert answer.headers["Location"] == "/fr/"


def test_starting_again_with_another_address_keeps_the_way_back(client):
    client.post(reverse("account_signup") + "?next=/en/consultations/", FORM)
    page = client.get(reverse("account_email_verification_sent")).content.decode()
    back = fields_sent_to(page, reverse("account_logout"))["next"]
    assert back == "/en/accounts/signup/?next=%2Fen%2Fconsultations%2F"
    assert client.post(reverse("account_logout"), {"next": back}).headers["Location"] == back
    assert client.get(back).status_code == 200


def test_a_mail_server_that_is_away_delays_the_code(client, settings):
    settings.EMAIL_BACKEND = "hub.background.mail.QueuedBackend"
    answer = client.post(reverse("account_signup"), FORM, follow=True)
    assert answer.status_code == 200
    assert OutgoingMail.objects.waiting().to(FORM["email"]).count() == 1
