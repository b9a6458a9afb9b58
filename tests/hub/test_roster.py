import datetime
import io
import re

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import rates
from accounts.erasure import erase_account
from accounts.export import everything_about
from consultations.demo import loading
from hub.resources import files
from hub.review import balance, demo, membership
from hub.review import cv as cvs
from hub.review.models import Criterion, Invitation, Member, Review
from tests import make
from tests.forms import fields_of, fields_sent_to
from tests.hub import make_files
from tests.hub.make_roster import PDF, cv, editor, invitation, member, review, typed

LANGUAGES = ["en", "fr", "es"]
APPLY, MINE, DESK = "/en/peer-review/apply/", "/en/peer-review/mine/", "/en/editorial/roster/"


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def page(client, address, status=200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def seen(of: Member) -> str:
    return Member.objects.get(pk=of.pk).changed_at.isoformat()


def kept_files(folder) -> list:
    return [each for each in folder.rglob("*") if each.is_file()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_works(client, language):
    member()
    for name in ("", "balance/", "apply/"):
        text = page(client, f"/{language}/peer-review/{name}")
        assert f'<html lang="{language}">' in text
        assert f"accounts/login/?next=%2F{language}%2Fpeer-review%2F" in text
        assert "csrfmiddlewaretoken" not in text
    assert not client.cookies
    client.force_login(make.person())
    assert f'<html lang="{language}">' in page(client, f"/{language}/peer-review/apply/")


def test_the_public_page_shows_the_criteria_in_use(client):
    Criterion.objects.filter(slug="clarity").update(is_in_use=False)
    criterion = Criterion.objects.get(slug="evidence")
    text = page(client, "/fr/peer-review/")
    for name in ("name", "question", "weak", "sufficient", "strong"):
        assert getattr(criterion, f"{name}_fr") in text
    assert "criterion-clarity" not in text


def test_the_public_page_counts_whoever_is_on_the_roster(client):
    member(languages=["ar"])
    member(languages=["fr"], is_paused=True)
    member(languages=["es"], state="applied")
    left = member(languages=["sw"])
    left.user.is_active = False
    left.user.save()
    figures = balance.figures()
    assert (figures.reviewers, figures.languages, figures.regions, figures.reviews) == (2, 2, 1, 0)


# Applying


def test_from_the_application_to_the_roster(client, files_of_their_own):
    amina, ann = make.person(name="Amina", language="fr"), editor(name="Ann", language="es")
    client.force_login(amina)
    assert client.post(APPLY, typed()).status_code == 302
    own = Member.objects.get()
    assert (own.state, own.cv_name, own.cv_format) == ("applied", "cv.pdf", "pdf")
    assert {each.number for each in own.objectives.all()} == {1, 6}
    assert len(kept_files(files_of_their_own)) == 1
    assert [each.to for each in mail.outbox] == [[amina.email], [ann.email]]
    assert "Port towns" in mail.outbox[1].body and "/es/editorial/roster/" in mail.outbox[1].body
    assert "waiting for the editors" in page(client, APPLY)
    client.force_login(ann)
    assert "Port towns and survey methods." in page(client, DESK)
    decision = {"decision": "internal", "reason": "Welcome to us.", "seen": seen(own)}
    assert client.post(f"{DESK}{own.pk}/decide/", decision).status_code == 302
    own.refresh_from_db()
    assert own.is_admitted and own.is_internal and own.decided_by == ann
    assert mail.outbox[-1].to == [amina.email]
    assert "/fr/peer-review/mine/" in mail.outbox[-1].body and "Welcome to us." in mail.outbox[-1].body
    client.force_login(amina)
    assert "No review waits for you." in page(client, MINE)
    assert 'href="/en/peer-review/mine/"' in page(client, "/en/")


def test_sending_twice_makes_one_application_and_one_mail_each(client):
    client.force_login(make.person())
    for _each in range(2):
        assert client.post(APPLY, typed()).status_code == 302
    assert Member.objects.count() == 1
    assert len(mail.outbox) == 1


def test_an_application_is_changed_while_it_waits(client, files_of_their_own):
    client.force_login(make.person())
    client.post(APPLY, typed())
    before = Member.objects.get()
    page_before = page(client, APPLY)
    assert "Port towns and survey methods." in page_before and 'value="africa" ' in page_before
    changed = {name: value for name, value in typed(profile="Two words more.", seen="applied").items() if name != "cv"}
    assert client.post(APPLY, changed).status_code == 302
    now = Member.objects.get()
    assert now.profile == "Two words more." and now.cv_stored == before.cv_stored
    assert now.applied_at == before.applied_at and now.changed_at > before.changed_at
    client.post(APPLY, typed(seen="applied", cv=cv(make_files.docx(), "Lebenslauf.docx")))
    assert Member.objects.get().cv_name == "Lebenslauf.docx"


@pytest.mark.django_db(transaction=True)
def test_the_cv_before_is_deleted(client, files_of_their_own):
    client.force_login(make.person())
    client.post(APPLY, typed())
    client.post(APPLY, typed(seen="applied", cv=cv(make_files.docx(), "cv.docx")))
    assert len(kept_files(files_of_their_own)) == 1
    client.post(f"{APPLY}withdraw/")
    assert not kept_files(files_of_their_own) and not Member.objects.exists()


def test_an_application_is_withdrawn_with_all_that_was_kept(client):
    client.force_login(make.person())
    client.post(APPLY, typed())
    assert client.get(f"{APPLY}withdraw/").status_code == 302
    assert client.post(f"{APPLY}withdraw/").status_code == 302
    assert not Member.objects.exists()
    assert client.post(f"{APPLY}withdraw/").status_code == 302


def test_nobody_withdraws_what_was_decided_meanwhile(client):
    own = member()
    client.force_login(own.user)
    response = client.post(f"{APPLY}withdraw/", follow=True)
    assert "This has changed since" in response.content.decode()
    assert Member.objects.get().is_admitted


@pytest.mark.parametrize("state", ["declined", "left"])
def test_applying_again(client, state):
    own = member(state=state, reason="Not this time.")
    client.force_login(own.user)
    text = page(client, APPLY)
    assert "Not this time." in text and "Port towns and survey methods." in text
    assert client.post(APPLY, {**typed(seen=state), "cv": ""}).status_code == 422
    assert client.post(APPLY, typed(seen=state)).status_code == 302
    again = Member.objects.get()
    assert (again.state, again.reason) == ("applied", "")


def test_a_decision_while_the_form_was_open_is_told_and_the_text_kept(client):
    own = member(state="applied")
    client.force_login(own.user)
    membership.decline(own.pk, editor(), reason="Too little practice.", seen=seen(own))
    response = client.post(APPLY, typed(seen="applied", profile="What I have typed since."))
    text = response.content.decode()
    assert response.status_code == 409
    assert "This has changed since" in text and "Too little practice." in text and "What I have typed since." in text
    assert Member.objects.get().state == "declined"
    assert 'name="seen" value="declined"' in text


def test_members_change_their_details_but_not_their_seat(client):
    own = member(is_internal=False)
    client.force_login(own.user)
    changed = typed(seen="admitted", languages=["ar"], is_internal="on")
    assert client.post(APPLY, changed)["Location"] == MINE
    now = Member.objects.get()
    assert now.is_admitted and now.languages == ["ar"] and not now.is_internal
    assert not mail.outbox


def test_a_language_that_is_sent_twice_counts_once(client):
    for _each in range(2):
        own = make.person()
        client.force_login(own)
        assert client.post(APPLY, typed(languages=["fr", "en", "fr"])).status_code == 302
        place = Member.objects.get(user=own)
        assert place.languages == ["fr", "en"]
        membership.admit(place.pk, editor(), is_internal=False, seen=place.changed_at.isoformat())
    # As it was kept before.
    member(languages=["es", "es", "es"])
    assert balance.read().languages == [] and balance.read().rare_languages == ["English", "French", "Spanish"]


# What is wrong with a form


def test_forms_keep_the_text_and_say_what_is_wrong(client):
    client.force_login(make.person())
    wrong = typed(position="\u200b", years="many", country="XX", region="atlantis", languages=["tlh"], objectives=[])
    response = client.post(APPLY, wrong | {"profile": "<script>alert(1)</script> & more"})
    text = response.content.decode()
    assert response.status_code == 422 and "<title>Error: " in text
    for said in ("Write what you do", "whole number", "one of the regions", "among the languages", "browsers do"):
        assert said in text, said
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"profile": "x" * 10_000},
        {"profile": "\0\0"},
        {"publications": "x" * 10_000},
        {"position": "x" * 10_000},
        {"organization": "x" * 10_000},
        {"years": "9" * 10_000},
        {"years": "-1"},
        {"years": "\0"},
        {"years": "71"},
        {"objectives": ["99999999999999999999999999"]},
        {"objectives": ["x", "'; --", "\0"]},
        {"region": "\0"},
        {"region": "global"},
        {"region": "99999999999999999999999999"},
        {"gender": "unknown"},
        {"languages": ["und"]},
        {"seen": "admin"},
        {"country": "\0"},
    ],
)
def test_hostile_input_is_answered_with_the_text_still_there(client, fields):
    client.force_login(make.person())
    response = client.post(APPLY, {"profile": "Typed with care."} | typed(**fields))
    assert response.status_code == 422
    if "profile" not in fields:
        assert "Port towns and survey methods." in response.content.decode()
    elif len(fields["profile"]) > 2:
        assert "x" * 10_000 in response.content.decode()
    assert not Member.objects.exists()


def bomb() -> bytes:
    return make_files.docx(**{"word/media/zeros.bin": b"\0" * 30_000_000})


def macros() -> bytes:
    return make_files.docx(**{"word/vbaProject.bin": b"x"})


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cv.pdf", b"<html><script>alert(1)</script>", "not a PDF, DOCX or ODT"),
        ("cv.pdf", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not a PDF, DOCX or ODT"),
        ("cv.pdf", b"MZ\x90\x00", "not a PDF, DOCX or ODT"),
        ("cv.pdf", b"", "The file is empty"),
        ("cv.pdf", b"%PDF-1.7 cut off", "damaged"),
        ("cv.docx", b"PK\x03\x04 cut off", "damaged"),
        ("cv.docx", bomb(), "unpacks to far more"),
        ("cv.docx", macros(), "macros"),
        ("cv.docx", make_files.pptx(), "not a PDF, DOCX or ODT"),
        ("cv.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "damaged"),
        ("cv.pdf", PDF + b" " * 5_300_000, "larger than 5 MB"),
        ("x" * 400 + ".pdf", b"<p>", "not a PDF, DOCX or ODT"),
    ],
)
def test_a_file_that_is_no_cv_is_refused_and_the_text_kept(client, files_of_their_own, name, content, said):
    client.force_login(make.person())
    response = client.post(APPLY, typed(cv=cv(content, name)))
    text = response.content.decode()
    assert response.status_code == 422
    assert said in text and "Port towns and survey methods." in text
    assert not Member.objects.exists() and not kept_files(files_of_their_own)


def test_a_name_of_a_file_cannot_do_harm(client):
    client.force_login(make.person())
    client.post(APPLY, typed(cv=cv(name='../../..\\x"\r\nSet-Cookie: a=b\u202efdp.exe')))
    own = Member.objects.get()
    assert own.cv_name.endswith(".pdf") and not re.search(r'[/\\"\r\n\u202e]', own.cv_name)
    headers = client.get(f"/en/peer-review/cv/{own.pk}/").headers
    assert "Set-Cookie" not in headers and headers["Content-Disposition"].startswith("attachment; ")


def test_floods_are_stopped_with_the_text_still_there(client, settings):
    client.force_login(make.person())
    settings.LIMITS = settings.LIMITS | {"apply": rates.parse("1/h/person")}
    assert client.post(APPLY, typed()).status_code == 302
    response = client.post(APPLY, typed(seen="applied", profile="Once more."))
    assert response.status_code == 429 and "Once more." in response.content.decode()
    assert Member.objects.get().profile != "Once more."


# The CV


def test_a_cv_is_a_download_for_the_person_and_the_editors_alone(client):
    own, other = member(cv_stored="resources/x", cv_name="cv.pdf", cv_format="pdf"), member()
    default_storage.save("resources/x", io.BytesIO(PDF))
    address = f"/en/peer-review/cv/{own.pk}/"
    for user in (None, make.person(), other.user):
        client.logout()
        if user:
            client.force_login(user)
        assert client.get(address).status_code == 404
    for user in (own.user, editor(), make.admin()):
        client.force_login(user)
        response = client.get(address)
        assert b"".join(response.streaming_content) == PDF
        assert response.headers["Content-Disposition"].startswith("attachment; ")
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert client.get(f"/en/peer-review/cv/{other.pk}/").status_code == 404
        assert client.get("/en/peer-review/cv/999999999999999999/").status_code == 404


def test_a_cv_that_was_not_brought_back_with_the_database_is_not_found_and_told_to_the_doctor(client):
    own = member(cv_stored="resources/gone", cv_name="cv.pdf", cv_format="pdf")
    member()
    client.force_login(own.user)
    assert client.get(f"/en/peer-review/cv/{own.pk}/").status_code == 404
    assert cvs.lost() == ["resources/gone"]


# The editors


def test_an_application_is_declined_with_a_reason_in_the_language_of_the_person(client):
    own = member(user=make.person(language="fr"), state="applied", cv_stored="x", cv_name="cv.pdf", cv_format="pdf")
    client.force_login(editor())
    address = f"{DESK}{own.pk}/decide/"
    response = client.post(address, {"decision": "decline", "reason": "\u200b", "seen": seen(own)})
    assert response.status_code == 422 and "Write the reason" in response.content.decode()
    client.post(address, {"decision": "decline", "reason": "Il faut cinq ans de pratique.", "seen": seen(own)})
    assert "Il faut cinq ans de pratique." in mail.outbox[-1].body
    assert "/fr/peer-review/apply/" in mail.outbox[-1].body
    own.refresh_from_db()
    assert own.state == "declined" and not own.cv_stored


def test_two_editors_at_once_are_told_who_decided_what(client):
    own = member(state="applied")
    stamp, first, second = seen(own), editor(name="Ann"), editor(name="Bo")
    membership.admit(own.pk, first, is_internal=False, seen=stamp)
    client.force_login(second)
    response = client.post(f"{DESK}{own.pk}/decide/", {"decision": "decline", "reason": "No.", "seen": stamp})
    text = response.content.decode()
    assert response.status_code == 409
    assert "This has changed since" in text and "decided by Ann" in text
    assert Member.objects.get().is_admitted and len(mail.outbox) == 1
    stamp = seen(own)
    membership.remove(own.pk, first, reason="They asked us to.", seen=stamp)
    response = client.post(f"{DESK}{own.pk}/remove/", {"reason": "Mine.", "seen": stamp})
    assert response.status_code == 409 and len(mail.outbox) == 2
    assert Member.objects.get().reason == "They asked us to."


def test_what_the_applicant_changed_meanwhile_is_read_again(client):
    own = member(state="applied")
    stamp = seen(own)
    client.force_login(own.user)
    client.post(APPLY, typed(seen="applied", profile="Another text."))
    client.force_login(editor())
    address = f"{DESK}{own.pk}/decide/"
    response = client.post(address, {"decision": "external", "reason": "My words.", "seen": stamp})
    text = response.content.decode()
    assert response.status_code == 409
    assert "Another text." in text and "My words." in text and seen(own) in text
    assert Member.objects.get().is_waiting
    client.post(address, {"decision": "external", "reason": "My words.", "seen": seen(own)})
    assert Member.objects.get().is_admitted


def test_a_member_is_removed_with_a_reason_and_others_are_asked(client):
    own = member(cv_stored="x", cv_name="cv.pdf", cv_format="pdf")
    asked, sent = invitation(own), review(own)
    stand_in = member()
    client.force_login(editor())
    address = f"{DESK}{own.pk}/remove/"
    response = client.post(address, {"reason": " ", "seen": seen(own)})
    assert response.status_code == 422 and "Write the reason" in response.content.decode()
    client.post(address, {"reason": "No answer for two years.", "seen": seen(own)})
    own.refresh_from_db()
    asked.refresh_from_db()
    assert own.state == "left" and not own.cv_stored and asked.state == "withdrawn"
    assert Invitation.objects.filter(round=asked.round, member=stand_in, state="invited").exists()
    assert Review.objects.filter(pk=sent.pk).exists()
    assert any("No answer for two years." in each.body and each.to == [own.user.email] for each in mail.outbox)


@pytest.mark.parametrize("which", ["decide", "remove"])
def test_nobody_decides_about_themselves(client, which):
    ann = editor()
    own = member(user=ann, state="applied" if which == "decide" else "admitted")
    client.force_login(ann)
    page(client, DESK)
    sent = {"decision": "internal", "reason": "Me.", "seen": seen(own)}
    assert client.post(f"{DESK}{own.pk}/{which}/", sent).status_code == 403
    assert not mail.outbox


def test_narrowing_the_members_by_each_and_by_nonsense(client):
    member(user=make.person(name="Grace Achieng"), languages=["sw"], region="africa", is_internal=True)
    joaquin = make.person(name="Joaquín Beltrán")
    member(user=joaquin, languages=["es"], region="americas", is_paused=True, objectives=[16])
    member(user=make.person(name="Mei Chen"), state="left")
    member(user=make.person(name="Ola Berg"), state="declined")
    client.force_login(editor())
    for query, names in {
        "": {"Grace", "Joaquín"},
        "state=available": {"Grace"},
        "state=paused": {"Joaquín"},
        "state=left": {"Mei"},
        "state=declined": {"Ola"},
        "seat=internal": {"Grace"},
        "seat=external": {"Joaquín"},
        "objective=16": {"Joaquín"},
        "objective=2": set(),
        "region=africa": {"Grace"},
        "language=es&region=americas": {"Joaquín"},
        "state=x&seat=%00&objective=999&region='&language=tlh&page=-1": {"Grace", "Joaquín"},
        "page=99999999999999999999": {"Grace", "Joaquín"},
    }.items():
        text = page(client, f"{DESK}?{query}")
        assert {name for name in ("Grace", "Joaquín", "Mei", "Ola") if f"<h3>{name}" in text} == names, query


# The member's own place


def test_the_queue_shows_what_waits_and_what_came_of_the_rest(client):
    own = member()
    asked, sent = invitation(own), review(own)
    begun = review(own, sent=False, due_at=timezone.now() + datetime.timedelta(days=3))
    others = review(member())
    others.invitation.round.resource.title_en = "Not mine"
    others.invitation.round.resource.save()
    client.force_login(own.user)
    text = page(client, MINE)
    waiting, done = text[text.index('id="waiting"') : text.index('id="done"')], text[text.index('id="done"') :]
    assert waiting.count("<li ") == 2
    assert "Accept or decline" in waiting and "Continue the review" in waiting
    assert f"/en/peer-review/reviews/{begun.invitation_id}/" in waiting
    assert waiting.index("Continue the review") < waiting.index("Accept or decline"), "what is due first comes first"
    assert f"/en/peer-review/reviews/{sent.invitation_id}/" in done and "List after changes" in done
    assert "Not decided yet" in done and "Not mine" not in text
    assert asked.is_open


def test_pausing_keeps_what_waits_unless_it_is_given_back(client):
    own = member()
    asked = invitation(own)
    client.force_login(own.user)
    client.post(f"{MINE}pause/")
    assert Member.objects.get().is_paused and not Member.objects.available().exists()
    asked.refresh_from_db()
    assert asked.state == "invited"
    client.post(f"{MINE}resume/")
    assert Member.objects.available().exists()
    response = client.post(f"{MINE}pause/", {"gives_back": "on"}, follow=True)
    assert "1 review that waited for you is given back." in response.content.decode()
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_leaving_takes_effect_at_once(client):
    own = member(cv_stored="x", cv_name="cv.pdf", cv_format="pdf")
    asked, sent = invitation(own), review(own)
    client.force_login(own.user)
    assert f'href="{MINE}leave/"' in page(client, MINE)
    form = fields_sent_to(page(client, f"{MINE}leave/"), f"{MINE}leave/")
    assert client.post(f"{MINE}leave/", form).status_code == 302
    own.refresh_from_db()
    asked.refresh_from_db()
    assert own.state == "left" and not own.cv_stored and asked.state == "withdrawn"
    # The button pressed twice.
    again = client.post(f"{MINE}leave/", form, follow=True).content.decode()
    assert "You have left the roster" in again and "not on the roster" not in again
    own.refresh_from_db()
    assert own.state == "left"
    text = page(client, MINE)
    assert f"/en/peer-review/reviews/{sent.invitation_id}/" in text and "Apply again" in text
    for what in ("pause", "resume"):
        assert "not on the roster any more" in client.post(f"{MINE}{what}/", follow=True).content.decode()
    assert "not on the roster any more" in client.get(f"{MINE}leave/", follow=True).content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_leaving_the_page_says_what_will_happen_and_nothing_happens(client, language):
    own = member(cv_stored="x", cv_name="life & work.pdf", cv_format="pdf")
    asked = invitation(own)
    begun = invitation(own, state="accepted", due_at=timezone.now())
    client.force_login(own.user)
    address = f"/{language}/peer-review/mine/leave/"
    text = page(client, address)
    assert "life &amp; work.pdf" in text and text.count("Papers that travel") == 2
    assert client.head(address).status_code == 200
    own.refresh_from_db()
    assert own.state == "admitted" and own.cv_stored == "x"
    assert {each.state for each in Invitation.objects.filter(pk__in=[asked.pk, begun.pk])} == {"invited", "accepted"}
    if language == "en":
        assert "2 reviews that wait for you are given back" in text


def test_nothing_is_given_back_that_the_page_had_not_named(client):
    own = member()
    client.force_login(own.user)
    text = page(client, f"{MINE}leave/")
    assert "nothing is given back" in text and "Your CV, " not in text
    late = invitation(own)
    answer = client.post(f"{MINE}leave/", fields_sent_to(text, f"{MINE}leave/"))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "has changed since you opened this page" in text and "Papers that travel" in text
    late.refresh_from_db()
    assert late.is_open and Member.objects.get().state == "admitted"
    assert client.post(f"{MINE}leave/", {"seen": "nonsense\x00"}).status_code == 409
    assert client.post(f"{MINE}leave/", fields_sent_to(text, f"{MINE}leave/")).status_code == 302
    assert Member.objects.get().state == "left"


def test_a_page_from_an_earlier_membership_takes_nobody_off(client):
    own = member()
    client.force_login(own.user)
    old = fields_sent_to(page(client, f"{MINE}leave/"), f"{MINE}leave/")
    client.post(f"{MINE}leave/", old)
    Member.objects.update(state="admitted", state_since=timezone.now(), decided_by=None)
    assert client.post(f"{MINE}leave/", old).status_code == 409
    assert Member.objects.get().state == "admitted"


# The balance


def test_small_groups_are_never_shown_by_themselves():
    labels = {"a": "A", "b": "B", "c": "C", "d": "D"}

    def shown(**counts):
        return [(share.label, share.count) for share in balance.merged(labels, balance.Counter(counts))]

    assert shown(a=9, b=5) == [("A", 9), ("B", 5)]
    assert shown(a=9, b=5, c=2, d=1) == [("A", 9), ("B", 5), ("C · D", 3)]
    assert shown(a=9, b=5, c=1) == [("A", 9), ("B · C", 6)]
    assert shown(a=1) == [("A", 1)]
    assert shown() == []


def test_the_balance_names_gaps_and_hides_small_numbers(client):
    for _each in range(3):
        member(languages=["fr", "sw"], objectives=[1, 2], gender="woman")
    member(languages=["ar"], objectives=[3], region="asia", gender="man", background="governmental")
    member(languages=["ar"], objectives=list(range(4, 24)), state="applied")
    found = balance.read()
    assert [(share.label, share.count) for share in found.regions] == [("Africa · Asia", 4)]
    assert [(share.label, share.count) for share in found.languages] == [("French", 3), ("Swahili", 3)]
    assert found.rare_languages == ["Arabic"]
    assert [(objective.number, count) for objective, count in found.covered] == [(1, 3), (2, 3)]
    assert [objective.number for objective in found.little_covered] == [3]
    assert [objective.number for objective in found.not_covered] == list(range(4, 24))
    assert found.lacking_regions == ["Americas", "Europe", "Oceania"]
    assert [(share.label, share.count) for share in found.genders] == [("Woman · Man", 4)]
    assert "Read by one or two people each: Arabic." in page(client, "/en/peer-review/balance/")
    Member.objects.update(gender="")
    assert "Gender" not in page(client, "/en/peer-review/balance/")


def test_an_empty_roster_invites_to_apply(client):
    assert "Nobody is on the roster yet" in page(client, "/en/peer-review/balance/")


# Queries and roles


def test_pages_ask_the_same_number_of_queries_however_many_there_are(client):
    own, ann = member(user=make.person(name="Own")), editor()

    def more():
        member(languages=["es"], objectives=[5, 7])
        member(state="applied")
        invitation(own), review(own), review(own, sent=False)

    def queries(user, address):
        client.logout()
        if user:
            client.force_login(user)
            client.get(address)
        with CaptureQueriesContext(connection) as captured:
            page(client, address)
        return len(captured)

    pages = [
        *((None, f"/en/peer-review/{name}") for name in ("", "balance/")),
        (own.user, MINE),
        (own.user, f"{MINE}leave/"),
        (own.user, APPLY),
        (ann, DESK),
    ]
    more()
    before = [queries(*each) for each in pages]
    for _each in range(4):
        more()
    assert [queries(*each) for each in pages] == before
    assert max(before) <= 25


def test_each_role_against_every_page(client):
    waiting, everybody, left = member(state="applied"), member(), member(state="left")
    asked = invitation(everybody)
    posts = [f"{DESK}{waiting.pk}/decide/", f"{DESK}{everybody.pk}/remove/", f"{DESK}999999999999999999/decide/"]
    sent = {"decision": "external", "reason": "Because.", "seen": seen(waiting)}
    for user in (None, make.person(), waiting.user, everybody.user, left.user, asked.round.resource.submitted_by):
        client.logout()
        if user:
            client.force_login(user)
        refused = 403 if user else 302
        assert client.get(DESK).status_code == refused
        for address in posts:
            assert client.post(address, sent).status_code == refused
            assert client.get(address).status_code == 302
        for name in ("", "balance/"):
            assert client.get(f"/en/peer-review/{name}").status_code == 200
        form = client.get(APPLY)
        assert form.status_code == 200
        assert ("<textarea" in form.content.decode()) == bool(user)
        assert client.get(MINE).status_code == (200 if user == everybody.user else 302)
        text = page(client, "/en/peer-review/") + page(client, "/en/peer-review/balance/")
        for each in (waiting, everybody, left):
            assert each.user.email not in text
            if each.user != user:
                assert f">{each.user.name}<" not in text
    assert {each.state for each in Member.objects.all()} == {"applied", "admitted", "left"}
    for user in (editor(), make.admin()):
        client.force_login(user)
        text = page(client, DESK)
        assert waiting.user.email in text and everybody.user.email in text
        for address in posts[2:]:
            assert client.post(address, sent).status_code == 404
    for name in ("criterion", "member"):
        assert client.get(f"/admin/review/{name}/").status_code == 200
    assert client.get(f"/admin/review/member/{everybody.pk}/change/").status_code == 200
    assert client.get(f"/admin/review/round/{asked.round_id}/change/").status_code == 404
    assert client.get("/admin/review/member/add/").status_code == 403


def test_criteria_are_edited_in_three_languages(client):
    client.force_login(make.admin())
    criterion = Criterion.objects.get(slug="clarity")
    address = f"/admin/review/criterion/{criterion.pk}/change/"
    text = page(client, address)
    assert 'name="weak_fr"' in text
    fields = {
        f"{name}_{code}": getattr(criterion, f"{name}_{code}")
        for name in ("name", "question", "weak", "sufficient", "strong")
        for code in LANGUAGES
    }
    fields["seen"] = fields_of(client.get(address), "criterion_form")["seen"]
    sent = fields | {"slug": "clarity", "order": "5", "is_in_use": "on", "weak_es": "Hay que leerlo tres veces."}
    assert client.post(address, sent).status_code == 302
    assert "Hay que leerlo tres veces." in page(client, "/es/peer-review/")


def test_a_criterion_with_reviews_is_not_deleted(client):
    client.force_login(make.admin())
    criterion = Criterion.objects.get(slug="clarity")
    review(member()).scores.create(criterion=criterion, level=2)
    assert client.post(f"/admin/review/criterion/{criterion.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Criterion.objects.filter(slug="clarity").exists()


# What is kept about people


def test_what_is_kept_is_handed_over():
    own = member(reason="Welcome.")
    review(own)
    kept = everything_about(own.user)
    assert kept["roster of reviewers"]["profile"] == "Port towns and survey methods."
    assert kept["reviews"][0]["to the submitter"] == "Tell what it cost."
    assert "roster of reviewers" not in everything_about(make.person())


@pytest.mark.parametrize("keeps", [True, False])
def test_erasing_deletes_a_place_without_reviews(keeps):
    own = member()
    erase_account(own.user, keep_contributions=keeps)
    assert not Member.objects.exists()


def test_erasing_leaves_reviews_that_were_sent_without_a_name(client):
    own = member(cv_stored="x", cv_name="cv.pdf", cv_format="pdf", gender="man", publications="A book")
    sent, begun, asked = review(own), review(own, sent=False), invitation(own)
    refused = invitation(own, state="conflict", reason="My sister wrote it.")
    stand_in = member(languages=["en"])
    erase_account(own.user, keep_contributions=True)
    own.refresh_from_db()
    assert own.user is None and own.state == "left" and str(own) == "a former reviewer"
    for name in ("position", "organization", "profile", "publications", "interests", "gender", "cv_stored", "cv_name"):
        assert getattr(own, name) == "", name
    assert not own.objectives.exists() and own.languages == []
    assert Review.objects.get() == sent
    for each in (begun.invitation, asked):
        each.refresh_from_db()
        assert each.state == "withdrawn"
        assert Invitation.objects.filter(round=each.round, member=stand_in).exists()
    refused.refresh_from_db()
    assert refused.reason == ""
    client.force_login(editor())
    for state in ("", "left"):
        page(client, f"{DESK}?state={state}")
    client.force_login(make.admin())
    page(client, "/admin/review/member/")
    page(client, f"/admin/review/member/{own.pk}/change/")


# The demonstration


def test_the_demonstration_has_a_balanced_roster_with_gaps_and_loading_again_changes_nothing(client):
    assert demo.load()["places on the roster"] == 18
    assert not demo.load()
    assert not mail.outbox
    admitted = Member.objects.admitted()
    assert admitted.count() == 15
    assert admitted.filter(is_internal=True).count() == 5
    assert admitted.filter(is_paused=True).count() == 2
    found = balance.read()
    assert [objective.number for objective in found.not_covered] == [4, 14, 20]
    assert not found.lacking_regions
    assert {state: Member.objects.filter(state=state).count() for state in ("applied", "declined")} == {
        "applied": 2,
        "declined": 1,
    }
    client.post("/en/accounts/login/", {"login": "editor@example.org", "password": loading.PASSWORD})
    text = page(client, DESK)
    assert "2 applications wait for you" in text
    assert client.get("/admin/resources/call/add/").status_code == 200
    assert client.get("/admin/accounts/user/").status_code == 403
    address = re.search(r'href="(/en/peer-review/cv/\d+/)"', text)[1]
    assert b"".join(client.get(address).streaming_content).startswith(b"%PDF-")
    client.logout()
    client.post("/en/accounts/login/", {"login": "reviewer@example.org", "password": loading.PASSWORD})
    assert "External reviews" in page(client, MINE)


def test_a_made_cv_is_a_pdf_to_the_portal_itself():
    assert files.check(*sized(demo.pdf(["A (name) \\ Łukasz"]))).format == "pdf"


def sized(stream):
    return stream, len(stream.getvalue())
