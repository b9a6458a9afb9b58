"""The append-only record: the page, the files, the administration."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultations.models import ConductRule
from consultations.moderation import acts, consultation_acts, ledger
from consultations.moderation.models import Act
from consultations.moderation.record import record
from tests import make


@pytest.fixture
def consultation(question):
    return question.consultation


@pytest.fixture
def teresa(consultation):
    return make.moderator(consultation, name="Teresa Manalo")


def of(name, consultation):
    return reverse(name, args=[consultation.slug])


def many(consultation, teresa, number):
    Act.objects.bulk_create(
        Act(
            kind="left",
            actor_id=teresa.pk,
            actor_name=teresa.name,
            consultation=consultation,
            person_id=each,
            reason=f"Reason {each}.",
        )
        for each in range(1, number + 1)
    )


def test_it_works(client, teresa, question, consultation):
    comment = make.comment(question, author=make.person(name="Rude Rob"))
    acts.hide(comment=comment, moderator=teresa, rule=ConductRule.objects.first(), reason="It attacks a person.")
    client.force_login(teresa)
    page = client.get(of("record", consultation)).text
    for expected in ("Teresa Manalo", "It attacks a person.", "concerns Rude Rob", "Rule 1", "state: published"):
        assert expected in page


@pytest.mark.parametrize("name", ["record", "record_csv", "record_json"])
def test_who_may_read_it(client, consultation, participant, name):
    address = of(name, consultation)
    assert client.get(address).status_code == 302
    for person in (participant, make.moderator(make.consultation())):
        client.force_login(person)
        assert client.get(address).status_code == 403
    for person in (make.moderator(consultation), make.admin()):
        client.force_login(person)
        assert client.get(address).status_code == 200


def test_it_is_filtered_and_paged_by_key(client, teresa, consultation):
    many(consultation, teresa, 120)
    consultation_acts.name_focal_point(consultation=consultation, person=make.person(name="Nuru"), moderator=teresa)
    client.force_login(teresa)
    address = of("record", consultation)
    first = client.get(address)
    assert first.context["page"].acts[0].kind == "focal-named"
    seen, response = [], first
    while True:
        seen += [each.pk for each in response.context["page"].acts]
        if not response.context["page"].before:
            break
        response = client.get(address, {"before": response.context["page"].before})
    assert len(seen) == len(set(seen)) == 121
    assert seen == sorted(seen, reverse=True)
    assert len(client.get(address, {"kind": "focal-named"}).context["page"].acts) == 1
    assert len(client.get(address, {"person": 7}).context["page"].acts) == 1
    assert client.get(address, {"kind": "focal-named", "person": 7}).context["page"].acts == []


@pytest.mark.parametrize("query", [{"kind": "murdered"}, {"person": "x"}, {"before": "x"}, {"before": "9" * 40}])
def test_a_query_that_makes_no_sense_is_not_found(client, teresa, consultation, query):
    client.force_login(teresa)
    assert client.get(of("record", consultation), query).status_code == 404


def test_it_holds_nothing_of_another_consultation(client, teresa, consultation):
    elsewhere = make.consultation()
    many(elsewhere, teresa, 3)
    client.force_login(teresa)
    assert client.get(of("record", consultation)).context["page"].acts == []
    assert json.loads(client.get(of("record_json", consultation)).getvalue()) == []


def test_files_hold_everything_that_was_chosen(client, teresa, consultation):
    many(consultation, teresa, 60)
    record("pinned", actor=teresa, consultation=consultation, reason='=HYPERLINK("x")')
    client.force_login(teresa)
    response = client.get(of("record_csv", consultation))
    assert "attachment" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert len(rows) == 61
    assert rows[0]["why"] == '\'=HYPERLINK("x")'
    assert rows[0]["who"] == "Teresa Manalo"
    kept = json.loads(client.get(of("record_json", consultation), {"kind": "pinned"}).getvalue())
    assert [each["why"] for each in kept] == ['=HYPERLINK("x")']
    assert kept[0]["before"] == {}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_taken_for_a_formula(text):
    assert ledger.cell(text) == f"'{text}"
    assert ledger.cell("a=b") == "a=b"


def test_ten_thousand_acts_are_read_in_pages(client, teresa, consultation):
    client.force_login(teresa)
    many(consultation, teresa, 10)
    address = of("record", consultation)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    many(consultation, teresa, 10_000)
    with CaptureQueriesContext(connection) as lots:
        client.get(address)
    assert len(lots) == len(few)
    assert len(json.loads(client.get(of("record_json", consultation)).getvalue())) == 10_010


def test_the_administration_shows_and_changes_nothing(client, teresa, consultation):
    many(consultation, teresa, 2)
    client.force_login(make.admin())
    listed = reverse("admin:moderation_act_changelist")
    assert "Reason 2." in client.get(listed).text
    act = Act.objects.first()
    address = reverse("admin:moderation_act_change", args=[act.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "Another"}).status_code == 403
    assert client.get(reverse("admin:moderation_act_add")).status_code == 403
    assert client.post(reverse("admin:moderation_act_delete", args=[act.pk]), {"post": "yes"}).status_code == 403
