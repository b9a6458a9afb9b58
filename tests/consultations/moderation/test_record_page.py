"""The page of the record: it shows whatever the portal records, for good."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations.moderation import acts, complaints, consultation_acts, focal_points, ledger, on_behalf, organizations
from consultations.moderation.models import Act, OrganizationFocalPoint
from consultations.moderation.record import record
from tests import make
from tests.consultations.moderation import make_cases
from tests.consultations.moderation.test_new_texts import propose
from tests.consultations.moderation.test_organizations import in_its_name

LANGUAGES = ("en", "fr", "es")


def address(consultation, language="en"):
    return reverse("record", args=[consultation.slug]).replace("/en/", f"/{language}/", 1)


def objected(consultation, by):
    """A contribution that was listed, moved, and put back by its author."""
    comment = make_cases.on_open_floor(consultation)
    second = consultation.questions.select_related("consultation").get(number=2)
    acts.list_under(comment=comment, moderator=by, to=second)
    acts.move(comment=comment, moderator=by, to=consultation.questions.get(number=1))
    complaints.object_to_place(comment=comment, author=comment.author, words="It was for everybody.")
    return comment


def do_everything(consultation, question, moderator, colleague):
    """Let each kind of act be recorded by what records it."""
    objected(consultation, moderator)
    acts.stay(comment=make_cases.on_open_floor(consultation), moderator=moderator)
    acts.approve(comment=make_cases.held(question), moderator=moderator)
    acts.publish_text(comment=propose(make.comment(question)), moderator=moderator)
    refused = propose(make.comment(question))
    acts.refuse_text(comment=refused, moderator=moderator, rule=make_cases.rule(), reason="It advertises.")
    for decide in (acts.restore, acts.uphold):
        decide(comment=make_cases.appealed(question, moderator), moderator=colleague, reason="Read again.")
    reported = make_cases.reported(question)
    acts.take(comment=reported, moderator=moderator)
    acts.pass_on(comment=reported, moderator=moderator, colleague=colleague)
    acts.leave(comment=reported, moderator=colleague)
    asked = make_cases.asked(question)
    acts.acknowledge(comment=asked, moderator=moderator)
    acts.close_answered(comment=asked, moderator=moderator, answer=make.comment(question))
    make.comment(question, make_cases.asked(question), author=moderator)
    acts.promote(comment=make_cases.asked(question), moderator=moderator, texts={"en": "What about recordings?"})
    posted = on_behalf.post(
        question=question,
        user=moderator,
        sender=on_behalf.Sender(name="Abuela Rosa"),
        body="Nadie nos preguntó antes.",
        language="es",
        origin="letter",
        received_on=timezone.localdate(),
        has_consent=True,
        submission_key=uuid.uuid4(),
    )
    code = on_behalf.renew_code(received=posted.comment.received, user=moderator)
    on_behalf.claim_with_code(user=make.person(), number=posted.comment.pk, code=code)
    focal_point = make.person(email="lucia@redpuertos.example")
    OrganizationFocalPoint.objects.create(user=focal_point, organization="Red de Puertos", domain="redpuertos.example")
    said = in_its_name(question)
    organizations.confirm(comment=said, user=focal_point, seen=1)
    organizations.disown(comment=said, user=focal_point, seen=1, reason="Not us.")
    do_everything_with_the_whole(consultation, question, moderator)


def do_everything_with_the_whole(consultation, question, moderator):
    comment = make.comment(question)
    consultation_acts.pin(comment=comment, moderator=moderator)
    consultation_acts.unpin(comment=comment, moderator=moderator)
    pause = consultation_acts.pause(
        comment=comment, moderator=moderator, duration=datetime.timedelta(days=1), reason="A day to cool down."
    )
    consultation_acts.lift_pause(pause=pause, moderator=moderator)
    person = make.person()
    asked = focal_points.ask(consultation=consultation, email=person.email, moderator=moderator)
    named = focal_points.accept(asked=asked, user=person)
    focal_points.remove(focal_point=named, moderator=moderator)
    # As moderators did before people were asked.
    record("focal-named", actor=moderator, consultation=consultation, person=person)
    asked = focal_points.ask(consultation=consultation, email="nobody@example.org", moderator=moderator)
    focal_points.take_back(asked=asked, moderator=moderator)
    message = consultation_acts.announce(
        consultation=consultation, moderator=moderator, submission_key=uuid.uuid4(), title="Welcome", text="Write."
    )
    consultation_acts.withdraw_announcement(announcement=message, moderator=moderator, reason="A slip.")
    consultation_acts.close_question(question=consultation.questions.get(number=None), moderator=moderator)
    consultation_acts.open_question(question=consultation.questions.get(number=None), moderator=moderator)
    consultation_acts.close_consultation(consultation=consultation, moderator=moderator, reason="Done.")


@pytest.fixture
def full(consultation, question, teresa, noor):
    do_everything(consultation, question, teresa, noor)
    return consultation


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_shows_every_kind_of_act(client, full, teresa, language):
    recorded = set(Act.objects.filter(consultation=full).values_list("kind", flat=True))
    # A new kind belongs into do_everything, too.
    assert recorded == set(Act.Kind.values)
    client.force_login(teresa)
    response = client.get(address(full, language))
    assert response.status_code == 200
    assert "[" not in response.text.partition("card-list")[2].partition("</ol>")[0]
    for kind in Act.Kind.values:
        assert client.get(address(full, language), {"kind": kind}).status_code == 200, kind


def test_an_objection_says_where_it_stood_and_was_listed(client, consultation, question, teresa):
    comment = objected(consultation, teresa)
    client.force_login(teresa)
    page = client.get(address(consultation), {"kind": "objected"}).text
    assert f"№&nbsp;{comment.pk}" in page
    assert "Before: listed under, too: 2; question: 1. After: question: Open floor." in page


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("also", [2, None], "2, Open floor"),
        ("state", ["held", "hidden"], "held for review, removed by a moderator"),
        ("before", {"question": 3, "consent": True}, "question: 3; consent noted: yes"),
        ("closes_at", None, "None"),
        ("until", "2026-99-99T00:00", "2026-99-99T00:00"),
        ("received_on", "2026-11-11", "11 November 2026"),
        ("received_on", "2026-99-99", "2026-99-99"),
        ("answer", 144, "№\u00a0144"),
        ("anything", 1.5, "1.5"),
    ],
)
def test_any_value_has_words(name, value, words):
    assert ledger.value_in_words(name, value) == words


def test_a_line_of_an_unknown_shape_does_not_take_the_page_away(client, consultation, teresa):
    strange = {"a": [{"b": [1, None]}], "state": {"x": []}, "kind": 3, "until": None}
    record("hidden", actor=teresa, consultation=consultation, before=strange, after=strange)
    client.force_login(teresa)
    assert client.get(address(consultation)).status_code == 200


def test_rules_are_read_in_the_language_of_the_page_unless_they_have_changed(client, consultation, question, teresa):
    rule = make_cases.rule()
    acts.hide(comment=make.comment(question), moderator=teresa, rule=rule, reason="It advertises.")
    client.force_login(teresa)
    assert rule.text_en in client.get(address(consultation)).text
    page = client.get(address(consultation, "es")).text
    assert rule.text_es in page and rule.text_en not in page
    type(rule).objects.filter(pk=rule.pk).update(text_en="Be kind.", text_es="Sea amable.")
    page = client.get(address(consultation, "es")).text
    assert rule.text_en in page and "Sea amable." not in page
