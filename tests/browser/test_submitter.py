import re

import pytest
from django.urls import reverse

from consultations.models import Objective
from hub.resources import listing
from hub.resources.models import Resource
from tests import make
from tests.hub import make_files
from tests.hub.test_submitting import draft

PHONE = {"width": 360, "height": 740}


@pytest.fixture(autouse=True)
def files_go_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_practice_from_the_first_click_to_the_answered_changes(open_page, scripts):
    amina, ann = make.person(name="Amina Diarra"), make.admin(name="Ann")
    page = open_page(amina, viewport=PHONE, java_script_enabled=scripts)
    page.goto(reverse("resources"))
    page.get_by_role("link", name="Submit a resource").click()
    page.get_by_label("Kind").select_option("practice")
    page.get_by_label("Title").fill("A one-page guide at the counter")
    page.get_by_label("Web address").fill("http://192.168.0.7/guide")
    page.get_by_role("button", name="Begin the draft").click()
    assert page.get_by_role("alert").get_by_text("not with numbers").is_visible()
    page.get_by_label("Web address").fill("guides.example.org/counter")
    page.get_by_role("button", name="Begin the draft").click()

    assert page.get_by_role("heading", level=1).inner_text() == "What it is"
    page.get_by_label("Add a file").set_input_files(
        {"name": "guide.pdf", "mimeType": "application/pdf", "buffer": make_files.PDF}
    )
    page.get_by_role("button", name="Upload the file").click()
    page.get_by_role("link", name="guide.pdf").wait_for()
    page.get_by_label("Publisher").fill("Town of Puerto Claro")
    page.get_by_label("Year").fill("twenty")
    page.get_by_label("Year").press("Enter")
    assert page.get_by_role("alert").get_by_text("four digits").is_visible()
    page.get_by_label("Year").fill("2024")
    page.get_by_label("Spanish", exact=True).check()
    page.get_by_role("button", name="Save and continue").click()

    assert page.get_by_role("heading", level=1).inner_text() == "What it is about"
    page.get_by_label("Summary", exact=True).fill("Four steps at the counter, in nine languages.")
    page.get_by_label(str(Objective.objects.get(number=15))).check()
    page.get_by_label("Americas").check()
    page.get_by_text("Choose from the list").click()
    page.get_by_label("Argentina").check()
    page.get_by_label("Scope", exact=True).select_option("local")
    page.get_by_label(re.compile("^Specific")).check()
    page.get_by_role("button", name="Save and continue").click()

    assert page.get_by_role("heading", level=1).inner_text() == "The practice"
    page.get_by_label("Who carried it out").fill("The town and two associations")
    page.get_by_label("First year").fill("2021")
    page.get_by_role("button", name="Save and leave").click()
    page.get_by_role("link", name="Check and send").click()
    page.get_by_role("link", name="Write with whom").click()
    page.get_by_label("With whom").fill("Neighbours")
    page.get_by_label("What it achieved").fill("Shorter queues")
    page.get_by_label("What was learned").fill("Ask first")
    page.get_by_label("How it can be repeated").fill("Two people and a printer")
    page.get_by_role("button", name="Save and continue").click()

    page.get_by_label("I wrote, published").check()
    page.get_by_role("button", name="Send for review").dblclick()
    page.get_by_text("With the editors since").wait_for()
    resource = Resource.objects.get()
    assert (resource.state, resource.address) == ("submitted", "https://guides.example.org/counter")
    assert resource.state_changes.count() == 1

    listing.request_changes(resource, ann, "Say how many languages.")
    page.goto(reverse("my_resources"))
    page.get_by_role("link", name="A one-page guide").click()
    assert page.get_by_text("Say how many languages.").is_visible()
    page.get_by_role("link", name="Answer the editors").click()
    page.get_by_label("Your words to the editors").fill("It is nine, as it says.")
    page.get_by_role("button", name="Send the changes").click()
    assert page.get_by_text("It is nine, as it says.").is_visible()
    page.get_by_text("Withdraw it").click()
    page.get_by_role("button", name="Withdraw my submission").click()
    assert page.get_by_text("Withdrawn by you").is_visible()


def test_a_step_saves_itself_and_two_windows_overwrite_nothing(open_page):
    amina = make.person()
    resource = draft(amina)
    address = reverse("resource_step", args=[resource.pk, "about"])
    first, second = open_page(amina), open_page(amina, viewport=PHONE)
    for page in (first, second):
        page.goto(address)
    second.get_by_label("Summary", exact=True).fill("From the phone")
    second.get_by_text("saved at").wait_for()
    first.get_by_label("Summary", exact=True).fill("From the desk")
    first.get_by_text("A newer version of this step").wait_for()
    first.get_by_role("button", name="Save and continue").click()
    assert first.get_by_role("alert").get_by_text("From the phone").is_visible()
    assert first.get_by_label("Summary", exact=True).input_value() == "From the desk"
    resource.refresh_from_db()
    assert resource.summary_en == "From the phone"
    second.get_by_label("Summary", exact=True).fill("From the phone, twice")
    second.get_by_role("button", name="Save and continue").click()
    resource.refresh_from_db()
    assert resource.summary_en == "From the phone, twice"


def test_a_file_that_is_too_large_is_not_sent_at_all(open_page, tmp_path):
    amina = make.person()
    resource = draft(amina)
    page = open_page(amina)
    page.goto(reverse("resource_step", args=[resource.pk, "what"]))
    large = tmp_path / "large.pdf"
    large.write_bytes(make_files.PDF + b" " * 21 * 1024 * 1024)
    page.get_by_label("Add a file").set_input_files(large)
    page.get_by_text("larger than 20 MB").wait_for()
    page.get_by_role("button", name="Upload the file").click()
    assert page.evaluate("document.activeElement.id") == "id_upload"


def test_what_was_typed_while_the_session_ended_saves_itself(open_page):
    amina = make.person(name="Amina Diarra")
    resource = draft(amina)
    page = open_page(amina)
    page.goto(reverse("resource_step", args=[resource.pk, "about"]))
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Summary", exact=True).fill("What only this window holds.")
    page.get_by_role("button", name="Save and continue").click()
    page.locator("[name=login]").fill(amina.email)
    page.locator("[name=password]").fill(make.PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.get_by_text("saved at").wait_for()
    assert Resource.objects.get(pk=resource.pk).summary_en == "What only this window holds."
    page.reload()
    assert page.get_by_label("Summary", exact=True).input_value() == "What only this window holds."
    assert not page.get_by_text("Discard it").is_visible()
