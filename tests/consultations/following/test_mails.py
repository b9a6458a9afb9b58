"""Mails at once: to the right person, in their language, with what one needs to understand and to act."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import posting
from consultations.following import follows, mailing, mails, preferences, words
from consultations.following.models import Kind, Notification, Pace
from consultations.models import ConductRule
from consultations.moderation import acts, consultation_acts, organizations
from consultations.moderation.models import OrganizationFocalPoint
from tests import make
from tests.consultations.moderation.test_organizations import in_its_name

LANGUAGES = ["en", "fr", "es"]


def text_and_html(message) -> tuple[str, str]:
    return message.body, message.alternatives[0][0]


def test_it_works(question, inbox):
    asker = make.person(name="Halima Odera")
    root = make.comment(question, author=asker)
    moderator = make.moderator(question.consultation, name="Tomas Lindqvist")
    answer = make.comment(
        question, root, author=moderator, body="Thank you. **Who** signed it?\n\n- A link would help."
    )
    [message] = inbox(asker)
    assert message.subject == f"Tomas Lindqvist (moderator) answered your contribution № {root.pk}"
    assert message.reply_to == ["no-reply@hub.example"]
    text, html = text_and_html(message)
    for part in (text, html):
        assert "Dear Halima Odera," in part
        assert f"/en/comments/{answer.pk}/" in part
        assert f"?reply_to={answer.pk}#respond" in part
        assert "/en/me/notifications/settings/" in part
        assert "/en/unsubscribe/" in part
        assert "At once" in part
        assert "The consultation is open until" in part
    assert "  Thank you. **Who** signed it?" in text
    assert "<strong>Who</strong>" in html
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = message.extra_headers["List-Unsubscribe"]
    assert re.fullmatch(r"<http://127\.0\.0\.1:8000/en/unsubscribe/[^/]+/>", stop)
    assert stop.strip("<>") in text


def test_the_text_part_keeps_to_its_columns(question, participant, inbox):
    body = "A sentence that goes on and on without an end, word after word. " * 15
    make.comment(question, make.comment(question, author=participant), body=body)
    lines = inbox(participant)[0].body.splitlines()
    assert all(len(line) <= mails.COLUMNS or "://" in line for line in lines)
    quoted = [line for line in lines if line.startswith("  ") and not line.startswith("    ")]
    assert " ".join(line.strip() for line in quoted) == body.strip()


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Dear"), ("fr", "Bonjour|Madame"), ("es", "Buenos días")],
)
def test_it_comes_in_the_persons_language_whatever_the_page_was(question, inbox, language, name):
    reader = make.person(language=language)
    other = {"en": "es", "fr": "en", "es": "fr"}[language]
    make.comment(question, make.comment(question, author=reader), body="De acuerdo.", language=other)
    text, html = text_and_html(inbox(reader)[0])
    assert re.search(name, text)
    assert f'<html lang="{language}">' in html
    assert f'<blockquote lang="{other}"' in html
    addresses = re.findall(r"http://127\.0\.0\.1:8000/(\w\w)/", text + html)
    assert set(addresses) == {language}


def test_a_long_answer_is_quoted_in_part_and_says_where_to_read_on(question, participant, inbox):
    body = "\n\n".join(f"Paragraph {number} of a long answer says one thing more." for number in range(60))
    answer = make.comment(question, make.comment(question, author=participant), body=body)
    text, html = text_and_html(inbox(participant)[0])
    assert "Paragraph 20 of" in text and "Paragraph 20 of" in html
    assert "Paragraph 59 of" not in text and "Paragraph 59 of" not in html
    assert f"Read on:\nhttp://127.0.0.1:8000/en/comments/{answer.pk}/" in text
    assert "Read on" in html


def test_a_quote_ends_with_a_sentence_and_keeps_its_marks_in_both_parts(question, inbox):
    reader = make.person()
    follows.follow(reader, question)
    preferences.choose(reader, {Kind.NEWS: Pace.AT_ONCE})
    sentence = "The **district form** has eleven fields, and nobody at the counter explains them. "
    make.comment(question, body=sentence * 20, language="fr")
    text, html = text_and_html(inbox(reader)[0])
    shown = " ".join(text.split()).count("nobody at the counter explains them.")
    assert 7 <= shown <= 9
    assert "explains them. […]" in " ".join(text.split())
    assert html.count("<strong>district form</strong>") == shown
    assert '<blockquote lang="fr" dir="auto">' in html


def test_nothing_is_cut_for_a_few_words(question, inbox):
    reader = make.person()
    follows.follow(reader, question)
    preferences.choose(reader, {Kind.NEWS: Pace.AT_ONCE})
    make.comment(question, body="word " * 170 + "the end.")
    text, html = text_and_html(inbox(reader)[0])
    assert "the end." in text and "the end." in html
    assert "Read on" not in text


def test_a_reply_is_quoted_with_what_it_answers(question, participant, inbox):
    reader = make.person()
    follows.follow(reader, question)
    preferences.choose(reader, {Kind.NEWS: Pace.AT_ONCE})
    parent = make.comment(question, author=participant, body="¿Por qué once campos? " * 30, language="es")
    make.comment(question, parent, body="Because of the law.")
    for person, said in ((participant, "You had written:"), (reader, "Amina Diarra had written:")):
        text, html = text_and_html(inbox(person)[-1])
        text = " ".join(text.split())
        assert text.index(said) < text.index("¿Por qué once campos?") < text.index("Because of the law.")
        assert text.count("¿Por qué once campos?") < 12
        assert said in html
        assert '<q lang="es" dir="auto">¿Por qué once campos?' in html


def test_what_was_taken_away_is_not_quoted_under_its_answers(question, participant, inbox):
    reader = make.person()
    follows.follow(reader, question)
    preferences.choose(reader, {Kind.NEWS: Pace.AT_ONCE})
    root = make.comment(question, author=participant, body="Mr Smith takes money.")
    reply = make.comment(question, root, body="Who says so?")
    posting.withdraw(comment=root, author=participant)
    told = reader.notifications.in_words().select_related("user").get(comment=reply)
    mails.send_one(told)
    text, html = text_and_html(inbox(reader)[-1])
    assert "Who says so?" in text
    assert "Mr Smith" not in text + html


def test_a_removal_says_rule_words_text_and_how_to_ask_for_another_look(question, participant, inbox):
    comment = make.comment(question, author=participant, body="Mr Smith of the counter takes money.")
    rule = ConductRule.objects.first()
    moderator = make.moderator(question.consultation, name="Teresa Manalo")
    acts.hide(comment=comment, moderator=moderator, rule=rule, reason="Please leave out the name.")
    [message] = inbox(participant)
    assert message.subject == f"A moderator removed your contribution № {comment.pk}"
    for part in text_and_html(message):
        assert f"{rule.number}. {rule.text_en}"[:40] in part
        assert "Please leave out the name." in part
        assert "Mr Smith of the counter takes money." in part
        assert f"/en/comments/{comment.pk}/" in part
        assert "ask once for another look" in part
        # Moderators act for the consultation, not in their own name.
        assert "Teresa" not in part


def test_the_rule_is_in_the_language_of_the_author_not_of_the_moderator(question, inbox):
    author = make.person(language="es")
    comment = make.comment(question, author=author)
    rule = ConductRule.objects.first()
    acts.hide(comment=comment, moderator=make.moderator(question.consultation), rule=rule, reason="Ya.")
    assert rule.text_es[:40] in " ".join(inbox(author)[0].body.split())


def test_texts_cannot_break_the_mail(question, inbox):
    reader = make.person(name="<script>alert(1)</script>")
    author = make.person(name="Bo <b>Bold</b>")
    make.comment(question, make.comment(question, author=reader), author=author, body="<img src=x> & more")
    text, html = text_and_html(inbox(reader)[0])
    assert "<script>" not in html and "<b>Bold" not in html and "<img" not in html
    assert "Dear <script>alert(1)</script>," in text
    assert "<img src=x> & more" in text


def test_no_mail_to_who_wants_none_or_wants_it_later(question, participant, inbox):
    preferences.choose(participant, {Kind.REPLY: Pace.NEVER, Kind.ANSWER: Pace.WEEKLY})
    root = make.comment(question, author=participant)
    make.comment(question, root)
    make.comment(question, root, author=make.moderator(question.consultation))
    assert inbox(participant) == []
    mail = dict(Notification.objects.filter(user=participant).values_list("kind", "mail"))
    assert mail == {Kind.REPLY: "none", Kind.ANSWER: "waiting"}


def test_news_at_once_for_who_wants_them(question, participant, inbox):
    preferences.choose(participant, {Kind.NEWS: Pace.AT_ONCE})
    follows.follow(participant, question)
    comment = make.comment(question)
    [message] = inbox(participant)
    assert message.subject == f"{comment.author_name} contributed (Question 1)"


def test_a_mail_that_cannot_be_made_keeps_no_other_from_going(question, settings, mailoutbox, failures):
    """The first person's mail fails; the second one's goes, and the first one's waits for the next attempt."""
    people = [make.person(), make.person()]
    comment = make.comment(question)
    for person in people:
        Notification.objects.create(
            user=person,
            kind=Kind.NEWS,
            key="k",
            consultation=question.consultation,
            comment=comment,
            actor_name="Bo",
            mail="waiting",
        )
    settings.EMAIL_BACKEND = "tests.consultations.following.backends.RefusesOne"
    settings.REFUSED = people[0].email
    mailing.mail_at_once.enqueue("k", [person.pk for person in people])
    assert [message.to for message in mailoutbox if "Auto-Submitted" in message.extra_headers] == [[people[1].email]]
    assert Notification.objects.get(user=people[0]).mail == "waiting"
    assert "NotAllSent" in failures.pop()
    settings.REFUSED = ""
    for _each in range(2):
        mailing.mail_at_once.enqueue("k", [person.pk for person in people])
    sent = [message.to[0] for message in mailoutbox if "Auto-Submitted" in message.extra_headers]
    assert sorted(sent) == sorted(person.email for person in people)


def test_a_move_is_told_with_its_own_places_and_the_way_to_object(client, question, participant, inbox):
    consultation = question.consultation
    moderator, second = make.moderator(consultation), make.question(consultation, number=2)
    comment = make.comment(consultation.questions.get(number=None), author=participant)
    acts.list_under(comment=comment, moderator=moderator, to=second)
    for to in (question, second):
        comment = acts.move(comment=comment, moderator=moderator, to=to)
    expected = [
        f"The moderators list your contribution № {comment.pk} under “Question 2”, too",
        f"The moderators moved your contribution № {comment.pk} from “Open floor” to “Question 1”",
        f"The moderators moved your contribution № {comment.pk} from “Question 1” to “Question 2”",
    ]
    letters = inbox(participant)
    assert [each.subject for each in letters] == expected
    place = f"/en/comments/{comment.pk}/place/"
    for letter in letters:
        assert all(place in part for part in text_and_html(letter))
    client.force_login(participant)
    page = client.get("/en/me/notifications/").text
    assert all(each in page for each in expected)
    assert page.count(place) == 3


def test_dates_are_told_as_they_were_set(question, participant):
    consultation = question.consultation
    moderator = make.moderator(consultation)
    follows.follow(participant, consultation)
    consultation_acts.close_consultation(consultation=consultation, moderator=moderator, reason="A mistake.")
    until = timezone.now() + timedelta(days=30)
    consultation_acts.reschedule(consultation=consultation, moderator=moderator, closes_at=until, reason="Mended.")
    closed, reopened = Notification.objects.filter(user=participant).in_words().order_by("pk")
    assert "has new dates: it closed on" in words.sentence(closed)
    assert "has new dates: it is open until" in words.sentence(reopened)


def test_what_an_organization_says_stands_under_its_own_name(client, question, inbox):
    focal_point = make.person(email="lucia@redpuertos.example")
    OrganizationFocalPoint.objects.create(user=focal_point, organization="Red de Puertos", domain="redpuertos.example")
    said = in_its_name(question)
    organizations.disown(comment=said, user=focal_point, seen=1, reason="Not us.")
    client.force_login(said.author)
    page = client.get("/en/me/notifications/").text
    [letter] = inbox(said.author)
    for text in (*text_and_html(letter), page):
        text = text.replace("&#x27;", "'")
        assert "The organization's words:" in text
        assert "The moderators' words:" not in text
    # Where its author and the moderators look, it says so as well.
    assert "Disowned: the organization" in client.get("/en/me/contributions/").text
    client.force_login(make.moderator(question.consultation))
    assert "Disowned: the organization" in client.get(f"/en/comments/{said.pk}/moderate/").text
