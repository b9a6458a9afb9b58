"""What cannot be brought back is asked about once, also without JavaScript."""

from django.urls import reverse

from consultations import drafts, posting
from consultations.models import Consultation, Draft, ProposedText
from hub.resources import files, submitting
from hub.resources.models import ResourceFile
from tests import make
from tests.hub import make_files


def test_nothing_is_deleted_by_one_press(open_page, question, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    amina = make.person(name="Amina Diarra")
    comment = make.comment(question, author=amina)
    drafts.save(author=amina, question=question, typed=drafts.Typed(body="Not yet said."))
    Consultation.objects.update(holding=Consultation.Holding.EVERYBODY)
    comment.question.consultation.refresh_from_db()
    posting.edit_comment(comment=comment, editor=amina, body="Another text.", language="en")
    resource = submitting.begin(amina, text_language="en", kind="report", title_en="Port towns")
    files.keep(resource, make_files.pdf("plan.pdf"))
    page = open_page(amina, java_script_enabled=False)
    for address, opens, button, model in [
        (reverse("my_contributions"), "Delete this draft", "Delete the draft", Draft),
        (comment.get_absolute_url(), "Take the new text back", "Delete the text", ProposedText),
        (reverse("resource_step", args=[resource.pk, "what"]), "Remove", "Remove the file", ResourceFile),
    ]:
        page.goto(address)
        last = page.get_by_role("button", name=button)
        assert not last.is_visible()
        page.locator("summary", has_text=opens).click()
        assert model.objects.exists()
        last.click()
        assert not model.objects.exists()


def test_others_are_logged_out_after_a_question(open_page):
    amina = make.person(name="Amina Diarra")
    elsewhere, page = open_page(), open_page()
    for each in (elsewhere, page):
        each.goto("/en/accounts/login/")
        each.locator("[name=login]").fill(amina.email)
        each.locator("[name=password]").fill(make.PASSWORD)
        each.get_by_role("button", name="Log in", exact=True).click()
        each.get_by_role("link", name="Amina Diarra").wait_for()
    page.goto("/en/accounts/sessions/")
    assert not page.get_by_role("button", name="Log out all others").is_visible()
    page.locator("summary", has_text="Log out elsewhere").click()
    page.get_by_role("button", name="Log out all others").click()
    page.get_by_text("You are logged in here alone.").wait_for()
