import re

from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import session_of


def test_a_participant_posts_is_answered_edits_and_withdraws(open_page, question):
    amina = make.person(name="Amina Diarra")
    teresa = make.moderator(question.consultation, name="Teresa Manalo")
    page = open_page(amina)
    page.goto(question.get_absolute_url())
    page.get_by_role("link", name="Respond").first.click()
    page.get_by_role("textbox", name="Your response").fill(
        "We tried it in one district.\n\n• eleven fields\n• a written rule"
    )
    page.get_by_role("button", name="Preview").click()
    assert page.locator(".preview li").all_inner_texts()[-2:] == ["eleven fields", "a written rule"]
    page.get_by_role("button", name="Post contribution").click()
    comment = question.comments.get()
    assert page.url.endswith(f"#comment-{comment.pk}")
    posted = page.locator(f"#comment-{comment.pk}")
    assert "Your contribution is published." in posted.inner_text()

    moderators = open_page(teresa)
    moderators.goto(question.get_absolute_url())
    moderators.get_by_role("link", name="Reply — Amina Diarra").click()
    moderators.get_by_role("textbox", name="Your reply").fill("Could you share the form?")
    moderators.get_by_role("button", name="Post reply").click()
    answer = moderators.locator(".comment-moderator")
    assert "In reply to Amina Diarra" in answer.inner_text()
    assert "Moderator" in answer.locator(".tag-moderator").inner_text()

    page.goto(comment.get_absolute_url())
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("textbox", name="Your text").fill("We tried it in two districts.")
    page.get_by_role("button", name="Publish the changes").click()
    assert "We tried it in two districts." in page.locator(f"#comment-{comment.pk}").inner_text()
    page.goto(comment.get_absolute_url())
    page.get_by_text("Read this version").click()
    assert page.get_by_text("We tried it in one district.").is_visible()

    page.locator(f"#comment-{comment.pk}").get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw my contribution").click()
    assert "Withdrawn by its author" in page.locator(f"#comment-{comment.pk}").inner_text()
    assert page.get_by_text("Could you share the form?").is_visible()


def test_what_was_typed_survives_a_closed_browser(open_page, question):
    amina = make.person()
    page = open_page(amina)
    page.goto(question.get_absolute_url())
    assert page.get_by_text("kept as you type").is_visible()
    page.get_by_role("textbox", name="Your response").press_sequentially("Eight hundred words")
    page.get_by_text("saved at").wait_for()
    elsewhere = open_page(amina, viewport={"width": 360, "height": 700})
    elsewhere.goto(question.get_absolute_url())
    assert elsewhere.get_by_role("textbox", name="Your response").input_value() == "Eight hundred words"


def test_all_works_without_javascript(open_page, question):
    first = make.comment(question, body="The first one.")
    page = open_page(make.person(name="Amina Diarra"), java_script_enabled=False)
    page.goto(question.get_absolute_url())
    page.get_by_role("link", name="Reply — ").click()
    assert not page.get_by_text("kept as you type").is_visible()
    page.get_by_role("textbox", name="Your reply").fill("An answer that is not ready.")
    page.get_by_role("button", name="Save draft").click()
    assert page.get_by_role("textbox", name="Your reply").input_value() == "An answer that is not ready."
    page.get_by_role("textbox", name="Your reply").fill("An answer.")
    page.get_by_role("button", name="Post reply").click()
    assert "In reply to" in page.locator(f"#comment-{first.pk} + .replies").inner_text()


def test_a_double_click_posts_once(open_page, question):
    page = open_page(make.person())
    page.goto(question.get_absolute_url())
    page.get_by_role("textbox", name="Your response").fill("Once is enough.")
    page.get_by_role("button", name="Post contribution").dblclick()
    # Asked again and again, because the second click may break off the way that the first one took.
    expect(page).to_have_url(re.compile("#comment-"))
    assert question.comments.count() == 1


def test_the_last_words_typed_while_the_session_ended_come_back(open_page, question):
    amina = make.person()
    page = open_page(amina)
    page.goto(question.get_absolute_url())
    field = page.get_by_role("textbox", name="Your response")
    field.press_sequentially("Four hundred words")
    page.get_by_text("saved at").wait_for()
    page.context.clear_cookies(name="sessionid")
    field.press_sequentially(" and a hundred more")
    page.get_by_text("Your session has ended").wait_for()
    page.context.add_cookies([{"name": "sessionid", "value": session_of(amina), "url": page.url.split("/en/")[0]}])
    page.goto(question.get_absolute_url())
    assert field.input_value() == "Four hundred words and a hundred more"
    page.get_by_text("saved at").wait_for()
    assert question.drafts.get().body == "Four hundred words and a hundred more"


def test_what_is_typed_while_the_line_is_down_is_saved_when_it_is_back(open_page, question):
    page = open_page(make.person())
    page.goto(question.get_absolute_url())
    page.context.set_offline(True)
    page.get_by_role("textbox", name="Your response").press_sequentially("On a bad line")
    page.get_by_text("This window keeps your text").wait_for()
    page.context.set_offline(False)
    page.get_by_text("saved at").wait_for(timeout=20_000)
    assert question.drafts.get().body == "On a bad line"


def log_in(page, person):
    page.goto("/en/accounts/login/")
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(make.PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.get_by_role("link", name=person.name).wait_for()


def test_what_one_person_typed_is_not_given_to_the_next_in_the_same_tab(open_page, question):
    amina, bela = make.person(), make.person()
    page = open_page(amina)
    page.goto(question.get_absolute_url())
    field = page.get_by_role("textbox", name="Your response")
    field.fill("Written in the dark by the first one.")
    # Kept in the tab, and saved by the server only while the page goes away.
    page.goto("/en/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    page.get_by_role("link", name="Log in").wait_for()
    assert page.evaluate("sessionStorage.length") == 0
    log_in(page, bela)
    page.goto(question.get_absolute_url())
    assert field.input_value() == ""
    page.wait_for_timeout(2_000)
    assert not bela.drafts.exists()


def test_a_copy_that_waits_for_one_person_is_not_given_to_another(open_page, question):
    amina, bela = make.person(), make.person()
    page = open_page(amina)
    page.goto(question.get_absolute_url())
    field = page.get_by_role("textbox", name="Your response")
    page.context.clear_cookies(name="sessionid")
    field.press_sequentially("Typed after the session")
    page.get_by_text("Your session has ended").wait_for()
    log_in(page, bela)
    page.goto(question.get_absolute_url())
    assert field.input_value() == ""
    assert page.evaluate("sessionStorage.length") == 0


def test_a_form_of_somebody_else_saves_nothing(open_page, question):
    """The first tab still shows the form of a person who has logged out in the second."""
    amina, bela = make.person(), make.person()
    page = open_page(amina)
    page.goto(question.get_absolute_url())
    page.context.add_cookies([{"name": "sessionid", "value": session_of(bela), "url": page.url.split("/en/")[0]}])
    page.get_by_role("textbox", name="Your response").press_sequentially("Of the first one")
    page.get_by_text("Your session has ended").wait_for()
    assert not question.drafts.exists()


def test_a_window_that_is_behind_overwrites_nothing_and_shows_both_texts(open_page, question):
    amina = make.person()
    first, second = open_page(amina), open_page(amina)
    for page in (first, second):
        page.goto(question.get_absolute_url())
    second.get_by_role("textbox", name="Your response").press_sequentially("From the phone")
    second.get_by_text("saved at").wait_for()
    first.get_by_role("textbox", name="Your response").press_sequentially("From the desk")
    first.get_by_text("A newer version of this text").wait_for()
    first.get_by_text("Another version of this text").click()
    assert first.locator("[data-other] textarea").input_value() == "From the phone"
    assert question.drafts.get().body == "From the phone"
    first.reload()
    assert first.get_by_role("textbox", name="Your response").input_value() == "From the phone"
    assert first.locator("[data-other] textarea").input_value() == "From the desk"


def test_the_confirmation_has_the_focus(open_page, question):
    page = open_page(make.person())
    page.goto(question.get_absolute_url())
    page.get_by_role("button", name="Post contribution").evaluate("button => button.form.noValidate = true")
    page.get_by_role("button", name="Post contribution").click()
    page.wait_for_function("document.activeElement.classList.contains('notice-error')")
    page.get_by_role("textbox", name="Your response").fill("A text.")
    page.get_by_role("button", name="Post contribution").click()
    page.wait_for_function("document.activeElement.classList.contains('notice-done')")
