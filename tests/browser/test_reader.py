import re

import pytest

from tests import make


def test_a_reader_finds_the_way_from_the_home_page_into_a_thread_and_back(page, question):
    root = make.comment(question, body="Nobody counts the person.")
    reply = make.comment(question, root, language="fr", body="Chez nous non plus.")
    page.goto("/en/")
    page.get_by_role("link", name=question.consultation.title_en).first.click()
    page.get_by_role("link", name=re.compile("Read all 2 contributions")).click()
    page.locator(f"#comment-{reply.pk}").get_by_role("link", name="In reply to").click()
    assert page.url.endswith(f"#comment-{root.pk}")
    page.get_by_role("link", name="French (1)").click()
    assert page.locator("article.comment").count() == 1
    page.get_by_role("link", name="In reply to").click()
    assert page.locator(f"#comment-{root.pk}").is_visible()


def test_the_language_switch_stays_on_the_same_contribution(page, question):
    comment = make.comment(question)
    page.goto(comment.get_absolute_url())
    for name, language, said in (("Français", "fr", "par"), ("Español", "es", "de"), ("English", "en", "by")):
        page.get_by_role("link", name=name).click()
        assert f"/{language}/comments/{comment.pk}/" in page.url
        assert page.locator("html").get_attribute("lang") == language
        assert f" {said} {comment.author_name}" in page.locator("h1").inner_text()


def test_the_keyboard_alone_reaches_the_form(open_page, question):
    page = open_page(make.person())
    page.goto(question.get_absolute_url())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "body":
            break
    page.keyboard.type("Written without a mouse.")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "post":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**#comment-*")
    assert question.comments.count() == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_a_folded_text_opens(open_page, question, scripts):
    body = "\n\n".join(f"Paragraph {number} takes a line or two of text to say what it says." for number in range(20))
    make.comment(question, body=body)
    page = open_page(java_script_enabled=scripts)
    page.goto(question.get_absolute_url())
    last = page.get_by_text("Paragraph 19 takes")
    assert not last.is_visible()
    page.get_by_text("Read the whole contribution").click()
    assert last.is_visible()


def test_a_page_of_twenty_contributions_is_light(open_page, question):
    words = "Our clinics along the coast see the same thing every week: people who were registered twice. "
    for number in range(10):
        make.comment(question, make.comment(question, body=words * 12 + str(number)), body=words * 8 + str(number))
    page = open_page()
    sizes = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(question.get_absolute_url(), wait_until="networkidle")
    assert page.locator("article.comment").count() == 20
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1
    # On the wire, without cache. The test's server does not compress stylesheet and script; the portal's does.
    assert sum(sizes) < 60_000, sizes


def test_how_to_contribute_is_folded_on_a_phone_alone(open_page, question):
    consultation = question.consultation
    page = open_page(viewport={"width": 1280, "height": 900})
    page.goto(consultation.get_absolute_url())
    assert page.get_by_text("Choose a question.", exact=True).is_visible()
    assert not page.get_by_text("Step by step").is_visible()
    phone = open_page(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    phone.goto(consultation.get_absolute_url())
    assert not phone.get_by_text("Choose a question.", exact=True).is_visible()
    phone.get_by_text("Step by step").click()
    assert phone.get_by_text("Choose a question.", exact=True).is_visible()


def test_facts_beside_a_discussion_are_never_cut_off(open_page, question):
    page = open_page(viewport={"width": 1280, "height": 400})
    page.goto(question.get_absolute_url())
    facts = page.locator(".aside-sticky")
    assert facts.bounding_box()["height"] > 400
    assert facts.evaluate("facts => facts.scrollHeight <= facts.clientHeight")
