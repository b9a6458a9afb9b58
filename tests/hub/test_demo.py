"""The demonstration of all rooms, loaded once for the tests of this file; what each of them changes is undone."""

import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from consultations.consistency import differences, participation_differences
from consultations.following.models import Follow, Notification
from consultations.models import Comment, Consultation, Pause, Question
from consultations.moderation import figures
from consultations.moderation.desk import Desk, Filter, note_visit
from consultations.moderation.models import Case
from consultations.moderation.tasks import waiting_for
from hub.resources.models import Resource
from tests.database_rows import rows_of_all_tables
from tests.hub import french

LANGUAGES = ["en", "fr", "es"]


@pytest.fixture(autouse=True, scope="module")
def loaded(django_db_setup, django_db_blocker):
    """What the command says when it loads the demonstration."""
    said, mails = StringIO(), len(mail.outbox)
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", stdout=said)
        assert len(mail.outbox) == mails
        yield said.getvalue()
        transaction.set_rollback(True)


def test_the_whole_demo_content_is_consistent():
    assert Comment.objects.count() > 80
    for consultation in Consultation.objects.all():
        assert participation_differences(consultation) == []
        for question in consultation.questions.all():
            assert differences(question) == []
        for comment in Comment.objects.filter(question__consultation=consultation):
            assert consultation.opens_at < comment.created_at < min(consultation.closes_at, timezone.now())


def test_loading_again_changes_no_row():
    before = rows_of_all_tables()
    call_command("load_demo", verbosity=0)
    assert rows_of_all_tables() == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_home_page_shows_nothing_that_was_reported(client, language):
    text = client.get(f"/{language}/").text
    shown = {int(pk) for pk in re.findall(r'<article [^>]*id="comment-([0-9]+)"', text)}
    reported = set(Case.objects.filter(kind=Case.Kind.REPORT).values_list("comment_id", flat=True))
    assert len(shown) == 4 and reported and not shown & reported


def test_every_resource_that_the_home_page_shows_has_a_title_in_each_language(client):
    text = client.get("/fr/").text
    shown = set(re.findall(r'href="/fr/resources/([a-z0-9-]+)/"', text[text.index('id="resources"') :]))
    found = Resource.objects.filter(slug__in=shown)
    assert found and all(each.title_en and each.title_fr and each.title_es for each in found)


def test_the_desk_is_alive():
    moderator = User.objects.get(email="moderator@example.org")
    desk = Desk(moderator, Filter(), since=note_visit(moderator))
    assert all(count for _kind, _name, count in desk.queues)
    assert 2 <= desk.new_count < desk.waiting_count <= 20
    assert {code for code, count in desk.languages if count} == {"en", "fr", "es"}
    assert {matter.decided_before for matter in desk.matters() if matter.appeal} == {True, False}
    assert Case.objects.filter(state=Case.State.ACKNOWLEDGED).exists()
    outcomes = set(Case.objects.exclude(outcome="").values_list("outcome", flat=True))
    assert {"approved", "answered", "hidden", "left", "moved", "placed", "promoted", "restored"} <= outcomes
    assert waiting_for(moderator)


def test_the_demonstration_shows_all_that_moderators_do():
    assert set(Comment.objects.values_list("origin", flat=True)) == set(Comment.Origin.values)
    assert {"unconfirmed", "confirmed"} <= set(Comment.objects.values_list("confirmation", flat=True))
    assert Comment.objects.pinned().exists()
    assert Question.objects.exclude(promoted_from=None).count() == 2
    assert Pause.objects.get(until__gt=timezone.now()).user.email != "participant@example.org"
    for consultation in Consultation.objects.all():
        assert consultation.announcements.exists()
    counted = figures.count(Consultation.objects.get(slug="data-and-equal-treatment"))
    assert counted.hidden
    assert counted.restored
    assert counted.first_answer


def test_the_demo_accounts_have_read_and_unread_notifications():
    for name in ("participant", "moderator"):
        told = Notification.objects.filter(user__email=f"{name}@example.org").readable()
        assert told.unread().exists()
        assert told.exclude(read_at=None).exists()
        assert Follow.objects.filter(user__email=f"{name}@example.org").exclude(consultation=None).count() > 1


def test_the_questions_of_each_consultation_are_linked_highest_number_first(client):
    for consultation in Consultation.objects.all():
        address = consultation.get_absolute_url()
        found = re.findall(rf"{address}questions/(\d+)/", client.get(address).text)
        numbers = [int(number) for number in dict.fromkeys(found)]
        assert len(numbers) > 1
        assert numbers == sorted(numbers, reverse=True)


def test_the_command_says_what_was_made_and_who_can_log_in(loaded, capsys):
    assert loaded.startswith("Made: ")
    assert "moderator@example.org" in loaded
    assert "demo-portal-2026" in loaded
    call_command("load_demo")
    assert capsys.readouterr().out.startswith("The demo content is there already.")


def test_resources_are_linked_with_the_discussions_about_them(client):
    assert "1 contribution links" in client.get("/en/resources/le-recu-d-une-ligne/").text
    one_of_each_kind = Resource.objects.listed().order_by("kind", "pk").distinct("kind")
    for number, slug in enumerate(one_of_each_kind.values_list("slug", flat=True)):
        assert client.get(f"/{LANGUAGES[number % 3]}/resources/{slug}/").status_code == 200


def test_every_public_page_in_french_keeps_the_no_break_spaces(client):
    found = {address: french.wrong_spaces(page) for address, page in french.public_pages(client)}
    assert len(found) > 100
    assert {address: wrong for address, wrong in found.items() if wrong} == {}
