import datetime
import html
import re
from importlib import import_module
from urllib.parse import quote

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from accounts import devices
from consultations import posting
from consultations.models import Consultation
from hub.background.models import OutgoingMail
from hub.pages.models import ContactMessage, Page
from hub.pages.personal_data import Messages
from hub.pages.sections import sections
from hub.resources.permissions import EDITORS
from tests import make

TEXT_PAGES = ["about", "selection", "privacy", "accessibility", "terms-of-use", "disclaimer", "help"]
LANGUAGES = ["en", "fr", "es"]


def page(client, address) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_works(client, language):
    for name in ["", *(f"{name}/" for name in TEXT_PAGES), "contact/"]:
        text = page(client, f"/{language}/{name}")
        assert f'<html lang="{language}">' in text
        assert text.count("<h1") == text.count("<main ") == 1, name
        for other in LANGUAGES:
            assert f'hreflang="{other}" href="http://127.0.0.1:8000/{other}/{name}"' in text
        assert f'hreflang="x-default" href="http://127.0.0.1:8000/en/{name}"' in text


# Home


def test_home_says_what_is_open_and_until_when_nearest_closing_first(client):
    make.consultation(days=(-5, 30), title_en="Later", questions=2)
    make.consultation(days=(-5, 3), title_en="Sooner")
    make.consultation(days=(-5, 3), title_en="Unseen", state=Consultation.State.DRAFT)
    make.consultation(days=(5, 9), title_en="To come")
    make.consultation(days=(-9, -5), title_en="Over")
    text = page(client, "/en/")
    band = text[text.index('class="band"') : text.index('<div class="page page-body">')]
    assert band.count("Open until") == 2
    assert band.index(">Sooner</a>") < band.index(">Later</a>")
    assert text.index("Sooner") < text.index("Later") < text.index("To come") < text.index("Over")
    assert "Unseen" not in text
    assert text.count("Closing soon") == 1
    assert "What matters most, part 2?" in text


def test_home_shows_three_questions_of_each_and_leads_to_the_others(client):
    short = make.consultation(questions=3)
    long = make.consultation(questions=5)
    text = page(client, "/en/")
    assert text.count("What matters most, part") == 6 and "What matters most, part 4?" in text
    assert "What matters most, part 5?" in text
    [address] = re.findall(r'<a class="thread-more" href="([^"]+)">All 5 questions<', text)
    assert address == long.get_absolute_url() and "All 3 questions" not in text
    assert text.count("Open until") == 2, short.slug


def test_home_shows_the_beginning_of_long_contributions(client, question):
    make.comment(question, body="We wait for letters. " * 40 + "The very end.")
    make.comment(question, body="A short **one**.")
    text = page(client, "/en/")
    assert "The very end." not in text and text.count("Read the whole contribution") == 1
    assert 280 < len(re.search(r"<p>(We wait for letters[^<]*…)</p>", text)[1]) <= 300
    assert "<p>A short one.</p>" in text


def test_home_says_what_comes_next_when_nothing_is_open(client):
    assert "No consultation is open at the moment" in page(client, "/en/")
    make.consultation(days=(5, 9))
    assert "The next consultation opens on" in page(client, "/en/")


def test_home_shows_what_was_said_last_in_the_readers_language_first(client, question):
    for number in range(1, 5):
        make.comment(question, body=f"Old and French, number {number}.", language="fr")
    first = make.comment(question, body="In Spanish.", language="es")
    gone = make.comment(question, body="Taken back.", language="fr")
    posting.withdraw(comment=gone, author=gone.author)
    for number in range(3):
        make.comment(question, first, body=f"In English, number {number}.", language="en")

    def shown(language):
        return re.findall(r'<article [^>]*lang="(\w+)"', page(client, f"/{language}/"))

    assert shown("fr") == ["fr"] * 4
    assert shown("en") == ["en"] * 3 + ["es"]
    assert shown("es") == ["en"] * 3 + ["es"]
    assert "Taken back." not in page(client, "/fr/")


def test_links_of_the_latest_contributions_lead_to_their_place(client, question):
    root = make.comment(question)
    reply = make.comment(question, root, body="I agree. " * 400)
    for _other in range(3):
        make.comment(question, root)
    text = page(client, "/en/")
    at = question.get_absolute_url()
    assert f'href="{at}?reply_to={reply.pk}#respond"' in text
    assert f'href="{at}?at={root.pk}#comment-{root.pk}"' in text
    assert f'class="whole" lang="en" href="{at}?at={reply.pk}#comment-{reply.pk}"' in text


def test_latest_contributions_to_a_closed_question_offer_no_reply(client, question):
    make.comment(question)
    question.state = "closed"
    question.save()
    assert "reply_to=" not in page(client, "/en/")


def test_home_shows_featured_and_newest_resources_and_open_calls(client):
    make.listed_resource(title_en="An older one")
    featured = make.listed_resource(title_en="The one we show", is_featured=True)
    newest = make.listed_resource(title_en="The newest one")
    make.resource(title_en="Not listed")
    make.call(title_en="What people take home")
    make.call(days=(-9, -1), title_en="A call that is over")
    text = page(client, "/en/")
    assert text.index("What people take home") < text.index("Featured") < text.index("The one we show")
    assert text.index("Newly listed") < text.index("The newest one") < text.index("An older one")
    assert text.count(f'href="{featured.get_absolute_url()}"') == text.count(f'href="{newest.get_absolute_url()}"') == 1
    assert "Browse 3 resources" in text
    assert "Not listed" not in text and "A call that is over" not in text


def test_home_leads_to_the_roster_and_the_experts_also_while_nothing_is_listed(client):
    text = page(client, "/en/")
    assert "Newly listed" not in text
    assert 'href="/en/peer-review/apply/"' in text and 'href="/en/experts/"' in text


def test_home_asks_the_same_number_of_queries_whatever_there_is(client, question, django_assert_num_queries):
    make.comment(question)
    make.consultation(days=(5, 9))
    make.listed_resource()
    make.call()
    page(client, "/en/")
    with django_assert_num_queries(13):
        page(client, "/en/")
    for _each in range(3):
        another = make.consultation(questions=3)
        for number in range(1, 4):
            root = make.comment(another.questions.get(number=number))
            make.comment(root.question, root)
        make.listed_resource(is_featured=True)
        make.listed_resource()
        make.call()
    with django_assert_num_queries(13):
        page(client, "/en/")


# The language switch


def test_the_switch_stays_on_the_same_page_and_comment(client, question):
    comment = make.comment(question)
    address = f"{question.get_absolute_url()}?order=oldest&at={comment.pk}"
    expected = address.replace("/en/", "/fr/").replace("&", "&amp;")
    text = page(client, address)
    assert f'<a href="{expected}#comment-{comment.pk}" lang="fr" hreflang="fr">' in text
    assert f'<link rel="alternate" hreflang="fr" href="http://127.0.0.1:8000{expected}">' in text


def test_the_switch_is_not_fooled_by_what_is_in_the_address(client):
    text = page(client, "/en/?order=%22%3E%3Cscript%3E&at=%C2%B2")
    assert "<script>" not in text
    assert "#comment-²" not in text
    assert "evil" not in client.get("//evil.example/en/").content.decode().partition("<main")[0]


# The portal's own pages


@pytest.mark.parametrize("slug", TEXT_PAGES)
def test_the_texts_are_whole_in_each_language(slug):
    found = Page.objects.get(slug=slug)
    outlines = set()
    for language in LANGUAGES:
        assert getattr(found, f"title_{language}") and getattr(found, f"summary_{language}")
        body = getattr(found, f"body_{language}")
        outlines.add(tuple(section.text.count("\n") for section in sections(body)))
        for address in re.findall(r"\]\((/\w\w/)", body):
            assert address == f"/{language}/"
    assert len(outlines) == 1, "the same paragraphs and lists in all three"
    assert not re.search(r"\w [:;?!»%]|« ", found.body_fr + found.summary_fr + found.title_fr)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_links_in_the_texts_lead_somewhere(client, language):
    for slug in TEXT_PAGES:
        text = page(client, f"/{language}/{slug}/")
        main = text[text.index("<main") : text.index("</main>")]
        for address in re.findall(r'href="(/[^"]+)"', main):
            assert client.get(address.replace("&amp;", "&")).status_code == 200, address
        for name in re.findall(r'href="#([^"]+)"', main):
            assert f'id="{name}"' in main


def test_a_change_keeps_the_version_before(client, django_assert_num_queries):
    privacy = Page.objects.get(slug="privacy")
    before = privacy.versions.first()
    privacy.body_en = "We keep nothing.\n\n## Cookies\n\nNone."
    privacy.save()
    with django_assert_num_queries(2):
        text = page(client, "/en/privacy/")
    assert "We keep nothing." in text
    assert f"?version={before.pk}" in text
    earlier = page(client, f"/en/privacy/?version={before.pk}")
    assert "This is an earlier version" in earlier and "We keep nothing." not in earlier


COOKIES = [
    settings.SESSION_COOKIE_NAME,
    settings.CSRF_COOKIE_NAME,
    devices.COOKIE,
    "messages",
    settings.LANGUAGE_COOKIE_NAME,
]


@pytest.mark.parametrize(
    ("language", "count"), [("en", "There are five."), ("fr", "Il y en a cinq."), ("es", "Hay cinco.")]
)
def test_the_page_about_privacy_counts_and_lists_every_cookie(client, language, count):
    chapter = page(client, f"/{language}/privacy/").partition(count)[2]
    listed = chapter[: chapter.index("</ul>")]
    assert re.findall(r"<li>(?:<p>)?<strong>(\w+)</strong>", listed) == COOKIES


def test_no_other_cookie_is_set(client):
    client.cookies.clear()
    person = make.admin()
    page(client, "/en/contact/")
    client.post("/en/accounts/login/", {"login": person.email, "password": make.PASSWORD, "remember": "on"})
    client.post("/admin/language/", {"language": "fr"})
    client.post("/en/accounts/profile/", {"name": "Another", "language": "en"})
    set_here = set(client.cookies)
    assert set_here <= set(COOKIES) and {devices.COOKIE, settings.LANGUAGE_COOKIE_NAME} <= set_here


def test_the_cookie_is_named_in_texts_that_nobody_has_edited():
    migration = import_module("hub.pages.migrations.0003_name_the_known_device")
    import_module("hub.pages.migrations.0009_how_long_answers_are_kept").backwards(apps, None)
    import_module("hub.pages.migrations.0006_what_is_kept").backwards(apps, None)
    migration.backwards(apps, None)
    privacy = Page.objects.get(slug="privacy")
    assert devices.COOKIE not in privacy.body_en + privacy.body_fr + privacy.body_es
    privacy.body_en = "We keep nothing."
    privacy.body_fr = privacy.body_fr.replace("\n", "\r\n")
    privacy.save()
    versions = privacy.versions.count()
    for _time in range(2):
        migration.forwards(apps, None)
        privacy.refresh_from_db()
        assert privacy.body_en == "We keep nothing."
        assert devices.COOKIE in privacy.body_fr and devices.COOKIE in privacy.body_es
        assert privacy.versions.count() == versions + 1
        assert privacy.versions.first().body_fr == privacy.body_fr


def test_new_texts_about_the_hub_leave_edited_ones_alone(client):
    migration = import_module("hub.pages.migrations.0005_texts_of_the_hub")
    then = MigrationLoader(connection).project_state(("pages", "0005_texts_of_the_hub")).apps
    before, after = migration.about()
    about = Page.objects.get(slug="about")
    assert about.body_fr == after["body_fr"]
    earlier = about.versions.get(body_fr=before["body_fr"])
    assert "Ce que vous y trouvez" in page(client, "/fr/about/")
    assert "Ce que vous y trouvez" not in page(client, f"/fr/about/?version={earlier.pk}")

    migration.backwards(then, None)
    about.refresh_from_db()
    assert about.body_fr == before["body_fr"]
    assert not Page.objects.filter(slug__in=migration.SLUGS).exists()
    about.title_es = "Sobre este lugar"
    about.body_fr = about.body_fr.replace("\n", "\r\n")
    about.save()
    versions = about.versions.count()
    migration.forwards(then, None)
    about.refresh_from_db()
    assert (about.title_es, about.body_es) == ("Sobre este lugar", before["body_es"])
    assert (about.body_en, about.body_fr) == (after["body_en"], after["body_fr"])
    assert about.versions.count() == versions + 1
    assert about.versions.first().body_en == about.body_en and about.versions.first().title_es == about.title_es
    assert Page.objects.filter(slug__in=migration.SLUGS).count() == len(migration.SLUGS)


def test_what_is_kept_is_told_in_texts_that_nobody_has_edited(client):
    migration = import_module("hub.pages.migrations.0006_what_is_kept")
    import_module("hub.pages.migrations.0009_how_long_answers_are_kept").backwards(apps, None)
    import_module("hub.pages.migrations.0010_rights_in_the_words_of_the_compact").backwards(apps, None)
    import_module("hub.pages.migrations.0007_word_for_word").backwards(apps, None)
    texts = migration.before_and_after()
    for slug, (before, after) in texts.items():
        found = Page.objects.get(slug=slug)
        for code in LANGUAGES:
            assert getattr(found, f"body_{code}") == after[f"body_{code}"] != before[f"body_{code}"]
            for old, new in migration.CHANGES.get(slug, {}).get(code, []):
                old, new = migration.unbroken(old), migration.unbroken(new)
                assert before[f"body_{code}"].count(old) == after[f"body_{code}"].count(new) == 1, old
    migration.backwards(apps, None)
    privacy = Page.objects.get(slug="privacy")
    assert privacy.body_es == texts["privacy"][0]["body_es"]
    privacy.body_en = "We keep nothing."
    privacy.body_fr = privacy.body_fr.replace("\n", "\r\n")
    privacy.save()
    versions = privacy.versions.count()
    for _time in range(2):
        migration.forwards(apps, None)
        privacy.refresh_from_db()
        assert privacy.body_en == "We keep nothing."
        assert (privacy.body_fr, privacy.body_es) == tuple(texts["privacy"][1][f"body_{code}"] for code in ("fr", "es"))
        assert privacy.versions.count() == versions + 1
    assert "at least one internal" not in page(client, "/en/selection/")
    assert "Les clés d’accès exigent" in page(client, "/fr/accessibility/")
    assert "waits until you have logged in" in page(client, "/en/help/")


def test_how_long_answers_are_kept_is_told_in_texts_that_nobody_has_edited(client):
    migration = import_module("hub.pages.migrations.0009_how_long_answers_are_kept")
    kept = import_module("hub.pages.migrations.0006_what_is_kept")
    before, after = migration.before_and_after()
    privacy = Page.objects.get(slug="privacy")
    for code in LANGUAGES:
        assert getattr(privacy, f"body_{code}") == after[f"body_{code}"]
        for old, new in migration.CHANGES[code]:
            old, new = kept.unbroken(old), kept.unbroken(new)
            assert before[f"body_{code}"].count(old) == after[f"body_{code}"].count(new) == 1, old
    migration.backwards(apps, None)
    privacy.refresh_from_db()
    assert privacy.body_es == before["body_es"]
    privacy.body_en = "We keep nothing."
    privacy.save()
    versions = privacy.versions.count()
    for _time in range(2):
        migration.forwards(apps, None)
        privacy.refresh_from_db()
        assert (privacy.body_en, privacy.body_fr) == ("We keep nothing.", after["body_fr"])
        assert privacy.versions.count() == versions + 1
    assert "24\xa0mois après la réponse" in page(client, "/fr/privacy/")


def test_rights_are_named_as_the_compact_names_them_in_texts_that_nobody_has_edited(client):
    migration = import_module("hub.pages.migrations.0010_rights_in_the_words_of_the_compact")
    before, after = migration.before_and_after()
    assert before["body_fr"].count(migration.EARLIER) == after["body_fr"].count(migration.NEW) == 1
    selection = Page.objects.get(slug="selection")
    assert selection.body_fr == after["body_fr"]
    versions = selection.versions.count()
    migration.backwards(apps, None)
    selection.refresh_from_db()
    assert selection.body_fr == before["body_fr"]
    for _time in range(2):
        migration.forwards(apps, None)
    selection.refresh_from_db()
    assert selection.body_fr == after["body_fr"] and selection.versions.count() == versions + 1
    selection.body_fr = before["body_fr"] + "\n\nUn mot de plus."
    selection.save()
    migration.forwards(apps, None)
    selection.refresh_from_db()
    assert migration.EARLIER in selection.body_fr
    criteria = import_module("hub.review.migrations.0005_rights_in_the_words_of_the_compact")
    criteria.backwards(apps, None)
    assert criteria.EARLIER in page(client, "/fr/peer-review/")
    criteria.forwards(apps, None)
    for address in ("peer-review", "about", "privacy", "help"):
        assert "droits humains" not in page(client, f"/fr/{address}/")
    assert criteria.NEW in page(client, "/fr/peer-review/")


def test_quoting_word_for_word_is_told_in_texts_that_nobody_has_edited(client):
    migration = import_module("hub.pages.migrations.0007_word_for_word")
    import_module("hub.pages.migrations.0010_rights_in_the_words_of_the_compact").backwards(apps, None)
    for slug, (before, after) in migration.before_and_after().items():
        for code, (old, new) in migration.CHANGES[slug].items():
            assert before[f"body_{code}"].count(old) == after[f"body_{code}"].count(new) == 1
            assert getattr(Page.objects.get(slug=slug), f"body_{code}") == after[f"body_{code}"]
    assert "</strong> literalmente, con el nombre" in page(client, "/es/terms-of-use/")
    assert "</strong> word for word, with the name" in page(client, "/en/terms-of-use/")
    migration.backwards(apps, None)
    terms = Page.objects.get(slug="terms-of-use")
    assert "sus propias palabras" in terms.body_es
    terms.body_en = "Quote what you like."
    terms.body_es = terms.body_es.replace("\n", "\r\n")
    terms.save()
    versions = terms.versions.count()
    for _time in range(2):
        migration.forwards(apps, None)
        terms.refresh_from_db()
        assert terms.body_en == "Quote what you like."
        assert "literalmente" in terms.body_es
        assert terms.versions.count() == versions + 1
        assert terms.versions.first().body_es == terms.body_es


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_discussion_page_has_the_disclaimer_in_short(client, question, participant, language):
    comment = make.comment(question, author=participant)
    consultation = f"/{language}/consultations/{question.consultation.slug}/"
    addresses = [
        consultation,
        f"{consultation}questions/{question.number}/",
        f"{consultation}open-floor/",
        f"/{language}/comments/{comment.pk}/",
    ]
    sentence = {
        "en": "express the views of the people who wrote them",
        "fr": "expriment l’opinion des personnes qui les ont écrites",
        "es": "expresan la opinión de quienes",
    }[language]
    for reader in (None, participant):
        if reader:
            client.force_login(reader)
        for address in addresses:
            foot = page(client, address).partition('<footer class="site-foot"')[2]
            assert sentence in foot, address
            assert f'href="/{language}/disclaimer/"' in foot and f'href="/{language}/terms-of-use/"' in foot


def test_the_list_of_resources_says_how_they_are_chosen(client):
    assert 'href="/es/selection/"' in page(client, "/es/resources/")


def test_a_text_that_is_not_translated_falls_back_to_another_language(client):
    about = Page.objects.get(slug="about")
    about.title_fr = about.body_fr = ""
    about.save()
    text = page(client, "/fr/about/")
    assert '<h1 lang="en">About the hub</h1>' in text
    assert re.search(r'<section class="flow chapter"[^>]* lang="en">', text)


def test_sections_have_names_of_their_own():
    found = sections("Before.\r\n\r\n## Why\r\nBecause.\r\n##   Why \r\nSo.\n##\n## ???\nx\n### Deeper")
    assert [(section.name, section.heading) for section in found] == [
        ("", ""),
        ("why", "Why"),
        ("section-2", "Why"),
        ("section-3", "???"),
    ]
    assert found[1].text == "Because."
    assert sections("") == []


def test_pages_and_messages_are_managed_in_the_administration(client):
    client.force_login(make.admin())
    about = Page.objects.get(slug="about")
    address = f"/admin/pages/page/{about.pk}/change/"
    text = page(client, address)
    assert all(f'name="body_{language}"' in text for language in LANGUAGES)
    fields = {f"{name}_{code}": f"{name} in {code}" for name in ("title", "summary", "body") for code in LANGUAGES}
    fields["seen"] = re.search(r'name="seen" value="([^"]*)"', text)[1]
    assert client.post(address, fields).status_code == 302
    about.refresh_from_db()
    assert about.body_es == "body in es" and about.versions.first().body_es == "body in es"
    assert client.get("/admin/pages/page/add/").status_code == 403

    message = ContactMessage.objects.create(topic="data", email="a@example.org", language="fr", message="<b>Mine</b>")
    assert "&lt;b&gt;Mine&lt;/b&gt;" in page(client, f"/admin/pages/contactmessage/{message.pk}/change/")
    assert str(message.pk) in page(client, "/admin/pages/contactmessage/?state__exact=new")
    action = {"action": "mark_as_answered", "_selected_action": [message.pk]}
    client.post("/admin/pages/contactmessage/", action)
    message.refresh_from_db()
    assert message.state == "answered"
    answered = message.answered_at
    assert answered
    # Marked again, it keeps its day; opened again, it has none.
    client.post("/admin/pages/contactmessage/", action)
    message.refresh_from_db()
    assert message.answered_at == answered
    for state in ("answered", "new"):
        assert client.post(f"/admin/pages/contactmessage/{message.pk}/change/", {"state": state}).status_code == 302
        message.refresh_from_db()
        assert message.answered_at == (answered if state == "answered" else None)
    client.post(f"/admin/pages/contactmessage/{message.pk}/change/", {"state": "answered"})
    message.refresh_from_db()
    assert message.answered_at > answered


def texts_in_form(text: str) -> dict[str, str]:
    """What a browser would send of the form of a page in the administration."""
    names = [f"{name}_{code}" for name in ("title", "summary") for code in LANGUAGES]
    fields = {name: re.search(rf'<(?:input|textarea)[^>]* name="{name}"[^>]*>', text)[0] for name in [*names, "seen"]}
    fields = {name: "".join(re.findall(r'value="([^"]*)"', tag)) for name, tag in fields.items()}
    areas = [f"{name}_{code}" for name in ("summary", "body") for code in LANGUAGES]
    bodies = {
        name: re.search(rf'<textarea[^>]* name="{name}"[^>]*>(.*?)</textarea>', text, re.DOTALL) for name in areas
    }
    return {name: html.unescape(value) for name, value in fields.items()} | {
        name: html.unescape(found[1]).strip() for name, found in bodies.items()
    }


def test_a_page_is_shown_in_one_language_as_a_whole(client):
    about = Page.objects.get(slug="about")
    about.title_fr = ""
    about.save()
    text = page(client, "/fr/about/")
    main = text[text.index("<main") : text.index("</main>")]
    assert '<h1 lang="en">About the hub</h1>' in main and about.summary_en in html.unescape(main)
    assert about.summary_fr not in html.unescape(text)


def test_a_language_of_a_page_is_not_emptied_by_accident(client):
    client.force_login(make.admin())
    privacy = Page.objects.get(slug="privacy")
    address = f"/admin/pages/page/{privacy.pk}/change/"
    fields = texts_in_form(page(client, address))
    before = privacy.versions.count()
    half = client.post(address, fields | {"title_en": "", "body_fr": "Autre texte."})
    assert half.status_code == 200 and half.text.count("a page is shown in one language as a whole") == 1
    assert "Autre texte." in half.text
    none = client.post(address, fields | {"title_es": "", "summary_es": " ", "body_es": ""})
    assert none.text.count("do not leave it empty") == 3
    privacy.refresh_from_db()
    assert privacy.title_en and privacy.body_es and privacy.versions.count() == before
    assert client.post(address, fields | {"body_fr": "Autre texte."}).status_code == 302
    privacy.refresh_from_db()
    assert privacy.body_fr == "Autre texte."


def test_of_two_who_change_a_page_the_second_is_told(client):
    client.force_login(make.admin())
    about = Page.objects.get(slug="about")
    address = f"/admin/pages/page/{about.pk}/change/"
    fields = texts_in_form(page(client, address))
    assert client.post(address, fields | {"title_en": "The first"}).status_code == 302
    second = client.post(address, fields | {"title_en": "The second"})
    assert second.status_code == 200
    assert "was changed after you had opened it" in second.text and 'value="The second"' in second.text
    about.refresh_from_db()
    assert about.title_en == "The first"
    again = texts_in_form(second.text)
    assert client.post(address, again).status_code == 302
    about.refresh_from_db()
    assert about.title_en == "The second"
    assert about.versions.count() >= 2


def test_an_earlier_version_of_a_page_can_be_brought_back(client):
    client.force_login(make.admin())
    about = Page.objects.get(slug="about")
    earlier, body = about.versions.first(), about.body_en
    about.body_en = "Short."
    about.save()
    address = f"/admin/pages/page/{about.pk}/change/"
    plain = page(client, address)
    assert f'href="?version={earlier.pk}"' in plain and f'href="/en/about/?version={earlier.pk}"' in plain
    text = page(client, f"{address}?version={earlier.pk}")
    assert "The form holds the texts of" in text
    about.refresh_from_db()
    assert about.body_en == "Short."
    assert client.post(f"{address}?version={earlier.pk}", texts_in_form(text)).status_code == 302
    about.refresh_from_db()
    assert about.body_en.replace("\r\n", "\n") == body
    for version in ("0", "x", "9" * 30, "²"):
        assert "Short." not in page(client, f"{address}?version={version}").partition("<textarea")[0]


# Contact

FIELDS = {
    "topic": "posting",
    "name": "Rosa Ilunga",
    "email": "rosa@example.org",
    "message": "My answer to question 2.\n\nForty forms.",
}


def send(client, address="/en/contact/", *, after=10, **fields):
    """Open the form, and send it filled in so many seconds later."""
    opened = re.search(r'name="opened" value="([^"]*)"', page(client, address))[1]
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=after)):
        return client.post(address, {**FIELDS, "opened": opened, **fields})


def refused(response, sentence) -> str:
    text = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: Contact" in text
    assert sentence in text
    assert not ContactMessage.objects.exists() and not mail.outbox
    return text


def test_a_message_is_kept_and_confirmed(client, settings):
    settings.CONTACT_EMAIL = "secretariat@example.org"
    response = send(client, "/fr/contact/")
    assert response.headers["Location"] == "/fr/contact/?sent=1"
    assert "Thank you." in page(client, "/en/contact/?sent=1")
    message = ContactMessage.objects.get()
    assert (message.topic, message.name, message.email) == ("posting", "Rosa Ilunga", "rosa@example.org")
    assert (message.message, message.language, message.state) == (FIELDS["message"], "fr", "new")
    receipt, notice = mail.outbox
    assert receipt.to == ["rosa@example.org"]
    assert receipt.subject.endswith(f"№\u00a0{message.pk}") and f"№\u00a0{message.pk}" in receipt.body
    assert '<html lang="fr">' in receipt.alternatives[0].content
    assert max(len(line) for line in receipt.body.splitlines() if "http" not in line) <= 72
    assert notice.to == ["secretariat@example.org"] and notice.reply_to == ["rosa@example.org"]
    assert "Forty forms." in notice.body


def test_the_receipt_carries_nobodys_words_to_an_address_that_is_not_theirs(client, participant):
    send(client)
    assert "Forty forms." not in mail.outbox[0].body + mail.outbox[0].alternatives[0].content
    assert "Rosa" not in mail.outbox[0].body
    client.force_login(participant)
    send(client, email="another@example.org")
    assert "Forty forms." not in mail.outbox[1].body
    send(client, email=participant.email)
    assert "Forty forms." in mail.outbox[2].body and "Forty forms." in mail.outbox[2].alternatives[0].content


@pytest.mark.parametrize("topic", ["resources", "peer-review", "experts"])
def test_topics_of_the_hub_can_be_chosen_by_a_link(client, topic):
    assert f'<option value="{topic}" selected>' in page(client, f"/en/contact/?topic={topic}")
    assert send(client, topic=topic).status_code == 302
    message = ContactMessage.objects.get()
    assert (message.topic, message.state) == (topic, "new")
    assert message.get_topic_display() in mail.outbox[0].body


def test_a_correction_names_its_resource_and_is_read_by_editors(client, settings):
    settings.CONTACT_EMAIL = "secretariat@example.org"
    listed, hidden = make.listed_resource(), make.resource(slug="hidden", title_en="Not listed")
    link = re.search(r'href="([^"]*)">Suggest a correction', page(client, listed.get_absolute_url()))[1]
    text = page(client, html.unescape(link))
    assert f'About the resource: <a href="{listed.get_absolute_url()}"><bdi>{listed}</bdi></a>' in text
    send(client, topic="resources", resource=listed.slug, message="The year is 2024.")
    message = ContactMessage.objects.get()
    assert message.resource == listed
    assert listed.get_absolute_url() in mail.outbox[1].body
    for nonsense in ("hidden", "no-such", "a\0b", "x" * 300):
        assert "About the resource" not in page(client, f"/en/contact/?resource={quote(nonsense)}")
        send(client, topic="resources", resource=nonsense, message=f"About {nonsense[:9]!r}.")
    assert ContactMessage.objects.filter(resource=None).count() == 4 and hidden.title_en not in mail.outbox[-1].body
    other = ContactMessage.objects.create(topic="data", email="a@example.org", language="fr", message="Mine")
    editor = make.person(is_staff=True)
    editor.groups.add(Group.objects.get(name=EDITORS))
    client.force_login(editor)
    assert f"contactmessage/{message.pk}/" in page(client, "/admin/pages/contactmessage/")
    text = page(client, f"/admin/pages/contactmessage/{message.pk}/change/")
    assert str(listed) in text and "The year is 2024." in text
    assert client.post(f"/admin/pages/contactmessage/{message.pk}/change/", {"state": "answered"}).status_code == 302
    assert f"contactmessage/{other.pk}/" not in page(client, "/admin/pages/contactmessage/")
    assert client.get(f"/admin/pages/contactmessage/{other.pk}/change/").status_code == 302
    assert client.get("/admin/pages/page/").status_code == 403


def test_the_page_names_no_address_of_the_staff(client, settings):
    settings.CONTACT_EMAIL = "secretariat@example.org"
    assert "secretariat@example.org" not in page(client, "/en/contact/")


def test_a_mail_server_that_is_away_loses_no_message(client, settings):
    settings.EMAIL_BACKEND = "hub.background.mail.QueuedBackend"
    settings.CONTACT_EMAIL = "secretariat@example.org"
    assert send(client).status_code == 302
    assert ContactMessage.objects.count() == 1
    assert OutgoingMail.objects.waiting().count() == 2


def test_name_address_and_topic_are_filled_in(client, participant):
    client.force_login(participant)
    text = page(client, "/en/contact/?topic=data")
    assert f'value="{participant.email}"' in text and 'value="Amina Diarra"' in text
    assert '<option value="data" selected>' in text
    assert "website" not in text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"message": ""}, "Write your message first"),
        ({"message": " \u200b\n\t\u3000"}, "Write your message first"),
        ({"message": "a" * 20_001}, "Your message is 1 character longer than the 20,000 that fit."),
        ({"message": "One\0two"}, "An invisible character in this field could not be kept."),
        ({"name": "One\0two"}, "An invisible character in this field could not be kept."),
        ({"name": "a" * 121}, "Shorten the name to 120 characters."),
        ({"email": ""}, "Write your e-mail address, so that we can answer you."),
        ({"email": "rosa"}, "Write the e-mail address in full"),
        ({"email": "rosa@example.org\nBcc: all@example.org"}, "Write the e-mail address in full"),
        ({"email": "r\0osa@example.org"}, "Write the e-mail address in full"),
        ({"email": "a" * 250 + "@example.org"}, "Shorten the e-mail address to 254 characters."),
        ({"topic": ""}, "Choose a topic."),
        ({"topic": "nonsense\0"}, "Choose one of the topics."),
        ({"website": "https://example.org"}, "This looked like an automatic message"),
        ({"opened": ""}, "This looked like an automatic message"),
        ({"opened": "form:1tabcd:forged\0"}, "This looked like an automatic message"),
    ],
)
def test_what_cannot_be_sent_is_explained_and_kept(client, fields, sentence):
    text = refused(send(client, **fields), sentence)
    assert 'role="alert"' in text and "\0" not in text
    for name, value in ({**FIELDS, **fields}).items():
        if name in {"name", "message"} and value.strip(" \u200b\n\t\u3000"):
            assert value.replace("\0", "") in text


def test_a_message_sent_too_fast_goes_through_at_the_second_try(client):
    response = send(client, after=1)
    text = refused(response, "This looked like an automatic message")
    opened = re.search(r'name="opened" value="([^"]*)"', text)[1]
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=6)):
        assert client.post("/en/contact/", FIELDS | {"opened": opened}).status_code == 302


def test_people_with_an_account_are_not_timed(client, participant):
    client.force_login(participant)
    assert client.post("/en/contact/", FIELDS).status_code == 302


def test_text_of_any_kind_is_shown_as_text(client):
    message = '</textarea><script>alert(1)</script> "’ 👩🏽‍⚖️ مرحبا'
    send(client, message=message)
    assert "<script>" not in mail.outbox[0].alternatives[0].content
    assert ContactMessage.objects.get().message == message
    assert "<script>alert" not in send(client, message=message, email="").content.decode()


def test_a_flood_of_messages_is_stopped(client, participant):
    client.force_login(participant)
    statuses = [client.post("/en/contact/", FIELDS).status_code for _attempt in range(21)]
    assert statuses == [302] * 20 + [429]


def test_messages_are_part_of_a_persons_data(client, participant):
    send(client, email=participant.email.upper())
    send(client)
    assert Messages().export(participant)["messages to the secretariat"][0]["text"] == FIELDS["message"]
    Messages().erase(participant, keep_contributions=True)
    assert [each.email for each in ContactMessage.objects.all()] == [FIELDS["email"]]


# For search engines


def test_robots_and_sitemap(client, question):
    make.consultation(state=Consultation.State.DRAFT, slug="unseen")
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text and "Disallow: /fr/accounts/" in text and "/sitemap.xml" in text
    response = client.get("/sitemap.xml")
    text = response.content.decode()
    assert response.headers["Content-Type"] == "application/xml"
    assert f"<loc>http://testserver{question.get_absolute_url()}</loc>" in text
    assert 'hreflang="x-default"' in text and "/es/privacy/" in text
    assert all(f"/{language}/{slug}/" in text for language in LANGUAGES for slug in TEXT_PAGES)
    assert "unseen" not in text


def test_the_icon_is_found_where_browsers_look_for_it(client):
    assert client.get("/favicon.ico").headers["Location"] == "/static/icon.svg"
