"""Focal points of a consultation: asked by mail, whoever owns the address, and named once they agree."""

import datetime
import re
import threading

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.erasure import erase_account
from accounts.export import keepers
from consultations import permissions
from consultations.moderation import focal_points
from consultations.moderation.models import Act, FocalPoint, FocalRequest
from tests import make

STRANGER = "nobody.yet@example.org"


@pytest.fixture
def consultation(question):
    return question.consultation


@pytest.fixture
def teresa(consultation):
    return make.moderator(consultation, name="Teresa Manalo")


@pytest.fixture
def address(consultation):
    return reverse("manage_consultation", args=[consultation.slug])


@pytest.fixture
def desk(client, teresa):
    client.force_login(teresa)
    return client


def act(client, address, name, **fields):
    return client.post(address, {"act": name, **fields}, follow=True)


def link_in(message) -> str:
    return re.search(r"/(?:en|fr|es)/me/focal-point/\S+", message.body)[0]


def as_person(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def kinds() -> list[str]:
    return list(Act.objects.order_by("pk").values_list("kind", flat=True))


def test_it_works(desk, teresa, consultation, address, participant):
    response = act(desk, address, "focal", email=participant.email.upper())
    assert f"An e-mail goes to {participant.email}." in response.text
    assert "Asked, without an answer yet" in response.text
    assert not FocalPoint.objects.exists()
    [message] = mail.outbox
    assert message.to == [participant.email]
    assert "Dear Amina Diarra," in message.body
    assert "Teresa Manalo, who moderates" in message.body
    link = link_in(message)
    assert link in message.alternatives[0][0]
    hers = as_person(participant)
    page = hers.get(link)
    assert "I agree to be a focal point" in page.text
    # Programs that check mails look too.
    assert not FocalPoint.objects.exists()
    page = hers.post(link, follow=True)
    assert "You are a focal point of this consultation." in page.text
    assert reverse("on_behalf", args=[consultation.slug]) in page.text
    assert permissions.is_focal_point(participant, consultation)
    html = desk.get(address).text
    assert "Amina Diarra" in html
    assert "Asked, without an answer yet" not in html
    acts = list(Act.objects.order_by("pk").values_list("kind", "actor_id", "person_id"))
    assert acts == [("focal-asked", teresa.pk, None), ("focal-accepted", participant.pk, participant.pk)]


def test_an_address_with_an_account_and_one_without_look_the_same(desk, address, participant):
    unconfirmed = make.person()
    EmailAddress.objects.filter(user=unconfirmed).update(verified=False)
    closed = make.person(is_active=False)
    seen = []
    for email in (participant.email, STRANGER, unconfirmed.email, closed.email):
        response = act(desk, address, "focal", email=email)
        assert [each.to for each in mail.outbox] == [[email]]
        mail.outbox.clear()
        html = response.text.replace(email, "ADDRESS")
        seen.append((response.status_code, html.split('id="focal"')[1]))
        assert "An e-mail goes to ADDRESS." in html
        record = desk.get(reverse("record", args=[address.split("/")[3]])).text
        assert email not in record
        act(desk, address, "unask", request=FocalRequest.objects.get().pk)
    shown = {(status, re.sub(r'value="[^"]*"', "", html)) for status, html in seen}
    assert len(shown) == 1
    assert set(Act.objects.values_list("person_id", flat=True)) == {None}


def test_somebody_without_an_account_signs_up_and_agrees(desk, consultation, address):
    consultation.languages = ["fr", "en"]
    consultation.save()
    act(desk, address, "focal", email=STRANGER)
    [message] = mail.outbox
    assert message.body.startswith("Bonjour,") or "Good day," in message.body
    link = link_in(message)
    assert link.startswith("/fr/")
    visitor = Client()
    response = visitor.get(link)
    assert response.status_code == 302
    log_in = visitor.get(response.headers["Location"]).text
    [sign_up] = re.findall(r'href="(/fr/accounts/signup/\?next=[^"]*)"', log_in)[-1:]
    assert "focal-point" in visitor.get(sign_up).text
    # As long as the address is not confirmed, nothing comes of it.
    newcomer = make.person(email=STRANGER)
    EmailAddress.objects.filter(user=newcomer).update(verified=False)
    theirs = as_person(newcomer)
    assert "<form method" not in theirs.get(link).text.split("<main")[1].split("</main>")[0]
    assert theirs.post(link).status_code == 403
    EmailAddress.objects.filter(user=newcomer).update(verified=True)
    assert theirs.post(link).status_code == 302
    assert permissions.is_focal_point(newcomer, consultation)


@pytest.mark.parametrize("language", ["fr", "es"])
def test_the_mail_is_in_the_language_of_the_person(desk, address, language):
    person = make.person(language=language)
    act(desk, address, "focal", email=person.email)
    assert link_in(mail.outbox[0]).startswith(f"/{language}/")


def test_another_account_does_not_agree_in_the_place_of_the_owner(desk, address, participant):
    act(desk, address, "focal", email=participant.email)
    link = link_in(mail.outbox[0])
    other = as_person(make.person())
    page = other.get(link)
    assert "another e-mail address than yours" in page.text
    assert participant.email not in page.text
    assert other.post(link).status_code == 403
    assert not FocalPoint.objects.exists()
    assert Client().post(link).status_code == 302
    assert not FocalPoint.objects.exists()


@pytest.mark.parametrize("token", ["nothing", "1-1", "1-1:abc", "%00", "a" * 300])
def test_a_link_that_was_tampered_with_leads_nowhere(client, participant, token):
    client.force_login(participant)
    assert client.get(f"/en/me/focal-point/{token}/").status_code == 404


def test_a_request_is_withdrawn(desk, address, participant):
    act(desk, address, "focal", email=participant.email)
    link = link_in(mail.outbox[0])
    pk = FocalRequest.objects.get().pk
    assert "is withdrawn." in act(desk, address, "unask", request=pk).text
    assert act(desk, address, "unask", request=pk).status_code == 422
    hers = as_person(participant)
    assert "no longer open" in hers.get(link).text
    response = hers.post(link)
    assert response.status_code == 422
    assert "no longer open" in response.text
    assert not FocalPoint.objects.exists()
    assert kinds() == ["focal-asked", "focal-unasked"]


def test_a_request_of_another_consultation_is_not_withdrawn_here(desk, address, participant):
    elsewhere = make.question().consultation
    asked = focal_points.ask(consultation=elsewhere, email=STRANGER, moderator=make.moderator(elsewhere))
    assert act(desk, address, "unask", request=asked.pk).status_code == 422
    assert act(desk, address, "unask", request="x").status_code == 422
    assert FocalRequest.objects.count() == 1


def test_an_old_request_is_closed_and_forgotten(desk, address, participant):
    act(desk, address, "focal", email=participant.email)
    link = link_in(mail.outbox[0])
    with time_machine.travel(timezone.now() + focal_points.HOLDS + datetime.timedelta(minutes=1)):
        hers = as_person(participant)
        assert "no longer open" in hers.get(link).text
        assert hers.post(link).status_code == 422
        teresa = Client()
        teresa.force_login(FocalRequest.objects.get().asked_by)
        assert participant.email not in teresa.get(address).text
        focal_points.forget_unanswered()
    assert not FocalRequest.objects.exists()


def test_a_second_click_sends_no_second_mail_and_a_later_one_does(desk, address):
    for _click in range(2):
        assert act(desk, address, "focal", email=STRANGER).status_code == 200
    assert len(mail.outbox) == 1
    with time_machine.travel(timezone.now() + datetime.timedelta(days=3)):
        again = Client()
        again.force_login(FocalRequest.objects.get().asked_by)
        act(again, address, "focal", email=STRANGER)
    assert len(mail.outbox) == 2
    assert FocalRequest.objects.count() == 1
    assert kinds() == ["focal-asked", "focal-asked"]


def test_agreeing_twice_makes_one(desk, address, participant):
    act(desk, address, "focal", email=participant.email)
    link = link_in(mail.outbox[0])
    hers = as_person(participant)
    for _click in range(2):
        assert hers.post(link).status_code == 302
    assert FocalPoint.objects.count() == 1
    assert kinds() == ["focal-asked", "focal-accepted"]
    response = act(desk, address, "focal", email=participant.email)
    assert response.status_code == 422
    assert "is a focal point already" in response.text


def test_a_focal_point_is_removed(desk, consultation, address, participant):
    focal_point = FocalPoint.objects.create(consultation=consultation, user=participant)
    assert "is no focal point any more." in act(desk, address, "unfocal", focal_point=focal_point.pk).text
    assert act(desk, address, "unfocal", focal_point=focal_point.pk).status_code == 422
    assert not FocalPoint.objects.exists()
    assert kinds() == ["focal-removed"]


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "x" * 300 + "@example.org", "a@example.org\x00"])
def test_what_is_no_address_is_not_asked(desk, address, email):
    assert act(desk, address, "focal", email=email).status_code == 422
    assert not FocalRequest.objects.exists()
    assert not mail.outbox


def test_only_moderators_ask(client, participant, consultation, address):
    client.force_login(participant)
    assert act(client, address, "focal", email=STRANGER).status_code == 403
    asked = FocalRequest.objects.create(consultation=consultation, email=STRANGER)
    with pytest.raises(PermissionDenied):
        focal_points.take_back(asked=asked, moderator=participant)
    assert not mail.outbox


def test_a_moderator_does_not_flood(desk, address):
    answers = [act(desk, address, "focal", email=f"p{number}@example.org").status_code for number in range(20)]
    assert set(answers) == {200}
    mail.outbox.clear()
    response = act(desk, address, "focal", email="one.more@example.org")
    assert response.status_code == 429
    assert "one.more@example.org" in response.text
    assert "Retry-After" in response.headers
    assert not mail.outbox
    assert not FocalRequest.objects.filter(email="one.more@example.org").exists()
    assert Act.objects.count() == 20


def test_the_person_gets_and_deletes_what_is_kept(consultation, teresa, participant):
    focal_points.ask(consultation=consultation, email=participant.email, moderator=teresa)
    [roles] = [each for each in keepers() if type(each).__name__ == "Roles"]
    assert roles.export(participant)["asked to be a focal point in"] == [consultation.slug]
    erase_account(participant, keep_contributions=True)
    assert not FocalRequest.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_agreed_in_two_windows_at_once(question):
    consultation = question.consultation
    person = make.person()
    asked = focal_points.ask(consultation=consultation, email=person.email, moderator=make.moderator(consultation))
    ends = []

    def agree():
        try:
            focal_points.accept(asked=asked, user=person)
            ends.append("agreed")
        except focal_points.NotOpen:
            ends.append("not open")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=agree) for _each in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(ends) == ["agreed", "not open"]
    assert FocalPoint.objects.count() == 1
