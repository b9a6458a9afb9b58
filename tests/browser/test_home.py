import pytest

from tests import make


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_what_is_open_stands_in_the_first_screen_of_a_phone(open_page, language):
    titles = {
        f"title_{code}": "Consular help and the proof of identity of people abroad" for code in ("en", "fr", "es")
    }
    consultations = [make.consultation(days=(-5, days), **titles) for days in (3, 30)]
    page = open_page(viewport={"width": 360, "height": 640})
    page.goto(f"/{language}/")
    for number, consultation in enumerate(consultations):
        line = page.locator(".open-now li").nth(number)
        assert line.locator("a").get_attribute("href").endswith(f"/{consultation.slug}/")
        assert str(consultation.closes_at.year) in line.locator(".state").inner_text()
        box = line.bounding_box()
        assert box["y"] + box["height"] <= 640
    box = page.locator(".band .button").bounding_box()
    assert box["y"] + box["height"] <= 640
