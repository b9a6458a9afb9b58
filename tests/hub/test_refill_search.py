"""Making the search's index anew, by the command for operators."""

import io

import pytest
from django.core.management import call_command
from django_countries import countries as known

from hub.search import countries, refilling
from hub.search.models import Entry
from tests import make
from tests.consultations.moderation import make_cases
from tests.hub.test_search import comments_in, search


def refilled() -> str:
    out = io.StringIO()
    call_command("refill_search", stdout=out)
    return out.getvalue()


def entries() -> list:
    return list(Entry.objects.order_by("kind", "object_id", "language").values())


@pytest.fixture
def renamed(settings):
    """Nepal has another name, as after an update of django-countries."""

    def rename(name: str) -> None:
        settings.COUNTRIES_OVERRIDE = settings.COUNTRIES_OVERRIDE | {"NP": name}
        del known.countries

    yield rename
    del known.countries


def test_it_works(question):
    for number in range(3):
        make.comment(question, body=f"Paper {number}.")
    make.listed_resource(countries=["LK"])
    before = entries()
    assert before and "Made 0 entries anew" in refilled()
    assert entries() == before


def test_what_is_lost_or_wrong_or_left_over_is_put_right(client, question):
    made = [make.comment(question, body=f"Passport {number}.") for number in range(5)]
    before = entries()
    first, second, third, *_others = (Entry.objects.get(kind="comment", object_id=each.pk) for each in made)
    first.delete()
    Entry.objects.filter(pk=second.pk).update(vector="'nonsense':1A")
    Entry.objects.filter(pk=third.pk).update(language="fr")
    Entry.objects.create(kind="comment", object_id=10**12, language="en", at=made[0].created_at, vector="'passport':1")
    assert comments_in(search(client, "passport")) != [each.pk for each in reversed(made)]
    # One that is missing, one that is wrong, one in another language (an entry less, an entry more), one left over.
    assert "Made 5 entries anew" in refilled()
    without_key = [{name: value for name, value in each.items() if name != "id"} for each in entries()]
    assert without_key == [{name: value for name, value in each.items() if name != "id"} for each in before]
    assert "Made 0 entries anew" in refilled()


def test_it_goes_on_beyond_a_batch(question, monkeypatch):
    monkeypatch.setattr(refilling, "BATCH", 2)
    for number in range(5):
        make.comment(question, body=f"Passport {number}.")
    before = entries()
    Entry.objects.filter(kind="comment").delete()
    assert "Made 5 entries anew" in refilled()
    assert len(entries()) == len(before)
    [kind] = [each for each in refilling.kept_kinds() if each.name == "comment"]
    assert [rows for rows, _different in refilling.refill(kind)] == [2, 2, 1, 0]


def test_what_is_not_public_gets_no_entry(question):
    held = make_cases.held(question, body="Passport.")
    Entry.objects.filter(kind="comment").delete()
    refilled()
    assert not Entry.objects.filter(kind="comment", object_id=held.pk).exists()


def test_countries_are_found_by_new_names_once_it_has_run(client, renamed):
    made = make.listed_resource(title_en="Papers that travel", countries=["NP"])
    assert not countries.outdated()
    renamed("Himalayan Republic")
    assert countries.outdated() == ["NP"]
    # Saved now, it would still have the name of before.
    address = f"/en/resources/{made.slug}/"
    assert address not in search(client, "himalayan").text
    refilled()
    assert address in search(client, "himalayan").text and not countries.outdated()
    other = make.listed_resource(title_en="Papers that wait", countries=["NP"])
    assert f"/en/resources/{other.slug}/" in search(client, "himalayan").text
