"""Two moderators look after one consultation: the second hears what the first did, and nothing is undone silently."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations import organizing
from consultations.models import Consultation, Pause, Question
from consultations.moderation import consultation_acts
from consultations.moderation.models import Act
from tests import make
from tests.consultations.moderation.test_managing import act, seen_on

WEEK = datetime.timedelta(days=7)
REASON = "A delegation asked for more time."


@pytest.fixture
def address(consultation):
    return reverse("manage_consultation", args=[consultation.slug])


@pytest.fixture
def page(client, teresa, address):
    """What Teresa sees before Noor does anything, and a way to press a button of it."""
    client.force_login(teresa)
    seen = seen_on(client, address)

    def press(name, **fields):
        return act(client, address, name, **{"seen": seen} | fields)

    return press


def in_days(days: int) -> dict:
    day = (timezone.now() + datetime.timedelta(days=days)).date()
    return {"closes_at_0": day.isoformat(), "closes_at_1": "23:59", "reason": REASON}


def again(client, response, name, **fields):
    """Press the button of the page that came back."""
    seen = response.text.split('name="seen" value="')[1].split('"')[0]
    return act(client, response.request["PATH_INFO"], name, seen=seen, **fields)


def test_it_works(client, page, noor, consultation):
    closes_at = consultation.closes_at + WEEK
    consultation_acts.reschedule(
        consultation=consultation, moderator=noor, closes_at=closes_at, reason="The holidays come first."
    )
    response = page("dates", **in_days(60))
    assert response.status_code == 409
    assert "Meanwhile Noor Haddad has acted: dates changed" in response.text
    assert "The holidays come first." in response.text
    assert REASON in response.text
    consultation.refresh_from_db()
    assert consultation.closes_at == closes_at
    assert again(client, response, "dates", **in_days(60)).status_code == 200
    consultation.refresh_from_db()
    assert consultation.closes_at > closes_at


def test_who_closes_a_consultation_that_was_extended_hears_of_it(page, noor, consultation):
    consultation_acts.reschedule(
        consultation=consultation, moderator=noor, closes_at=consultation.closes_at + WEEK, reason="x"
    )
    response = page("close", reason="All was said.")
    assert response.status_code == 409
    assert "All was said." in response.text
    consultation.refresh_from_db()
    assert consultation.is_open


def test_who_extends_a_consultation_that_was_closed_does_not_open_it_again(page, noor, consultation):
    consultation_acts.close_consultation(consultation=consultation, moderator=noor, reason="The money is gone.")
    response = page("dates", **in_days(60))
    assert response.status_code == 409
    assert "The money is gone." in response.text
    consultation.refresh_from_db()
    assert consultation.phase == Consultation.Phase.CLOSED


def test_dates_that_an_organizer_has_changed_are_told_too(page, consultation):
    after = organizing.extend(consultation, consultation.closes_at + WEEK)
    organizing.tell_of_new_dates(consultation, after, by=make.admin(name="Olga Organizer"))
    response = page("close", reason="All was said.")
    assert response.status_code == 409
    assert "Meanwhile Olga Organizer has acted: dates changed" in response.text


def test_who_opens_a_question_that_was_closed_again_hears_why(client, page, address, teresa, noor, question):
    consultation_acts.close_question(question=question, moderator=teresa)
    seen = seen_on(client, address)
    consultation_acts.open_question(question=question, moderator=noor)
    consultation_acts.close_question(question=question, moderator=noor, reason="Twice answered.")
    response = page("question", question=question.pk, state="open", reason="Kept words", seen=seen)
    assert response.status_code == 409
    assert "Meanwhile Noor Haddad has acted: question closed" in response.text
    assert "Twice answered." in response.text
    assert "Kept words" in response.text
    question.refresh_from_db()
    assert question.state == Question.State.CLOSED


def test_another_question_or_another_act_is_no_obstacle(page, noor, consultation, question):
    consultation_acts.close_question(question=consultation.questions.get(number=2), moderator=noor)
    consultation_acts.pin(comment=make.comment(question), moderator=noor)
    assert page("question", question=question.pk, state="closed").status_code == 200
    assert page("dates", **in_days(60)).status_code == 200


def test_who_pauses_somebody_whose_pause_was_lifted_hears_of_it(page, noor, question):
    comment = make.comment(question)
    pause = consultation_acts.pause(comment=comment, moderator=noor, duration=WEEK, reason="Rule 3.")
    fields = {"number": comment.pk, "duration": "7", "reason": "Kept words"}
    response = page("pause", **fields)
    assert (response.status_code, "Meanwhile Noor Haddad has acted: participant paused" in response.text) == (409, True)
    assert "Rule 3." in response.text
    consultation_acts.lift_pause(pause=pause, moderator=noor, reason="They have apologised.")
    response = page("pause", **fields)
    assert response.status_code == 409
    assert "pause lifted" in response.text
    assert "They have apologised." in response.text
    assert "Kept words" in response.text
    assert Pause.objects.count() == 1


def test_who_pins_what_was_unpinned_hears_of_it(page, noor, question):
    comment = make.comment(question)
    consultation_acts.pin(comment=comment, moderator=noor)
    consultation_acts.unpin(comment=comment, moderator=noor)
    response = page("pin", number=comment.pk, reason="Kept words")
    assert response.status_code == 409
    assert "Meanwhile Noor Haddad has acted: unpinned. Nothing else was done. Look" in response.text


def test_a_second_click_does_nothing_more_and_says_the_same(page, consultation, question):
    comment = make.comment(question)
    presses = [
        ("question", {"question": question.pk, "state": "closed"}, "is closed now"),
        ("dates", in_days(60), "The consultation is now open until"),
        ("pause", {"number": comment.pk, "duration": "7", "reason": "x"}, "The participant is paused until"),
        ("pin", {"number": comment.pk}, "now stands at the top"),
    ]
    for name, fields, said in presses:
        for _time in range(2):
            response = page(name, **fields)
            assert response.status_code == 200, name
            assert said in response.text
    assert Act.objects.count() == len(presses)


def test_closing_twice_by_a_second_click(page, consultation):
    for _time in range(2):
        assert "The consultation is closed now." in page("close", reason="All was said.").text
    assert Act.objects.count() == 1


@pytest.mark.parametrize("seen", ["", "x", "1.2", "-1", "9" * 40])
@pytest.mark.parametrize("name", ["question", "dates", "close"])
def test_a_form_that_does_not_tell_what_was_seen_does_nothing(page, question, name, seen):
    fields = {"question": question.pk, "state": "closed", "seen": seen} | in_days(60)
    response = page(name, **fields)
    assert response.status_code == 422
    assert "The form arrived incomplete." in response.text
    assert not Act.objects.exists()


# A slip in the year


@pytest.mark.parametrize(("days", "said"), [(3 * 366, "Check the year."), (-400, "before the consultation opens")])
@pytest.mark.parametrize("spans", [(-10, 10), (-30, -2)])
def test_a_slip_in_the_year_is_asked_back(client, teresa, days, said, spans):
    consultation = make.consultation(days=spans)
    consultation.moderator_set.create(user=teresa)
    client.force_login(teresa)
    before = consultation.closes_at
    response = act(client, reverse("manage_consultation", args=[consultation.slug]), "dates", **in_days(days))
    assert response.status_code == 422
    assert said in response.text
    assert REASON in response.text
    assert in_days(days)["closes_at_0"] in response.text
    consultation.refresh_from_db()
    assert consultation.closes_at == before
    assert not Act.objects.exists()


def test_two_years_are_none(client, teresa, consultation, address):
    client.force_login(teresa)
    assert act(client, address, "dates", **in_days(700)).status_code == 200
