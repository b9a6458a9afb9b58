"""Messages to the secretariat, questions to experts and requests for support: sent once, and never lost."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts import rates
from hub.experts.forms import ContactExpertForm
from hub.experts.models import Expert, SupportRequest
from hub.pages.forms import ContactForm
from hub.pages.models import ContactMessage
from tests import make
from tests.forms import fields_sent_to, opened_a_minute_ago
from tests.hub.test_experts import editor, listed

CONTACT, SUPPORT = "/en/contact/", "/en/experts/support/"


def page(client, address) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.text


def message(client, **fields) -> dict:
    """The contact form as somebody fills it in."""
    begun = fields_sent_to(page(client, CONTACT), CONTACT)
    typed = {"topic": "other", "name": "Ama", "email": "ama@example.net", "message": "Where is my text?"}
    return begun | typed | {"opened": opened_a_minute_ago(ContactForm.signer)} | fields


def question(client, expert, **fields) -> tuple[str, dict]:
    address = reverse("contact_expert", args=[expert.pk])
    begun = fields_sent_to(page(client, address), address)
    typed = {"name": "Ama", "email": "ama@example.net", "message": "How do you count?"}
    return address, begun | typed | {"opened": opened_a_minute_ago(ContactExpertForm.signer)} | fields


def wish(client, **fields) -> dict:
    typed = {"kind": "government", "organization": "Ministry of Ports", "country": "GH", "message": "Training, please."}
    return fields_sent_to(page(client, SUPPORT), SUPPORT) | typed | fields


# Once


def test_one_form_sent_twice_makes_one_message(client):
    typed = message(client)
    for _each in range(3):
        assert client.post(CONTACT, typed).status_code == 302
    assert ContactMessage.objects.count() == 1 and len(mail.outbox) == 1
    client.post(CONTACT, typed | {"message": "And one thing more."})
    client.post(CONTACT, message(client))
    assert ContactMessage.objects.count() == 3, "other words, and another form, are messages of their own"


def test_one_question_sent_twice_is_carried_once(client):
    address, typed = question(client, listed())
    for _each in range(2):
        assert client.post(address, typed).status_code == 302
    assert len(mail.outbox) == 2, "to the expert, and the receipt"


def test_one_request_sent_twice_has_one_number(client):
    client.force_login(make.person())
    typed = wish(client)
    for _each in range(2):
        assert client.post(SUPPORT, typed).status_code == 302
    assert SupportRequest.objects.count() == 1 and len(mail.outbox) == 1


@pytest.mark.parametrize("key", ["", "nonsense", "\0", "1" * 500])
def test_a_key_that_is_none_is_no_error(client, key):
    assert client.post(CONTACT, message(client, submission_key=key)).status_code == 302
    assert ContactMessage.objects.count() == 1


def test_a_form_with_an_error_keeps_its_key(client):
    typed = message(client, message=" ")
    refused = client.post(CONTACT, typed)
    assert refused.status_code == 422
    assert fields_sent_to(refused.text, CONTACT)["submission_key"] == typed["submission_key"]


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_make_one(client):
    expert = listed(user=make.person())
    person = make.person()
    address, asked = question(client, expert)
    told = message(client)
    client.force_login(person)
    wanted = wish(client)

    def post(job):
        to, typed, user = job
        try:
            browser = Client()
            if user:
                browser.force_login(user)
            return browser.post(to, typed).status_code
        finally:
            connections.close_all()

    jobs = [(address, asked, None), (CONTACT, told, None), (SUPPORT, wanted, person)]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(post, jobs * 2)) == [302] * 6
    assert ContactMessage.objects.count() == 1 and SupportRequest.objects.count() == 1
    assert len(mail.outbox) == 4


# Receipts


def test_receipts_to_an_address_that_anybody_can_type_are_few(client, settings):
    settings.LIMITS = settings.LIMITS | {"receipt": rates.parse("2/d/name")}
    expert = listed()
    client.post(CONTACT, message(client))
    address, typed = question(client, expert)
    client.post(address, typed)
    assert [each.to for each in mail.outbox].count(["ama@example.net"]) == 2
    answer = client.post(CONTACT, message(client, message="The third.", email="AMA@example.net"), follow=True)
    assert "You get no receipt by e-mail this time" in answer.text
    address, typed = question(client, expert, message="The fourth.")
    assert "You get no receipt this time" in client.post(address, typed, follow=True).text
    assert ContactMessage.objects.count() == 2, "the message is taken all the same"
    assert [each.to for each in mail.outbox] == [["ama@example.net"], [expert.user.email]] * 2
    person = make.person(email="ama@example.net")
    client.force_login(person)
    assert "reference number" in client.post(CONTACT, message(client), follow=True).text
    assert mail.outbox[-1].to == [person.email], "one's own address is not that of a stranger"


# Gone meanwhile


@pytest.mark.parametrize("what", ["removed", "hidden", "deactivated"])
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_a_question_to_somebody_who_has_left_is_given_back(client, what, language):
    expert = listed()
    address, typed = question(client, expert, message="How do <you> count?\n\nIn ports, “say”.")
    if what == "removed":
        expert.delete()
    elif what == "hidden":
        Expert.objects.update(state=Expert.State.WAITING)
    else:
        expert.user.is_active = False
        expert.user.save()
    refused = client.post(address.replace("/en/", f"/{language}/"), typed)
    assert refused.status_code == 404
    assert "How do &lt;you&gt; count?\n\nIn ports, “say”.</textarea>" in refused.text
    if language == "en":
        assert "not in the directory any more" in refused.text
    assert not mail.outbox
    assert client.post(address, typed | {"message": " "}).status_code == 404


def test_a_text_sent_to_what_is_not_there_is_given_back_in_every_form(client):
    client.force_login(editor())
    refused = client.post("/en/editorial/submissions/999999/decide/", {"words": "My careful reasons."})
    assert refused.status_code == 404 and "My careful reasons.</textarea>" in refused.text
    nowhere = client.post("/en/nowhere/", {"words": "My careful reasons."})
    assert nowhere.status_code == 404


# A session that has ended


def forms(client, expert):
    address, typed = question(client, expert)
    return {CONTACT: message(client), address: typed}


def test_whoever_is_no_longer_logged_in_is_told_and_can_send_as_a_visitor(client):
    expert = listed()
    client.force_login(make.person())
    sent = forms(client, expert)
    client.logout()
    for address, typed in sent.items():
        refused = client.post(address, typed)
        assert refused.status_code == 409 and "You are no longer logged in" in refused.text
        assert not mail.outbox
        again = fields_sent_to(refused.text, address)
        assert again["message"] == typed["message"] and again["submission_key"] == typed["submission_key"]
        wrong = client.post(address, again | {"as_visitor": "1", "email": "nobody"})
        assert wrong.status_code == 422 and "Send without logging in" in wrong.text
        assert client.post(address, again | {"as_visitor": "1"}).status_code == 302
        assert mail.outbox.pop()
        mail.outbox.clear()


def test_whoever_is_no_longer_logged_in_can_log_in_and_has_the_text(client):
    expert, person, other = listed(), make.person(), make.person()
    for choice in (person, other):
        client.force_login(person)
        sent = forms(client, expert)
        client.logout()
        for address, typed in sent.items():
            again = fields_sent_to(client.post(address, typed).text, address)
            asked = client.post(address, again | {"log_in": "1"})
            assert "Your text is kept" in page(client, asked["Location"])
            landed = client.post(asked["Location"], {"login": choice.email, "password": make.PASSWORD})
            assert landed["Location"] == address
            begun = fields_sent_to(page(client, address), address)
            assert (begun["message"].strip() == typed["message"]) == (choice == person)
            client.logout()


def test_a_question_that_was_kept_for_somebody_who_has_left_is_given_back(client):
    expert, person = listed(), make.person()
    client.force_login(person)
    address, typed = question(client, expert)
    client.logout()
    client.post(address, typed | {"log_in": "1"})
    expert.delete()
    client.force_login(person)
    back = client.get(address)
    assert back.status_code == 404 and "How do you count?</textarea>" in back.text
    assert "How do you count?" in client.get(address).text
    about = {"kind": "contact_expert", "about": address.split("/")[-3], "next": address}
    assert client.post("/en/accounts/discard/", about).headers["Location"] == address
    assert "How do you count?" not in client.get(address).text


# Names


@pytest.mark.parametrize("name", ["\u202egnirts", "Ama\r\nBcc: x@example.org", "Ama\x07\u2066"])
def test_names_are_one_line_that_reads_forward(client, settings, name):
    settings.CONTACT_EMAIL = "office@example.org"
    client.post(CONTACT, message(client, name=name))
    address, typed = question(client, listed(), name=name, organization=name)
    client.post(address, typed)
    kept = ContactMessage.objects.get().name
    assert kept and not re.search("[\u202e\u2066\r\n\x07]", kept)
    assert len(mail.outbox) == 4
    for each in mail.outbox:
        assert not re.search("[\u202e\u2066\x07]", each.body) and "\nBcc" not in each.body
