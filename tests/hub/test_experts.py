import re

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import rates
from accounts.erasure import erase_account
from accounts.export import everything_about
from consultations.models import Objective
from hub.experts import demo, listing
from hub.experts.forms import SHOWN, ContactExpertForm
from hub.experts.models import Expert, SupportMessage, SupportRequest
from hub.resources.models import Region
from hub.resources.permissions import EDITORS
from tests import make
from tests.forms import fields_sent_to, opened_a_minute_ago
from tests.hub.make_roster import member

LANGUAGES = ["en", "fr", "es"]


def editor(**fields):
    made = make.person(**fields)
    made.groups.add(Group.objects.get_or_create(name=EDITORS)[0])
    return made


def typed(**fields) -> dict:
    return {
        "name": "Leïla Benkacem",
        "about": "Port towns and survey methods.",
        "text_language": "en",
        "organization": "Institut des villes",
        "country": "DZ",
        "languages": ["fr", "ar"],
        "objectives": [Objective.objects.get(number=1).pk],
        "regions": [Region.objects.get(slug="africa").pk],
        "support": ["advice"],
        "agrees": "on",
        **{f"shows_{name}": "on" for name in SHOWN},
    } | fields


def listed(user=None, **fields) -> Expert:
    """An expert in the directory who shows everything, unless `fields` say otherwise."""
    fields = {
        "name": "Leïla Benkacem",
        "about": "Port towns and survey methods.",
        "text_language": "en",
        "organization": "Institut des villes",
        "country": "DZ",
        "languages": ["fr", "ar"],
        "support": ["advice"],
        "state": Expert.State.LISTED,
        **{f"shows_{name}": True for name in SHOWN},
    } | fields
    made = Expert.objects.create(
        user=user or make.person(email=f"secret{Expert.objects.count()}@example.org"), **fields
    )
    made.objectives.set(Objective.objects.filter(number__in=[1, 6]))
    made.regions.set(Region.objects.filter(slug="africa"))
    return made


def asked(**fields) -> SupportRequest:
    fields = {"organization": "X", "country": "GH", "message": "Something.", "language": "en"} | fields
    return SupportRequest.objects.create(**{"requester": fields.pop("requester", None) or make.person()} | fields)


def page(client, address, status=200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def main(html: str) -> str:
    """The page's own part, without the choices of its forms."""
    return re.sub(r"<select.*?</select>", "", html[html.index("<main") : html.index("</main")], flags=re.DOTALL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_works(client, language):
    expert = listed()
    text = page(client, f"/{language}/experts/")
    assert "Leïla Benkacem" in text and f'href="/{language}/experts/{expert.pk}/"' in text
    assert "Port towns" in page(client, f"/{language}/experts/{expert.pk}/")
    assert f'<html lang="{language}">' in page(client, f"/{language}/experts/{expert.pk}/contact/")
    assert f'<html lang="{language}">' in page(client, f"/{language}/experts/support/")
    assert not client.get(f"/{language}/experts/").cookies


# One's own entry


def test_from_the_form_to_the_directory(client):
    leila, ann = make.person(name="Leïla"), editor(name="Ann")
    client.force_login(leila)
    assert client.post("/en/me/expert/", typed()).status_code == 302
    assert Expert.objects.get().state == "waiting"
    assert [each.to for each in mail.outbox] == [[ann.email]]
    assert "Waiting for the editors" in page(client, "/en/me/expert/")
    client.logout()
    assert "Benkacem" not in page(client, "/en/experts/")
    page(client, f"/en/experts/{Expert.objects.get().pk}/", 404)
    client.force_login(ann)
    assert "Port towns" in page(client, "/en/experts/desk/")
    decision = {"decision": "list", "seen": listing.digest(Expert.objects.get())}
    assert client.post(f"/en/experts/desk/entries/{Expert.objects.get().pk}/", decision).status_code == 302
    assert mail.outbox[-1].to == [leila.email]
    assert "You are in the directory" in mail.outbox[-1].subject
    client.logout()
    assert "Benkacem" in page(client, "/en/experts/")


def test_an_entry_is_declined_with_a_reason_that_its_owner_reads(client):
    expert = listed(state="waiting")
    client.force_login(editor())
    address = f"/en/experts/desk/entries/{expert.pk}/"
    response = client.post(address, {"decision": "decline", "reason": " ", "seen": listing.digest(expert)})
    assert response.status_code == 422
    assert "Write the reason" in response.content.decode()
    client.post(address, {"decision": "decline", "reason": "Too short to be found by.", "seen": listing.digest(expert)})
    assert "Too short" in mail.outbox[-1].body
    client.force_login(expert.user)
    assert "Too short to be found by." in page(client, "/en/me/expert/")


def test_two_editors_or_a_text_that_changed_meanwhile(client):
    expert = listed(state="waiting")
    first, second = editor(), editor()
    with pytest.raises(listing.DecidedBefore):
        listing.decide(
            expert.pk, first, lists=True, seen=listing.digest(Expert(name=expert.name, about="Another text."))
        )
    listing.decide(expert.pk, first, lists=True, seen=listing.digest(expert))
    client.force_login(second)
    address = f"/en/experts/desk/entries/{expert.pk}/"
    answer = client.post(address, {"decision": "decline", "reason": "No.", "seen": listing.digest(expert)}, follow=True)
    assert "This has changed since" in answer.content.decode()
    assert Expert.objects.get().is_listed
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("name", listing.READ_BY_EDITORS)
def test_nothing_is_listed_that_the_editor_has_not_seen(client, name):
    expert = listed(state="waiting")
    client.force_login(editor())
    seen = re.search(r'name="seen" value="(\w+)"', page(client, "/en/experts/desk/"))[1]
    Expert.objects.update(**{name: "Changed since"})
    address = f"/en/experts/desk/entries/{expert.pk}/"
    for stale in (seen, "", "\0"):
        client.post(address, {"decision": "list", "seen": stale})
        assert Expert.objects.get().is_waiting
    client.post(address, {"decision": "list", "seen": listing.digest(Expert.objects.get())})
    assert Expert.objects.get().is_listed


def test_nobody_decides_about_their_own_entry(client):
    own = listed(user=editor(), state="waiting")
    address = f"/en/experts/desk/entries/{own.pk}/"
    decision = {"decision": "list", "seen": listing.digest(own)}
    client.force_login(own.user)
    html = page(client, "/en/experts/desk/")
    assert "This is your own entry: a colleague decides about it." in html and address not in html
    assert client.post(address, decision).status_code == 403
    assert Expert.objects.get().is_waiting
    client.force_login(editor())
    assert address in page(client, "/en/experts/desk/")
    client.post(address, decision)
    assert Expert.objects.get().is_listed


def test_words_are_read_again_and_ticks_change_at_once(client):
    expert = listed()
    client.force_login(expert.user)
    hidden = {name: value for name, value in typed().items() if name != "shows_country"}
    client.post("/en/me/expert/", hidden)
    assert Expert.objects.get().is_listed and not Expert.objects.get().shows_country
    client.post("/en/me/expert/", hidden | {"about": "Something else."})
    assert Expert.objects.get().state == "waiting"


def test_removing_takes_effect_at_once(client):
    expert = listed()
    client.force_login(expert.user)
    assert client.get("/en/me/expert/remove/").status_code == 302
    assert client.post("/en/me/expert/remove/").status_code == 302
    client.logout()
    assert "Benkacem" not in page(client, "/en/experts/")
    page(client, f"/en/experts/{expert.pk}/contact/", 404)


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_not_ticked_is_neither_shown_nor_searched_nor_filtered_by(client, name):
    shown = {
        "about": ("Port towns", "q=survey"),
        "organization": ("Institut des villes", "q=Institut"),
        "country": ("Algeria", ""),
        "languages": ("French", "language=fr"),
        "objectives": ("Recruitment and decent work", "objective=6"),
        "regions": ("Africa", "region=africa"),
        "support": ("answers to questions", "support=advice"),
    }
    words, narrowed = shown[name]
    expert = listed()

    def pages():
        search = "search" if narrowed.startswith("q=") else "experts"
        found = main(page(client, f"/en/{search}/?{narrowed}"))
        return words in main(page(client, expert.get_absolute_url())), f"/en/experts/{expert.pk}/" in found

    assert pages() == (True, True)
    Expert.objects.update(**{f"shows_{name}": False})
    assert pages() == (False, not narrowed)


def test_whoever_ticks_nothing_is_told_that_they_are_found_by_name_alone(client):
    client.force_login(make.person())
    kept = typed()
    ticked = [name for name in kept if name.startswith("shows_")]
    assert ticked and "by your name alone" not in client.post("/en/me/expert/", kept, follow=True).text
    nothing = {name: value for name, value in kept.items() if name not in ticked}
    assert "by your name alone" in client.post("/en/me/expert/", nothing, follow=True).text


def test_choices_begin_alike(client):
    client.force_login(make.person())
    for address in ("/en/me/expert/", "/en/experts/support/", "/en/experts/"):
        html = page(client, address)
        labels = re.findall(r'<input type="(?:checkbox|radio)"[^>]*>\s*(?:<span>)?([^<\s])', html)
        labels += re.findall(r"<option[^>]*>([^<])", html)
        assert labels and not [letter for letter in labels if letter.islower()], address


@pytest.mark.parametrize(
    ("language", "day", "is_day"),
    [
        ("fr", "31/12/2099", True),
        ("es", "31.12.2099", True),
        ("es", "2099-12-31", True),
        ("en", "2099-12-31", True),
        ("en", "05/06/2099", False),
    ],
)
def test_a_day_is_written_as_it_is_in_the_language_of_the_page(client, language, day, is_day):
    client.force_login(make.person())
    response = client.post(f"/{language}/experts/support/", request_typed(needed_by=day))
    assert response.status_code == (302 if is_day else 422)
    assert not is_day or SupportRequest.objects.get().needed_by.year == 2099


def test_nothing_that_is_pasted_is_cut_off_without_a_word(client):
    expert = listed()
    client.force_login(make.person())
    for address in ("/en/me/expert/", "/en/experts/support/", f"/en/experts/{expert.pk}/contact/", "/en/contact/"):
        assert "maxlength" not in main(page(client, address)), address
    response = client.post("/en/experts/support/", request_typed(organization="a" * 201))
    assert "Shorten this to 200 characters." in response.text and "a" * 201 in response.text


def test_forms_keep_the_text_and_say_what_is_wrong(client):
    client.force_login(make.person())
    response = client.post(
        "/en/me/expert/", typed(agrees="", about="\u200b", country="XX", languages=["tlh"], name="\u202e")
    )
    assert response.status_code == 422
    text = response.content.decode()
    assert "<title>Error: " in text and "Write in a few words" in text and "Tick that you agree" in text
    assert not Expert.objects.exists()
    response = client.post("/en/me/expert/", typed(about="x" * 5_001))
    assert response.status_code == 422 and "x" * 5_001 in response.content.decode()


def test_deactivated_people_are_not_listed(client):
    expert = listed()
    expert.user.is_active = False
    expert.user.save()
    assert "Benkacem" not in page(client, "/en/experts/")
    page(client, expert.get_absolute_url(), 404)
    assert "No results" in page(client, "/en/search/?q=Benkacem")


# The directory


def test_narrowing_by_each_and_by_nonsense(client):
    listed()
    listed(name="Joaquín Beltrán", languages=["es"], support=["speaking"])
    both, one = (2, 1)
    for query, count in {
        "objective=6": both,
        "objective=2": 0,
        "region=africa": both,
        "language=es": one,
        "support=advice": one,
        "language=es&support=advice": 0,
        "objective=x&region=%00&language=%22&support=&page=zzz": both,
        "page=99999999999999999999": both,
    }.items():
        text = page(client, f"/en/experts/?{query}")
        assert text.count("Ask a question<") == count, query
    assert "Nobody in the directory fits" in page(client, "/en/experts/?objective=2")


def test_the_directory_asks_the_same_number_of_queries_whoever_is_in_it(client):
    def queries(address="/en/experts/"):
        with CaptureQueriesContext(connection) as captured:
            page(client, address)
        return len(captured)

    listed()
    before = queries()
    for _each in range(4):
        listed()
    assert queries() == before
    for _each in range(2):
        listed(state="waiting")
        SupportMessage.objects.create(request=asked(), author=make.person(), words="Soon.")
    client.force_login(editor())
    queries("/en/experts/desk/")
    on_the_desk = queries("/en/experts/desk/")
    for _each in range(3):
        listed(state="waiting")
        request = asked()
        for author in (make.person(), make.person(), None):
            SupportMessage.objects.create(request=request, author=author, words="Soon.")
    assert queries("/en/experts/desk/") == on_the_desk


# Asking


def ask(client, expert, **fields):
    sent = {
        "name": "Minister",
        "email": "minister@example.gov",
        "message": "How do you count?\n\nThank you.",
        "opened": opened_a_minute_ago(ContactExpertForm.signer),
    } | fields
    return client.post(reverse("contact_expert", args=[expert.pk]), sent)


def test_a_question_is_carried_without_showing_the_address(client):
    expert = listed(user=make.person(email="secret@example.org", language="fr"))
    for address in ("/en/experts/", expert.get_absolute_url(), reverse("contact_expert", args=[expert.pk])):
        assert "secret@example.org" not in page(client, address)
    response = ask(client, expert)
    assert response.status_code == 302
    question, receipt = mail.outbox
    assert question.to == ["secret@example.org"] and question.reply_to == ["minister@example.gov"]
    assert "How do you count?\n\nThank you." in question.body
    assert receipt.to == ["minister@example.gov"]
    assert "secret@example.org" not in receipt.subject + receipt.body + str(receipt.extra_headers) + str(
        receipt.reply_to
    )
    assert "How do you count" not in receipt.body, "anybody can type the address of somebody else"
    assert receipt.body.startswith("Good day,\n") and "<p>Good day,</p>" in receipt.alternatives[0].content
    assert "secret@example.org" not in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_what_visitors_call_themselves_stands_in_no_subject(client, language):
    expert = listed(user=make.person(language=language))
    ask(client, expert, name="URGENT: your account is closed", organization="https://spam.example")
    question, receipt = mail.outbox
    for word in ("URGENT", "spam"):
        assert word not in question.subject + receipt.subject
        assert word in question.body


def test_somebody_logged_in_gets_their_words_back_in_the_receipt(client):
    expert, amina = listed(), make.person(name="Amina")
    client.force_login(amina)
    ask(client, expert, email=amina.email)
    assert "How do you count?" in mail.outbox[1].body
    assert mail.outbox[1].body.startswith("Dear Minister,\n")


def test_programs_and_floods_are_stopped(client, settings):
    expert = listed()
    at_once = ContactExpertForm.signer.sign("form")
    assert ask(client, expert, opened=at_once).status_code == 422
    assert ask(client, expert, website="http://spam").status_code == 422
    assert not mail.outbox
    client.force_login(make.person())
    settings.LIMITS = settings.LIMITS | {"ask_expert": rates.parse("1/h/person")}
    assert ask(client, expert).status_code == 302
    response = ask(client, expert)
    assert response.status_code == 429 and "How do you count?" in response.content.decode()
    assert len(mail.outbox) == 2


def test_no_header_can_be_smuggled_into_the_mail(client):
    expert = listed()
    client.force_login(make.person())
    assert ask(client, expert, name="A\r\nBcc: b@example.org", organization="B\nC").status_code == 302
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == [expert.user.email]
    assert ask(client, expert, email="a@example.org\nBcc: b@example.org").status_code == 422


# Requests for support


def request_typed(**fields) -> dict:
    return {
        "kind": "government",
        "organization": "Ministry of Labour",
        "country": "GH",
        "support": ["drafts"],
        "objectives": [Objective.objects.get(number=6).pk],
        "message": "We draft a law on recruitment fees.",
    } | fields


def test_a_request_goes_to_the_editors_and_its_state_to_whoever_sent_it(client):
    kofi, ann = make.person(name="Kofi"), editor(name="Ann", language="es")
    client.force_login(kofi)
    assert client.post("/en/experts/support/", request_typed()).status_code == 302
    assert [each.to for each in mail.outbox] == [[kofi.email], [ann.email]]
    assert "Received" in page(client, "/en/experts/support/")
    client.force_login(ann)
    request = SupportRequest.objects.get()
    assert "recruitment fees" in page(client, "/en/experts/desk/")
    seen = request.stamp
    address = f"/en/experts/desk/requests/{request.pk}/"
    words = "Leïla Benkacem can help; we have written to both of you."
    assert client.post(address, {"state": "answered", "words": words, "seen": seen}).status_code == 302
    assert mail.outbox[-1].to == [kofi.email] and words in mail.outbox[-1].body
    again = client.post(address, {"state": "closed", "words": "Other words.", "seen": seen})
    assert again.status_code == 409
    assert "Other words." in again.content.decode() and "This has changed since" in again.content.decode()
    client.force_login(kofi)
    assert words in page(client, "/en/experts/support/")
    client.force_login(make.person())
    assert words not in page(client, "/en/experts/support/")


def test_all_that_the_editors_write_is_kept_and_mailed_once(client):
    request, ann, ben = asked(organization="Ministry of Ports"), editor(name="Ann"), editor(name="Ben")
    desk, address = "/en/experts/desk/", f"/en/experts/desk/requests/{request.pk}/"

    def write(who, **typed):
        client.force_login(who)
        begun = fields_sent_to(page(client, desk), address)
        assert begun["words"] == ""
        return client.post(address, begun | typed)

    write(ann, state="in-progress", words="We have written to two people.")
    write(ben, words="You hear from us this week.")
    assert "The editors write to you" in mail.outbox[-1].body
    write(ann, state="answered")
    assert "have answered" in mail.outbox[-1].body and "this week" not in mail.outbox[-1].body
    nothing = write(ben)
    assert nothing.status_code == 422 and "there is nothing to tell the sender" in nothing.text
    write(ben, state="in-progress", words=" \u200b ")
    assert len(mail.outbox) == 4
    on_desk = main(page(client, desk))
    client.force_login(request.requester)
    own = main(page(client, "/en/experts/support/"))
    for text in (on_desk, own):
        assert text.index("We have written to two people.") < text.index("You hear from us this week.")
    assert re.search(r"Ann, [^<]+\(UTC\)", on_desk) and re.search(r"Ben, [^<]+\(UTC\)", on_desk)
    assert own.count("The editors, ") == 2 and "Ann" not in own and "Ben" not in own
    answers = everything_about(request.requester)["requests for support"][0]["answers"]
    assert [each["text"] for each in answers] == ["We have written to two people.", "You hear from us this week."]
    ann.delete()
    client.force_login(ben)
    assert "We have written to two people." in page(client, desk)


def test_whoever_asks_for_support_answers_the_editors_and_can_withdraw(client, settings):
    settings.CONTACT_EMAIL = "secretariat@example.org"
    ann, ben = editor(name="Ann"), editor(name="Ben")
    request, page_of_requests = asked(), "/en/experts/support/"
    reply, back = f"/en/experts/support/{request.pk}/reply/", f"/en/experts/support/{request.pk}/withdraw/"
    listing.answer(request.pk, ann, state="answered", words="In which language?", seen=request.stamp)
    assert mail.outbox[-1].reply_to == ["secretariat@example.org"]
    client.force_login(request.requester)
    assert 'id="request-' in page(client, page_of_requests) and reply in page(client, page_of_requests)
    mail.outbox.clear()
    seen = SupportRequest.objects.get().stamp
    assert client.post(reply, {"words": " "}).status_code == 422
    assert "a" * 5_001 in client.post(reply, {"words": "a" * 5_001}).text
    for _twice in range(2):
        assert client.post(reply, {"words": "In Portuguese."}).status_code == 302
    (message,) = mail.outbox
    assert message.to == [ann.email] and "In Portuguese." in message.body
    request.refresh_from_db()
    assert request.state == "in-progress" and "You, " in page(client, page_of_requests)
    with pytest.raises(listing.DecidedBefore):
        listing.answer(request.pk, ben, state="closed", words="", seen=seen)
    for _twice in range(2):
        assert client.post(back).status_code == 302
    assert [each.to for each in mail.outbox[1:]] == [[ann.email]]
    assert "Withdrawn" in page(client, page_of_requests) and reply not in page(client, page_of_requests)
    late = client.post(reply, {"words": "One more thing."})
    assert late.status_code == 409 and "One more thing." in late.text
    with pytest.raises(listing.DecidedBefore):
        listing.answer(request.pk, ann, state="closed", words="", seen=SupportRequest.objects.get().stamp)
    for address in (reply, back):
        assert client.get(address).headers["Location"] == page_of_requests
    client.force_login(ben)
    assert "Whoever sent it has withdrawn it." in page(client, "/en/experts/desk/")
    for address in (reply, back):
        assert client.post(address, {"words": "Mine."}).status_code == 404


def test_a_request_that_lacks_something_is_kept_in_the_form(client):
    client.force_login(make.person())
    response = client.post("/en/experts/support/", request_typed(kind="", country="", needed_by="2001-01-01"))
    assert response.status_code == 422
    text = response.content.decode()
    assert "We draft a law on recruitment fees." in text
    assert "Choose a day that lies ahead" in text and "Choose the country" in text


def test_forged_values_are_answered_in_the_portals_own_words(client):
    client.force_login(make.person())
    forged = {"objectives": "abc", "support": "magic", "country": "XX", "kind": "king"}
    response = client.post("/en/experts/support/", request_typed(**forged))
    assert response.status_code == 422
    for said in ("Choose one of the list.", "Choose the country or area.", "Choose on behalf of whom you ask."):
        assert said in response.text
    forged = {"regions": "abc", "languages": "xx", "text_language": "xx", "objectives": "999999", "country": "XX"}
    other = client.post("/en/me/expert/", typed(**forged))
    assert other.status_code == 422 and "Choose among the objectives." in other.text
    for text in (response.text, other.text):
        assert "is not a valid value" not in text and "Select a valid choice" not in text
    response = client.post("/en/experts/support/", request_typed(message="a" * 5_001))
    assert "Shorten the text to 5,000 characters; it has 5,001." in response.text


def test_the_administration_names_languages_kinds_and_numbers(client):
    client.force_login(make.admin())
    expert, request = listed(languages=["ar", "fr"], support=["training"]), asked(support=["training"])
    entry = page(client, f"/admin/experts/expert/{expert.pk}/change/")
    assert "Arabic, French" in entry and "training" in entry
    row = page(client, "/admin/experts/supportrequest/")
    assert f"№\u00a0{request.pk}" in row and ">PK<" not in row and ">Pk<" not in row
    page(client, f"/admin/experts/supportrequest/{request.pk}/change/")


# Roles


def test_each_role_against_every_page(client):
    waiting, everybody = listed(state="waiting"), listed()
    request = asked(message="Not for others.")
    desk = "/en/experts/desk/"
    for user in (None, make.person(), waiting.user, everybody.user, request.requester):
        client.logout()
        if user:
            client.force_login(user)
        refused = 403 if user else 302
        assert client.get(desk).status_code == refused
        assert client.post(f"{desk}entries/{waiting.pk}/", {"decision": "list"}).status_code == refused
        assert client.post(f"{desk}requests/{request.pk}/", {"state": "closed"}).status_code == refused
        assert client.get(f"/en/experts/{waiting.pk}/").status_code == (200 if user == waiting.user else 404)
        assert client.get(f"/en/experts/{waiting.pk}/contact/").status_code == 404
        assert client.get("/en/me/expert/").status_code == (200 if user else 302)
    waiting.refresh_from_db()
    request.refresh_from_db()
    assert waiting.is_waiting and request.state == "new"
    for user in (editor(), make.admin()):
        client.force_login(user)
        assert "Not for others." in page(client, desk)
        page(client, f"/en/experts/{waiting.pk}/")
    assert client.get("/admin/experts/expert/").status_code == 200
    assert client.get("/admin/experts/supportrequest/").status_code == 200


def test_what_is_kept_is_handed_over_and_erased(client):
    expert = listed()
    asked(requester=expert.user)
    kept = everything_about(expert.user)
    assert kept["entry in the directory of experts"]["shown"] == sorted(SHOWN)
    assert kept["requests for support"][0]["what"] == "Something."
    erase_account(expert.user, keep_contributions=True)
    assert not Expert.objects.exists() and not SupportRequest.objects.exists()


# The demonstration


def test_the_demonstration_has_twelve_experts_and_loading_again_changes_nothing(client):
    assert demo.load()["experts"] == 13
    assert Expert.objects.listed().count() == 12
    assert {language for each in Expert.objects.listed() for language in each.languages} >= {"en", "fr", "es"}
    assert not demo.load()
    assert not mail.outbox
    assert "Leïla Benkacem" in page(client, "/en/experts/?objective=1")
    assert "12 people" in page(client, "/en/experts/")


def test_desks_count_what_waits_for_the_editor_not_their_own(client):
    first, second = editor(), editor()
    listed(first, state="waiting")
    member(first, state="applied", applied_at=timezone.now())
    for who, many in ((first, 0), (second, 1)):
        client.force_login(who)
        hub = page(client, "/en/editorial/")
        assert f"{many} entr" in hub
        assert f"Roster: applications and members ({many})" in hub
        said = "1 application waits for you" if many else "No application waits for you."
        assert said in page(client, "/en/editorial/roster/")
        said = "1 entry waits for you." if many else "All done: nothing waits for you."
        assert said in page(client, "/en/experts/desk/")
    listed(state="waiting")
    client.force_login(first)
    assert "1 entry waits for you." in page(client, "/en/experts/desk/")
