"""What people type on a slow line, or while they change the language, is not lost nor taken for somebody else's."""

import pytest
from django.urls import reverse

from consultations.models import Comment, Draft
from hub.resources.models import Resource
from tests import make
from tests.hub.test_submitting import draft

PHONE = {"width": 360, "height": 740}


def slow_down(page, milliseconds: int) -> None:
    speed = {"offline": False, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", speed)


def test_a_step_does_not_run_into_its_own_saves(open_page):
    resource = draft(amina := make.person())
    page = open_page(amina, viewport=PHONE)
    page.goto(reverse("resource_step", args=[resource.pk, "about"]))
    slow_down(page, 2500)
    summary = page.get_by_label("Summary", exact=True)
    with page.expect_request(lambda request: request.method == "POST"):
        summary.fill("The first words.")
    # A second pause while the first save is on its way, and words without any pause before the button.
    summary.fill("The first words. And more.")
    page.wait_for_timeout(1700)
    summary.fill("The first words. And more. And the last.")
    slow_down(page, 0)
    page.get_by_role("button", name="Save and leave").dblclick()
    page.wait_for_url(lambda address: "/about/" not in address)
    assert Resource.objects.get(pk=resource.pk).summary_en == "The first words. And more. And the last."


def test_a_contribution_does_not_run_into_its_own_draft(open_page, question):
    amina = make.person()
    page = open_page(amina, viewport=PHONE)
    page.goto(question.get_absolute_url())
    slow_down(page, 2500)
    text = page.locator("textarea[name=body]")
    with page.expect_request(lambda request: request.method == "POST"):
        text.fill("On our side of the river the office opens twice a week.")
    text.fill("On our side of the river the office opens twice a week, when the ferry runs.")
    page.wait_for_timeout(1700)
    slow_down(page, 0)
    page.get_by_text("saved at").wait_for()
    assert not page.locator("[data-other]").is_visible()
    agree = page.locator("input[name=agreed]")
    if agree.count():
        agree.check()
    page.get_by_role("button", name="Post").dblclick()
    page.locator(".notice-done").wait_for()
    assert Comment.objects.get(author=amina).body.endswith("when the ferry runs.")
    assert not Draft.objects.filter(author=amina).exists()


@pytest.mark.parametrize("is_refused", [False, True], ids=["before it is sent", "after it was refused"])
def test_a_change_of_language_takes_along_what_was_typed(open_page, is_refused):
    page = open_page(viewport=PHONE)
    page.goto("/en/contact/")
    page.get_by_label("Message", exact=True).fill("The page about reviewers names nobody to write to.")
    page.get_by_label("Your name").fill("Amina Diarra")
    if is_refused:
        page.locator("main form button.button").click()
        page.get_by_role("alert").wait_for()
    page.get_by_role("link", name="Français").click()
    page.wait_for_url("**/fr/contact/**")
    assert page.locator("textarea").input_value() == "The page about reviewers names nobody to write to."
    assert page.get_by_label("Votre nom").input_value() == "Amina Diarra"
    page.goto("/fr/about/")
    page.goto("/fr/contact/")
    assert page.locator("textarea").input_value() == ""
