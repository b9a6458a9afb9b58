"""What all rooms of the hub keep about one person, at once: handed over, and erased."""

import datetime
import json
import re

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from accounts.erasure import erase_account
from accounts.export import everything_about
from accounts.models import User
from consultations.models import Objective
from hub.background.models import OutgoingMail
from hub.background.tasks import prune
from hub.background.terms import months_ago
from hub.experts import listing
from hub.experts.models import Expert, SupportMessage, SupportRequest
from hub.pages import contact
from hub.pages.models import ContactMessage, Page
from hub.resources.models import StateChange
from hub.review import rounds
from hub.review.models import Criterion, Member
from tests import make
from tests.hub import make_review, make_roster

# All that the person typed holds this word, so that it is found wherever it stands.
WORD = "Quillfeather"


@pytest.fixture
def person(question):
    """Somebody who has done all that can be done in the hub, as a participant, a reviewer and an editor."""
    made = make.person(name=f"Ana {WORD}", email=f"{WORD}@example.org".lower(), organization=f"{WORD} Institute")
    make_review.draft(made, title_en=f"{WORD} draft", publisher=f"{WORD} press")
    make_review.draft(made, kind="practice", practice={"learned": f"{WORD} learned"})
    sent = make_review.submission(made, title_en=f"{WORD} sent", address="https://example.org/two")
    sent.state_changes.update(words=f"{WORD} answers")
    Expert.objects.create(
        user=made, name=made.name, about=f"{WORD} on ports", text_language="en", organization=f"{WORD} Institute"
    )
    asked = SupportRequest.objects.create(
        requester=made, kind="local", organization=f"{WORD} Town", country="GH", message=f"{WORD} asks", language="en"
    )
    asked.objectives.set(Objective.objects.filter(number=3))
    ContactMessage.objects.create(
        topic="data", name=made.name, email=made.email.upper(), language="fr", message=f"{WORD} writes"
    )
    place = make_roster.member(
        made,
        **dict.fromkeys(("position", "organization", "profile", "publications", "interests"), f"{WORD} tells"),
        gender="woman",
        cv_stored="x",
        cv_name=f"{WORD}.pdf",
        cv_format="pdf",
    )
    review = make_roster.review(place)
    review.scores.create(criterion=Criterion.objects.in_use().first(), level=2)
    begun = make_roster.review(place, sent=False)
    begun.words_to_editors = f"{WORD} begins"
    begun.save()
    make_roster.invitation(place, state="conflict", reason=f"{WORD} is my sister")
    # As an editor.
    others = make_roster.member(state="declined", decided_by=made)
    Expert.objects.create(user=others.user, name="Other", about="Ships", text_language="en", decided_by=made)
    answered = SupportRequest.objects.create(
        requester=others.user,
        kind="local",
        organization="Town",
        country="GH",
        message="?",
        language="en",
        handled_by=made,
    )
    answered.messages.create(author=made, words="Two people can come.")
    reading = rounds.Round.objects.create(
        resource=make.resource(state="in_review", submitted_by=others.user), editor=made
    )
    make_roster.invitation(make_roster.member(), round=reading, invited_by=made)
    StateChange.objects.create(
        resource=reading.resource, before="submitted", after="in_review", by=made, words="An editor's words"
    )
    now = timezone.now()
    OutgoingMail.objects.create(
        recipients=[made.email], message_id="1", content={"to": WORD}, is_bulk=False, give_up_at=now
    )
    # An administrator has changed the account.
    LogEntry.objects.create(
        user=make.admin(),
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(made.pk),
        object_repr=str(made),
        action_flag=CHANGE,
    )
    return made


def of_the_hub():
    return [model for model in apps.get_models() if model.__module__.startswith("hub.")]


def places_with(word: str) -> list[str]:
    """In which columns of the whole database the word stands, but for the search's own index."""
    found = []
    for model in apps.get_models():
        if model._meta.proxy or model._meta.label == "search.Word":
            continue
        for row in model._base_manager.values():
            found += [
                f"{model._meta.label}.{name}" for name, value in row.items() if word.lower() in str(value).lower()
            ]
    return sorted(found)


def test_here_is_a_row_for_each_way_in_which_the_hub_knows_a_person(person):
    """Whoever adds another way is told to hand it over, to erase it and to name it on the page about privacy."""
    for model in of_the_hub():
        for field in model._meta.concrete_fields:
            if field.related_model is User:
                rows = model._base_manager.filter(**{field.name: person})
                assert rows.exists(), f"{model._meta.label}.{field.name}: add a row, and look at personal_data.py"


def test_all_of_it_is_handed_over(person):
    kept = everything_about(person)
    told = json.dumps(kept, cls=DjangoJSONEncoder)
    for words in ("draft", "press", "learned", "sent", "answers", "on ports", "Town", "asks", "writes", "tells"):
        assert f"{WORD} {words}" in told, words
    for words in ("begins", "is my sister"):
        assert f"{WORD} {words}" in told, words
    assert f"{WORD}.pdf" in told and "An editor's words" in told
    [asked] = kept["requests for support"]
    assert (asked["on behalf of"], asked["country or area"], asked["objectives"]) == ("local", "GH", [3])
    assert kept["messages to the secretariat"][0]["language"] == "fr" and kept["mails of the last weeks"]
    assert [each["state"] for each in kept["reviews"]] == ["sent", "accepted", "conflict"]
    assert kept["decisions as an editor"][0]["state"] == "in_review"
    assert kept["answers to requests for support, as an editor"][0]["text"] == "Two people can come."


@pytest.mark.parametrize("keeps", [True, False])
def test_all_of_it_is_erased(person, keeps):
    key = person.pk
    erase_account(person, keep_contributions=keeps)
    assert places_with(WORD) == []
    for model in of_the_hub():
        for field in model._meta.concrete_fields:
            if field.related_model is User:
                assert not model._base_manager.filter(**{field.name: key}).exists()
    left = Member.objects.get(user=None)
    assert (left.region.slug, left.country, left.years, left.decided_by) == ("global", "", 0, None)


def test_the_page_of_deletion_says_what_goes_and_what_stays(client, person):
    client.force_login(person)
    client.post("/en/accounts/reauthenticate/", {"password": make.PASSWORD})
    text = client.get("/en/accounts/delete/", follow=True).content.decode()
    assert "your place on the roster of reviewers with your CV" in text
    assert "Reviews that you sent stay, without your name" in text and 'href="/en/privacy/"' in text


# For how long


@pytest.mark.parametrize(
    ("now", "months", "then"),
    [
        ("2026-11-29", 24, "2024-11-29"),
        ("2028-02-29", 12, "2027-02-28"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2026-01-05", 1, "2025-12-05"),
        ("2026-12-05", 120, "2016-12-05"),
    ],
)
def test_months_are_those_of_the_calendar(now, months, then):
    with time_machine.travel(f"{now}T12:00:00+00:00", tick=False):
        assert months_ago(months).isoformat() == f"{then}T12:00:00+00:00"


def later(days: float):
    """Two years from now, and so many days."""
    now = timezone.now()
    return time_machine.travel(now.replace(year=now.year + 2, day=min(now.day, 28)) + datetime.timedelta(days=days))


def test_answered_messages_are_erased_two_years_later_and_others_stay(person):
    ours = ContactMessage.objects.filter(email__iexact=person.email)
    ContactMessage.objects.create(topic="data", email="b@example.org", language="fr", message="Waits for ever.")
    with later(40):
        prune.call()
    assert ContactMessage.objects.count() == 2, "what is not answered is not erased"
    assert contact.mark_as_answered(ours) == 1
    with later(-3):
        prune.call()
    assert ours.exists()
    with later(5):
        prune.call()
    assert not ours.exists() and ContactMessage.objects.count() == 1
    assert "pages.ContactMessage.message" not in places_with(WORD)


def test_messages_answered_before_the_day_was_kept_have_their_term_from_now_on(person):
    ContactMessage.objects.update(state="answered", created_at=timezone.now() - datetime.timedelta(days=2000))
    prune.call()
    assert ContactMessage.objects.get().answered_at
    with later(5):
        prune.call()
    assert not ContactMessage.objects.exists()


@pytest.mark.parametrize("state", ["answered", "closed"])
def test_requests_are_erased_two_years_after_the_last_word_about_them(person, state):
    editor = make_review.editor()
    asked = SupportRequest.objects.get(requester=person)
    listing.answer(asked.pk, editor, state=state, words=f"{WORD} is answered", seen=asked.stamp)
    with later(-100):
        asked = SupportRequest.objects.get(pk=asked.pk)
        listing.answer(asked.pk, editor, state=state, words=f"{WORD} hears once more", seen=asked.stamp)
    with later(5):
        prune.call()
    assert SupportRequest.objects.filter(pk=asked.pk).exists(), "they were written to since"
    with later(300), later(5):
        prune.call()
        assert SupportRequest.objects.filter(pk=asked.pk).exists() is False
    assert not SupportMessage.objects.filter(words__contains=WORD).exists()
    assert not [place for place in places_with(WORD) if place.startswith("experts.Support")]


def test_requests_that_are_open_or_opened_again_stay(person):
    editor = make_review.editor()
    asked = SupportRequest.objects.get(requester=person)
    listing.answer(asked.pk, editor, state="closed", words="", seen=asked.stamp)
    asked.refresh_from_db()
    listing.answer(asked.pk, editor, state="in-progress", words="", seen=asked.stamp)
    with later(400):
        prune.call()
    assert SupportRequest.objects.filter(requester=person).exists()


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_pages_say_for_how_long(client, person, language):
    term = f"{settings.ANSWERED_KEPT_MONTHS}\xa0m"
    assert getattr(Page.objects.get(slug="privacy"), f"body_{language}").count(term) == 2
    assert client.get(f"/{language}/privacy/").content.decode().count(term) == 2
    client.force_login(person)
    for address in ("contact", "experts/support"):
        text = client.get(f"/{language}/{address}/", follow=True).content.decode()
        assert re.search(rf"\b{settings.ANSWERED_KEPT_MONTHS}\s+m", text), address
