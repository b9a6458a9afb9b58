"""One submission from its form to the list: a conflict of interest, reviews that disagree, changes, three languages."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from hub.resources.models import Resource
from hub.review.models import Invitation, Recommendation
from tests import make
from tests.hub import make_review

PHONE = {"width": 360, "height": 740}
WORDS = {
    "en": "Clear from beginning to end.",
    "fr": "Il manque la méthode de comptage.",
    "es": "No se dice cuánto costó.",
}


@pytest.fixture(autouse=True)
def files_go_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def mails_to(user) -> list:
    return [each for each in mail.outbox if each.to == [user.email]]


def link_in(message) -> str:
    return re.search(r"https?://[^/\s]+(/\S+)", message.body)[1]


def submit(page, title: str) -> None:
    """A resource through the steps of the form."""
    page.goto(reverse("resources"))
    page.get_by_role("link", name="Submit a resource").click()
    page.get_by_label("Kind").select_option("report")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Web address").fill("https://harbour.example/counting")
    page.get_by_role("button", name="Begin the draft").click()
    page.get_by_label("Publisher").fill("Harbour Institute")
    page.get_by_label("Year").fill("2024")
    page.get_by_label("English", exact=True).check()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Summary", exact=True).fill("How three ports count people without chasing them.")
    page.get_by_label("1 Data", exact=True).check()
    page.get_by_label("Africa", exact=True).check()
    page.get_by_label("Scope", exact=True).select_option("regional")
    page.get_by_label(re.compile("^Broad")).check()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("I wrote, published").check()
    page.get_by_role("button", name="Send for review").click()
    page.get_by_text("With the editors since").wait_for()


def accept(page, message) -> None:
    """One click in the mail, one on the page, without logging in."""
    page.goto(link_in(message))
    page.locator("button[name=answer][value=accept]").click()
    page.locator("a.button[href*='/peer-review/reviews/']").wait_for()


def declare(page, message, answer: str, words: str = "") -> None:
    page.goto(link_in(message))
    assert not page.locator("input[name^=criterion_]").count()
    assert "harbour.example" not in page.content()
    page.locator(f"input[name=is_free][value={answer}]").check()
    page.locator("textarea[name=words]").fill(words)
    page.locator("main form button.button").first.click()


def review(page, recommendation: Recommendation, words: str, *, scripts: bool) -> None:
    """Levels, words and a recommendation; with scripts it saves itself before it is sent."""
    assert page.locator("#open a[href='https://harbour.example/counting']").is_visible()
    for level in page.locator("input[name^=criterion_][value='3']").all():
        level.check()
    page.locator("textarea[name=words_to_submitter]").fill(words)
    page.locator("textarea[name=words_to_editors]").fill("Between us: ask for the register.")
    if scripts:
        page.locator("[data-saved-out]:not(:empty)").wait_for()
        page.reload()
        assert page.locator("textarea[name=words_to_submitter]").input_value() == words
    page.locator(f"input[name=recommendation][value='{int(recommendation)}']").check()
    page.locator("button[name=send]").click()
    page.locator(".notice-done").wait_for()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_form_through_conflict_disagreement_and_changes_to_the_list(open_page, scripts):
    awa, ann = make.person(name="Awa Sow"), make_review.editor(name="Ann")
    ingrid = make_review.member(internal=True, name="Ingrid Vale")
    ousmane = make_review.member(name="Ousmane Fall", language="fr")
    lucia = make_review.member(name="Lucía Prado", language="es")
    reserve = [
        make_review.member(name="Mariam Diop", language="fr"),
        make_review.member(name="Inés Rey", language="es"),
    ]
    title = "Counting without chasing"
    options = {"viewport": PHONE, "java_script_enabled": scripts}
    author, desk, visitor = open_page(awa, **options), open_page(ann, java_script_enabled=scripts), open_page(**options)

    submit(author, title)
    assert title in mails_to(awa)[0].subject
    desk.goto(link_in(mails_to(ann)[0]))
    desk.get_by_role("button", name="Begin the review and ask them").click()
    desk.get_by_text("The review has begun").wait_for()
    resource = Resource.objects.get()

    # Each is asked in their language and accepts from the mail; one finds a tie, and somebody else is asked.
    pages = {member: open_page(member.user, **options) for member in (ingrid, ousmane, lucia, *reserve)}
    for member in (ingrid, ousmane, lucia):
        (asked,) = mails_to(member.user)
        language = member.user.language
        assert link_in(asked).startswith(f"/{language}/") and f'<html lang="{language}">' in asked.alternatives[0][0]
        accept(visitor, asked)
    declare(pages[lucia], mails_to(lucia.user)[-1], "no", "Mi hermana trabaja en el instituto.")
    assert not pages[lucia].locator("input[name^=criterion_]").count()
    (mariam, ines) = reserve
    accept(visitor, mails_to(mariam.user)[0])
    for member in (ingrid, ousmane, mariam):
        declare(pages[member], mails_to(member.user)[-1], "yes")

    # The reviews, each before the others are seen; the third is as far from the first as can be.
    assert "Pertinence" in pages[ousmane].content()
    review(pages[ingrid], Recommendation.LIST, WORDS["en"], scripts=scripts)
    pages[ousmane].reload()
    assert WORDS["en"] not in pages[ousmane].content()
    review(pages[ousmane], Recommendation.LIST_AFTER_CHANGES, WORDS["fr"], scripts=scripts)
    assert WORDS["en"] in pages[ousmane].content() and "Ingrid" not in pages[ousmane].locator("main").inner_text()
    assert not mails_to(ines.user)
    review(pages[mariam], Recommendation.DO_NOT_LIST, "On ne voit pas à qui cela sert.", scripts=scripts)
    assert title in mails_to(ines.user)[0].subject
    assert "disagree" in mails_to(ann)[-1].subject
    accept(visitor, mails_to(ines.user)[0])
    declare(pages[ines], mails_to(ines.user)[-1], "yes")
    assert "Pertinencia" in pages[ines].content()
    review(pages[ines], Recommendation.LIST_AFTER_CHANGES, WORDS["es"], scripts=scripts)

    # The decision, with the words of nobody named.
    assert mails_to(ann)[-1].subject == f"All reviews of “{title}” are in"
    desk.goto(link_in(mails_to(ann)[-1]))
    assert desk.get_by_text("Mi hermana trabaja en el instituto.").is_visible()
    assert desk.get_by_text("Between us: ask for the register.").count() == 4
    desk.get_by_label("Ask for changes").check()
    desk.get_by_label(re.compile("^Your words to the submitter")).fill("Say how it was counted, and what it cost.")
    desk.get_by_role("button", name="Decide and tell the submitter").click()
    desk.get_by_text("The submitter is told").wait_for()
    decided = mails_to(awa)[-1]
    for words in (*WORDS.values(), "On ne voit pas à qui cela sert.", "Say how it was counted, and what it cost."):
        assert words in decided.body and words in decided.alternatives[0][0]
    for member in (ingrid, ousmane, lucia, mariam, ines):
        assert member.user.name not in decided.body + decided.alternatives[0][0]
    assert "Between us" not in decided.body + decided.alternatives[0][0]
    assert not visitor.goto(f"/en/resources/{'counting-without-chasing'}/").ok

    # Changed, sent back and listed.
    author.goto(link_in(decided))
    author.get_by_role("link", name="What the reviewers wrote").click()
    assert author.get_by_text(WORDS["es"]).is_visible()
    author.go_back()
    author.get_by_role("link", name="Answer the editors").click()
    author.get_by_label("Your words to the editors").fill("Both are on page 4 now.")
    author.get_by_role("button", name="Send the changes").click()
    author.get_by_text("Both are on page 4 now.").wait_for()
    assert "Both are on page 4 now." in mails_to(ann)[-1].body
    desk.goto(link_in(mails_to(ann)[-1]))
    desk.get_by_label("List it", exact=True).check()
    desk.get_by_role("button", name="Decide and tell the submitter").click()
    desk.get_by_text("The submitter is told").wait_for()
    visitor.goto(link_in(mails_to(awa)[-1]))
    assert visitor.get_by_role("heading", level=1).inner_text() == title

    steps = ["submitted", "in_review", "changes_requested", "submitted", "listed"]
    assert list(resource.state_changes.values_list("after", flat=True)) == steps
    assert Invitation.objects.filter(state=Invitation.State.SENT).count() == 4
    outcomes = {member: mails_to(member.user)[-1] for member in (ingrid, ousmane, mariam, ines)}
    for member, message in outcomes.items():
        assert link_in(message).startswith(f"/{member.user.language}/peer-review/reviews/")
