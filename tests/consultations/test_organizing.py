import datetime

import pytest
from django.utils import timezone
from django.utils.translation import override

from consultations import organizing
from consultations.models import Comment, Consultation, DiscussionSpace, Objective, Question
from tests import make

DRAFT = Consultation.State.DRAFT


def test_it_works():
    draft = make.consultation(state=DRAFT)
    assert organizing.publish(draft).is_published
    draft.refresh_from_db()
    assert draft.is_published


def test_what_is_missing_is_said_in_words():
    draft = make.consultation(
        state=DRAFT,
        questions=0,
        title_en="",
        title_fr=" ",
        title_es="",
        aim_en="",
        how_to_contribute_en="",
        languages=[],
    )
    with pytest.raises(organizing.NotReady) as refusal:
        organizing.publish(draft)
    assert refusal.value.missing == [
        "“Title” is empty in all languages.",
        "“What this is for” is empty in all languages.",
        "“How to contribute” is empty in all languages.",
        "There is no question yet.",
        "No main language is chosen.",
    ]
    draft.refresh_from_db()
    assert not draft.is_published


def test_one_language_is_enough_to_publish():
    draft = make.consultation(state=DRAFT, title_en="", title_fr="", title_es="Consulta", questions=0)
    make.question(draft, text_en="", text_fr="Quoi ?", text_es="")
    organizing.publish(draft)


def test_a_question_without_text_is_not_published():
    draft = make.consultation(state=DRAFT, questions=0)
    make.question(draft, number=4, text_en="", text_fr="", text_es="")
    with pytest.raises(organizing.NotReady, match=r"Question 4 has no text\."):
        organizing.publish(draft)


def test_a_consultation_whose_time_is_over_is_not_published():
    with pytest.raises(organizing.NotReady, match="closing date has passed"):
        organizing.publish(make.consultation(state=DRAFT, days=(-10, -1)))


def test_publishing_twice_is_refused():
    with pytest.raises(organizing.AlreadyPublished):
        organizing.publish(make.consultation())


def test_missing_translations_are_those_that_another_language_has():
    made = make.consultation(questions=1, summary_fr="Résumé", summary_es="Resumen", aim_fr="But", aim_es="Fin")
    made.questions.filter(number=1).update(text_fr="")
    missing = organizing.missing_translations(made, *made.questions.all())
    assert missing == {"fr": ["How to contribute", "Question 1: text"], "es": ["How to contribute"]}


def test_a_text_that_no_language_has_is_not_a_missing_translation():
    space = make.space(title_fr="Espace", title_es="Espacio")
    assert organizing.missing_translations(space) == {}


def test_the_database_and_the_page_agree_on_missing_translations():
    whole = make.space(title_fr="Espace", title_es="Espacio")
    lacking = make.space(title_fr="Espace")
    for language, found in (("en", []), ("fr", []), ("es", [lacking])):
        rows = DiscussionSpace.objects.filter(organizing.lacks_translation(DiscussionSpace, language))
        assert list(rows) == found, language
    assert not organizing.missing_translations(whole)


def test_a_draft_again():
    made = make.consultation()
    assert not organizing.take_back_to_draft(made).is_published
    with pytest.raises(organizing.NotPublished):
        organizing.take_back_to_draft(made)


def test_no_draft_again_once_people_have_contributed(question):
    make.comment(question)
    with pytest.raises(organizing.HasContributions):
        organizing.take_back_to_draft(question.consultation)


def test_close_and_reopen():
    made = make.consultation()
    closed = organizing.close_now(made)
    assert closed.phase == Consultation.Phase.CLOSED
    with pytest.raises(organizing.NotOpen):
        organizing.close_now(made)
    until = timezone.now() + datetime.timedelta(days=3)
    with pytest.raises(organizing.ClosingInThePast):
        organizing.reopen(made, timezone.now())
    assert organizing.reopen(made, until).is_open
    with pytest.raises(organizing.NotClosed):
        organizing.reopen(made, until)


@pytest.mark.parametrize("act", [organizing.close_now, lambda draft: organizing.reopen(draft, timezone.now())])
def test_a_draft_is_neither_closed_nor_reopened(act):
    with pytest.raises(organizing.NotPublished):
        act(make.consultation(state=DRAFT))


def test_an_upcoming_consultation_is_not_closed():
    with pytest.raises(organizing.NotOpen):
        organizing.close_now(make.consultation(days=(5, 10)))


def test_a_copy_has_everything_but_contributions_and_outcome(question):
    original = question.consultation
    make.moderator(original, name="Inés Quiroga")
    original.objectives.set(Objective.objects.filter(number__in=[3, 17]))
    original.questions.filter(number=None).update(introduction_fr="Vos documents.", state=Question.State.CLOSED)
    Consultation.objects.filter(pk=original.pk).update(
        outcome_en="The paper was adopted.", note_expected_on=datetime.date(2026, 12, 1), audience_es="Todas"
    )
    original.refresh_from_db()
    make.comment(question)

    copy = organizing.duplicate(original)

    copy.refresh_from_db()
    assert copy.state == DRAFT
    assert copy.slug == f"{original.slug}-copy"
    assert copy.title_en == f"{original.title_en} (copy)"
    assert (copy.outcome_en, copy.note_expected_on, copy.audience_es) == ("", None, "Todas")
    assert list(copy.objectives.values_list("number", flat=True)) == [3, 17]
    assert [(each.user.name, each.organization) for each in copy.moderator_set.all()] == [
        ("Inés Quiroga", "Secretariat")
    ]
    assert [each.number for each in copy.questions.all()] == [1, None]
    first = copy.questions.get(number=1)
    assert (first.text_en, first.text_es, first.comment_count) == (question.text_en, question.text_es, 0)
    floor = copy.questions.get(number=None)
    assert (floor.introduction_fr, floor.state) == ("Vos documents.", Question.State.OPEN)
    assert not Comment.objects.filter(question__consultation=copy).exists()
    assert original.questions.get(number=1).comments.count() == 1
    assert organizing.duplicate(original).slug == f"{original.slug}-copy-2"


def test_the_copy_keeps_every_language_whatever_the_reader_speaks():
    original = make.consultation(title_en="", title_fr="Titre", title_es="")
    with override("es"):
        copy = organizing.duplicate(original)
    copy.refresh_from_db()
    assert (copy.title_en, copy.title_es) == ("", "")
    assert copy.title_fr.startswith("Titre")


def test_the_dates_of_a_copy_move_by_whole_weeks_on_the_local_clock():
    original = make.consultation(days=(-10, 10), time_zone="America/New_York")
    copy = organizing.duplicate(original)
    ahead = copy.opens_at - timezone.now()
    assert datetime.timedelta(weeks=4) - datetime.timedelta(hours=1) <= ahead <= datetime.timedelta(weeks=5, hours=1)
    before, after = (each.opens_at.astimezone(original.zone) for each in (original, copy))
    assert (before.weekday(), before.hour, before.minute) == (after.weekday(), after.hour, after.minute)


def test_long_titles_and_addresses_still_fit():
    original = make.consultation(slug="s" * 50, title_en="T" * 200)
    copy = organizing.duplicate(original)
    assert (len(copy.slug), len(copy.title_en)) == (50, 200)


def test_why_a_space_or_a_consultation_stays(question):
    space = question.consultation.space
    assert "it holds 1 consultation." in organizing.why_not_delete(space)
    assert organizing.why_not_delete(make.space()) == ""
    assert organizing.why_not_delete(question.consultation) == ""
    make.comment(question)
    assert "people have contributed" in organizing.why_not_delete(question.consultation)
