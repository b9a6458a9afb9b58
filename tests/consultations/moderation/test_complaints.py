"""Reports, requests for another look, and objections to a place."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.erasure import erase_account
from consultations import posting
from consultations.moderation import acts, complaints
from consultations.moderation.models import Act, Appeal, Case, Objection, Report
from tests import make
from tests.consultations.moderation import make_cases
from tests.consultations.moderation.make_cases import case_of, rule
from tests.forms import fields_of


@pytest.fixture
def comment(question):
    return make.comment(question)


def report_as(client, comment, **fields):
    address = f"/en/comments/{comment.pk}/report/"
    return client.post(address, fields_of(client.get(address), "report") | {"rule": rule().pk} | fields)


def wait_as_people_do():
    return time_machine.travel(timezone.now() + datetime.timedelta(seconds=20))


# Reports


def test_it_works(client, participant, comment):
    client.force_login(participant)
    assert f"/en/comments/{comment.pk}/report/" in client.get(comment.question.get_absolute_url()).content.decode()
    response = report_as(client, comment, words="It attacks a person.")
    assert response.status_code == 302
    assert "Your report is with the moderators" in client.get(response.headers["Location"]).content.decode()
    report = comment.reports.get()
    assert (report.reporter, report.rule, report.words) == (participant, rule(), "It attacks a person.")
    assert case_of(comment).kind == Case.Kind.REPORT


def test_a_person_reports_once(client, participant, comment):
    client.force_login(participant)
    report_as(client, comment)
    address = f"/en/comments/{comment.pk}/report/"
    assert "You have reported this contribution before" in client.get(address).content.decode()
    response = client.post(address, {"rule": rule().pk, "words": "Words worth keeping."})
    assert response.status_code == 422
    assert "Words worth keeping." in response.content.decode()
    assert comment.reports.count() == 1


def test_after_a_decision_a_text_that_has_changed_is_reported_again(client, participant, teresa, comment):
    client.force_login(participant)
    report_as(client, comment)
    acts.leave(comment=comment, moderator=teresa)
    address = f"/en/comments/{comment.pk}/report/"
    unchanged = client.post(address, {"rule": rule().pk})
    assert unchanged.status_code == 422
    assert "the moderators have decided" in unchanged.text
    posting.edit_comment(comment=comment, editor=comment.author, body="Now it attacks you.", language="en")
    assert report_as(client, comment, words="It was changed.").status_code == 302
    assert client.post(address, {"rule": rule().pk}).status_code == 422
    assert case_of(comment).kind == Case.Kind.REPORT
    acts.hide(comment=comment, moderator=teresa, rule=rule(), reason="No.")
    assert [each.settled_at is None for each in comment.reports.all()] == [False, False]
    heard = client.get("/en/me/notifications/").text
    assert f"Contribution № {comment.pk}, which you reported, stays as it is" in heard
    assert f"Contribution № {comment.pk}, which you reported, was removed" in heard


def test_so_it_is_for_people_without_an_account(teresa, comment):
    def report():
        return complaints.report(comment=comment, email="reader@example.org", rule=rule(), words="Look.")

    first = report()
    acts.leave(comment=comment, moderator=teresa)
    assert report() == first
    posting.edit_comment(comment=comment, editor=comment.author, body="Now it attacks you.", language="en")
    second = report()
    assert second != first
    assert report() == second
    assert case_of(comment)
    acts.leave(comment=comment, moderator=teresa)
    assert [each.to for each in mail.outbox].count(["reader@example.org"]) == 2


def test_several_reports_make_one_case(comment):
    for _number in range(3):
        complaints.report(comment=comment, reporter=make.person(), rule=rule())
    assert case_of(comment)
    assert comment.reports.count() == 3


def test_nobody_reports_their_own(client, comment):
    client.force_login(comment.author)
    page = client.get(comment.question.get_absolute_url()).content.decode()
    assert f"/en/comments/{comment.pk}/report/" not in page
    response = client.post(f"/en/comments/{comment.pk}/report/", {"rule": rule().pk})
    assert response.status_code == 422
    assert "You wrote this contribution yourself." in response.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("", "Choose the rule that it breaks."),
        ("99", "Choose one of the rules."),
        ("x", "Choose one of the rules."),
    ],
)
def test_a_report_names_a_rule(client, participant, comment, sent, said):
    client.force_login(participant)
    response = report_as(client, comment, rule=sent, words="Words <worth> keeping.")
    assert response.status_code == 422
    html = response.content.decode()
    assert said in html
    assert "Words &lt;worth&gt; keeping." in html
    assert not Report.objects.exists()


@pytest.mark.parametrize("way", ["withdrawn", "hidden"])
def test_what_is_gone_meanwhile_cannot_be_reported(client, participant, teresa, comment, way):
    client.force_login(participant)
    address = f"/en/comments/{comment.pk}/report/"
    sent = fields_of(client.get(address), "report") | {"rule": rule().pk}
    if way == "withdrawn":
        posting.withdraw(comment=comment, author=comment.author)
    else:
        acts.hide(comment=comment, moderator=teresa, rule=rule(), reason="No.")
    response = client.post(address, sent)
    assert response.status_code == 422
    assert "no longer shown" in response.content.decode()
    assert not Report.objects.exists()


def test_people_without_an_account_report_and_hear_of_it(client, teresa, comment):
    address = f"/en/comments/{comment.pk}/report/"
    page = client.get(address)
    assert "private" in page.headers["Cache-Control"]
    with wait_as_people_do():
        response = client.post(
            address, fields_of(page, "report") | {"rule": rule().pk, "email": "Reader@Example.org", "words": "Look."}
        )
    assert response.status_code == 302
    report = comment.reports.get()
    assert (report.reporter, report.email, report.language) == (None, "reader@example.org", "en")
    mail.outbox.clear()
    acts.leave(comment=comment, moderator=teresa)
    assert ["reader@example.org"] in [each.to for each in mail.outbox]


def test_programs_without_an_account_are_kept_out(client, comment):
    address = f"/en/comments/{comment.pk}/report/"
    page = client.get(address)
    sent = fields_of(page, "report") | {"rule": rule().pk, "words": "Words worth keeping."}
    for fields in ({}, {"opened": ""}, {"opened": "forged:1:2"}):
        response = client.post(address, sent | fields)
        assert response.status_code == 422
        assert "This looked like an automatic message" in response.content.decode()
        assert "Words worth keeping." in response.content.decode()
    with wait_as_people_do():
        assert client.post(address, sent | {"website": "https://spam.example"}).status_code == 422
        assert not Report.objects.exists()
        assert client.post(address, sent).status_code == 302


def test_an_address_reports_once_and_nobody_learns_of_it(client, comment):
    address = f"/en/comments/{comment.pk}/report/"
    with time_machine.travel(timezone.now() - datetime.timedelta(minutes=1)):
        sent = fields_of(client.get(address), "report") | {"rule": rule().pk, "email": "reader@example.org"}
    answers = {client.post(address, sent).headers["Location"] for _time in range(2)}
    assert len(answers) == 1
    assert comment.reports.count() == 1


def test_a_wrong_address_is_named(client, comment):
    with wait_as_people_do():
        response = report_as(client, comment, email="reader@")
    assert response.status_code == 422
    assert "Write the e-mail address in full" in response.content.decode()


def test_too_many_reports_keep_the_text(client, participant, question, settings):
    from accounts import rates

    settings.LIMITS = settings.LIMITS | {"report": rates.parse("1/h/person")}
    client.force_login(participant)
    assert report_as(client, make.comment(question)).status_code == 302
    response = report_as(client, make.comment(question), words="Words worth keeping.")
    assert response.status_code == 429
    assert "Words worth keeping." in response.content.decode()
    assert Report.objects.count() == 1


def test_reporters_hear_what_came_of_it_and_later_ones_open_a_new_case(teresa, participant, comment):
    complaints.report(comment=comment, reporter=participant, rule=rule())
    acts.leave(comment=comment, moderator=teresa)
    assert participant.notifications.filter(kind="report").count() == 1
    assert comment.reports.get().settled_at
    late = make.person()
    complaints.report(comment=comment, reporter=late, rule=rule())
    acts.hide(comment=comment, moderator=teresa, rule=rule(), reason="It was changed.")
    assert participant.notifications.filter(kind="report").count() == 1
    assert late.notifications.filter(kind="report").count() == 1


def test_the_author_never_learns_who_reported(client, teresa, comment):
    reporter = make.person(name="Beatriz Informante")
    complaints.report(comment=comment, reporter=reporter, rule=rule(), words="I am Beatriz.")
    acts.hide(comment=comment, moderator=teresa, rule=rule(), reason="No.")
    client.force_login(comment.author)
    for address in (comment.get_absolute_url(), f"/en/comments/{comment.pk}/appeal/", "/en/me/notifications/"):
        assert "Beatriz" not in client.get(address).content.decode()
    assert not any("Beatriz" in each.body for each in mail.outbox if each.to == [comment.author.email])


# Another look


def appeal_as(client, comment, **fields):
    address = f"/en/comments/{comment.pk}/appeal/"
    return client.post(address, {"words": "It was about a text."} | fields, follow=True)


def test_the_author_asks_once_for_another_look(client, teresa, question):
    comment = make_cases.hidden(question, teresa)
    client.force_login(comment.author)
    address = f"/en/comments/{comment.pk}/appeal/"
    assert address in client.get(comment.get_absolute_url()).content.decode()
    html = client.get(address).content.decode()
    for words in (comment.body, "under rule 3: Do not attack persons or groups.", "It attacks a person."):
        assert words in html
    html = appeal_as(client, comment).content.decode()
    assert "We look at it again" in html
    assert "Somebody else than who removed it will decide" in html
    case = case_of(comment)
    assert (case.kind, case.decided_before_by) == (Case.Kind.APPEAL, teresa.pk)
    response = appeal_as(client, comment)
    assert response.status_code == 422
    assert "That can be done once for each decision." in response.content.decode()
    assert Appeal.objects.count() == 1


def test_the_author_hears_that_the_removal_stands(client, teresa, noor, question):
    comment = make_cases.appealed(question, teresa)
    mail.outbox.clear()
    acts.uphold(comment=comment, moderator=noor, reason="The second sentence is about her person.")
    assert [comment.author.email] in [each.to for each in mail.outbox]
    client.force_login(comment.author)
    html = client.get(f"/en/comments/{comment.pk}/appeal/").content.decode()
    assert "the removal stands" in html
    assert "The second sentence is about her person." in html
    assert "<form class" not in html
    with pytest.raises(complaints.AlreadyAppealed):
        complaints.appeal(comment=comment, author=comment.author, words="Once more.")


def test_another_look_needs_words(client, teresa, question):
    comment = make_cases.hidden(question, teresa)
    client.force_login(comment.author)
    response = appeal_as(client, comment, words="  ")
    assert response.status_code == 422
    assert "Say why we should look at it again." in response.content.decode()


def test_only_what_a_moderator_removed_is_looked_at_again(client, comment):
    client.force_login(comment.author)
    assert "nothing to look at again" in client.get(f"/en/comments/{comment.pk}/appeal/").content.decode()
    assert appeal_as(client, comment).status_code == 422
    assert not Appeal.objects.exists()


def test_a_restored_contribution_is_not_appealed_any_more(client, teresa, noor, question):
    comment = make_cases.hidden(question, teresa)
    acts.restore(comment=comment, moderator=noor)
    client.force_login(comment.author)
    assert appeal_as(client, comment).status_code == 422


def test_others_do_not_appeal(client, participant, teresa, question):
    comment = make_cases.hidden(question, teresa)
    for user in (participant, teresa):
        client.force_login(user)
        assert client.get(f"/en/comments/{comment.pk}/appeal/").status_code == 403
        assert appeal_as(client, comment).status_code == 403


# Places


def put_back(client, comment, **fields):
    return client.post(f"/en/comments/{comment.pk}/place/", fields, follow=True)


def test_the_author_puts_a_moved_contribution_back_once(client, teresa, consultation, question):
    comment = make_cases.on_open_floor(consultation)
    reply = make.comment(comment.question, comment)
    acts.move(comment=comment, moderator=teresa, to=question)
    client.force_login(comment.author)
    assert f"/en/comments/{comment.pk}/place/" in client.get(comment.get_absolute_url()).content.decode()
    html = put_back(client, comment, words="It is about everything.").content.decode()
    assert "It is where you had posted it." in html
    assert "Put back here by its author" in html
    for each in (comment, reply):
        each.refresh_from_db()
        assert each.question.is_open_floor
    act = Act.objects.first()
    assert (act.kind, act.reason, act.after) == ("objected", "It is about everything.", {"question": None})
    assert not Case.objects.waiting().exists()
    with pytest.raises(acts.PlaceSettled):
        acts.move(comment=comment, moderator=teresa, to=question)
    assert put_back(client, comment).status_code == 422
    assert Objection.objects.count() == 1


def test_it_goes_back_to_where_its_author_had_posted_it_however_often_it_was_moved(
    client, teresa, noor, consultation, question
):
    comment = make_cases.on_open_floor(consultation)
    second = consultation.questions.get(number=2)
    comment = acts.move(comment=comment, moderator=teresa, to=question)
    comment = acts.move(comment=comment, moderator=noor, to=second)
    client.force_login(comment.author)
    page = client.get(f"/en/comments/{comment.pk}/place/").text
    assert "from “Open floor” to “Question 1”" in page
    assert "from “Question 1” to “Question 2”" in page
    assert "It will stand under “Open floor”" in page
    put_back(client, comment)
    comment.refresh_from_db()
    assert comment.question.is_open_floor


def test_where_moderators_have_moved_it_back_themselves_nothing_is_left_to_object_to(
    client, teresa, consultation, question
):
    comment = make_cases.on_open_floor(consultation)
    for to in (question, comment.question):
        comment = acts.move(comment=comment, moderator=teresa, to=to)
    client.force_login(comment.author)
    assert put_back(client, comment).status_code == 422
    assert not Objection.objects.exists()


def test_the_author_takes_a_contribution_off_another_page(client, teresa, consultation, question):
    comment = make_cases.on_open_floor(consultation)
    acts.list_under(comment=comment, moderator=teresa, to=question)
    client.force_login(comment.author)
    assert f"/en/comments/{comment.pk}/place/" in client.get(comment.get_absolute_url()).content.decode()
    put_back(client, comment)
    assert not comment.listings.exists()
    assert "Also listed here" not in client.get(question.get_absolute_url()).content.decode()


def test_a_pseudonym_stays_one_in_the_record(teresa):
    consultation = make.consultation(allows_pseudonyms=True)
    comment = make_cases.on_open_floor(consultation, voice=posting.Voice(pseudonym="Golondrina"))
    acts.move(comment=comment, moderator=make.moderator(consultation), to=consultation.questions.get(number=1))
    complaints.object_to_place(comment=comment, author=comment.author)
    assert Act.objects.first().actor_name == "Golondrina"


def test_nothing_to_object_to(client, comment):
    client.force_login(comment.author)
    assert (
        "No moderator has given this contribution another place"
        in client.get(f"/en/comments/{comment.pk}/place/").content.decode()
    )
    assert put_back(client, comment).status_code == 422


def test_what_people_told_the_moderators_is_theirs(client, participant, teresa, question):
    comment = make_cases.reported(question)
    complaints.report(comment=comment, reporter=participant, rule=rule(), words="My words.")
    own = make_cases.hidden(question, teresa, author=participant)
    complaints.appeal(comment=own, author=participant, words="Please look.")
    from consultations.moderation.personal_data_complaints import Complaints

    kept = Complaints().export(participant)
    assert kept["reports"][0]["text"] == "My words."
    assert kept["requests for another look"][0]["text"] == "Please look."
    Complaints().erase(participant, keep_contributions=True)
    assert not Report.objects.filter(words="My words.").exists()
    assert Report.objects.count() == 2
    assert not Appeal.objects.exclude(words="").exists()


@pytest.mark.parametrize("keep", [True, False])
def test_what_people_told_the_moderators_goes_with_the_account(participant, teresa, question, keep):
    own = make_cases.appealed(question, teresa, author=participant)
    erase_account(participant, keep_contributions=keep)
    own.refresh_from_db()
    assert (own.author, own.author_name) == (None, "")
    assert Appeal.objects.get().words == ""
    assert Case.objects.waiting().filter(comment=own).exists() == keep


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_rule_is_named_in_the_readers_language(client, teresa, question, language):
    comment = make_cases.hidden(question, teresa)
    client.force_login(comment.author)
    text = getattr(rule(3), f"text_{language}")
    for address in (f"/{language}/comments/{comment.pk}/appeal/", f"/{language}/comments/{comment.pk}/"):
        assert text.replace("'", "&#x27;") in client.get(address).content.decode()
