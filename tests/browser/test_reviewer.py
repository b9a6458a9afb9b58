"""Somebody becomes a reviewer: the application with its mistakes, the editor, the queue; with and without scripts."""

import pytest
from django.core import mail
from playwright.sync_api import expect

from hub.review.models import Member
from tests import make
from tests.browser.conftest import faults
from tests.hub import make_roster


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_application_to_the_first_invitation(open_page, settings, tmp_path, scripts):
    settings.MEDIA_ROOT = tmp_path
    amina, ann = make.person(name="Amina Diarra"), make_roster.editor(name="Ann")
    page = open_page(amina, java_script_enabled=scripts, viewport={"width": 360, "height": 740})
    page.goto("/en/peer-review/")
    page.get_by_role("link", name="Apply to the roster", exact=True).click()
    page.get_by_label("Your present position").fill("Lecturer")
    page.get_by_label("Country or area").select_option("SN")
    page.get_by_label("Years of experience in migration").fill("9")
    page.get_by_label("Academic").check()
    page.get_by_label("Africa").check()
    page.get_by_label("French", exact=True).check()
    page.get_by_label("1 Data").check()
    page.get_by_label("What would you bring to a review?").fill("Port towns and survey methods.")
    file = {"name": "cv.pdf", "mimeType": "application/pdf", "buffer": b"<html>not a CV</html>"}
    page.get_by_label("CV", exact=True).set_input_files(file)
    page.get_by_role("button", name="Send application").click()
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("This is not a PDF, DOCX or ODT file")
    if scripts:
        expect(problem).to_be_focused()
        assert not faults(page)
    expect(page.get_by_label("What would you bring to a review?")).to_have_value("Port towns and survey methods.")
    expect(page.get_by_label("1 Data")).to_be_checked()
    page.get_by_label("CV", exact=True).set_input_files(file | {"buffer": make_roster.PDF})
    page.get_by_role("button", name="Send application").click()
    expect(page.get_by_role("status").first).to_contain_text("Your application is sent")

    desk = open_page(ann, java_script_enabled=scripts)
    desk.goto("/en/editorial/roster/")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="cv.pdf").click()
    assert download.value.suggested_filename == "cv.pdf"
    desk.get_by_role("button", name="Accept as external").click()
    expect(desk.get_by_role("status").first).to_contain_text("Amina Diarra is on the roster")
    assert mail.outbox[-1].to == [amina.email]

    invitation = make_roster.invitation(Member.objects.get())
    page.goto("/en/peer-review/mine/")
    page.get_by_role("link", name="Accept or decline").click()
    expect(page.get_by_role("main")).to_contain_text(str(invitation.round.resource))
    page.goto("/en/peer-review/mine/")
    page.locator("summary", has_text="Pause").click()
    page.get_by_label("Give back the invitations").check()
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("is given back")
