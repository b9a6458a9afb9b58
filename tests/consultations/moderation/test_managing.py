"""Looking after one consultation: questions, dates, pauses, pinned threads, focal points."""

import datetime
import re

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from consultations import organizing, posting, threads
from consultations.models import Comment, Consultation, Moderator, Pause, Question
from consultations.moderation import consultation_acts, focal_points
from consultations.moderation.acts import ActError
from consultations.moderation.models import Act
from consultations.threads import Reading
from tests import make

WEEK = datetime.timedelta(days=7)


@pytest.fixture
def consultation(question):
    return question.consultation


@pytest.fixture
def teresa(consultation):
    return make.moderator(consultation, name="Teresa Manalo")


@pytest.fixture
def address(consultation):
    return reverse("manage_consultation", args=[consultation.slug])


def seen_on(client, address) -> str:
    """What the forms of the page say that their reader has seen."""
    found = re.search(r'name="seen" value="([^"]*)"', client.get(address).text)
    return found[1] if found else ""


def act(client, address, name, **fields):
    """Press a button of the page as it is now, unless another `seen` is given."""
    sent = {"act": name, "seen": seen_on(client, address)} | fields
    return client.post(address, sent, follow=True)


def test_it_works(client, teresa, consultation, question, address):
    client.force_login(teresa)
    response = client.get(address)
    assert response.status_code == 200
    assert "Nobody is paused." in response.text
    assert address in client.get(consultation.get_absolute_url()).text


def test_who_may_open_the_page(client, consultation, address, participant):
    other = make.moderator(make.consultation())
    assert client.get(address).status_code == 302
    for person in (participant, other):
        client.force_login(person)
        assert client.get(address).status_code == 403
        assert client.post(address, {"act": "close", "reason": "x"}).status_code == 403
        assert address not in client.get(consultation.get_absolute_url()).text
    client.force_login(make.admin())
    assert client.get(address).status_code == 200


def test_a_question_is_closed_and_opened_again(client, teresa, question, address):
    client.force_login(teresa)
    response = act(client, address, "question", question=question.pk, state="closed", reason="It was answered.")
    assert "“Question 1” is closed now." in response.text
    question.refresh_from_db()
    assert question.state == Question.State.CLOSED
    kept = Act.objects.get()
    assert (kept.kind, kept.actor_name, kept.reason) == ("question-closed", "Teresa Manalo", "It was answered.")
    assert kept.before == {"question": 1, "state": "open"}
    assert kept.after == {"question": 1, "question_id": question.pk, "state": "closed"}
    again = act(client, address, "question", question=question.pk, state="closed", reason="Once more")
    assert again.status_code == 422
    assert "done already" in again.text
    assert "Once more" in again.text
    act(client, address, "question", question=question.pk, state="open")
    question.refresh_from_db()
    assert question.state == Question.State.OPEN


def test_a_question_of_another_consultation_is_refused(client, teresa, address):
    elsewhere = make.question()
    client.force_login(teresa)
    response = act(client, address, "question", question=elsewhere.pk, state="closed", reason="Kept text")
    assert response.status_code == 422
    assert "no longer there" in response.text
    assert "Kept text" in response.text
    elsewhere.refresh_from_db()
    assert elsewhere.state == Question.State.OPEN


def test_an_unknown_act_is_a_bad_request(client, teresa, address):
    client.force_login(teresa)
    assert client.post(address, {"act": "burn"}).status_code == 400
    assert client.post(address, {}).status_code == 400


def test_the_closing_date_is_moved_in_the_zone_of_the_consultation(client, teresa, consultation, address):
    Consultation.objects.filter(pk=consultation.pk).update(time_zone="America/Bogota")
    client.force_login(teresa)
    day = (timezone.now() + datetime.timedelta(days=40)).date()
    fields = {"closes_at_0": day.isoformat(), "closes_at_1": "23:59", "reason": "The paper comes later."}
    response = act(client, address, "dates", **fields)
    assert "The consultation is now open until" in response.text
    consultation.refresh_from_db()
    assert consultation.closes_at.astimezone(consultation.zone).isoformat() == f"{day}T23:59:00-05:00"
    kept = Act.objects.get(kind="rescheduled")
    assert kept.after["closes_at"] == consultation.closes_at.isoformat(timespec="minutes")
    assert kept.before["closes_at"] < kept.after["closes_at"]


def test_the_closing_date_cannot_come_nearer(client, teresa, consultation, address):
    before = consultation.closes_at
    client.force_login(teresa)
    day = timezone.now().date() + datetime.timedelta(days=2)
    fields = {"closes_at_0": day.isoformat(), "closes_at_1": "12:00", "reason": "Earlier"}
    response = act(client, address, "dates", **fields)
    assert response.status_code == 422
    assert "later than the present one" in response.text
    assert day.isoformat() in response.text
    assert "Earlier" in response.text
    consultation.refresh_from_db()
    assert consultation.closes_at == before
    assert not Act.objects.exists()


@pytest.mark.parametrize(
    ("day", "time", "reason"),
    [
        ("", "", "x"),
        ("2030-02-31", "10:00", "x"),
        ("2030-02-01", "10:00", ""),
        ("9999-12-31", "23:59", "x"),
        ("0001-01-01", "00:00", "x"),
    ],
)
def test_a_date_or_reason_that_is_missing_or_wrong_is_asked_for(client, teresa, address, day, time, reason):
    client.force_login(teresa)
    response = act(client, address, "dates", closes_at_0=day, closes_at_1=time, reason=reason)
    assert response.status_code == 422
    assert "Nothing was done yet" in response.text


def test_a_consultation_is_closed_and_reopened(client, teresa, consultation, address, settings):
    client.force_login(teresa)
    act(client, address, "close", reason="All was said.")
    consultation.refresh_from_db()
    assert consultation.phase == Consultation.Phase.CLOSED
    assert act(client, address, "close", reason="Again").status_code == 422
    day = timezone.now().date() + datetime.timedelta(days=9)
    act(client, address, "dates", closes_at_0=day.isoformat(), closes_at_1="23:59", reason="A delegation asked.")
    consultation.refresh_from_db()
    assert consultation.is_open
    assert Act.objects.filter(kind="rescheduled").count() == 2


def test_followers_are_told_of_a_new_date(teresa, consultation, settings):
    settings.REACTIONS = settings.REACTIONS | {
        "rescheduled": ["tests.consultations.moderation.test_managing.hear_of_new_date"]
    }
    heard.clear()
    consultation_acts.reschedule(
        consultation=consultation, moderator=teresa, closes_at=consultation.closes_at + WEEK, reason="More time."
    )
    assert [what["consultation"] for what in heard] == [consultation]
    assert heard[0]["act"].reason == "More time."


heard = []


def hear_of_new_date(**what):
    heard.append(what)


# Pauses


def test_a_participant_is_paused_told_and_let_in_again(
    client, teresa, question, address, django_capture_on_commit_callbacks
):
    amina = make.person(name="Amina Diarra", language="fr")
    comment = make.comment(question, author=amina)
    client.force_login(teresa)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        response = act(client, address, "pause", number=comment.pk, duration="7", reason="Rule 3, twice this week.")
    assert "The participant is paused until" in response.text
    pause = Pause.objects.get()
    assert (pause.user, pause.reason) == (amina, "Rule 3, twice this week.")
    assert abs(pause.until - timezone.now() - WEEK) < datetime.timedelta(minutes=1)
    [letter] = mail.outbox
    assert letter.to == [amina.email]
    assert "Rule 3, twice this week." in letter.body
    assert "/fr/consultations/" in letter.body
    with pytest.raises(posting.Paused, match="Rule 3, twice this week"):
        make.comment(question, author=type(amina).objects.get(pk=amina.pk))
    with django_capture_on_commit_callbacks(execute=True):
        act(client, address, "lift", pause=pause.pk)
    assert len(mail.outbox) == 2
    make.comment(question, author=type(amina).objects.get(pk=amina.pk))
    assert list(Act.objects.values_list("kind", "person_id")) == [("unpaused", amina.pk), ("paused", amina.pk)]


def test_the_desk_and_the_page_of_a_comment_lead_there(client, teresa, question, address):
    amina = make.person(name="Amina Diarra")
    comment = make.comment(question, author=amina)
    client.force_login(teresa)
    assert f"{address}?pause={comment.pk}#pause" in client.get(reverse("moderate", args=[comment.pk])).text
    assert f'name="number" value="{comment.pk}"' in client.get(address, {"pause": comment.pk}).text
    consultation_acts.pause(comment=comment, moderator=teresa, duration=WEEK, reason="x")
    desk = client.get(reverse("desk")).text
    assert "paused until" in desk
    assert "Amina Diarra" in desk
    client.force_login(make.moderator(make.consultation()))
    assert "Amina Diarra" not in client.get(reverse("desk")).text


def test_a_paused_participant_is_told_so_where_the_form_would_be(client, teresa, question):
    amina = make.person(name="Amina Diarra")
    comment = make.comment(question, author=amina)
    consultation_acts.pause(comment=comment, moderator=teresa, duration=WEEK, reason="Rule 3, twice this week.")
    client.force_login(amina)
    text = client.get(question.get_absolute_url()).text
    assert "Your participation is paused" in text and "Rule 3, twice this week." in text
    assert "Log in to comment" not in text


def test_a_pause_in_one_consultation_is_none_in_another(teresa, question):
    comment = make.comment(question)
    consultation_acts.pause(comment=comment, moderator=teresa, duration=WEEK, reason="x")
    make.comment(make.question(), author=type(teresa).objects.get(pk=comment.author_id))


def test_who_cannot_be_paused(teresa, question):
    colleague, boss = make.moderator(question.consultation), make.admin()
    for author in (teresa, colleague, boss):
        comment = make.comment(question, author=author)
        with pytest.raises(ActError):
            consultation_acts.pause(comment=comment, moderator=teresa, duration=WEEK, reason="x")
    assert not Pause.objects.exists()


def test_a_participant_is_paused_once_at_a_time(teresa, question):
    comment = make.comment(question)
    consultation_acts.pause(comment=comment, moderator=teresa, duration=WEEK, reason="x")
    with pytest.raises(ActError, match="paused already"):
        consultation_acts.pause(comment=comment, moderator=teresa, duration=WEEK, reason="x")
    pause = Pause.objects.get()
    consultation_acts.lift_pause(pause=pause, moderator=teresa)
    with pytest.raises(ActError, match="ended already"):
        consultation_acts.lift_pause(pause=pause, moderator=teresa)


def test_the_author_of_a_contribution_has_deleted_the_account(client, teresa, question, address):
    comment = make.comment(question)
    Comment.objects.filter(pk=comment.pk).update(author=None, author_name="")
    client.force_login(teresa)
    response = act(client, address, "pause", number=f"№ {comment.pk}", duration="7", reason="Kept reason")
    assert response.status_code == 422
    assert "no author with an account" in response.text
    assert "Kept reason" in response.text


def test_a_participant_deleted_while_paused(client, teresa, question, address):
    comment = make.comment(question)
    pause = consultation_acts.pause(comment=comment, moderator=teresa, duration=WEEK, reason="x")
    comment.author.delete()
    client.force_login(teresa)
    assert "Nobody is paused." in client.get(address).text
    response = act(client, address, "lift", pause=pause.pk)
    assert response.status_code == 422
    assert "no longer there" in response.text
    assert Act.objects.filter(kind="paused", person_id=comment.author_id).exists()


@pytest.mark.parametrize("number", ["", "0", "-1", "forty", "9" * 30, "999999", "1' OR 1=1"])
def test_a_number_that_leads_nowhere(client, teresa, address, number):
    client.force_login(teresa)
    response = act(client, address, "pause", number=number, duration="7", reason="Kept reason")
    assert response.status_code == 422
    assert "Kept reason" in response.text
    assert not Pause.objects.exists()


def test_a_contribution_of_another_consultation_pauses_nobody(client, teresa, address):
    elsewhere = make.comment(make.question())
    client.force_login(teresa)
    assert act(client, address, "pause", number=elsewhere.pk, duration="7", reason="x").status_code == 422
    assert not Pause.objects.exists()


def test_a_mail_server_that_fails_undoes_no_pause(teresa, question, settings, django_capture_on_commit_callbacks):
    comment = make.comment(question)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = 9
    with django_capture_on_commit_callbacks(execute=True):
        consultation_acts.pause(comment=comment, moderator=teresa, duration=WEEK, reason="x")
    assert Pause.objects.count() == 1


def test_a_moderator_removed_while_on_the_page(client, teresa, question, address):
    comment = make.comment(question)
    client.force_login(teresa)
    client.get(address)
    Moderator.objects.all().delete()
    fields = {"act": "pause", "number": comment.pk, "duration": "7", "reason": "x"}
    assert client.post(address, fields).status_code == 403
    assert not Pause.objects.exists()


def test_functions_ask_for_themselves_who_may(participant, question):
    consultation, comment = question.consultation, make.comment(question)
    calls = [
        lambda: consultation_acts.close_question(question=question, moderator=participant),
        lambda: consultation_acts.close_consultation(consultation=consultation, moderator=participant, reason="x"),
        lambda: consultation_acts.reschedule(
            consultation=consultation, moderator=participant, closes_at=timezone.now() + WEEK, reason="x"
        ),
        lambda: consultation_acts.pause(comment=comment, moderator=participant, duration=WEEK, reason="x"),
        lambda: consultation_acts.pin(comment=comment, moderator=participant),
        lambda: consultation_acts.unpin(comment=comment, moderator=participant),
        lambda: focal_points.ask(consultation=consultation, email="a@example.org", moderator=participant),
    ]
    for call in calls:
        with pytest.raises(PermissionDenied):
            call()
    assert not Act.objects.exists()


# Pinned threads


def ids(page):
    return [step.comment.pk for step in page.steps]


def test_a_pinned_thread_stands_on_top_and_nowhere_else(client, teresa, question, address):
    roots = [make.comment(question) for _each in range(threads.ROOTS + 5)]
    oldest = roots[0]
    reply = make.comment(question, oldest)
    client.force_login(teresa)
    response = act(client, address, "pin", number=oldest.pk, reason="It sums up the week.")
    assert f"№ {oldest.pk} now stands at the top of its question. Its author is told." in response.text
    told = oldest.author.notifications.get(kind="act")
    assert (told.act.kind, told.comment) == ("pinned", oldest)
    assert "It sums up the week." in [each.body for each in mail.outbox if each.to == [oldest.author.email]][-1]
    first = threads.page(question, Reading())
    assert ids(first)[:3] == [oldest.pk, reply.pk, roots[-1].pk]
    second = threads.page(question, Reading(), after=first.after)
    assert second.after is None
    shown = ids(first) + ids(second)
    assert sorted(shown) == sorted([*(root.pk for root in roots), reply.pk])
    assert ids(threads.page(question, Reading(oldest_first=True)))[0] == oldest.pk
    back = threads.page(question, Reading(), before=second.before)
    assert oldest.pk not in ids(back)
    assert ids(threads.page_around(reply, Reading()))[:2] == [oldest.pk, reply.pk]
    page = client.get(question.get_absolute_url()).text
    assert page.count(f'id="comment-{oldest.pk}"') == 1
    assert "Pinned by the moderators" in page
    act(client, address, "unpin", number=oldest.pk)
    assert oldest.pk not in ids(threads.page(question, Reading()))
    assert list(Act.objects.values_list("kind", flat=True)) == ["unpinned", "pinned"]


def test_filtered_pages_hold_a_pinned_thread_in_its_place(teresa, question):
    first, second = make.comment(question), make.comment(question)
    for root in (first, second):
        make.comment(question, root, author=teresa)
    consultation_acts.pin(comment=first, moderator=teresa)
    answered = [pk for pk in ids(threads.page(question, Reading(answered=True))) if pk in {first.pk, second.pk}]
    assert answered == [second.pk, first.pk]
    assert ids(threads.page(question, Reading(written="en"))).count(first.pk) == 1


def test_a_pinned_thread_that_is_withdrawn_goes_back_to_its_place(teresa, question):
    first = make.comment(question)
    make.comment(question, first)
    second = make.comment(question)
    consultation_acts.pin(comment=first, moderator=teresa)
    posting.withdraw(comment=first, author=first.author)
    assert ids(threads.page(question, Reading()))[0] == second.pk
    assert ids(threads.page(question, Reading())).count(first.pk) == 1


def test_what_cannot_be_pinned(teresa, question):
    roots = [make.comment(question) for _each in range(4)]
    reply = make.comment(question, roots[0])
    with pytest.raises(ActError, match="is a reply"):
        consultation_acts.pin(comment=reply, moderator=teresa)
    for root in roots[:3]:
        consultation_acts.pin(comment=root, moderator=teresa)
    with pytest.raises(ActError, match="Only 3 threads"):
        consultation_acts.pin(comment=roots[3], moderator=teresa)
    with pytest.raises(ActError, match="pinned already"):
        consultation_acts.pin(comment=roots[0], moderator=teresa)
    consultation_acts.unpin(comment=roots[0], moderator=teresa)
    with pytest.raises(ActError, match="not pinned any more"):
        consultation_acts.unpin(comment=roots[0], moderator=teresa)
    posting.withdraw(comment=roots[3], author=roots[3].author)
    with pytest.raises(ActError, match="withdrawn by its author"):
        consultation_acts.pin(comment=roots[3], moderator=teresa)


def test_extending_says_what_stands_in_the_way(teresa):
    upcoming = make.consultation(days=(3, 9))
    organizing.extend(upcoming, upcoming.closes_at + WEEK)
    with pytest.raises(organizing.NotOpen):
        organizing.extend(make.consultation(days=(-9, -1)), timezone.now() + WEEK)
