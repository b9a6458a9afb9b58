"""Names of countries and areas: right, complete, and where the alphabet has them, in each language."""

import re

import pytest
from django.utils.translation import override
from django_countries.data import COUNTRIES

from hub import countries
from tests import make
from tests.hub.test_search import search


def names_to_choose(client, language: str) -> list[str]:
    page = client.get(f"/{language}/accounts/signup/").content.decode()
    chooser = re.search(r'<select name="country".*?</select>', page, re.DOTALL)[0]
    return re.findall(r'<option value="[A-Z]{2}">([^<]+)<', chooser)


def test_it_works(client):
    spanish = names_to_choose(client, "es")
    assert {"República Centroafricana", "Chad", "Chipre", "Djibouti", "Andorra", "Qatar", "Fiji"} <= set(spanish)
    french = names_to_choose(client, "fr")
    assert {"Îles Marshall", "Réunion", "Svalbard et Jan Mayen", "Îles Salomon", "États-Unis d’Amérique"} <= set(french)
    assert {"Guyana", "Guyane française", "Saint-Kitts-et-Nevis"} <= set(french)
    assert {"Bahamas", "Nauru", "United States Virgin Islands"} <= set(names_to_choose(client, "en"))


def test_all_that_the_library_knows_have_names_in_three_languages():
    assert set(countries.NAMES) == set(COUNTRIES)
    for code, names in countries.NAMES.items():
        assert len(names) == 3 and all(names), code
        assert not [name for name in names if "'" in name or "  " in name or name != name.strip()], code
    for of_one_language in zip(*countries.NAMES.values(), strict=True):
        assert len(set(of_one_language)) == len(COUNTRIES)


@pytest.mark.parametrize(
    ("language", "in_order"),
    [
        ("en", ["Congo", "Cook Islands", "Costa Rica", "Côte d’Ivoire", "Croatia"]),
        ("fr", ["Égypte", "El Salvador", "Émirats arabes unis", "Équateur", "Érythrée", "Espagne"]),
        ("es", ["Guinea", "Guinea-Bissau", "Guinea Ecuatorial", "Guyana", "Haití"]),
        ("es", ["República de Corea", "República de Moldova", "República Democrática del Congo"]),
        ("es", ["Islas Marshall", "Islas menores alejadas de los Estados Unidos", "Islas Salomón"]),
    ],
)  # fmt: skip
def test_accents_hyphens_and_capitals_do_not_change_the_order(client, language, in_order):
    names = names_to_choose(client, language)
    at = names.index(in_order[0])
    assert names[at : at + len(in_order)] == in_order


def test_what_is_not_in_three_languages_is_read_in_english(participant):
    participant.country = "TD"
    with override("es"):
        assert participant.country.name == "Chad"
    with override("fr"):
        assert participant.country.name == "Tchad"
    with override("de"):
        assert participant.country.name == "Chad"


def test_resources_are_found_by_these_names_and_by_common_ones(client, question):
    made = make.listed_resource(title_en="Papers that travel", countries=["CF"])
    for name in ("centroafricana", "centrafricaine", "Central African Republic"):
        assert f"/en/resources/{made.slug}/" in search(client, name).text, name
