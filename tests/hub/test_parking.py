"""What people type while their session ends stands in the form again, for them alone, in every form of the hub."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts import rates
from hub.experts import listing
from hub.experts.models import Expert, SupportRequest
from hub.resources.models import Resource
from hub.resources.permissions import EDITORS
from hub.review import membership, rounds
from hub.review.models import Member
from tests import make
from tests.forms import fields_sent_to
from tests.hub import make_review, make_roster
from tests.hub.test_submitting import draft

LONG = "Eight hundred words <b>about</b> ports.\n\nAnd a second paragraph, “quoted”. " * 20
DISCARD = "/en/accounts/discard/"
STARTS = ["apply", "expert", "support", "begin", "step"]
REVIEWS = ["review", "conflict", "give back"]
DESKS = ["decision", "application", "removal", "entry", "answer"]


def editor():
    made = make.person()
    made.groups.add(Group.objects.get_or_create(name=EDITORS)[0])
    return made


def expert() -> Expert:
    return Expert.objects.create(user=make.person(), name="Leïla", about="Ports.", text_language="en", state="waiting")


def request_for_support() -> SupportRequest:
    fields = {"organization": "X", "country": "GH", "message": "Something.", "language": "en"}
    return SupportRequest.objects.create(requester=make.person(), **fields)


def situation(name: str):
    """Who writes, on which page, to which address, into which field; and other fields of the form."""
    mine = make.person()
    if name == "apply":
        return mine, "/en/peer-review/apply/", "/en/peer-review/apply/", "profile", {"languages": ["fr", "en"]}
    if name == "expert":
        return mine, "/en/me/expert/", "/en/me/expert/", "about", {"support": ["advice"], "shows_about": "on"}
    if name == "support":
        return mine, "/en/experts/support/", "/en/experts/support/", "message", {"country": "GH", "support": ["advice"]}
    if name == "begin":
        return mine, "/en/resources/submit/", "/en/resources/submit/", "title", {"kind": ["report"]}
    if name == "step":
        address = f"/en/resources/mine/{draft(mine).pk}/about/"
        return mine, address, address, "summary", {"scope": ["national"]}
    if name in REVIEWS:
        who = make_review.member()
        asked = make_review.invitation(make_review.begun(), who)
        address = f"/en/peer-review/reviews/{asked.pk}/"
        if name == "review":
            make_review.accepted(asked)
            return asked.member.user, address, address, "words_to_submitter", {"recommendation": ["1"]}
        rounds.accept(asked)
        if name == "conflict":
            return asked.member.user, address, f"{address}declare/", "words", {"is_free": ["no"]}
        return asked.member.user, address, f"{address}give-back/", "reason", {}
    if name == "decision":
        address = f"/en/editorial/submissions/{make_review.submission().pk}/"
        return editor(), address, f"{address}decide/", "words", {"verdict": ["decline"]}
    if name == "application":
        who = make_roster.member(state=Member.State.APPLIED)
        return editor(), "/en/editorial/roster/", f"/en/editorial/roster/{who.pk}/decide/", "reason", {}
    if name == "removal":
        who = make_roster.member()
        return editor(), "/en/editorial/roster/", f"/en/editorial/roster/{who.pk}/remove/", "reason", {}
    if name == "entry":
        return editor(), "/en/experts/desk/", f"/en/experts/desk/entries/{expert().pk}/", "reason", {}
    asked = request_for_support()
    return editor(), "/en/experts/desk/", f"/en/experts/desk/requests/{asked.pk}/", "words", {"state": "answered"}


def values(found: str | list[str]) -> set[str]:
    return {found} if isinstance(found, str) else set(found)


def page(client, address) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.text


def log_in(client, person, address: str):
    return client.post(address, {"login": person.email, "password": make.PASSWORD})


@pytest.mark.parametrize("name", STARTS + REVIEWS + DESKS)
def test_it_works(client, name):
    person, address, sent_to, field, others = situation(name)
    client.force_login(person)
    begun = fields_sent_to(page(client, address), sent_to)
    assert field in begun and begun["whose"]
    typed = begun | others | {field: LONG}
    client.logout()
    asked = client.post(sent_to, typed)
    assert asked.status_code == 302 and "/accounts/login/" in asked["Location"]
    assert "Your text is kept" in page(client, asked["Location"])
    landed = log_in(client, person, asked["Location"])
    assert landed.status_code == 302 and landed["Location"] == address
    given_back = fields_sent_to(page(client, address), sent_to)
    assert given_back[field].replace("\r\n", "\n").strip() == LONG.strip()
    for each, value in others.items():
        assert values(given_back[each]) == values(value), each
    # A reload loses nothing; and sent well, it has served.
    again = page(client, address)
    assert fields_sent_to(again, sent_to)[field] == given_back[field] and "It is kept until you send it" in again
    response = client.post(sent_to, given_back)
    assert response.status_code in (302, 409, 422)
    if response.status_code == 302:
        assert not client.session["parked"]


@pytest.mark.parametrize("name", STARTS + REVIEWS + DESKS)
def test_it_is_kept_until_it_is_discarded(client, name):
    person, address, sent_to, field, others = situation(name)
    client.force_login(person)
    typed = fields_sent_to(page(client, address), sent_to) | others | {field: "What I know."}
    client.logout()
    log_in(client, person, client.post(sent_to, typed)["Location"])
    discarding = fields_sent_to(page(client, address), DISCARD)
    response = client.post(DISCARD, discarding)
    assert response.status_code == 302 and response["Location"] == address
    assert "What I know." not in page(client, address) and not client.session["parked"]


def test_what_is_refused_takes_the_place_of_what_was_parked(client):
    address = "/en/experts/support/"
    person = make.person()
    log_in(client, person, client.post(address, {"message": "The first words."})["Location"])
    assert "The first words." in page(client, address)
    assert client.post("/en/me/expert/", {"about": "Of another form."}).status_code == 422
    assert "The first words." in page(client, address)
    client.logout()
    address = "/en/me/expert/"
    log_in(client, person, client.post(address, {"about": "The first words."})["Location"])
    assert client.post(address, {"about": "The second words."}).status_code == 422
    assert "The second words." in page(client, address) and "The first words." not in page(client, address)


@pytest.mark.parametrize("name", ["step", "review"])
def test_what_saves_itself_is_kept_there_from_then_on(client, name):
    person, address, sent_to, field, _others = situation(name)
    client.force_login(person)
    typed = fields_sent_to(page(client, address), sent_to) | {field: "What I know."}
    client.logout()
    log_in(client, person, client.post(sent_to, typed)["Location"])
    text = page(client, address)
    assert " data-restored" in text
    assert client.post(f"{address}save/", fields_sent_to(text, sent_to)).status_code == 200
    text = page(client, address)
    assert "What I know." in text and " data-restored" not in text and not client.session["parked"]


@pytest.mark.parametrize("place", ["https://elsewhere.example.org/", "//elsewhere.example.org", "", "\0"])
def test_discarding_leads_nowhere_else(client, place):
    assert client.post(DISCARD, {"kind": "review", "about": "1", "next": place}).status_code == 302
    client.force_login(make.person())
    response = client.post(DISCARD, {"kind": "review", "about": "1", "next": place})
    assert response.status_code == 302 and "elsewhere" not in response["Location"]


@pytest.mark.parametrize("name", STARTS + REVIEWS + DESKS)
def test_nobody_else_is_given_it(client, name):
    person, address, sent_to, field, _others = situation(name)
    client.force_login(person)
    typed = fields_sent_to(page(client, address), sent_to) | {field: "What only I know."}
    client.logout()
    asked = client.post(sent_to, typed)
    other = make.admin()
    if person.groups.exists():
        other.groups.set(person.groups.all())
    log_in(client, other, asked["Location"])
    response = client.get(address)
    assert response.status_code in (200, 404) and "What only I know." not in response.text


def test_what_was_typed_where_nobody_was_logged_in_is_given_to_whoever_logs_in(client):
    asked = client.post("/en/experts/support/", {"message": LONG})
    log_in(client, make.person(), asked["Location"])
    assert (
        fields_sent_to(page(client, "/en/experts/support/"), "/en/experts/support/")["message"].strip() == LONG.strip()
    )


def test_texts_of_several_windows_all_come_back(client):
    person = make.person()
    client.post("/en/me/expert/", {"about": "Of the first window."})
    client.post("/en/experts/support/", {"message": "Of the second window."})
    client.post("/en/experts/support/", {"message": "Of the second window, again."})
    for number in range(3):
        client.post(f"/en/resources/mine/{number}/about/", {"summary": f"Of another window, {number}."})
    client.force_login(person)
    assert "Of the first window." in page(client, "/en/me/expert/")
    assert "Of the second window, again." in page(client, "/en/experts/support/")
    assert len(client.session["parked"]) == 5, "until they are sent"


def test_a_file_cannot_be_kept_and_the_pages_say_so(client):
    address = "/en/peer-review/apply/"
    asked = client.post(address, make_roster.typed())
    assert "The file could not be kept" in page(client, asked["Location"])
    client.force_login(make.person())
    text = page(client, address)
    assert "choose it again" in text and "Port towns and survey methods." in text
    assert fields_sent_to(text, address)["objectives"] == ["1", "6"]


@pytest.mark.parametrize("name", ["decision", "application", "removal", "entry"])
def test_what_has_no_place_any_more_is_shown_to_be_copied(client, name):
    person, address, sent_to, field, others = situation(name)
    client.force_login(person)
    typed = fields_sent_to(page(client, address), sent_to) | others | {field: "My careful reasons.\nIn two lines."}
    client.logout()
    asked = client.post(sent_to, typed)
    if name == "decision":
        Resource.objects.update(state=Resource.State.WITHDRAWN)
    elif name == "entry":
        Expert.objects.all().delete()
    else:
        Member.objects.all().delete()
    log_in(client, person, asked["Location"])
    text = page(client, address)
    assert "This can no longer be sent." in text and "My careful reasons.\nIn two lines." in text
    assert "My careful reasons." in page(client, address)
    client.post(DISCARD, fields_sent_to(text, DISCARD))
    assert "My careful reasons." not in page(client, address)


def test_the_words_of_an_editor_who_was_second_are_shown_to_be_copied(client):
    first, second = editor(), editor()
    who = make_roster.member(state=Member.State.APPLIED)
    entry = expert()
    client.force_login(second)
    forms = {
        f"/en/editorial/roster/{who.pk}/decide/": fields_sent_to(
            page(client, "/en/editorial/roster/"), f"/en/editorial/roster/{who.pk}/decide/"
        ),
        f"/en/experts/desk/entries/{entry.pk}/": fields_sent_to(
            page(client, "/en/experts/desk/"), f"/en/experts/desk/entries/{entry.pk}/"
        ),
    }
    membership.decline(who.pk, first, reason="No.", seen=who.changed_at.isoformat())
    listing.decide(entry.pk, first, lists=True, reason="", seen=listing.digest(entry))
    for address, fields in forms.items():
        response = client.post(address, fields | {"decision": "decline", "reason": "My careful reasons."})
        assert response.status_code == 409 and "My careful reasons.</textarea>" in response.text


@pytest.mark.parametrize("name", STARTS + REVIEWS + DESKS)
def test_a_form_that_has_expired_gives_the_text_back_and_leads_to_its_page(name):
    person, address, sent_to, field, others = situation(name)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    typed = fields_sent_to(page(strict, address), sent_to) | others | {field: "An hour of work."}
    token, whose = typed.pop("csrfmiddlewaretoken"), typed["whose"]
    refused = strict.post(sent_to, typed)
    assert refused.status_code == 403 and "An hour of work." in refused.text
    assert f'href="{address}"' in refused.text
    assert whose not in refused.text and token not in refused.text


def test_passwords_are_not_given_back():
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post("/en/accounts/login/", {"login": "a@example.org", "password": "four words and more"})
    assert refused.status_code == 403 and "four words" not in refused.text


def test_forged_and_broken_things_are_no_errors(client):
    for about in (
        {"whose": "1:forged"},
        {"whose": "\0"},
        {"about": "\0", "shows_about": "x", "objectives": ["a", "\0"]},
    ):
        client.post("/en/me/expert/", {"about": "Mine."} | about)
        person = make.person()
        client.force_login(person)
        assert "Leïla" not in page(client, "/en/me/expert/")
        client.logout()
    response = client.post(f"/en/experts/desk/requests/{10**17}/", {"words": "Of nothing."})
    log_in(client, editor(), response["Location"])
    assert "Of nothing." in page(client, "/en/experts/desk/")


def test_floods_are_stopped_and_give_the_text_back(client, settings):
    settings.LIMITS = settings.LIMITS | {"park": rates.parse("1/10m/address")}
    client.post("/en/me/expert/", {"about": "The first."})
    refused = client.post("/en/me/expert/", {"about": "The second."})
    assert refused.status_code == 429 and "The second." in refused.text


def test_an_upload_is_not_kept(client):
    upload = SimpleUploadedFile("report.pdf", b"%PDF-1.7 secret", "application/pdf")
    client.post("/en/resources/mine/1/what/", {"title": "Mine alone", "upload": upload})
    assert "secret" not in str(client.session["parked"]) and "Mine alone" in str(client.session["parked"])
