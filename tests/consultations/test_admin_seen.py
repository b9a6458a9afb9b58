"""Two people who have one page of the administration open: the second to save is told, and undoes nothing."""

import re

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from consultations import organizing
from consultations.models import Consultation, DiscussionSpace, Question
from tests import make
from tests.forms import fields_of

LIST = "/admin/consultations/consultation/"


@pytest.fixture
def admin(client):
    client.force_login(make.admin())
    return client


def page_of(row) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def form_of(response, form_id="consultation_form") -> dict:
    return fields_of(response, form_id)


def said(response) -> str:
    found = re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(found)))


def test_it_works(admin):
    """The second reads what was changed, finds what they typed, and may then save it."""
    made = make.consultation(questions=2)
    opened = form_of(admin.get(page_of(made)))
    assert admin.post(page_of(made), opened | {"aim_en": "The first aim."}).status_code == 302
    second = admin.post(page_of(made), opened | {"aim_en": "The second aim.", "summary_es": "Resumen"})
    assert second.status_code == 200
    assert "This was changed after you had opened it, so nothing was saved." in said(second)
    assert "Changed meanwhile: What this is for (English)." in said(second)
    assert f'<a href="{page_of(made)}" target="_blank">' in second.content.decode()
    made.refresh_from_db()
    assert (made.aim_en, made.summary_es) == ("The first aim.", "")
    again = form_of(second)
    assert (again["aim_en"], again["summary_es"]) == ("The second aim.", "Resumen")
    assert admin.post(page_of(made), again).status_code == 302
    made.refresh_from_db()
    assert (made.aim_en, made.summary_es) == ("The second aim.", "Resumen")


def test_a_form_that_says_nothing_of_what_was_seen_saves_nothing(admin):
    made = make.consultation(aim_en="Kept.")
    opened = form_of(admin.get(page_of(made)))
    for seen in ("", "nonsense", "a:b c :", "\x00", "x" * 5000):
        response = admin.post(page_of(made), opened | {"aim_en": "Lost.", "seen": seen})
        assert response.status_code == 200, seen
        assert "nothing was saved" in said(response)
    made.refresh_from_db()
    assert made.aim_en == "Kept."


def test_what_changes_without_the_form_does_not_count(admin, participant):
    made = make.consultation()
    opened = form_of(admin.get(page_of(made)))
    make.comment(made.questions.get(number=1), author=participant)
    assert admin.post(page_of(made), opened | {"aim_en": "New."}).status_code == 302


def test_closing_meanwhile_is_not_undone(admin):
    made = make.consultation()
    opened = form_of(admin.get(page_of(made)))
    organizing.close_now(made)
    assert "Changed meanwhile: Closes." in said(admin.post(page_of(made), opened))
    made.refresh_from_db()
    assert made.phase == Consultation.Phase.CLOSED


def test_a_question_changed_meanwhile_is_named(admin):
    made = make.consultation(questions=2)
    opened = form_of(admin.get(page_of(made)))
    made.questions.filter(number=2).update(state=Question.State.CLOSED, text_en="Who pays?")
    response = admin.post(page_of(made), opened)
    assert "Changed meanwhile: Question “2. Who pays?”." in said(response)
    assert made.questions.get(number=2).state == Question.State.CLOSED


def test_a_question_made_meanwhile_keeps_its_number(admin):
    made = make.consultation(questions=1)
    opened = form_of(admin.get(page_of(made)))
    make.question(made, number=2)
    new = {"questions-2-number": "2", "questions-2-text_en": "Who pays?"}
    first = admin.post(page_of(made), opened | new)
    assert "nothing was saved" in said(first)
    second = admin.post(page_of(made), form_of(first))
    assert "Another question has this number." in said(second)
    assert admin.post(page_of(made), form_of(second) | {"questions-2-number": "3"}).status_code == 302
    assert [each.number for each in made.questions.all()] == [3, 2, 1, None]


def test_a_question_deleted_meanwhile_comes_back_only_if_it_is_wanted(admin):
    made = make.consultation(questions=3, state=Consultation.State.DRAFT)
    opened = form_of(admin.get(page_of(made)))
    made.questions.get(number=2).delete()
    told = admin.post(page_of(made), opened | {"questions-1-text_en": "Typed in vain?", "questions-2-text_en": "One?"})
    assert "What was deleted meanwhile stands below as if it were new" in said(told)
    again = form_of(told)
    # From the highest down: 3, 1, open floor, then what is new.
    assert [again.get(f"questions-{place}-number") for place in range(4)] == ["3", "1", None, "2"]
    assert (again["questions-1-text_en"], again["questions-3-text_en"]) == ("One?", "Typed in vain?")
    emptied = {name: "" for name in again if re.match("questions-3-(text|introduction)_", name)}
    assert admin.post(page_of(made), again | emptied).status_code == 302
    assert [each.number for each in made.questions.all()] == [3, 1, None]
    assert made.questions.get(number=1).text_en == "One?"


def test_a_moderator_named_or_removed_meanwhile(admin):
    made = make.consultation()
    make.moderator(made, name="Inés Quiroga")
    opened = form_of(admin.get(page_of(made)))
    make.moderator(made, name="Teodor Bask")
    made.moderator_set.get(user__name="Inés Quiroga").delete()
    told = admin.post(page_of(made), opened)
    assert "Moderator “Teodor Bask”" in said(told)
    assert [each.user.name for each in made.moderator_set.all()] == ["Teodor Bask"]
    again = form_of(told)
    assert (again["moderator_set-INITIAL_FORMS"], again["moderator_set-0-id"]) == ("0", "")


def test_one_moderator_named_by_two(admin):
    made = make.consultation()
    opened = form_of(admin.get(page_of(made)))
    person = make.moderator(made)
    told = admin.post(page_of(made), opened | {"moderator_set-0-user": str(person.pk)})
    assert f"Moderator “{person.name}”" in said(told)
    again = admin.post(page_of(made), form_of(told))
    assert again.status_code == 200 and "This person is a moderator of this consultation already." in said(again)
    assert made.moderator_set.count() == 1
    opened = form_of(admin.get(page_of(made)))
    twice = admin.post(page_of(made), opened | {"moderator_set-1-user": str(person.pk)})
    assert twice.status_code == 200
    # Removed and named again in one go, it is no second one.
    opened |= {"moderator_set-0-DELETE": "on", "moderator_set-1-user": str(person.pk)}
    assert admin.post(page_of(made), opened).status_code == 302
    assert made.moderator_set.count() == 1
    of_person = form_of(admin.get(page_of(person)), "user_form")
    more = {"moderator_set-TOTAL_FORMS": "2", "moderator_set-1-consultation": str(made.pk)}
    assert "duplicate" in said(admin.post(page_of(person), of_person | more))


def test_roles_taken_meanwhile_are_not_given_back(admin):
    person = make.person(is_staff=True)
    person.groups.add(Group.objects.get(name="Organizers"))
    opened = form_of(admin.get(page_of(person)), "user_form")
    User.objects.filter(pk=person.pk).update(is_staff=False)
    person.groups.clear()
    told = admin.post(page_of(person), opened | {"name": "Corrected"})
    assert "Changed meanwhile: Staff status; Groups." in said(told)
    person.refresh_from_db()
    assert not person.is_staff
    assert not person.groups.exists()


def test_somebody_who_logs_in_meanwhile_has_changed_nothing(admin, client, participant):
    opened = form_of(admin.get(page_of(participant)), "user_form")
    User.objects.filter(pk=participant.pk).update(last_login="2026-11-01T00:00Z")
    assert admin.post(page_of(participant), opened | {"name": "Corrected"}).status_code == 302


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_language_of_the_administration_makes_no_difference(admin, language):
    space = make.space(title_fr="Espace")
    opened = form_of(admin.get(page_of(space)), "discussionspace_form")
    admin.post("/admin/language/", {"language": language, "next": LIST})
    assert admin.post(page_of(space), opened | {"order": "7"}).status_code == 302
    assert DiscussionSpace.objects.get(pk=space.pk).order == 7


def test_objectives_and_calls_too(admin):
    call = make.call()
    opened = form_of(admin.get(page_of(call)), "call_form")
    call.objectives.add(3)
    assert "Changed meanwhile: Objectives" in said(admin.post(page_of(call), opened))
    assert call.objectives.exists()


def test_deleted_meanwhile(admin):
    made = make.consultation(state=Consultation.State.DRAFT)
    opened = form_of(admin.get(page_of(made)))
    address = page_of(made)
    made.delete()
    assert admin.post(address, opened).status_code == 302
