"""An organizer prepares a consultation in the administration, and visitors find it."""

import datetime
import re

from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import faults

LIST = "/admin/consultations/consultation/"


def organizer():
    return make.organizer(name="Oriol Prat")


def write(page, name, english, french, spanish):
    for language, text in (("en", english), ("fr", french), ("es", spanish)):
        page.locator(f"[name={name}_{language}]").fill(text)


def test_it_works(open_page):
    make.space(title_en="Review forum")
    make.person(name="Inés Quiroga", email="ines@example.org")
    page = open_page(organizer())
    page.goto(LIST)
    page.get_by_role("link", name="Add consultation").click()
    write(page, "title", "Skills that travel", "Des compétences qui voyagent", "Competencias que viajan")
    expect(page.locator("[name=slug]")).to_have_value("skills-that-travel")
    page.get_by_label("Discussion space").select_option("Review forum")
    page.get_by_label("Time zone").select_option("America/Bogota")
    today = timezone.localdate()
    page.locator("[name=opens_at_0]").fill((today - datetime.timedelta(days=2)).isoformat())
    page.locator("[name=opens_at_1]").fill("09:00")
    page.locator("[name=closes_at_0]").fill((today + datetime.timedelta(days=30)).isoformat())
    page.locator("[name=closes_at_1]").fill("23:59")
    write(page, "summary", "How skills are recognized.", "La reconnaissance.", "El reconocimiento.")
    write(page, "aim", "A paper of four pages.", "Une note de quatre pages.", "Un documento de cuatro páginas.")
    page.get_by_label("18 Skills development").check()
    write(page, "questions-0-text", "Which papers are refused?", "Quels titres ?", "¿Qué títulos?")
    write(page, "questions-1-text", "Who decides?", "Qui décide ?", "¿Quién decide?")
    page.get_by_role("button", name="Add another Question").click()
    expect(page.locator("[name=questions-2-number]")).to_have_value("3")
    page.get_by_role("combobox", name="Person").click()
    page.locator(".select2-search__field").fill("quiroga")
    page.get_by_role("option", name="Inés Quiroga (ines@example.org)").click()
    page.get_by_label("Organization").first.fill("Secretariat")

    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_text("“How to contribute” is empty in all languages.")).to_be_visible()
    expect(page.get_by_text("still a draft")).to_be_visible()
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_text("Draft: visitors do not see this consultation yet.")).to_be_visible()
    page.go_back()
    page.locator("[name=how_to_contribute_en]").fill("Choose a question.")
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_text("Not translated into French yet, so shown in another language: How to con")).to_be_visible()

    visitor = open_page()
    for language, title, question in (
        ("en", "Skills that travel", "Who decides?"),
        ("fr", "Des compétences qui voyagent", "Qui décide ?"),
        ("es", "Competencias que viajan", "¿Quién decide?"),
    ):
        visitor.goto(f"/{language}/consultations/")
        visitor.get_by_role("link", name=title).click()
        expect(visitor.get_by_role("heading", name=re.compile(re.escape(question)))).to_be_visible()

    page.get_by_role("link", name="Duplicate").click()
    page.get_by_role("button", name="Duplicate").click()
    expect(page.get_by_text("A new draft was made:")).to_be_visible()
    page.goto(LIST)
    page.get_by_role("link", name="Skills that travel", exact=True).click()
    page.get_by_role("link", name="Close now").click()
    page.get_by_role("button", name="Close now").click()
    expect(page.get_by_role("link", name="Reopen")).to_be_visible()


def test_without_scripts(open_page):
    space = make.space()
    page = open_page(organizer(), java_script_enabled=False)
    page.goto(LIST + "add/")
    page.locator("[name=title_fr]").fill("Sans script")
    page.locator("[name=slug]").fill("sans-script")
    page.locator("[name=space]").select_option(str(space.pk))
    for name, day in (("opens_at", "2027-03-01"), ("closes_at", "2027-03-20")):
        page.locator(f"[name={name}_0]").fill(day)
        page.locator(f"[name={name}_1]").fill("18:00")
    page.locator("[name=questions-1-text_fr]").fill("La deuxième question ?")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator("[name=questions-0-number]")).to_have_value("2")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_every_page_is_accessible_and_fits_a_phone(open_page, question):
    comment = make.comment(question)
    # The accessibility checker styles the page while it looks at a wide table, which the policy refuses it.
    page = open_page(make.admin(), viewport={"width": 360, "height": 740}, bypass_csp=True)
    consultation = f"{LIST}{question.consultation_id}"
    for address in (
        "/admin/",
        LIST,
        LIST + "add/",
        consultation + "/change/",
        consultation + "/close-now/",
        consultation + "/history/",
        "/admin/consultations/discussionspace/",
        f"/admin/consultations/discussionspace/{question.consultation.space_id}/change/",
        "/admin/consultations/comment/",
        f"/admin/consultations/comment/{comment.pk}/change/",
        "/admin/consultations/terms/",
        "/admin/consultations/terms/add/?from=2026-11",
        "/admin/accounts/user/",
        "/admin/accounts/user/add/",
        f"/admin/accounts/user/{comment.author_id}/change/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert not (found := faults(page)), f"{address}: {found}"
    page.goto(LIST)
    page.locator("[name=_selected_action]").first.check()
    page.locator("[name=action]").select_option("close_now")
    page.get_by_role("button", name="Go").click()
    assert "Nobody can contribute any more" in page.locator("main").inner_text()
    assert not (found := faults(page)), found
