"""Dates as people write them in each language."""

import datetime

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from hub.review import membership
from hub.review.models import Criterion, Score
from hub.review.models.criteria import Level
from tests import make
from tests.hub import make_review, make_roster

FIRST = datetime.datetime(2026, 12, 1, 9, 5, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("language", "first", "eleventh"),
    [
        ("en", "1 December 2026", "11 December 2026"),
        ("fr", "1er décembre 2026", "11 décembre 2026"),
        ("es", "1 de diciembre de 2026", "11 de diciembre de 2026"),
    ],
)
def test_it_works(language, first, eleventh):
    page = Template('{{ first|date:"DATE_FORMAT" }} – {{ first }} – {{ eleventh|date:"DATETIME_FORMAT" }}')
    with override(language):
        text = page.render(Context({"first": FIRST, "eleventh": FIRST.replace(day=11)}))
        assert text.startswith(f"{first} – {first}, ") and f"– {eleventh}, " in text
        assert date_format(FIRST.date()) == first
        assert date_format(FIRST.replace(day=21)).startswith("21 ")


def test_pages_in_french_say_premier(client):
    with time_machine.travel(FIRST):
        person = make.person()
        make_roster.member(person, state="applied", applied_at=timezone.now())
        client.force_login(person)
        assert "Envoyée le 1er décembre 2026" in client.get("/fr/peer-review/apply/").text.replace("\xa0", " ")
        membership.withdraw(person)


@pytest.mark.parametrize(("language", "day"), [("fr", "1er décembre"), ("en", "December 1")])
def test_the_administration_says_it_too(client, language, day):
    client.force_login(make.admin())
    client.cookies["django_language"] = language
    for number in (1, 2):
        with time_machine.travel(FIRST.replace(day=number)):
            make.listed_resource()
    assert day in client.get("/admin/resources/resource/?created_at__year=2026&created_at__month=12").text


@pytest.mark.parametrize(("day", "said"), [(1, "st"), (2, "nd"), (3, "rd"), (11, "th")])
@pytest.mark.parametrize("language", ["en", None])
def test_other_languages_keep_the_english_letter(language, day, said):
    with override(language):
        assert date_format(FIRST.replace(day=day), "S") == said


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_names_of_records_have_the_colon_of_the_language(language):
    this_round = make_review.begun(members=[make_review.member(name="Otto Lund")])
    with override(language):
        said = gettext("%(name)s: %(what)s") % {"name": "Otto Lund", "what": this_round}
        assert str(this_round.invitations.get()) == said
        score = Score(criterion=Criterion.objects.first(), level=Level.STRONG)
        assert str(score) == gettext("%(name)s: %(what)s") % {"name": score.criterion, "what": Level.STRONG.label}
