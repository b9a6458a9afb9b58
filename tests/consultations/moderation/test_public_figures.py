"""What everybody may know of the moderation of a consultation."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consultations.models import Comment, ConductRule
from consultations.moderation import acts, consultation_acts, figures
from consultations.moderation.models import Act
from tests import make


@pytest.fixture
def consultation(question):
    return question.consultation


@pytest.fixture
def teresa(consultation):
    return make.moderator(consultation, name="Teresa Manalo")


def page_of(consultation):
    return reverse("public_moderation", args=[consultation.slug])


def test_it_works(client, consultation):
    response = client.get(page_of(consultation))
    assert "The moderators have not had to act yet." in response.text
    assert "no answer yet" in response.text
    assert page_of(consultation) in client.get(consultation.get_absolute_url()).text


def test_the_figures_are_right_and_name_nobody(client, teresa, question, consultation):
    rob = make.person(name="Rude Rob")
    rude = make.comment(question, author=rob, body="A rude text that nobody should read.")
    rule = ConductRule.objects.get(number=2)
    acts.hide(comment=rude, moderator=teresa, rule=rule, reason="A reason for Rob alone.")
    back = make.comment(question, author=rob)
    acts.hide(comment=back, moderator=teresa, rule=rule, reason="x")
    acts.restore(comment=back, moderator=teresa)
    consultation_acts.pause(
        comment=rude, moderator=teresa, duration=datetime.timedelta(days=7), reason="A reason for Rob alone."
    )
    asked = make.comment(question, asks_moderators=True)
    make.comment(question, asked, author=teresa)
    make.comment(question, asks_moderators=True)
    counted = figures.count(consultation)
    assert (counted.contributions, counted.hidden, counted.restored) == (4, 2, 1)
    assert (counted.asked, counted.answered, counted.elsewhere) == (2, 1, 0)
    assert counted.hidden_by_rule == [(2, rule.text, 2)]
    html = client.get(page_of(consultation)).text
    main = html.partition("<main")[2].partition("</main>")[0]
    assert rule.text in main
    for secret in ("Rude Rob", "Teresa Manalo", "A rude text", "A reason for Rob"):
        assert secret not in main
    assert "participant paused: 1" in main
    assert "removed: 2" in main


def test_what_happens_twice_to_one_contribution_is_counted_once(client, teresa, question, consultation):
    asked = make.comment(question, asks_moderators=True)
    for _number in (1, 2):
        rule = ConductRule.objects.get(number=2)
        acts.hide(comment=asked, moderator=make.moderator(consultation), rule=rule, reason="x")
        acts.restore(comment=asked, moderator=teresa)
    counted = figures.count(consultation)
    assert (counted.hidden, counted.restored, counted.asked) == (1, 1, 1)
    assert [times for _number, _text, times in counted.hidden_by_rule] == [1]


def test_closed_as_answered_elsewhere_is_not_answered(client, teresa, question, consultation):
    asked = make.comment(question, asks_moderators=True)
    acts.close_answered(comment=asked, moderator=teresa, reason="It is on the agenda.")
    counted = figures.count(consultation)
    assert (counted.asked, counted.answered, counted.elsewhere) == (1, 0, 1)
    assert "of these closed as answered elsewhere" in client.get(page_of(consultation)).text


def test_the_page_says_whose_days_these_are(client, teresa, question, consultation):
    consultation.time_zone = "America/Bogota"
    consultation.save()
    acts.promote(comment=make.comment(question), moderator=teresa, texts={"en": "What else?"})
    assert "time zone: America/Bogota." in client.get(page_of(consultation)).text


def test_the_median_is_that_of_the_first_answer_in_each_thread(teresa, question):
    now = timezone.now()
    for hours in (1, 3, 100):
        root = make.comment(question)
        reply = make.comment(question, root)
        first, later = make.comment(question, reply, author=teresa), make.comment(question, root, author=teresa)
        Comment.objects.filter(pk=root.pk).update(created_at=now)
        Comment.objects.filter(pk=first.pk).update(created_at=now + datetime.timedelta(hours=hours))
        Comment.objects.filter(pk=later.pk).update(created_at=now + datetime.timedelta(hours=hours + 50))
    own = make.comment(question, author=teresa)
    make.comment(question, own, author=teresa)
    assert figures.count(question.consultation).first_answer == datetime.timedelta(hours=3)


@pytest.mark.parametrize("days", [(-9, -1), (3, 9)])
def test_closed_and_upcoming_consultations_have_it(client, days):
    assert client.get(page_of(make.consultation(days=days))).status_code == 200


def test_a_draft_has_none(client):
    assert client.get(page_of(make.consultation(state="draft"))).status_code == 404


def test_it_may_be_kept_in_a_shared_cache(client, consultation):
    response = client.get(page_of(consultation))
    assert not response.cookies
    assert "public" in response.headers["Cache-Control"]


def test_days_are_paged_by_the_calendar_of_the_zone(client, teresa, consultation):
    consultation.time_zone = "Pacific/Kiritimati"
    consultation.save()
    late = datetime.datetime(2026, 11, 1, 23, 30, tzinfo=datetime.UTC)
    for each in range(40):
        at = late + datetime.timedelta(days=each)
        Act.objects.create(kind="left", at=at, actor_name="T", consultation=consultation)
    Act.objects.create(kind="taken", at=late, actor_name="T", consultation=consultation)
    first = figures.days(consultation)
    assert len(first.days) == figures.DAYS
    second = figures.days(consultation, first.before)
    assert len(second.days) == 10
    assert second.before is None
    assert second.days[-1][0] == datetime.date(2026, 11, 2)
    assert len(second.days[-1][1]) == 1
    response = client.get(page_of(consultation))
    assert f"before={first.before}" in response.text


@pytest.mark.parametrize("before", ["x", "2026-13-01", "' OR 1=1"])
def test_a_day_that_does_not_exist(client, consultation, before):
    assert client.get(page_of(consultation), {"before": before}).status_code == 404


def test_ten_thousand_acts_cost_the_same_number_of_queries(client, teresa, consultation):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(consultation))
        return len(queries)

    def act(number):
        at = timezone.now() - datetime.timedelta(hours=number)
        return Act(kind="hidden", at=at, actor_name="T", consultation=consultation)

    Act.objects.bulk_create(map(act, range(3)))
    cost()
    few = cost()
    Act.objects.bulk_create(map(act, range(10_000)))
    assert cost() == few
