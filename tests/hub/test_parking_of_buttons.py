"""Buttons that are pressed after the session has ended lead, by the log-in, to the page on which they stand."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from hub.experts.models import Expert
from hub.review import rounds
from tests import make
from tests.consultations.moderation import make_cases
from tests.forms import fields_sent_to
from tests.hub import make_review, make_roster

LIKELY = {"what": "question", "number": 1, "step": "about", "pk": 1}


def patterns(found):
    """Every page of the portal that has a name, but for Django admin."""
    for each in found:
        if isinstance(each, URLPattern):
            if each.name:
                yield each
        elif getattr(each, "namespace", None) != "admin":
            yield from patterns(each.url_patterns)


def addresses():
    """An address of each page, with arguments that could be."""
    for each in patterns(get_resolver().url_patterns):
        for value in (1, "x"):
            try:
                yield (
                    each.name,
                    reverse(each.name, kwargs={name: LIKELY.get(name, value) for name in each.pattern.converters}),
                )
            except NoReverseMatch:
                continue
            break


def led_on(client, address: str) -> str:
    """Where somebody who is asked to log in is led afterwards; "" where nobody is asked."""
    place = urlsplit(client.post(address).headers.get("Location", ""))
    return parse_qs(place.query).get("next", [""])[0] if "/login/" in place.path else ""


def test_it_works(client):
    """No page of the whole portal leads to an address that only takes a form."""
    admin, seen = make.admin(), set()
    for name, address in addresses():
        browser = Client()
        if not (place := led_on(browser, address)):
            continue
        seen.add(name)
        browser.force_login(admin)
        status = browser.get(place).status_code
        assert status < 400 or status == 404, (name, place, status)
    assert seen > {"delete_draft", "decide_several", "read_notifications", "begin_review", "leave_roster", "profile"}


def test_an_address_that_takes_a_form_leads_to_the_page_of_the_form(client):
    """By the link to another language, say, on a page that refused what was sent."""
    resource = make_review.submission()
    client.force_login(make_review.editor())
    for sent_to, page in [
        (f"editorial/submissions/{resource.pk}/decide/", f"editorial/submissions/{resource.pk}/"),
        (f"editorial/submissions/{resource.pk}/begin/", f"editorial/submissions/{resource.pk}/"),
        ("editorial/roster/1/decide/", "editorial/roster/"),
        ("experts/desk/requests/1/", "experts/desk/"),
        ("peer-review/reviews/1/declare/", "peer-review/reviews/1/"),
    ]:
        assert client.get(f"/fr/{sent_to}")["Location"] == f"/fr/{page}"
    refused = client.post(f"/en/editorial/submissions/{resource.pk}/decide/", {})
    there = re.search(r'<a href="([^"]+)" lang="fr" hreflang="fr"', refused.text)[1]
    assert refused.status_code == 422 and client.get(there, follow=True).status_code == 200


def situation(name: str):
    """Who presses the button, on which page, to which address; and what is ticked before."""
    if name in {"begin", "ask", "take back"}:
        roster = make_review.roster()
        editor = make_review.editor()
        if name == "begin":
            address = f"/en/editorial/submissions/{make_review.submission().pk}/"
            return editor, address, f"{address}begin/", {"members": [str(roster[3].pk)], "fewer": ["on"]}
        this_round = make_review.begun(by=editor, members=roster[:2])
        address = f"/en/editorial/submissions/{this_round.resource_id}/"
        if name == "ask":
            return editor, address, f"{address}ask/", {"member": str(roster[3].pk)}
        asked = this_round.invitations.first()
        return editor, address, f"/en/editorial/invitations/{asked.pk}/take-back/", {}
    if name in {"pause", "leave"}:
        who = make_review.member()
        rounds.accept(make_review.invitation(make_review.begun(), who))
        ticked = {"gives_back": ["on"]} if name == "pause" else {}
        page = "/en/peer-review/mine/" if name == "pause" else "/en/peer-review/mine/leave/"
        return who.user, page, f"/en/peer-review/mine/{name}/", ticked
    if name == "withdraw":
        who = make_roster.member(state="applied")
        return who.user, "/en/peer-review/apply/", "/en/peer-review/apply/withdraw/", {}
    if name == "remove":
        person = make.person()
        Expert.objects.create(user=person, name="Leïla", about="Ports.", text_language="en", state="listed")
        return person, "/en/me/expert/", "/en/me/expert/remove/", {}
    person = make.person()
    return person, "/en/accounts/profile/", "/en/accounts/profile/", {"name": "Ama Boateng", "organization": "Ports"}


BUTTONS = ["begin", "ask", "take back", "pause", "leave", "withdraw", "remove", "profile"]


@pytest.mark.parametrize("name", BUTTONS)
def test_whoever_logs_in_stands_where_the_button_is_with_what_they_had_ticked(client, name):
    person, address, sent_to, ticked = situation(name)
    client.force_login(person)
    begun = fields_sent_to(client.get(address).text, sent_to)
    assert begun["whose"]
    client.logout()
    asked = client.post(sent_to, begun | ticked)
    assert "Your session had ended" in client.get(asked["Location"]).text
    landed = client.post(
        asked["Location"], {"login": person.email, "password": make.PASSWORD}, follow=True, headers={"accept": "*/*"}
    )
    assert landed.status_code == 200 and landed.request["PATH_INFO"] == address
    again = fields_sent_to(landed.text, sent_to)
    for each, value in ticked.items():
        if each != "member":
            assert again[each] == value, each
    assert client.post(sent_to, again).status_code == 302


def test_ticks_on_the_desk_of_moderators_come_back(client):
    question = make.consultation().questions.get(number=1)
    first, second = (make_cases.held(question) for _each in range(2))
    moderator = make.admin()
    client.force_login(moderator)
    desk = "/en/moderation/?queue=held"
    page = client.get(desk).text
    boxes = re.findall(r'name="case" value="([^"]+)"( checked)?', page)
    assert len(boxes) == 2 and not any(checked for _box, checked in boxes)
    begun = fields_sent_to(page, "/en/moderation/several/?queue=held")
    tick = next(box for box, _checked in boxes if box.startswith(f"{make_cases.case_of(second).pk}:"))
    client.logout()
    asked = client.post("/en/moderation/several/?queue=held", begun | {"act": "approve", "case": [tick]})
    client.get(asked["Location"])
    landed = client.post(asked["Location"], {"login": moderator.email, "password": make.PASSWORD})
    assert landed["Location"] == desk
    boxes = dict(re.findall(r'name="case" value="([^"]+)"( checked)?', client.get(desk).text))
    assert [box for box, checked in boxes.items() if checked] == [tick]
    first.refresh_from_db()
    assert first.state == second.state == "held"
