"""The moderators' desk: what is on it, for whom, and how it is filtered."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from consultations.models import Moderator
from consultations.moderation import acts, complaints, tasks
from consultations.moderation.models import Case
from tests import make
from tests.consultations.moderation import make_cases

DESK = "/en/moderation/"


@pytest.fixture
def one_of_each(consultation, question, noor):
    return {
        "question": make_cases.asked(question),
        "placement": make_cases.on_open_floor(consultation),
        "report": make_cases.reported(question),
        "held": make_cases.held(question),
        "appeal": make_cases.appealed(question, noor),
    }


def html_of(client, address=DESK) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def ids_on(client, address=DESK) -> list[int]:
    return [matter.comment.pk for matter in client.get(address).context["matters"]]


def test_it_works(client, teresa, one_of_each):
    client.force_login(teresa)
    html = html_of(client)
    assert html.count('class="case"') == 5
    assert "5 matters are waiting." in html
    for comment in one_of_each.values():
        assert f'id="case-{make_cases.case_of(comment).pk}"' in html


def test_an_empty_desk_says_what_was_decided_last(client, teresa, question):
    client.force_login(teresa)
    assert "nothing was ever decided" in html_of(client)
    comment = acts.approve(comment=make_cases.held(question), moderator=teresa)
    html = html_of(client)
    assert "All done" in html
    assert f"№ {comment.pk} approved, by Teresa Manalo" in html


def test_what_one_removed_is_restored_from_the_decisions_unless_a_colleague_looks_again(client, teresa, noor, question):
    button = 'value="restore"'
    removed = make_cases.hidden(question, teresa)
    client.force_login(teresa)
    assert html_of(client).count(button) == 1
    complaints.appeal(comment=removed, author=removed.author, words="Look again, please.")
    assert button not in html_of(client).partition('id="decisions"')[2]
    client.force_login(noor)
    assert button in html_of(client).partition('id="decisions"')[2]


@pytest.mark.parametrize(("language", "words"), [("fr", "N’attaquez ni"), ("es", "No ataque a")])
def test_the_decisions_name_the_rule_in_the_readers_language(client, teresa, question, language, words):
    make_cases.hidden(question, teresa)
    client.force_login(teresa)
    assert words in html_of(client, f"/{language}/moderation/").partition('id="decisions"')[2]


def test_each_list_has_its_address(client, teresa, one_of_each):
    client.force_login(teresa)
    for kind, comment in one_of_each.items():
        assert ids_on(client, f"{DESK}?queue={kind}") == [comment.pk]
    assert len(ids_on(client, f"{DESK}?queue=nonsense&written=xx&page=0x&done=y")) == 5


def test_by_language_and_by_consultation(client, teresa, consultation, question):
    spanish = make_cases.reported(question, language="es", body="Un texto en español.")
    make_cases.reported(question)
    other = make.consultation()
    Moderator.objects.create(consultation=other, user=teresa)
    elsewhere = make_cases.reported(other.questions.get(number=1))
    client.force_login(teresa)
    assert ids_on(client, f"{DESK}?written=es") == [spanish.pk]
    assert ids_on(client, f"{DESK}?consultation={other.slug}") == [elsewhere.pk]
    assert ids_on(client, f"{DESK}?consultation={consultation.slug}&written=es&queue=report") == [spanish.pk]
    html = html_of(client)
    assert "English (2)" in html
    assert "Spanish (1)" in html
    html = html_of(client, f"{DESK}?consultation={other.slug}")
    assert "Spanish (1)" not in html


def test_nothing_of_consultations_that_one_does_not_moderate(client, teresa, question):
    make_cases.reported(question)
    elsewhere = make_cases.reported(make.consultation().questions.get(number=1))
    client.force_login(teresa)
    assert elsewhere.pk not in ids_on(client)
    client.force_login(make.admin())
    assert elsewhere.pk in ids_on(client)


def test_new_since_the_last_visit(client, teresa, question):
    client.force_login(teresa)
    with time_machine.travel(timezone.now() - datetime.timedelta(days=2), tick=False):
        make_cases.reported(question)
        assert "since your last visit" not in html_of(client)
    with time_machine.travel(timezone.now() - datetime.timedelta(days=1), tick=False):
        fresh = make_cases.reported(question)
    for _reload in range(2):
        assert "1 is new since your last visit" in html_of(client)
        assert ids_on(client, f"{DESK}?new=1") == [fresh.pk]


def test_mine(client, teresa, noor, question):
    first, second = make_cases.reported(question), make_cases.reported(question)
    acts.take(comment=first, moderator=teresa)
    acts.take(comment=second, moderator=noor)
    client.force_login(teresa)
    assert ids_on(client, f"{DESK}?mine=1") == [first.pk]
    html = html_of(client)
    assert "you look after it" in html
    assert "Noor Haddad looks after it since" in html


def test_all_reports_with_rule_and_words_and_never_with_a_name(client, teresa, question):
    comment = make.comment(question)
    for number in (3, 4):
        reporter = make.person(name=f"Reporter Number{number}")
        complaints.report(
            comment=comment, reporter=reporter, rule=make_cases.rule(number), words=f"Words <of> {number}"
        )
    client.force_login(teresa)
    html = html_of(client)
    assert "Reported 2 times" in html
    assert "Do not attack persons or groups." in html
    assert "Words &lt;of&gt; 3" in html
    assert "Words &lt;of&gt; 4" in html
    for address in (DESK, f"/en/comments/{comment.pk}/moderate/", comment.get_absolute_url()):
        assert "Reporter Number" not in html_of(client, address)


def test_long_lists_are_paged(client, teresa, question):
    comments = [make_cases.reported(question) for _number in range(23)]
    client.force_login(teresa)
    assert ids_on(client) == [each.pk for each in comments[:20]]
    assert ids_on(client, f"{DESK}?page=2") == [each.pk for each in comments[20:]]
    assert 'rel="next"' in html_of(client)


def test_who_decided_sees_an_appeal_and_why_it_is_not_theirs(client, teresa, noor, question):
    comment = make_cases.appealed(question, noor)
    client.force_login(noor)
    html = html_of(client)
    assert "a colleague or an administrator has to look again" in html
    assert 'value="restore"' not in html.split('id="decisions"')[0]
    client.force_login(teresa)
    html = html_of(client)
    assert 'value="restore"' in html.split('id="decisions"')[0]
    assert "It was about a text, not a person." in html
    assert comment.body in html


def test_the_moderators_own_contribution_is_for_a_colleague(client, teresa, question):
    comment = make_cases.reported(question, author=teresa)
    client.force_login(teresa)
    html = html_of(client)
    assert "You wrote this contribution yourself" in html
    assert "It attacks a person." not in html
    assert 'value="leave"' not in html
    assert make_cases.case_of(comment)


def test_the_number_of_queries_does_not_grow(client, teresa, consultation, question):
    client.force_login(teresa)
    noor = make.moderator(consultation)
    client.get(DESK)

    def add():
        make_cases.asked(question)
        make_cases.on_open_floor(consultation)
        make_cases.reported(question)
        make_cases.held(question)
        make_cases.appealed(question, noor)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(DESK)
        return len(captured)

    add()
    few = queries()
    for _more in range(3):
        add()
    assert queries() == few
    assert few <= 30


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_in_three_languages(client, teresa, one_of_each, language):
    client.force_login(teresa)
    assert html_of(client, f"/{language}/moderation/").count('class="case"') == 5


# Reminders


def at(hour: int, day: int = 0) -> datetime.datetime:
    now = timezone.now() + datetime.timedelta(days=day)
    return now.replace(hour=hour, minute=0, second=0)


def test_a_mail_when_something_waits_and_at_most_one_a_day(teresa, question):
    teresa.language = "fr"
    teresa.save()
    make_cases.reported(question)
    mail.outbox.clear()
    with time_machine.travel(at(8, day=1), tick=False):
        tasks.remind.call()
        tasks.remind.call()
        assert [each.to for each in mail.outbox] == [[teresa.email]]
        assert "/fr/moderation/" in mail.outbox[0].body
        with translation.override("fr"):
            assert str(Case.Kind.REPORT.label) in mail.outbox[0].body
    with time_machine.travel(at(8, day=2), tick=False):
        tasks.remind.call()
        assert len(mail.outbox) == 2


def test_no_mail_when_nothing_waits_or_before_the_hour(teresa, question):
    tasks.remind.call()
    comment = make_cases.reported(question)
    mail.outbox.clear()
    with time_machine.travel(at(3, day=1), tick=False):
        tasks.remind.call()
    acts.leave(comment=comment, moderator=teresa)
    mail.outbox.clear()
    with time_machine.travel(at(9, day=1), tick=False):
        tasks.remind.call()
    assert not mail.outbox


def test_administrators_hear_of_what_no_moderator_can_decide(teresa, question):
    boss = make.admin()
    make_cases.appealed(question, teresa)
    mail.outbox.clear()
    with time_machine.travel(at(9, day=1), tick=False):
        tasks.remind.call()
    assert [each.to for each in mail.outbox] == [[boss.email]]
    noor = make.moderator(question.consultation)
    mail.outbox.clear()
    with time_machine.travel(at(9, day=2), tick=False):
        tasks.remind.call()
    assert [each.to for each in mail.outbox] == [[noor.email]]


# Readers


def test_readers_see_which_questions_wait(client, teresa, question):
    waiting, answered = make_cases.asked(question), make_cases.asked(question)
    make.comment(question)
    reply = make_cases.asked(question, parent=answered)
    make.comment(question, answered, author=teresa)
    html = html_of(client, question.consultation.get_absolute_url()).split('id="waiting"')[1].split("</section>")[0]
    assert f"#comment-{waiting.pk}" in html
    assert f"#comment-{reply.pk}" in html
    assert f"#comment-{answered.pk}" not in html
    html = html_of(client, question.get_absolute_url())
    assert "2 questions to the moderators not yet answered" in html
    html = html_of(client, f"{question.get_absolute_url()}?waiting=1")
    assert html.count('<article class="comment') == 2
    acts.close_answered(comment=waiting, moderator=teresa, reason="See the agenda.")
    acts.hide(comment=reply, moderator=teresa, rule=make_cases.rule(), reason="No.")
    assert 'id="waiting"' not in html_of(client, question.consultation.get_absolute_url())
    assert "No question to the moderators waits" in html_of(client, f"{question.get_absolute_url()}?waiting=1")
