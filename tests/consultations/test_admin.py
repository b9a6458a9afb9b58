"""The administration, through its own forms, as an organizer uses it: staff in the group Organizers, no superuser."""

import datetime
import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations import drafts, posting
from consultations.models import Comment, Consultation, DiscussionSpace, Moderator, Question, Terms
from tests import make
from tests.consultations.moderation import make_cases
from tests.forms import fields_of

ADD = "/admin/consultations/consultation/add/"
LIST = "/admin/consultations/consultation/"
COMMENTS = "/admin/consultations/comment/"
DRAFT = Consultation.State.DRAFT


@pytest.fixture
def organizer():
    return make.organizer(name="Oriol Prat")


@pytest.fixture
def admin(client, organizer):
    client.force_login(organizer)
    return client


def change(of: Consultation) -> str:
    return f"{LIST}{of.pk}/change/"


def act(of: Consultation, name: str) -> str:
    return f"{LIST}{of.pk}/{name}-now/"


def texts(name, english, french, spanish):
    return {f"{name}_en": english, f"{name}_fr": french, f"{name}_es": spanish}


def save(admin, address, **changes):
    """Send the form of a page as it stands, with these changes."""
    sent = fields_of(admin.get(address), "consultation_form") | changes
    return admin.post(address, sent)


def said(response) -> str:
    """What the page says in its messages and errors, without tags."""
    found = re.findall(r'<ul class="(?:messagelist|errorlist)[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(found))).strip().replace("&#x27;", "'")


def whole_consultation(space):
    first = timezone.localdate() - datetime.timedelta(days=1)
    last = first + datetime.timedelta(days=30)
    return {
        "space": str(space.pk),
        "slug": "round-table-on-skills",
        "time_zone": "UTC",
        "opens_at_0": first.isoformat(),
        "opens_at_1": "09:00",
        "closes_at_0": last.isoformat(),
        "closes_at_1": "23:59",
        "languages": ["en", "fr"],
        "objectives": ["5", "18"],
        **texts("title", "Skills that travel", "Des compétences qui voyagent", "Competencias que viajan"),
        **texts("summary", "How skills are recognized.", "Comment les reconnaître.", "Cómo se reconocen."),
        **texts("aim", "A paper of four pages.", "Une note de quatre pages.", "Un documento de cuatro páginas."),
        **texts("how_to_contribute", "Choose a question.", "Choisissez une question.", "Elija una pregunta."),
        **texts("questions-0-text", "Which papers are refused?", "Quels titres sont refusés ?", "¿Qué títulos?"),
        **texts("questions-1-text", "Who decides?", "Qui décide ?", "¿Quién decide?"),
    }


def test_it_works(admin, client):
    """Create with two questions in three languages, publish, and see it on the site."""
    space = make.space()
    moderator = make.person(name="Inés Quiroga")
    moderating = {"moderator_set-0-user": str(moderator.pk), "moderator_set-0-organization": "Secretariat"}
    response = save(admin, ADD, **whole_consultation(space), **moderating, _publish="Save and publish")
    made = Consultation.objects.get(slug="round-table-on-skills")
    assert response.headers["Location"] == change(made)
    assert made.is_published
    assert [each.number for each in made.questions.all()] == [2, 1, None]
    assert made.languages == ["en", "fr"]
    assert [each.number for each in made.objectives.all()] == [5, 18]
    assert made.moderator_set.get().organization == "Secretariat"
    client.logout()
    for language, title, question in (
        ("en", "Skills that travel", "Who decides?"),
        ("fr", "Des compétences qui voyagent", "Qui décide ?"),
        ("es", "Competencias que viajan", "¿Quién decide?"),
    ):
        page = client.get(f"/{language}/consultations/round-table-on-skills/").content.decode()
        assert title in page
        assert question in page


def test_two_questions_are_numbered_for_the_organizer(admin):
    sent = fields_of(admin.get(ADD), "consultation_form")
    assert (sent["questions-0-number"], sent["questions-1-number"]) == ("1", "2")
    made = make.consultation(questions=3)
    assert fields_of(admin.get(change(made)), "consultation_form")["questions-4-number"] == "4"


def test_a_draft_needs_a_title_and_nothing_else_in_words(admin):
    whole = whole_consultation(make.space())
    bare = {name: value for name, value in whole.items() if not re.search(r"_(en|fr|es)$", name)}
    response = save(admin, ADD, **bare)
    assert "Write this text in one language at least." in said(response)
    save(admin, ADD, **bare, title_es="Solo un título")
    made = Consultation.objects.get()
    assert (made.state, made.title_es, made.questions.count()) == (DRAFT, "Solo un título", 1)


def test_publishing_too_early_saves_and_says_what_is_missing(admin):
    whole = whole_consultation(make.space())
    bare = {name: value for name, value in whole.items() if not re.search(r"_(en|fr|es)$", name)}
    response = save(admin, ADD, **bare, title_en="A title", _publish="Save and publish")
    made = Consultation.objects.get()
    assert made.state == DRAFT
    page = said(admin.get(response.headers["Location"]))
    assert "“How to contribute” is empty in all languages." in page
    assert "There is no question yet." in page
    assert "Your changes are saved; the consultation is still a draft." in page


def test_publishing_warns_of_missing_translations(admin):
    made = make.consultation(state=DRAFT, aim_fr="But", aim_es="Fin")
    asked = admin.get(act(made, "publish")).content.decode()
    assert "French: Summary, How to contribute" in asked
    response = admin.post(act(made, "publish"), follow=True)
    lacking = "not translated into French yet, so shown in another language: Summary, How to contribute."
    assert f"“{made.title_en}”: {lacking}" in said(response)
    made.refresh_from_db()
    assert made.is_published


def test_the_page_to_publish_says_what_is_missing(admin):
    made = make.consultation(state=DRAFT, questions=0)
    page = admin.get(act(made, "publish")).content.decode()
    assert "There is no question yet." in page
    assert 'value="Publish"' not in page
    assert "There is no question yet." in said(admin.post(act(made, "publish"), follow=True))


@pytest.mark.parametrize("zone, utc_hour", [("UTC", 9), ("America/Bogota", 14), ("Asia/Manila", 1)])
def test_dates_are_entered_on_the_clock_of_the_chosen_zone(admin, zone, utc_hour):
    dates = {"opens_at_0": "2027-03-01", "opens_at_1": "09:00", "closes_at_0": "2027-03-20", "closes_at_1": "18:00"}
    save(admin, ADD, **whole_consultation(make.space()) | dates | {"time_zone": zone})
    made = Consultation.objects.get()
    assert made.opens_at == datetime.datetime(2027, 3, 1, utc_hour, tzinfo=datetime.UTC)
    sent = fields_of(admin.get(change(made)), "consultation_form")
    assert {name: sent[name] for name in dates} == dates


def test_saving_what_was_not_touched_keeps_the_second(admin):
    closes = datetime.datetime(2027, 3, 20, 23, 59, 59, tzinfo=datetime.UTC)
    made = make.consultation(closes_at=closes, time_zone="Africa/Nairobi")
    save(admin, change(made))
    made.refresh_from_db()
    assert made.closes_at == closes


def test_another_zone_moves_the_dates_with_the_clock(admin):
    made = make.consultation(closes_at=datetime.datetime(2027, 3, 20, 18, 0, tzinfo=datetime.UTC))
    save(admin, change(made), time_zone="America/Bogota")
    made.refresh_from_db()
    assert made.closes_at == datetime.datetime(2027, 3, 20, 23, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"closes_at_0": "2020-01-01"}, "It must close after it opens."),
        ({"closes_at_0": "soon"}, "Enter a valid date."),
        ({"time_zone": "Europe/Geneva"}, "Select a valid choice."),
        ({"time_zone": "Europe/Berlin", "opens_at_0": "2026-03-29", "opens_at_1": "02:30"}, "may not exist"),
        ({"languages": []}, "This field is required."),
        ({"slug": "two words"}, "Enter a valid “slug”"),
        ({"questions-1-number": "1"}, "Another question has this number."),
        ({"questions-1-number": "0"}, "greater than or equal to 1"),
        ({"questions-1-number": "70000"}, "less than or equal to 999"),
        ({"questions-1-introduction_fr": "Sans question", "questions-1-text_en": "", "questions-1-text_fr": "",
          "questions-1-text_es": ""}, "Write this text in one language at least."),
        ({"moderator_set-0-organization": "Nobody’s"}, "This field is required."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_saved(admin, changes, sentence):
    response = save(admin, ADD, **whole_consultation(make.space()) | changes)
    assert response.status_code == 200
    assert sentence in said(response)
    assert not Consultation.objects.exists()


def test_questions_can_change_their_order(admin):
    made = make.consultation(state=DRAFT, questions=3)
    before = {each.number: each.pk for each in made.questions.all()}
    # From the highest down: 3, 2, 1, open floor.
    swap = {"questions-0-number": "1", "questions-1-number": "3", "questions-2-number": "2"}
    assert save(admin, change(made), **swap).status_code == 302
    after = {each.number: each.pk for each in made.questions.all()}
    assert after == {1: before[3], 3: before[2], 2: before[1], None: before[None]}


def test_a_question_can_take_the_number_of_one_deleted_in_the_same_go(admin):
    made = make.consultation(state=DRAFT, questions=2)
    kept = made.questions.get(number=1)
    response = save(admin, change(made), **{"questions-0-DELETE": "on", "questions-1-number": "2"})
    assert response.status_code == 302
    kept.refresh_from_db()
    assert kept.number == 2
    assert made.questions.count() == 2


def test_once_published_a_number_stays_with_its_question(admin, client):
    made = make.consultation(questions=3)
    third = made.questions.get(number=3)
    asked = third.text_en
    assert "Fixed since the consultation was published" in admin.get(change(made)).content.decode()
    swap = {"questions-0-number": "2", "questions-1-number": "3", "questions-0-introduction_en": "Briefly."}
    assert save(admin, change(made), **swap).status_code == 302
    third.refresh_from_db()
    assert (third.number, third.introduction_en) == (3, "Briefly.")
    assert asked in client.get(f"/en/consultations/{made.slug}/questions/3/").content.decode()
    new = {"questions-4-number": "9", "questions-4-text_en": "Who pays?"}
    assert save(admin, change(made), **new).status_code == 302
    assert [each.number for each in made.questions.all()] == [9, 3, 2, 1, None]


def test_the_open_floor_stays_and_keeps_no_number(admin):
    made = make.consultation(questions=1)
    page = admin.get(change(made)).content.decode()
    assert "Every consultation keeps its open floor" in page
    tampered = {"questions-1-DELETE": "on", "questions-1-number": "9", "questions-1-introduction_en": "Your papers."}
    assert save(admin, change(made), **tampered).status_code == 302
    floor = made.questions.get(number=None)
    assert floor.introduction_en == "Your papers."


def test_a_question_with_contributions_is_not_deleted(admin, question):
    make.comment(question)
    page = admin.get(change(question.consultation)).content.decode()
    assert "Cannot be deleted: it has 1 contribution" in page
    save(admin, change(question.consultation), **{"questions-0-DELETE": "on"})
    assert Question.objects.filter(pk=question.pk).exists()


def test_neither_is_one_where_somebody_has_begun_to_write_or_has_withdrawn(admin, participant):
    made = make.consultation(questions=2)
    first, second = made.questions.filter(number__isnull=False).order_by("number")
    drafts.save(author=participant, question=first, typed=drafts.Typed(body="My se"))
    posting.withdraw(comment=make.comment(second, author=participant), author=participant)
    save(admin, change(made), **{"questions-0-DELETE": "on", "questions-1-DELETE": "on"})
    assert made.questions.count() == 3


def test_a_published_consultation_keeps_its_texts_and_one_question(admin):
    made = make.consultation(questions=1)
    response = save(admin, change(made), aim_en="", **{"questions-0-DELETE": "on"})
    assert "Write this text in one language at least." in said(response)
    assert "A published consultation needs one question at least." in said(response)
    made.refresh_from_db()
    assert made.aim_en


def test_the_address_of_a_published_consultation_does_not_change(admin):
    made = make.consultation(slug="kept")
    save(admin, change(made), slug="other")
    made.refresh_from_db()
    assert made.slug == "kept"


def test_duplicate_from_the_page(admin, question):
    make.comment(question)
    asked = admin.get(act(question.consultation, "duplicate"))
    assert "no contributions" in asked.content.decode()
    response = admin.post(act(question.consultation, "duplicate"))
    copy = Consultation.objects.exclude(pk=question.consultation.pk).get()
    assert response.headers["Location"] == change(copy)
    assert copy.state == DRAFT
    assert admin.get(change(copy)).status_code == 200


def test_close_and_reopen_from_the_page(admin):
    made = make.consultation(time_zone="America/Bogota")
    assert act(made, "close") in admin.get(change(made)).content.decode()
    admin.post(act(made, "close"))
    made.refresh_from_db()
    assert made.phase == Consultation.Phase.CLOSED
    assert act(made, "reopen") in admin.get(change(made)).content.decode()
    refused = admin.post(act(made, "reopen"), {"until_0": "", "until_1": ""})
    assert "This field is required." in said(refused)
    today = datetime.datetime.now(datetime.UTC).date()
    past, slip, ahead = (today + datetime.timedelta(days=days) for days in (-5, 3 * 366, 40))
    for day, why in ((past, "lies ahead"), (slip, "Check the year"), (datetime.date(2020, 1, 1), "before the")):
        sent = {"until_0": day.isoformat(), "until_1": "18:00"}
        assert why in said(admin.post(act(made, "reopen"), sent, follow=True))
    admin.post(act(made, "reopen"), {"until_0": ahead.isoformat(), "until_1": "18:00"})
    made.refresh_from_db()
    assert made.closes_at == datetime.datetime.combine(ahead, datetime.time(23), tzinfo=datetime.UTC)


def test_back_to_draft_is_refused_once_people_have_contributed(admin, question):
    make.comment(question)
    response = admin.post(act(question.consultation, "draft"), follow=True)
    assert "Close it instead." in said(response)
    assert Consultation.objects.published().exists()


def test_forged_requests_are_refused(admin):
    for address in (f"{LIST}?state__exact=%00", f"{COMMENTS}?state__exact=%00"):
        assert admin.get(address).status_code == 400
    for chosen in ("x", "", "\0", "1' OR 1"):
        assert admin.post(LIST, {"action": "publish", "_selected_action": [chosen]}).status_code == 400, chosen
    assert admin.post(LIST, {"action": "publish", "_selected_action": ["9" * 18]}).status_code == 302


def test_an_unknown_act_is_not_found(admin):
    assert admin.post(act(make.consultation(), "destroy")).status_code == 404
    assert admin.post(f"{LIST}987654/publish-now/").status_code == 404


def test_publishing_without_a_moderator_warns(admin):
    made = make.consultation(state=DRAFT)
    warning = f"“{made.title_en}” has no moderator yet: what waits there is left to the administrators."
    assert warning in admin.get(act(made, "publish")).content.decode()
    assert warning in said(admin.post(act(made, "publish"), follow=True))
    other = make.consultation(state=DRAFT)
    make.moderator(other)
    assert "no moderator" not in admin.get(act(other, "publish")).content.decode()
    assert "no moderator" not in said(admin.post(act(other, "publish"), follow=True))


def test_of_several_to_publish_each_is_named_with_what_came_of_it(admin):
    ready, bare, late = (
        make.consultation(state=DRAFT, title_en=title, **fields)
        for title, fields in [("Ready", {}), ("Bare", {"questions": 0}), ("Late", {"days": (-9, -1)})]
    )
    before = make.consultation(title_en="Before")
    chosen = {"_selected_action": [each.pk for each in (ready, bare, late, before)]}
    page = said(admin.post(LIST, {"action": "publish", **chosen}, follow=True))
    for sentence in (
        "Published: Ready",
        "“Bare” is not published. There is no question yet.",
        "“Late” is not published. The closing date has passed.",
        "“Before” was left as it is. It is published already.",
    ):
        assert sentence in page
    assert page.count("not published") == 2


def test_acts_on_several(admin):
    ready, bare = make.consultation(state=DRAFT), make.consultation(state=DRAFT, questions=0)
    chosen = {"_selected_action": [ready.pk, bare.pk]}
    page = said(admin.post(LIST, {"action": "publish", **chosen}, follow=True))
    assert "There is no question yet." in page
    assert list(Consultation.objects.published()) == [ready]
    asked = admin.post(LIST, {"action": "close_now", **chosen})
    ready.refresh_from_db()
    assert ready.phase == Consultation.Phase.OPEN
    page = asked.content.decode()
    assert "Nobody can contribute any more" in page and ready.title_en in page and bare.title_en in page
    admin.post(LIST, {"action": "close_now", "confirmed": "1", **chosen})
    ready.refresh_from_db()
    assert ready.phase == Consultation.Phase.CLOSED
    admin.post(LIST, {"action": "take_back_to_draft", "confirmed": "1", **chosen})
    assert not Consultation.objects.published().exists()
    admin.post(LIST, {"action": "duplicate", **chosen})
    assert Consultation.objects.count() == 4


def test_a_draft_is_previewed_by_the_organizer_and_by_nobody_else(admin, client, participant):
    draft = make.consultation(state=DRAFT)
    assert f'href="/en/consultations/{draft.slug}/"' in admin.get(change(draft)).content.decode()
    preview = admin.get(f"/en/consultations/{draft.slug}/")
    assert "Draft: visitors do not see this consultation yet." in preview.content.decode()
    client.force_login(participant)
    assert client.get(f"/en/consultations/{draft.slug}/").status_code == 404


def test_what_is_not_translated_is_marked_and_found(admin):
    whole = make.consultation(
        summary_fr="Résumé", summary_es="Resumen", aim_fr="But", aim_es="Fin",
        how_to_contribute_fr="Choisissez.", how_to_contribute_es="Elija.",
    )  # fmt: skip
    lacking = make.consultation()
    page = admin.get(LIST).content.decode()
    assert "French: 3 texts missing" in page
    assert ">not translated<" in admin.get(change(lacking)).content.decode()
    assert ">not translated<" not in admin.get(change(whole)).content.decode()
    assert list(admin.get(LIST + "?untranslated=fr").context["cl"].result_list) == [lacking]
    assert list(admin.get(LIST + "?untranslated=none").context["cl"].result_list) == [whole]
    whole.questions.filter(number=1).update(text_fr="")
    assert len(admin.get(LIST + "?untranslated=fr").context["cl"].result_list) == 2


@pytest.mark.parametrize("phase, days", [("open", (-1, 1)), ("upcoming", (1, 2)), ("closed", (-2, -1))])
def test_the_list_is_filtered_by_time(admin, phase, days):
    found = make.consultation(days=days)
    for others in {(-1, 1), (1, 2), (-2, -1)} - {days}:
        make.consultation(days=others)
    assert list(admin.get(f"{LIST}?phase={phase}").context["cl"].result_list) == [found]


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_language_is_chosen_in_the_head(admin, language):
    response = admin.post("/admin/language/", {"language": language, "next": LIST})
    assert response.headers["Location"] == LIST
    assert f'<html lang="{language}"' in admin.get(LIST).content.decode()


def test_the_language_switch_leads_nowhere_else(admin):
    response = admin.post("/admin/language/", {"language": "fr", "next": "https://elsewhere.example/"})
    assert "elsewhere" not in response.headers["Location"]


# Deleting


def test_a_space_with_consultations_is_not_deleted(admin):
    made = make.consultation()
    address = f"/admin/consultations/discussionspace/{made.space_id}/delete/"
    for response in (admin.get(address, follow=True), admin.post(address, {"post": "yes"}, follow=True)):
        assert response.status_code == 200
        assert "it holds 1 consultation. Move it to another space first." in said(response)
    assert DiscussionSpace.objects.exists()


def test_a_consultation_with_contributions_is_not_deleted(admin, question):
    make.comment(question)
    response = admin.post(f"{LIST}{question.consultation_id}/delete/", {"post": "yes"}, follow=True)
    assert "people have contributed to it" in said(response)
    assert Consultation.objects.exists()


def test_an_unused_consultation_can_be_deleted(admin):
    made = make.consultation(state=DRAFT)
    assert admin.get(f"{LIST}{made.pk}/delete/").status_code == 200
    admin.post(f"{LIST}{made.pk}/delete/", {"post": "yes"})
    assert not Consultation.objects.exists()
    assert "delete_selected" not in admin.get(LIST).content.decode()


# Contributions


def found(response) -> set:
    return set(response.context["cl"].result_list)


def test_contributions_are_read_and_not_changed(admin, question):
    comment = make.comment(question, body="A district form with eleven fields.")
    address = f"{COMMENTS}{comment.pk}/change/"
    page = admin.get(address).content.decode()
    assert "A district form with eleven fields." in page
    assert f"/en/consultations/{question.consultation.slug}/questions/1/?at={comment.pk}#comment-{comment.pk}" in page
    assert admin.post(address, {"body": "Other words"}).status_code == 403
    assert admin.get(COMMENTS + "add/").status_code == 403
    assert admin.post(f"{COMMENTS}{comment.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "delete_selected" not in admin.get(COMMENTS).content.decode()


def test_contributions_are_found_by_number_address_name_and_text(admin, question):
    author = make.person(name="Halima Odera", email="halima@example.org")
    hers = make.comment(question, author=author, body="Ferries stop in winter.")
    other = make.comment(question)
    for words in (str(hers.pk), f"№ {hers.pk}", "halima@example.org", "odera", "ferries"):
        assert found(admin.get(COMMENTS, {"q": words})) == {hers}, words
    assert found(admin.get(COMMENTS, {"q": ""})) == {hers, other}
    for nothing in ("9" * 30, "%", "no such words", "'; --", "the", "x" * 500, "-", "halima@", "@"):
        assert found(admin.get(COMMENTS, {"q": nothing})) == set(), nothing
    assert admin.get(COMMENTS, {"q": "\x00"}).status_code == 200


def test_words_are_found_as_in_the_search_of_the_portal(admin, question):
    french = make.comment(question, body="Les guichets sont fermés l’après-midi.", language="fr")
    both = make.comment(question, body="Ferries stop at the first counter.")
    one = make.comment(question, body="A ferry goes to the second counter.")
    for words, expected in [
        ("fermee", {french}),
        ("ferry", {one, both}),
        ("ferry counter", {one, both}),
        ('"first counter"', {both}),
        ("counter -second", {both}),
        ("guichet OR first", {french, both}),
    ]:
        assert found(admin.get(COMMENTS, {"q": words})) == expected, words


def test_words_and_filters_narrow_together(admin, question):
    here = make.comment(question, body="Ferries stop in winter.")
    make.comment(make.question(), body="Ferries stop in summer.")
    assert found(admin.get(COMMENTS, {"q": "ferry", "consultation": question.consultation_id})) == {here}
    assert found(admin.get(COMMENTS, {"q": "ferry", "language__exact": "fr"})) == set()


def test_what_is_held_or_removed_is_found_as_it_is_typed(admin, question):
    teresa = make.moderator(question.consultation)
    held = make_cases.held(question, body="Ferries stop in winter.")
    removed = make_cases.hidden(question, teresa, body="No ferries in summer.")
    assert found(admin.get(COMMENTS, {"q": "FERRIES"})) == {held, removed}
    assert found(admin.get(COMMENTS, {"q": "ferries", "state__exact": "held"})) == {held}
    assert found(admin.get(COMMENTS, {"q": held.author.name})) == {held}
    assert "in all their forms" in admin.get(COMMENTS).content.decode()


def test_a_search_asks_as_much_for_many_as_for_few(admin, question):
    words = {"q": "ferries"}
    make.comment(question, body="Ferries stop in winter.")
    make_cases.held(question, body="Ferries stop.")
    admin.get(COMMENTS, words)
    few = queries(admin, f"{COMMENTS}?q=ferries")
    for number in range(6):
        make.comment(question, body=f"Ferries stop in winter, {number}.")
        make_cases.held(question, body=f"Ferries stop, {number}.")
    assert queries(admin, f"{COMMENTS}?q=ferries") == few <= 20


def test_contributions_are_filtered(admin, question):
    first = make.comment(question)
    elsewhere = make.comment(make.question(), language="fr")
    consultation = question.consultation_id
    assert found(admin.get(f"{COMMENTS}?consultation={consultation}")) == {first}
    assert found(admin.get(f"{COMMENTS}?consultation={consultation}&question={question.pk}")) == {first}
    assert found(admin.get(f"{COMMENTS}?language__exact=fr")) == {elsewhere}
    assert found(admin.get(f"{COMMENTS}?capacity__exact=state")) == set()
    assert found(admin.get(f"{COMMENTS}?by_moderator__exact=0&state__exact=published")) == {first, elsewhere}
    for nonsense in ("consultation=x", "question=-1", f"consultation={consultation}&question=99999999999999999999"):
        assert admin.get(f"{COMMENTS}?{nonsense}").status_code == 200


def test_who_is_behind_a_pseudonym_is_for_the_moderators_alone(admin, organizer, question):
    author = make.person(name="Halima Odera", email="halima@example.org")
    comment = make.comment(question, author=author)
    Comment.objects.filter(pk=comment.pk).update(author_name="A nurse", is_pseudonym=True)
    address = f"{COMMENTS}{comment.pk}/change/"
    page = admin.get(address).content.decode()
    assert "A nurse (pseudonym)" in page
    assert "Halima" not in page
    for words in ("halima@example.org", "Halima"):
        assert found(admin.get(COMMENTS, {"q": words})) == set()
    for asked in (f"author={author.pk}", f"author__id__exact={author.pk}", "author__email__startswith=h"):
        assert admin.get(f"{COMMENTS}?{asked}").status_code in {302, 400}
    Moderator.objects.create(consultation=question.consultation, user=organizer)
    assert "Halima Odera (halima@example.org)" in admin.get(address).content.decode()
    assert found(admin.get(COMMENTS, {"q": "halima@example.org"})) == {comment}


def test_withdrawn_words_are_not_shown(admin, question, participant):
    comment = make.comment(question, author=participant, body="Words taken back.")
    posting.withdraw(comment=comment, author=participant)
    for address in (COMMENTS, f"{COMMENTS}{comment.pk}/change/"):
        assert "Words taken back." not in admin.get(address).content.decode()
    assert found(admin.get(COMMENTS, {"q": "taken back"})) == set()


def test_drafts_are_nobodys_business(admin):
    index = admin.get("/admin/").content.decode()
    assert "/admin/consultations/draft/" not in index
    assert admin.get("/admin/consultations/draft/").status_code == 404


# Terms


def test_terms_in_force_do_not_change(client):
    client.force_login(make.admin())
    first = Terms.current()
    address = f"/admin/consultations/terms/{first.pk}/"
    assert client.post(address + "change/", {"version": "x"}).status_code == 403
    assert client.post(address + "delete/", {"post": "yes"}).status_code == 403
    assert "add/?from=2026-11" in client.get(address + "change/").content.decode()
    sent = fields_of(client.get("/admin/consultations/terms/add/?from=2026-11"), "terms_form")
    assert sent["conduct_fr"].split() == first.conduct_fr.split()
    client.post("/admin/consultations/terms/add/", sent | {"version": "2027-01", "in_force_from_0": "2020-01-01"})
    assert Terms.current().version == "2027-01"
    assert Terms.current().in_force_from > first.in_force_from


# Who comes in


def test_people_without_a_role_are_sent_to_log_in_or_refused(client, participant, question):
    moderator = make.moderator(question.consultation)
    response = client.get(LIST)
    assert response.status_code == 302
    followed = client.get(response.headers["Location"])
    assert followed.headers["Location"].startswith("/en/accounts/login/?next=")
    for person in (participant, moderator):
        client.force_login(person)
        assert client.get(LIST, follow=True).status_code == 403


def test_staff_without_a_role_see_nothing(client, question):
    client.force_login(make.person(is_staff=True))
    assert client.get("/admin/").status_code == 200
    for address in (LIST, change(question.consultation), act(question.consultation, "close"), COMMENTS):
        assert client.get(address).status_code == 403


def test_whoever_may_only_look_sees_all_and_changes_nothing(client, question):
    reader = make.person(is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(reader)
    page = client.get(change(question.consultation)).content.decode()
    assert question.consultation.title_en in page
    assert act(question.consultation, "close") not in page
    assert 'name="_publish"' not in page
    assert client.post(change(question.consultation), {"title_en": "Other"}).status_code == 403
    assert client.post(act(question.consultation, "duplicate")).status_code == 403


def test_organizers_may_not_write_terms_or_people(admin, participant):
    assert admin.get("/admin/consultations/terms/add/").status_code == 403
    assert admin.get("/admin/accounts/user/add/").status_code == 403
    assert admin.post(f"/admin/accounts/user/{participant.pk}/change/", {"is_staff": "on"}).status_code == 403
    assert admin.get("/admin/auth/group/").status_code == 403


# The same number of queries, whatever there is


def queries(admin, address) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert admin.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", [LIST, COMMENTS, "/admin/consultations/discussionspace/", "/admin/accounts/user/"])
def test_lists_ask_as_much_for_many_as_for_few(admin, address):
    def add_one():
        made = make.consultation(questions=2)
        make.comment(made.questions.get(number=1), author=make.moderator(made))

    add_one()
    admin.get(address)
    few = queries(admin, address)
    for _each in range(6):
        add_one()
    assert queries(admin, address) == few <= 15


def test_a_consultation_page_asks_as_much_for_many_questions_as_for_few(admin):
    few = make.consultation(questions=1)
    many = make.consultation(questions=12)
    for _each in range(5):
        make.moderator(many)
    admin.get(change(few))
    assert queries(admin, change(many)) <= queries(admin, change(few)) + 5


@pytest.mark.parametrize(
    ("forged", "named"),
    [("\0", "Null characters"), ("9" * 400, "Select a valid choice"), ("Teresa", "Select a valid choice")],
    ids=["NUL", "digits", "a name"],
)
def test_a_forged_moderator_is_named_as_wrong(admin, forged, named):
    consultation = make.consultation()
    make.moderator(consultation)
    page = save(admin, change(consultation), **{"moderator_set-0-user": forged})
    assert page.status_code == 200
    assert named in said(page)
