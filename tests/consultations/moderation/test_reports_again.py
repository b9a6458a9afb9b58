"""Reports sent twice, after a decision, and before its author changes the text; and who hears what came of them."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts import rates
from consultations import posting
from consultations.moderation import acts, complaints
from consultations.moderation.models import Case, Report
from tests import make
from tests.consultations.moderation import make_cases
from tests.consultations.moderation.deciding import DESK
from tests.consultations.moderation.make_cases import case_of, rule
from tests.forms import fields_of

VISITOR = "reader@example.org"


@pytest.fixture
def comment(question):
    return make.comment(question, body="The clerks of that office are thieves, all of them.")


def address_for(comment) -> str:
    return f"/en/comments/{comment.pk}/report/"


def form_opened(client, comment, **fields) -> dict:
    """As somebody fills it in who takes their time."""
    with time_machine.travel(timezone.now() - datetime.timedelta(minutes=1)):
        sent = fields_of(client.get(address_for(comment)), "report")
    return sent | {"rule": rule().pk, "words": "It attacks a group."} | fields


def mails_to(address: str) -> list:
    return [each for each in mail.outbox if each.to == [address]]


# One form, one report


@pytest.mark.parametrize("known", [True, False])
def test_it_works(client, participant, comment, known):
    if known:
        client.force_login(participant)
    sent = form_opened(client, comment)
    answers = [client.post(address_for(comment), sent) for _time in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert comment.reports.count() == 1
    thanks = client.get(answers[1].headers["Location"]).text
    said = "You hear in the portal" if known else "You gave no address, so that we cannot write to you"
    assert said in thanks
    assert ("at the address" in thanks) is False


def test_other_words_under_the_same_key_are_told_that_they_have_reported(client, participant, comment):
    client.force_login(participant)
    sent = form_opened(client, comment)
    client.post(address_for(comment), sent)
    response = client.post(address_for(comment), sent | {"words": "Other words."})
    assert response.status_code == 422
    assert "You have reported this contribution before" in response.text
    assert "Other words." in response.text


def test_nobody_floods_the_mailbox_of_somebody_else(client, question, teresa, settings):
    settings.LIMITS = settings.LIMITS | {"receipt": rates.parse("2/d/name")}
    comments = [make.comment(question) for _number in range(3)]
    said = []
    for each in comments:
        response = client.post(address_for(each), form_opened(client, each, email=VISITOR))
        said.append(client.get(response.headers["Location"]).text)
    assert ["to the address that you gave" in each for each in said] == [True, True, False]
    assert "many e-mails were asked for to this address today" in said[2]
    # The report itself counts.
    assert [each.reports.count() for each in comments] == [1, 1, 1]
    mail.outbox.clear()
    for each in comments:
        acts.leave(comment=each, moderator=teresa)
    assert len(mails_to(VISITOR)) == 2


def test_who_is_no_longer_logged_in_chooses_how_to_send_it(client, participant, comment):
    client.force_login(participant)
    sent = form_opened(client, comment)
    client.logout()
    asked = client.post(address_for(comment), sent)
    assert asked.status_code == 409
    assert "You are no longer logged in" in asked.text
    assert "It attacks a group." in asked.text
    assert 'name="email"' in asked.text
    assert not Report.objects.exists()
    assert client.post(address_for(comment), sent | {"log_in": "1"}).status_code == 302
    client.force_login(participant)
    again = fields_of(client.get(address_for(comment)), "report")
    assert (again["rule"], again["words"]) == ([str(rule().pk)], "It attacks a group.")
    assert client.post(address_for(comment), again).status_code == 302
    assert comment.reports.get().reporter == participant
    assert "It attacks a group." not in client.get(address_for(make.comment(comment.question))).text


def test_who_sends_it_without_logging_in_is_a_visitor(client, participant, comment):
    client.force_login(participant)
    sent = form_opened(client, comment)
    client.logout()
    fields = fields_of(client.post(address_for(comment), sent), "report")
    response = client.post(address_for(comment), fields | {"as_visitor": "1", "email": VISITOR})
    assert response.status_code == 302
    assert (comment.reports.get().reporter, comment.reports.get().email) == (None, VISITOR)


# After a decision


def test_after_a_decision_a_report_is_a_new_matter(client, teresa, noor, comment):
    first, second = make.person(), make.person()
    complaints.report(comment=comment, reporter=first, rule=rule(), words="The first words.")
    old = case_of(comment)
    acts.leave(comment=comment, moderator=teresa, reason="It may stand.")
    client.force_login(noor)
    assert "The first words." not in client.get(DESK).text
    complaints.report(comment=comment, reporter=second, rule=rule(4), words="The second words.")
    new = case_of(comment)
    assert (new.pk != old.pk, Case.objects.get(pk=old.pk).outcome) == (True, "left")
    html = client.get(DESK).text
    assert "Reported 2 times" not in html
    assert "One earlier report, on which was decided" in html
    assert html.index("The second words.") < html.index("The first words.")
    acts.leave(comment=comment, moderator=noor)
    assert [each.notifications.filter(kind="report").count() for each in (first, second)] == [1, 1]


# What comes back after all


def test_who_reported_hears_when_it_is_shown_again(client, participant, teresa, noor, comment):
    earlier = make.person()
    complaints.report(comment=comment, reporter=earlier, rule=rule())
    acts.leave(comment=comment, moderator=teresa)
    complaints.report(comment=comment, reporter=participant, rule=rule())
    complaints.report(comment=comment, email=VISITOR, language="fr", rule=rule())
    acts.hide(comment=comment, moderator=teresa, rule=rule(), reason="It attacks a group.")
    complaints.appeal(comment=comment, author=comment.author, words="I meant the forms.")
    mail.outbox.clear()
    acts.restore(comment=comment, moderator=noor, reason="She meant the forms.")
    said = f"Contribution № {comment.pk}, which you reported and which was removed, is shown again"
    client.force_login(participant)
    page = client.get("/en/me/notifications/").text
    assert said in page
    [letter] = mails_to(participant.email)
    assert letter.subject == said
    [to_visitor] = mails_to(VISITOR)
    # Neither who decided nor what was said to whom.
    texts = [page, letter.body, letter.alternatives[0][0], to_visitor.body, to_visitor.alternatives[0][0]]
    for secret in ("the forms", "Teresa", "Noor", comment.author.name, "another look", comment.body):
        assert not any(secret in each for each in texts), secret
    assert not mails_to(earlier.email)
    assert [comment.author.email] in [each.to for each in mail.outbox]


def test_a_visitor_is_written_to_of_each_decision_once(teresa, noor, comment):
    complaints.report(comment=comment, email=VISITOR, language="en", rule=rule())
    acts.hide(comment=comment, moderator=teresa, rule=rule(), reason="No.")
    acts.restore(comment=comment, moderator=noor)
    acts.hide(comment=comment, moderator=noor, rule=rule(4), reason="For another reason.")
    acts.restore(comment=comment, moderator=teresa)
    removed, shown = mails_to(VISITOR)
    assert "looked at it again since" in " ".join(shown.body.split())
    assert "looked at it again" not in " ".join(removed.body.split())
    assert removed.extra_headers["Message-ID"] != shown.extra_headers["Message-ID"]


def test_of_a_removal_that_nobody_reported_nobody_else_hears(teresa, noor, question):
    comment = make_cases.hidden(question, teresa)
    mail.outbox.clear()
    acts.restore(comment=comment, moderator=noor)
    assert {each.to[0] for each in mail.outbox} == {comment.author.email}


# Changed meanwhile


def test_a_text_changed_after_the_report_says_so_and_shows_what_was_reported(client, teresa, comment):
    complaints.report(comment=comment, reporter=make.person(), rule=rule())
    client.force_login(teresa)
    for address in (DESK, f"/en/comments/{comment.pk}/moderate/"):
        assert "after the report" not in client.get(address).text
    posting.edit_comment(
        comment=comment, editor=comment.author, body="The clerks of that office are slow.", language="en"
    )
    complaints.report(comment=comment, reporter=make.person(), rule=rule())
    for address in (DESK, f"/en/comments/{comment.pk}/moderate/"):
        html = client.get(address).text
        assert "Its author has changed the text after the report." in html
        assert "The text that was reported: version 1" in html
        assert "are thieves, all of them." in html
        changes = html.split("What changed since the report")[1].split("</details>")[0]
        assert "slow" in changes.split("<ins>")[1]
        assert "thieves" in changes.split("<del>")[1]
    acts.leave(comment=comment, moderator=teresa)
    assert "after the report" not in client.get(f"/en/comments/{comment.pk}/moderate/").text


def test_a_text_changed_before_it_was_reported_is_what_was_reported(client, teresa, comment):
    posting.edit_comment(comment=comment, editor=comment.author, body="The clerks are slow.", language="en")
    complaints.report(comment=comment, reporter=make.person(), rule=rule())
    client.force_login(teresa)
    assert "after the report" not in client.get(DESK).text


def test_reports_of_one_address_stay_one_under_other_forms(client, comment):
    for _form in range(2):
        client.post(address_for(comment), form_opened(client, comment, email=VISITOR))
    assert Report.objects.count() == 1
