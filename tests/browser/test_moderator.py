"""The moderators and those whom their decisions concern: a difficult comment, and a question put to them."""

import re

import pytest

from consultations import posting
from consultations.moderation.models import Act, Case
from tests import make
from tests.browser.conftest import faults

HARSH = "People who write long posts about registers have plainly never stood in a queue."


@pytest.fixture
def question():
    return make.consultation().questions.get(number=1)


def test_the_life_of_a_difficult_comment(open_page, question):
    teresa = make.moderator(question.consultation, name="Teresa Manalo")
    noor = make.moderator(question.consultation, name="Noor Haddad")
    rene = make.person(name="René Calloway")
    comment = make.comment(question, author=rene, body=HARSH)
    reply = make.comment(question, comment, author=make.person(name="Mamadou Sarr"), body="I stood in it for a year.")

    # Two readers report it: one without an account, by keyboard, and one with.
    reader = open_page(viewport={"width": 360, "height": 740})
    reader.goto(question.get_absolute_url())
    reader.locator(f"#comment-{comment.pk}").get_by_role("link", name="Report").click()
    reader.get_by_label("3. Do not attack persons or groups.").focus()
    reader.keyboard.press("Space")
    reader.get_by_label("In your words").fill("It says that they are liars.")
    reader.wait_for_timeout(4_000)
    reader.get_by_role("button", name="Send report").press("Enter")
    reader.get_by_role("heading", name="Your report is with the moderators").wait_for()
    amina = open_page(make.person(name="Amina Diarra"))
    amina.goto(comment.get_absolute_url() + "report/")
    amina.get_by_label("3. Do not attack persons or groups.").check()
    amina.get_by_role("button", name="Send report").click()
    amina.goto(comment.get_absolute_url() + "report/")
    assert amina.get_by_text("You have reported this contribution before").is_visible()

    # Teresa removes it, without leaving the list; first she forgets the rule.
    desk = open_page(teresa)
    desk.goto("/en/moderation/")
    case = desk.locator(".case", has_text=HARSH)
    assert case.get_by_role("heading", name="Reported 2 times").is_visible()
    assert case.get_by_text("It says that they are liars.").is_visible()
    case.get_by_text("Remove it, keep the replies").click()
    case.get_by_label("Your sentence to its author").fill("The second half attacks the people, not what they propose.")
    case.get_by_role("button", name="Remove", exact=True).click()
    assert desk.get_by_role("link", name="Choose the rule that it breaks.").is_visible()
    assert not faults(desk)
    case = desk.locator(".case", has_text=HARSH)
    case.get_by_label("Rule that it breaks").select_option(label="3. Do not attack persons or groups.")
    case.get_by_role("button", name="Remove", exact=True).click()
    notice = desk.get_by_role("status").filter(has_text="Removed. Its author is told")
    notice.wait_for()
    assert notice.evaluate("each => document.activeElement === each")
    assert re.search(r"#case-\d+$", desk.url)

    # Readers see the marker and the reply.
    reader.goto(question.get_absolute_url())
    marker = reader.locator(f"#comment-{comment.pk}")
    assert "under this rule: 3. Do not attack persons or groups." in marker.inner_text()
    assert HARSH not in reader.content()
    assert reader.locator(f"#comment-{reply.pk}").get_by_text("I stood in it for a year.").is_visible()

    # Its author asks for another look.
    author = open_page(rene)
    author.goto(comment.get_absolute_url())
    author.get_by_role("link", name="Why it was removed, and how to ask for another look").click()
    assert author.get_by_text("The second half attacks the people, not what they propose.").is_visible()
    assert author.get_by_text(HARSH).is_visible()
    author.get_by_label("Why should we look at it again?").fill("It is about posts, not about people.")
    author.get_by_role("button", name="Ask for another look").click()
    author.get_by_text("We look at it again").wait_for()
    assert not faults(author)

    # Teresa may not decide about it; Noor may, and restores it.
    desk.goto("/en/moderation/")
    assert desk.get_by_text("a colleague or an administrator has to look again").is_visible()
    other = open_page(noor, locale="fr")
    other.goto("/fr/moderation/")
    other.goto("/en/moderation/?queue=appeal")
    other.get_by_label("Your words to its author").fill("It is harsh, and it is about posts.")
    other.get_by_role("button", name="Restore").first.click()
    other.get_by_text("Restored. Its author is told.").wait_for()
    reader.goto(question.get_absolute_url())
    assert reader.get_by_text(HARSH).is_visible()
    assert list(Act.objects.filter(comment=comment).values_list("kind", "actor_name")) == [
        ("restored", "Noor Haddad"),
        ("hidden", "Teresa Manalo"),
    ]
    author.goto("/en/me/notifications/")
    assert author.get_by_role("main").get_by_role("listitem").count() >= 2
    other.goto(f"{comment.get_absolute_url()}moderate/")
    assert other.get_by_role("row").count() == 3
    assert not faults(other)


def test_a_question_to_the_moderators_by_keyboard(open_page, question):
    teresa = make.moderator(question.consultation, name="Teresa Manalo")
    page = open_page(make.person(name="Grace Achieng"))
    page.goto(question.get_absolute_url())
    page.get_by_role("textbox", name="Your response").fill("May we send a recording instead of a text?")
    page.get_by_label("This is a question to the moderators").check()
    page.get_by_role("button", name="Post contribution").click()
    page.wait_for_url("**#comment-*")
    comment = question.comments.get()
    page.goto(question.consultation.get_absolute_url())
    page.locator("#waiting").get_by_text("1 question to the moderators not yet answered").click()
    assert page.locator("#waiting").get_by_role("link", name=f"№ {comment.pk} by Grace Achieng").is_visible()

    desk = open_page(teresa, java_script_enabled=False)
    desk.goto("/en/moderation/?queue=question")
    answer = desk.get_by_label("Your answer, published as a moderator")
    answer.focus()
    desk.keyboard.type("Yes, until Friday.")
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.textContent") == "Post answer"
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.textContent") == "Acknowledge"
    desk.keyboard.press("Enter")
    desk.get_by_text("Acknowledged, and yours to answer.").wait_for()
    answer = desk.get_by_label("Your answer, published as a moderator")
    assert answer.input_value() == "Yes, until Friday."
    answer.focus()
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    desk.get_by_text("Your answer is published.").wait_for()
    assert not Case.objects.waiting().exists()

    page.goto(question.get_absolute_url())
    assert page.locator(".comment-moderator").get_by_text("Yes, until Friday.").is_visible()
    page.goto(question.consultation.get_absolute_url())
    assert page.locator("#waiting").count() == 0
    desk.goto("/en/moderation/")
    assert desk.get_by_role("heading", name="All done").is_visible()


def test_two_moderators_at_once(open_page, question):
    teresa = make.moderator(question.consultation, name="Teresa Manalo")
    noor = make.moderator(question.consultation, name="Noor Haddad")
    make.comment(question, asks_moderators=True, body="Is Friday the last day?")
    first, second = open_page(teresa), open_page(noor)
    for page in (first, second):
        page.goto("/en/moderation/")
    first.get_by_label("Your answer, published as a moderator").fill("Yes, Friday.")
    first.get_by_role("button", name="Post answer").click()
    first.get_by_text("Your answer is published.").wait_for()
    second.get_by_label("Your answer, published as a moderator").fill("No, it is Monday.")
    second.get_by_role("button", name="Post answer").click()
    assert second.get_by_text("Meanwhile Teresa Manalo has decided: question answered.").is_visible()
    assert second.get_by_label("Your text, to copy").input_value() == "No, it is Monday."
    assert question.comments.filter(by_moderator=True).count() == 1


def test_what_changed_is_marked_for_all(open_page, question):
    comment = make.comment(question, body="A form with eleven fields.")
    posting.edit_comment(comment=comment, editor=comment.author, body="A form with twelve fields.", language="en")
    page = open_page()
    page.goto(comment.get_absolute_url())
    page.get_by_role("link", name="What changed").click()
    added, removed = page.locator(".changes ins"), page.locator(".changes del")
    assert added.inner_text().split() == ["added:", "twelve"]
    assert removed.inner_text().split() == ["removed:", "eleven"]
    assert "underline" in added.evaluate("each => getComputedStyle(each).textDecorationLine")
    assert "line-through" in removed.evaluate("each => getComputedStyle(each).textDecorationLine")
    assert not faults(page)
