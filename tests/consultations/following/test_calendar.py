"""The calendar file, checked line by line against RFC 5545."""

import re
from datetime import UTC, datetime

import pytest
import time_machine

from consultations.following import calendar
from consultations.models import Consultation
from consultations.moderation.record import record
from tests import make

OPENS, CLOSES = datetime(2026, 11, 1, 8, 30, tzinfo=UTC), datetime(2027, 1, 31, 22, 59, tzinfo=UTC)


@pytest.fixture
def consultation():
    return make.consultation(
        opens_at=OPENS,
        closes_at=CLOSES,
        time_zone="Europe/Paris",
        title_en="Recruitment, costs; and more",
        title_fr="Coûts du recrutement — «\u00a0équité\u00a0» à l’étranger, là-bas et partout où l’on travaille",
    )


def lines(client, of, language="en") -> list[str]:
    """The unfolded lines."""
    response = client.get(f"/{language}/consultations/{of.slug}/calendar.ics")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    raw = response.content
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    return raw.decode().replace("\r\n ", "").split("\r\n")[:-1]


def test_it_works(client, consultation):
    found = lines(client, consultation)
    assert found[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"] and found[-1] == "END:VCALENDAR"
    assert found.count("BEGIN:VEVENT") == found.count("END:VEVENT") == 2
    assert [line for line in found if line.startswith("DTSTART")] == [
        "DTSTART:20261101T083000Z",
        "DTSTART:20270131T225900Z",
    ]
    assert [line for line in found if line.startswith("UID")] == [
        f"UID:consultation-{consultation.pk}-opens@127.0.0.1",
        f"UID:consultation-{consultation.pk}-closes@127.0.0.1",
    ]
    assert "SUMMARY;LANGUAGE=en:Opens: Recruitment\\, costs\\; and more" in found
    assert sum(line.startswith("URL:http://127.0.0.1:8000/en/consultations/") for line in found) == 2
    assert all(re.fullmatch(r"\d{8}T\d{6}Z", line[8:]) for line in found if line.startswith("DTSTAMP:"))


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_in_the_language_of_the_page(client, consultation, language):
    found = lines(client, consultation, language)
    assert sum(line.startswith(f"SUMMARY;LANGUAGE={language}:") for line in found) == 2
    assert f"URL:http://127.0.0.1:8000/{language}/consultations/{consultation.slug}/" in found
    title = calendar.escaped(getattr(consultation, f"title_{language}"))
    assert sum(line.endswith(title) for line in found) == 2


def test_identifiers_stay_and_changes_are_numbered(client, consultation):
    def said(name):
        return {line for line in lines(client, consultation) if line.startswith(name)}

    uids = said("UID")
    assert said("SEQUENCE") == {"SEQUENCE:0"}
    with time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC), tick=False):
        record("rescheduled", actor=make.moderator(consultation), consultation=consultation)
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=datetime(2027, 2, 10, tzinfo=UTC))
    assert said("UID") == uids
    assert said("SEQUENCE") == {"SEQUENCE:1"}
    assert said("LAST-MODIFIED") == {"LAST-MODIFIED:20261201T000000Z"}
    assert "DTSTART:20270210T000000Z" in said("DTSTART")


def test_public_and_linked_and_without_cookies(client, consultation):
    address = f"{consultation.get_absolute_url()}calendar.ics"
    response = client.get(address)
    assert not response.cookies
    assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=30"
    assert f'href="{address}"' in client.get(consultation.get_absolute_url()).content.decode()


def test_drafts_have_none(client):
    draft = make.consultation(state=Consultation.State.DRAFT)
    client.force_login(make.admin())
    assert client.get(f"{draft.get_absolute_url()}calendar.ics").status_code == 404
    assert client.get("/en/consultations/nowhere/calendar.ics").status_code == 404


@pytest.mark.parametrize("text", ["a" * 75, "é" * 200, "a" * 74 + "é", "日本" * 60, ""])
def test_folding_cuts_between_characters_and_loses_none(text):
    pieces = calendar.folded(text).split("\r\n")
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == text


def test_line_breaks_and_marks_are_escaped():
    assert calendar.escaped("a,b;c\\d\ne\r\nf") == "a\\,b\\;c\\\\d\\ne\\nf"
