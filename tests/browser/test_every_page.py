"""Every page for every kind of reader: axe finds nothing in either colour scheme, and nothing is cut off at 320 px."""

import pytest
from django.urls import reverse

from consultations import drafts, posting
from consultations.following import follows, preferences, unsubscribing
from tests import make
from tests.browser.conftest import faults

NARROW = {"width": 320, "height": 640}


@pytest.fixture
def places():
    """Addresses by who may open them, on a portal with something of everything."""
    consultation = make.consultation(questions=2, allows_pseudonyms=True)
    make.consultation(days=(-9, -1), outcome_en="It was heard.")
    make.consultation(days=(3, 9))
    question = consultation.questions.get(number=2)
    amina = make.person(name="Amina Diarra", organization="Red de Puertos", country="AR", group="academia")
    teresa = make.moderator(consultation, name="Teresa Manalo")
    long = "\n\n".join(f"Paragraph {number} takes a line or two of text to say what it says." for number in range(20))
    root = make.comment(question, author=amina, body=long, asks_moderators=True)
    answer = make.comment(question, root, author=teresa)
    deep = make.comment(question, answer, language="fr", body="D’accord avec vous.")
    for _level in range(5):
        deep = make.comment(question, deep, language="es", body="De acuerdo con usted.")
    gone = make.comment(question, author=amina)
    make.comment(question, gone)
    posting.withdraw(comment=gone, author=amina)
    posting.edit_comment(comment=root, editor=amina, body=long + "\n\nOne more.", language="en")
    drafts.save(author=amina, question=question, typed=drafts.Typed(body="Not yet."))
    follows.follow(amina, question)
    preferences.stop(teresa, "news")
    moved = make.comment(question)
    posting.move_thread(root=moved, to=consultation.questions.get(number=None), moderator=teresa, reason="As a whole.")
    here = question.get_absolute_url()
    everybody = [
        reverse(name)
        for name in ("home", "consultations", "terms", "about", "privacy", "accessibility", "help", "contact")
    ] + [
        *(each.get_absolute_url() for each in type(consultation).objects.all()),
        here,
        f"{here}?order=oldest",
        f"{here}?written=fr",
        f"{here}?thread={root.pk}",
        f"{here}?at={deep.pk}",
        f"{here}?reply_to=999",
        reverse("open_floor", args=[consultation.slug]),
        consultation.questions.get(number=1).get_absolute_url(),
        root.get_absolute_url(),
        gone.get_absolute_url(),
        moved.get_absolute_url(),
        reverse("unsubscribe", args=[unsubscribing.token_for(amina, "news")]),
        reverse("unsubscribe", args=[unsubscribing.token_for(teresa, "news")]),
        "/en/unsubscribe/nothing/",
        "/en/nowhere/",
    ]
    visitors = [
        reverse(name)
        for name in ("account_login", "account_signup", "account_reset_password", "account_request_login_code")
    ]
    members = [
        f"{here}?reply_to={answer.pk}",
        reverse("my_contributions"),
        reverse("notifications"),
        reverse("mail_settings"),
        reverse("follow", args=["consultation", consultation.pk]),
        reverse("follow", args=["question", question.pk]),
        reverse("follow", args=["thread", root.pk]),
        reverse("edit_comment", args=[root.pk]),
        reverse("withdraw_comment", args=[root.pk]),
        *(
            reverse(name)
            for name in (
                "profile",
                "account_email",
                "account_change_password",
                "account_logout",
                "usersessions_list",
                "mfa_index",
                "account_reauthenticate",
                "download_my_data",
                "delete_account",
            )
        ),
    ]
    moderators = [here, root.get_absolute_url(), reverse("move_thread", args=[root.pk])]
    return {None: everybody + visitors, amina: [here, *members], teresa: moderators}


def test_axe_finds_what_is_wrong(page):
    page.set_content(
        '<html lang="en"><title>x</title><main><h1>x</h1><img src="x"><p style="color:#ccc">Pale words.</p></main>'
    )
    assert "image-alt" in faults(page)
    assert "color-contrast" in faults(page, "colours")


@pytest.mark.parametrize(("scheme", "rules"), [("light", "all"), ("dark", "colours")])
def test_axe_finds_nothing_and_nothing_is_cut_off(open_page, places, scheme, rules):
    found = []
    for reader, addresses in places.items():
        page = open_page(reader, color_scheme=scheme, viewport=NARROW)
        for address in addresses:
            page.goto(address)
            page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true })")
            if report := faults(page, rules):
                found.append(f"{address} ({reader}):\n{report}")
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > NARROW["width"]:
                found.append(f"{address} ({reader}) is {width} px wide on a screen of {NARROW['width']} px")
    assert not found, "\n\n".join(found)


def test_every_page_has_one_heading_one_main_part_and_its_translations(client, places):
    for reader, addresses in places.items():
        if reader:
            client.force_login(reader)
        for address in addresses:
            html = client.get(address, follow=True).content.decode()
            assert html.count("<h1") == html.count("<main") == 1, address
            assert 'class="skip-link"' in html, address
            for language in ("fr", "es"):
                assert f'hreflang="{language}"' in html, address
