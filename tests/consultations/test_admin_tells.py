"""What an organizer changes in the administration, and people who follow have to know: new dates, closed questions."""

import datetime

import pytest

from consultations.following import follows
from consultations.models import Consultation
from consultations.moderation.models import Act
from tests import make
from tests.consultations.test_admin import act, change, save
from tests.forms import fields_of

WEEK = datetime.timedelta(days=7)


@pytest.fixture
def organizer():
    return make.organizer(name="Oriol Prat")


@pytest.fixture
def admin(client, organizer):
    client.force_login(organizer)
    return client


@pytest.fixture
def consultation():
    return make.consultation(questions=2)


@pytest.fixture
def follower(consultation):
    made = make.person()
    follows.follow(made, consultation)
    return made


def heard(person) -> list[str]:
    return list(person.notifications.order_by("pk").values_list("act__kind", flat=True))


def test_it_works(admin, client, consultation, follower):
    day = (consultation.closes_at + WEEK).date()
    assert "all who follow it are told of new dates" in admin.get(change(consultation)).text
    assert save(admin, change(consultation), closes_at_0=day.isoformat()).status_code == 302
    kept = Act.objects.get()
    assert (kept.kind, kept.actor_name, kept.consultation) == ("rescheduled", "Oriol Prat", consultation)
    assert kept.after["closes_at"].startswith(day.isoformat())
    assert kept.before["closes_at"] < kept.after["closes_at"]
    assert heard(follower) == ["rescheduled"]
    client.force_login(follower)
    assert "has new dates: it is open until" in client.get("/en/me/notifications/").text


def test_what_leaves_the_dates_as_they_are_is_not_told(admin, consultation, follower):
    assert save(admin, change(consultation), title_en="Skills that travel").status_code == 302
    assert heard(follower) == []
    assert not Act.objects.exists()


def test_closing_and_reopening_by_their_buttons(admin, consultation, follower):
    admin.post(act(consultation, "close"))
    consultation.refresh_from_db()
    assert consultation.phase == Consultation.Phase.CLOSED
    day = (consultation.closes_at + WEEK).date()
    admin.post(act(consultation, "reopen"), {"until_0": day.isoformat(), "until_1": "18:00"})
    assert heard(follower) == ["rescheduled", "rescheduled"]
    # What is refused is not told.
    admin.post(act(consultation, "reopen"), {"until_0": day.isoformat(), "until_1": "18:00"})
    assert Act.objects.count() == 2


def test_a_question_that_is_closed_and_opened(admin, consultation, follower):
    page, asked = change(consultation), consultation.questions.get(number=2)
    sent_as = next(
        name.removesuffix("-id")
        for name, value in fields_of(admin.get(page), "consultation_form").items()
        if name.startswith("questions-") and name.endswith("-id") and value == str(asked.pk)
    )
    for state, kind in (("closed", "question-closed"), ("open", "question-opened")):
        assert save(admin, page, **{f"{sent_as}-state": state}).status_code == 302
        kept = Act.objects.first()
        assert (kept.kind, kept.after["question_id"], kept.after["state"]) == (kind, asked.pk, state)
        assert kept.before["state"] != state
    assert heard(follower) == ["question-closed", "question-opened"]


def test_of_drafts_nothing_is_told(admin):
    draft = make.consultation(state="draft")
    day = (draft.closes_at + WEEK).date()
    assert save(admin, change(draft), closes_at_0=day.isoformat()).status_code == 302
    assert not Act.objects.exists()
