"""The same long text by several people: seen at the desk, and held only as somebody's first contribution."""

import re
import uuid

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.erasure import erase_account
from consultations import posting, sameness
from consultations.models import Comment, TextDigest
from consultations.moderation import acts, complaints
from tests import make
from tests.consultations.moderation import make_cases
from tests.consultations.moderation.deciding import DESK

LONG = "We queued for eleven hours at a counter that nobody had told us about, " * 2 + "and that is all."
AGAIN = (
    "  we QUEUED for eleven\u00a0hours at a counter that nobody had told us about, " * 2 + "And that\u200b is all. \n"
)
HELD, PUBLISHED = Comment.State.HELD, Comment.State.PUBLISHED


@pytest.fixture
def first(question):
    return make.comment(question, body=LONG, author=make.person(name="Halima Odera"))


@pytest.fixture
def newcomer():
    return make.person(name="Jin Park")


def post(person, question, body=LONG) -> Comment:
    client = Client()
    client.force_login(person)
    sent = {"body": body, "language": "en", "submission_key": str(uuid.uuid4())}
    response = client.post(question.get_absolute_url(), sent, follow=True)
    assert response.status_code == 200
    made = Comment.objects.filter(author=person).latest("pk")
    made.page = response.content.decode()
    return made


def at_desk(question, address=DESK) -> str:
    client = Client()
    client.force_login(make.moderator(question.consultation))
    return client.get(address).content.decode()


@pytest.mark.parametrize("body", [LONG, AGAIN])
def test_it_works(question, first, newcomer, body):
    mail.outbox.clear()
    held = post(newcomer, question, body)
    assert (held.state, held.held_because) == (HELD, "shared")
    assert "somebody else has posted the same text here" in held.page
    [receipt] = mail.outbox
    assert "somebody else has posted the same text here" in " ".join(receipt.body.split())
    assert "somebody else has posted the same text here" in receipt.alternatives[0][0]
    client = Client()
    client.force_login(newcomer)
    for address in (held.get_absolute_url(), "/en/me/contributions/"):
        assert "somebody else has posted the same text here" in client.get(address).content.decode()
    for address in (DESK, f"/en/comments/{held.pk}/moderate/"):
        html = at_desk(question, address)
        assert f"The same words as № {first.pk} by Halima Odera." in html
        assert f'href="/en/comments/{first.pk}/"' in html
    # The reason is said to its author alone.
    assert "It is your first contribution" not in at_desk(question, held.get_absolute_url())


@pytest.mark.parametrize("language, sentence", [("fr", "Bonjour"), ("es", "Estimad")])
def test_a_campaign_is_never_refused(question, first, language, sentence):
    people = [make.person(language=language) for _each in range(3)]
    held = [post(person, question) for person in people]
    assert {each.state for each in held} == {HELD}
    moderator = make.moderator(question.consultation)
    for each in held:
        acts.approve(comment=each, moderator=moderator)
    assert question.comments.filter(state=PUBLISHED).count() == 4
    # Whoever is known by now does not wait.
    assert post(people[0], make.question(question.consultation, number=8), "Another text. " + LONG).state == PUBLISHED


def test_people_who_have_been_published_do_not_wait(question, first, newcomer):
    make.comment(make.question(), author=newcomer)
    made = post(newcomer, question)
    assert (made.state, made.held_because) == (PUBLISHED, "")
    complaints.report(comment=made, reporter=make.person(), rule=make_cases.rule(), words="Again?")
    assert f"The same words as № {first.pk} by Halima Odera." in at_desk(question)


def test_moderators_do_not_wait(question, first):
    assert make.comment(question, body=LONG, author=make.moderator(question.consultation)).state == PUBLISHED


def test_short_texts_are_said_by_many(question, newcomer):
    make.comment(question, body="I agree with what was said about the counters in the harbour.")
    made = post(newcomer, question, "I agree with what was said about the counters in the harbour.")
    assert made.state == PUBLISHED
    assert not TextDigest.objects.exists()


def test_another_consultation_is_another_matter(first, newcomer):
    assert post(newcomer, make.question()).state == PUBLISHED


def test_other_words_do_not_wait(question, first, newcomer):
    assert post(newcomer, question, LONG.replace("eleven", "twelve")).state == PUBLISHED


@pytest.mark.parametrize("how", ["withdrawn", "removed"])
def test_a_text_that_is_gone_makes_nobody_wait(question, first, newcomer, how):
    if how == "withdrawn":
        posting.withdraw(comment=first, author=first.author)
    else:
        moderator = make.moderator(question.consultation)
        acts.hide(comment=first, moderator=moderator, rule=make_cases.rule(), reason="It attacks a person.")
    assert post(newcomer, question).state == PUBLISHED


def test_a_held_text_counts_too(question, newcomer):
    first = make_cases.held(question, body=LONG)
    assert post(newcomer, question).state == HELD
    assert f"The same words as № {first.pk} by" in at_desk(question)


def test_what_was_posted_for_somebody_counts_and_shows_its_name(question, first, newcomer):
    Comment.objects.filter(pk=first.pk).update(author=None, author_name="")
    assert post(newcomer, question).state == HELD
    assert f"The same words as № {first.pk} by Former participant." in at_desk(question)


def test_a_pseudonym_stays_one(question, first, newcomer):
    Comment.objects.filter(pk=first.pk).update(author_name="A nurse", is_pseudonym=True)
    post(newcomer, question)
    html = at_desk(question)
    assert f"The same words as № {first.pk} by A nurse." in html
    assert "Halima" not in html


def test_an_edit_waits_where_a_first_contribution_does(question, first, newcomer):
    made = post(newcomer, question, "Something of my own.")
    assert made.state == PUBLISHED
    edited = posting.edit_comment(comment=made, editor=newcomer, body=LONG, language="en")
    assert edited.waiting_text
    assert f"The same words as № {first.pk} by Halima Odera." in at_desk(question)


def test_an_edited_text_is_found_by_its_new_words(question, first, newcomer):
    posting.edit_comment(comment=first, editor=first.author, body=LONG + " Or nearly.", language="en")
    assert post(newcomer, question).state == PUBLISHED
    posting.edit_comment(comment=first, editor=first.author, body="Short.", language="en")
    assert not TextDigest.objects.filter(comment=first).exists()


def test_links_and_repetition_are_said_as_such(question, newcomer):
    linked = post(newcomer, question, "See https://example.org/offers for more.")
    assert linked.held_because == "links"
    assert "there are links in it" in linked.page
    other = make.person()
    post(other, question)
    repeated = post(other, make.question(question.consultation, number=9))
    assert (repeated.state, repeated.held_because) == (HELD, "repeated")
    assert "You have posted the same text" in repeated.page


def test_where_everybody_waits_no_reason_is_made_up(question, first, newcomer):
    made = make_cases.held(question, body=LONG, author=newcomer)
    assert made.held_because == ""
    assert made.get_held_because_display() == ""


def test_the_first_of_many_is_named(question, first):
    for _each in range(5):
        person = make.person()
        make.comment(make.question(), author=person)
        make.comment(question, body=LONG, author=person)
    last = Comment.objects.latest("pk")
    assert sameness.twins_of([last])[last.pk].pk == first.pk
    # Of oneself, somebody else is named.
    assert sameness.twins_of([first])[first.pk].pk > first.pk


def test_the_desk_asks_as_much_for_many_as_for_few(client, question, first):
    client.force_login(make.moderator(question.consultation))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(DESK)
        return len(captured)

    make.comment(question, body=LONG)
    client.get(DESK)
    few = queries()
    for _each in range(5):
        make.comment(question, body=LONG)
    assert queries() == few


def test_posting_asks_little_more(question, first):
    known = make.person()
    make.comment(question, author=known)

    def queries(body):
        with CaptureQueriesContext(connection) as captured:
            make.comment(question, body=body, author=known)
        return len(captured)

    short = queries("Twelve words are not enough for anybody to remember them.")
    # Its own earlier texts, whether it is the first one, and the digest.
    assert queries(LONG) == short + 3


def test_what_was_said_before_is_found(question, first, newcomer):
    make.comment(question)
    TextDigest.objects.all().delete()
    migration = MigrationLoader(connection).get_migration("consultations", "0016_digests_of_texts")
    with connection.schema_editor() as editor:
        migration.operations[0].code(apps, editor)
        migration.operations[0].code(apps, editor)
    assert list(TextDigest.objects.values_list("comment", flat=True)) == [first.pk]
    assert post(newcomer, question).state == HELD


def test_erasing_a_text_forgets_its_digest(first):
    erase_account(first.author, keep_contributions=False)
    assert not TextDigest.objects.exists()


def test_what_cannot_be_seen_makes_no_difference():
    plain = sameness.gist("Straße und Ａ")
    assert sameness.gist("STRASSE\u200b UND \u2060a\n") == plain
    assert not re.search(r"\s", plain)
