"""Each act on the desk, each refusal, and two moderators at once."""

import datetime
import threading
import uuid

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.test import Client
from django.utils import timezone

from consultations import consistency, posting, threads
from consultations.models import Comment, Consultation, Draft, Moderator, Question
from consultations.moderation import acts, complaints
from consultations.moderation.models import Act, Case
from consultations.moderation.sight import Stamp
from consultations.threads import Reading
from tests import make
from tests.consultations.moderation import make_cases
from tests.consultations.moderation.deciding import DESK, address_of, decide, form_of
from tests.consultations.moderation.make_cases import case_of, rule
from tests.forms import fields_of

SENTENCE = "It attacks Ms. Odera & says nothing about the form."


@pytest.fixture
def desk(client, teresa):
    """Teresa at the desk."""
    client.force_login(teresa)
    return client


def last_act(comment) -> Act:
    return Act.objects.filter(comment=comment).first()


def state_of(comment) -> str:
    return Comment.objects.get(pk=comment.pk).state


def counts(question) -> tuple[int, int]:
    question = Question.objects.get(pk=question.pk)
    return question.comment_count, sum(question.language_counts.values_list("comment_count", flat=True))


# Each act


def test_it_works(desk, teresa, question):
    comment = make_cases.reported(question)
    case = case_of(comment)
    response = decide(desk, comment, "leave")
    assert response.status_code == 302
    assert response.headers["Location"] == f"{DESK}?done={case.pk}#case-{case.pk}"
    html = desk.get(response.headers["Location"]).content.decode()
    place = html.split(f'id="case-{case.pk}"')[1].split("</li>")[0]
    assert "Left as it is." in place
    assert 'role="status"' in place
    act = last_act(comment)
    assert (act.kind, act.actor_name, act.actor_id) == ("left", "Teresa Manalo", teresa.pk)
    case.refresh_from_db()
    assert (case.state, case.outcome, case.closed_by) == (Case.State.DONE, "left", teresa)


def test_the_place_on_the_list_is_kept(desk, question):
    comment = make_cases.reported(question)
    case = case_of(comment)
    address = f"{address_of(case)}?queue=report&written=en"
    response = desk.post(address, form_of(desk, case) | {"act": "leave"})
    assert response.headers["Location"] == f"{DESK}?queue=report&written=en&done={case.pk}#case-{case.pk}"


def test_hide_with_rule_and_sentence(desk, teresa, question):
    comment = make_cases.reported(question)
    reply = make.comment(question, comment)
    before = counts(question)
    mail.outbox.clear()
    decide(desk, comment, "hide", rule=rule(3).pk, reason=SENTENCE)
    comment.refresh_from_db()
    assert (comment.state, comment.rule) == ("hidden", rule(3))
    assert counts(question) == (before[0] - 1, before[1] - 1)
    act = last_act(comment)
    assert (act.rule_number, act.reason) == (3, SENTENCE)
    assert (act.before, act.after) == ({"state": "published"}, {"state": "hidden"})
    desk.logout()
    html = desk.get(question.get_absolute_url()).content.decode()
    marker = html.split(f'id="comment-{comment.pk}"')[1].split("</article>")[0]
    assert "under this rule:" in marker
    assert "/en/code-of-conduct/#rule-3" in marker
    assert "The replies to it remain." in marker
    assert comment.body not in html
    assert reply.body in html
    assert 'id="rule-3"' in desk.get("/en/code-of-conduct/").content.decode()
    told = next(each for each in mail.outbox if each.to == [comment.author.email])
    for words in (comment.body, "Do not attack persons or groups.", SENTENCE, f"/en/comments/{comment.pk}/appeal/"):
        assert words in told.body


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": SENTENCE}, "Choose the rule that it breaks."),
        ({"rule": "3"}, "Write a sentence for its author."),
        ({"rule": "3", "reason": " \n"}, "Write a sentence for its author."),
        ({"rule": "999", "reason": SENTENCE}, "Choose one of the rules."),
        ({"rule": "x", "reason": SENTENCE}, "Choose one of the rules."),
        ({"rule": "3", "reason": "x" * 2_001}, "Shorten it to 2,000 characters."),
    ],
)
def test_hiding_needs_a_rule_in_force_and_a_sentence(desk, question, fields, said):
    comment = make_cases.reported(question)
    if fields.get("rule") == "3":
        fields = fields | {"rule": rule(3).pk}
    response = decide(desk, comment, "hide", **fields)
    assert response.status_code == 422
    html = response.content.decode()
    assert said in html
    assert "<title>Error:" in html
    form = html.split(f'id="case-{case_of(comment).pk}-form"')[1]
    assert "<details open>" in form.split("Remove it, keep the replies")[0]
    if fields.get("reason", "").strip():
        assert fields["reason"].replace("&", "&amp;") in form
    assert state_of(comment) == "published"
    assert not Act.objects.filter(comment=comment).exists()


def test_a_rule_out_of_force_is_refused(desk, question):
    comment = make_cases.reported(question)
    old = rule(5)
    old.is_in_force = False
    old.save()
    assert decide(desk, comment, "hide", rule=old.pk, reason=SENTENCE).status_code == 422
    assert state_of(comment) == "published"


def test_publish_a_held_contribution(desk, question):
    comment = make_cases.held(question)
    decide(desk, comment, "approve")
    assert state_of(comment) == "published"
    assert counts(question) == (1, 1)
    assert last_act(comment).kind == "approved"


def test_a_held_question_to_the_moderators_is_asked_when_it_is_published(desk, question):
    comment = make_cases.held(question, asks_moderators=True)
    decide(desk, comment, "approve")
    assert case_of(comment).kind == Case.Kind.QUESTION


def test_do_not_publish_a_held_contribution(desk, question):
    comment = make_cases.held(question)
    decide(desk, comment, "hide", rule=rule().pk, reason=SENTENCE)
    assert state_of(comment) == "hidden"
    assert not Case.objects.waiting().exists()


def test_answer_without_leaving_the_list(desk, teresa, question):
    comment = make_cases.asked(question)
    decide(desk, comment, "answer", answer="Yes, until Friday. Send it to the secretariat, please.")
    answer = comment.replies.get()
    assert (answer.author, answer.by_moderator, answer.language) == (teresa, True, "en")
    comment.refresh_from_db()
    assert not comment.awaits_answer
    assert comment.is_answered_by_moderator
    assert last_act(comment).after == {"answer": answer.pk}
    assert Act.objects.filter(comment=comment, kind="answered").count() == 1
    assert not Case.objects.waiting().exists()


def test_an_administrators_answer_answers_too(client, question):
    client.force_login(make.admin())
    comment = make_cases.asked(question)
    decide(client, comment, "answer", answer="Yes.")
    assert Act.objects.filter(comment=comment, kind="answered").count() == 1
    assert not Case.objects.waiting().exists()


def test_a_reply_in_the_thread_answers_as_well(teresa, question):
    comment = make_cases.asked(question)
    make.comment(question, comment, author=teresa)
    assert not Case.objects.waiting().exists()
    assert last_act(comment).kind == "answered"


def test_an_answer_sent_twice_is_posted_once(desk, question):
    comment = make_cases.asked(question)
    case = case_of(comment)
    sent = form_of(desk, case) | {"act": "answer", "answer": "Yes."}
    first, second = desk.post(address_of(case), sent), desk.post(address_of(case), sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert comment.replies.count() == 1


def test_an_answer_is_kept_when_the_consultation_is_shown_no_more(desk, consultation, question):
    comment = make_cases.asked(question)
    case = case_of(comment)
    sent = form_of(desk, case) | {"act": "answer", "answer": "Too late, but worth keeping."}
    Consultation.objects.filter(pk=consultation.pk).update(state=Consultation.State.DRAFT)
    response = desk.post(address_of(case), sent)
    assert response.status_code == 422
    html = response.content.decode()
    assert "This consultation is not published." in html
    assert "Too late, but worth keeping." in html


def test_an_empty_answer_is_not_posted(desk, question):
    comment = make_cases.asked(question)
    response = decide(desk, comment, "answer", answer=" \u200b ")
    assert response.status_code == 422
    assert "Write your answer first" in response.content.decode()


def test_acknowledge_then_answer(desk, teresa, question):
    comment = make_cases.asked(question)
    decide(desk, comment, "acknowledge")
    case = case_of(comment)
    assert (case.state, case.taken_by) == (Case.State.ACKNOWLEDGED, teresa)
    html = desk.get(DESK).content.decode()
    assert "acknowledged" in html
    assert 'value="acknowledge"' not in html
    decide(desk, comment, "answer", answer="Yes.")
    assert not Case.objects.waiting().exists()


def test_a_begun_answer_survives_another_button(desk, question):
    comment = make_cases.asked(question)
    decide(desk, comment, "acknowledge", answer="Half an ans")
    case = case_of(comment)
    assert form_of(desk, case)["answer"] == "Half an ans"
    decide(desk, comment, "answer", answer="Half an answer is better than none.")
    assert not Draft.objects.exists()


def test_already_answered(desk, question):
    comment, answer = make_cases.asked(question), make.comment(question)
    decide(desk, comment, "close", answered_in=f"№ {answer.pk}", closing="There is a list.")
    comment.refresh_from_db()
    assert not comment.awaits_answer
    act = last_act(comment)
    assert (act.kind, act.reason, act.after) == ("answered-before", "There is a list.", {"answer": answer.pk})


def test_promote_to_a_numbered_question_that_links_back(desk, consultation, question):
    comment = make_cases.asked(question, body="May we send a recording instead of a text?")
    assert form_of(desk, case_of(comment))["text_en"] == comment.body
    decide(desk, comment, "promote", text_en="What about recordings?", text_fr="Et les enregistrements ?")
    made = consultation.questions.get(number=3)
    assert (made.text_en, made.text_fr, made.promoted_from) == (
        "What about recordings?",
        "Et les enregistrements ?",
        comment,
    )
    assert comment.get_absolute_url() in desk.get(made.get_absolute_url()).content.decode()
    assert made.get_absolute_url() in desk.get(comment.get_absolute_url()).content.decode()
    assert not Case.objects.waiting().exists()
    response = desk.post(
        f"/en/comments/{comment.pk}/moderate/", {"act": "promote", "text_en": "Again?", "seen": str(Stamp.now(comment))}
    )
    assert response.status_code in {302, 409}
    assert consultation.questions.count() == 4


def test_promoting_needs_a_text(desk, question):
    comment = make_cases.asked(question)
    response = decide(desk, comment, "promote", text_en=" ", text_fr="", text_es="")
    assert response.status_code == 422
    assert "Write the question in one language at least." in response.content.decode()


def test_move_under_a_question(desk, consultation, question):
    comment = make_cases.on_open_floor(consultation)
    reply = make.comment(comment.question, comment)
    decide(desk, comment, "move", to=question.pk)
    for each in (comment, reply):
        each.refresh_from_db()
        assert each.question == question
    act = last_act(comment)
    assert (act.kind, act.before, act.after) == ("moved", {"question": None}, {"question": 1})
    assert not Case.objects.waiting().exists()


def test_moving_from_its_own_page_is_recorded_and_closes_the_case(desk, consultation, question):
    comment = make_cases.on_open_floor(consultation)
    address = f"/en/comments/{comment.pk}/move/"
    desk.post(address, fields_of(desk.get(address), "move") | {"to": question.pk, "reason": "It is about question 1."})
    assert last_act(comment).reason == "It is about question 1."
    assert not Case.objects.waiting().exists()


def test_list_it_there_too(desk, consultation, question):
    comment = make_cases.on_open_floor(consultation)
    decide(desk, comment, "list", to=question.pk)
    comment.refresh_from_db()
    assert comment.question.is_open_floor
    assert counts(question) == (0, 0)
    html = desk.get(question.get_absolute_url()).content.decode()
    assert "Also listed here" in html
    assert comment.get_discussion_url() in html
    assert "The moderators list it on these pages too" in desk.get(comment.get_absolute_url()).content.decode()
    posting.move_thread(root=comment, to=question, moderator=Moderator.objects.first().user)
    assert "Also listed here" not in desk.get(question.get_absolute_url()).content.decode()


@pytest.mark.parametrize("act", ["move", "list"])
def test_placing_needs_a_question_of_this_consultation(desk, consultation, act):
    comment = make_cases.on_open_floor(consultation)
    elsewhere = make.consultation().questions.get(number=1)
    for to, said in (("", "Choose the question."), (elsewhere.pk, "Choose a question of this consultation.")):
        response = decide(desk, comment, act, to=to)
        assert response.status_code == 422
        assert said in response.content.decode()
    with pytest.raises(PermissionDenied):
        {"move": acts.move, "list": acts.list_under}[act](
            comment=comment, moderator=Moderator.objects.first().user, to=elsewhere
        )


def test_leave_it_on_the_open_floor(desk, consultation):
    comment = make_cases.on_open_floor(consultation)
    decide(desk, comment, "stay")
    assert last_act(comment).kind == "placed"
    assert not Case.objects.waiting().exists()


def test_restore_after_another_look(desk, noor, question):
    comment = make_cases.appealed(question, noor, asks_moderators=True)
    decide(desk, comment, "restore", words="It was about a text.")
    assert state_of(comment) == "published"
    assert counts(question) == (1, 1)
    assert last_act(comment).kind == "restored"
    assert case_of(comment).kind == Case.Kind.QUESTION, "what it asked is asked again"


def test_the_removal_stands_with_a_sentence(desk, noor, question):
    comment = make_cases.appealed(question, noor)
    response = decide(desk, comment, "uphold")
    assert response.status_code == 422
    assert "Write a sentence for its author." in response.content.decode()
    decide(desk, comment, "uphold", words="The second sentence is about her person.")
    assert state_of(comment) == "hidden"
    assert last_act(comment).reason == "The second sentence is about her person."
    assert not Case.objects.waiting().exists()


def test_take_and_pass_on(desk, teresa, noor, question):
    comment = make_cases.reported(question)
    decide(desk, comment, "take")
    assert case_of(comment).taken_by == teresa
    decide(desk, comment, "pass", colleague=noor.pk)
    assert case_of(comment).taken_by == noor
    assert last_act(comment).after == {"to": noor.pk, "name": "Noor Haddad"}
    assert "passed to Noor Haddad" in desk.get(DESK).content.decode()
    decide(desk, comment, "pass", colleague="")
    assert case_of(comment).taken_by is None


def test_pass_to_moderators_of_the_same_consultation_alone(desk, teresa, question):
    comment = make_cases.reported(question)
    stranger = make.moderator(make.consultation())
    response = decide(desk, comment, "pass", colleague=stranger.pk)
    assert response.status_code == 422
    assert "Choose a moderator of this consultation who may decide about it." in response.content.decode()
    with pytest.raises(PermissionDenied):
        acts.pass_on(comment=comment, moderator=teresa, colleague=stranger)


def test_restore_from_the_last_decisions(desk, teresa, question):
    comment = make_cases.hidden(question, teresa)
    html = desk.get(DESK).content.decode()
    assert f'action="/en/comments/{comment.pk}/moderate/"' in html
    address = f"/en/comments/{comment.pk}/moderate/"
    seen = html.split(f'action="{address}"')[1].split('name="seen" value="')[1].split('"')[0]
    assert seen == str(Stamp.now(comment))
    assert desk.post(address, {"back": "desk", "act": "restore"}).status_code == 422
    response = desk.post(address, {"back": "desk", "act": "restore", "seen": seen}, follow=True)
    assert "Restored." in response.content.decode()
    assert state_of(comment) == "published"


def test_everything_about_one_contribution(desk, question):
    comment = make_cases.reported(question)
    address = f"/en/comments/{comment.pk}/moderate/"
    html = desk.get(address).content.decode()
    for act in ("leave", "hide", "promote", "move", "list", "take"):
        assert f'value="{act}"' in html
    sent = {"act": "hide", "rule": rule().pk, "reason": SENTENCE, "seen": str(Stamp.now(comment))}
    response = desk.post(address, sent, follow=True)
    assert "Removed. Its author is told" in response.content.decode()
    assert 'value="restore"' in response.content.decode()
    response = desk.post(address, sent | {"act": "leave"})
    assert response.status_code == 409


def test_several_at_once(desk, question):
    held = [make_cases.held(question) for _number in range(3)]
    acts.approve(comment=held[2], moderator=make.moderator(question.consultation, name="Noor Haddad"))
    ticked = [f"{Case.objects.get(comment=each).pk}:{Stamp.now(each)}" for each in held[:2]]
    stale = f"{Case.objects.get(comment=held[2]).pk}:held.0.0.0.0"
    response = desk.post(
        "/en/moderation/several/?queue=held", {"act": "approve", "case": [*ticked, stale, "x:y", "9" * 40]}, follow=True
    )
    html = response.content.decode()
    assert "2 contributions are published." in html
    assert "Meanwhile Noor Haddad has decided: approved." in html
    assert {state_of(each) for each in held} == {"published"}


def test_several_at_once_only_what_is_safe(desk, question):
    comment = make_cases.reported(question)
    ticked = f"{case_of(comment).pk}:{Stamp.now(comment)}"
    assert 'form="several"' in desk.get(f"{DESK}?queue=report").content.decode()
    assert 'form="several"' not in desk.get(DESK).content.decode()
    for queue, act in (("report", "hide"), ("held", "leave"), ("", "leave"), ("appeal", "restore")):
        assert desk.post(f"/en/moderation/several/?queue={queue}", {"act": act, "case": ticked}).status_code == 404
    html = desk.post("/en/moderation/several/?queue=report", {"act": "leave"}, follow=True).content.decode()
    assert "Tick the contributions first." in html
    desk.post("/en/moderation/several/?queue=report", {"act": "leave", "case": ticked})
    assert last_act(comment).kind == "left"


@pytest.mark.parametrize("way", ["refused", "withdrawn"])
def test_what_nobody_has_seen_leaves_no_marker(desk, question, way):
    root = make.comment(question)
    first, reply = make_cases.held(question), make_cases.held(question, parent=root)
    for comment in (first, reply):
        if way == "refused":
            assert decide(desk, comment, "hide", rule=rule().pk, reason=SENTENCE).status_code == 302
        else:
            posting.withdraw(comment=comment, author=comment.author)
    assert Comment.objects.get(pk=root.pk).reply_count == 0
    assert consistency.differences(question) == []
    reader = Client()
    html = reader.get(question.get_absolute_url()).content.decode()
    html += reader.get(question.consultation.get_absolute_url()).content.decode()
    html += reader.get(f"{question.get_absolute_url()}?thread={root.pk}").content.decode()
    for comment in (first, reply):
        assert f"comment-{comment.pk}" not in html
        assert reader.get(f"/en/comments/{comment.pk}/").status_code == 404
        assert reader.get(f"{question.get_absolute_url()}?at={comment.pk}").status_code == 404
        author = Client()
        author.force_login(comment.author)
        assert author.get(f"/en/comments/{comment.pk}/").status_code == 200
        assert desk.get(f"/en/comments/{comment.pk}/").status_code == 200


def test_a_refused_contribution_that_is_restored_appears_as_a_new_one(desk, question, noor):
    root = make.comment(question)
    comment = make_cases.held(question, parent=root)
    decide(desk, comment, "hide", rule=rule().pk, reason=SENTENCE)
    complaints.appeal(comment=comment, author=comment.author, words="It is about a text.")
    mail.outbox.clear()
    acts.restore(comment=comment, moderator=noor)
    comment.refresh_from_db()
    assert (comment.state, comment.was_never_shown, comment.rule) == ("published", False, None)
    assert Comment.objects.get(pk=root.pk).reply_count == 1
    assert consistency.differences(question) == []
    assert {root.author.email, comment.author.email} <= {to for each in mail.outbox for to in each.to}
    assert f'id="comment-{comment.pk}"' in Client().get(question.get_absolute_url()).content.decode()


# Refusals


def test_nobody_decides_about_their_own(desk, teresa, question):
    comment = make_cases.reported(question, author=teresa)
    case = case_of(comment)
    for act in ("leave", "hide", "take", "pass", "promote"):
        response = desk.post(
            address_of(case), {"act": act, "rule": rule().pk, "reason": SENTENCE, "text_en": "Mine?", "seen": ""}
        )
        assert response.status_code == 422, act
        assert "a colleague has to decide" in response.content.decode()
    assert not Act.objects.exists()


@pytest.mark.parametrize("act", ["restore", "uphold"])
def test_who_removed_it_does_not_look_again(desk, teresa, question, act):
    comment = make_cases.appealed(question, teresa)
    response = desk.post(address_of(case_of(comment)), {"act": act, "words": "No."})
    assert response.status_code == 422
    assert "a colleague or an administrator has to look again" in response.content.decode()
    assert case_of(comment)


def test_who_was_overruled_does_not_remove_it_again(teresa, noor, question):
    comment = make_cases.appealed(question, teresa)
    acts.restore(comment=comment, moderator=noor)
    with pytest.raises(acts.ActError, match="a colleague looked again and restored it"):
        acts.hide(comment=comment, moderator=teresa, rule=rule(), reason="Still.")
    acts.hide(comment=comment, moderator=noor, rule=rule(), reason="It was changed since.")


@pytest.mark.parametrize("act", ["", "nonsense", "__class__", "approve"])
def test_an_act_that_does_not_fit_is_refused(desk, question, act):
    comment = make_cases.reported(question)
    response = desk.post(address_of(case_of(comment)), {"act": act})
    assert response.status_code in {409, 422}
    assert state_of(comment) == "published"
    assert not Act.objects.exists()


def test_a_moderator_removed_while_at_the_desk_keeps_the_text(desk, teresa, question):
    comment = make_cases.asked(question)
    case = case_of(comment)
    sent = form_of(desk, case) | {"act": "answer", "answer": "An answer that took an hour."}
    Moderator.objects.filter(user=teresa).delete()
    response = desk.post(address_of(case), sent)
    assert response.status_code == 403
    assert "An answer that took an hour." in response.content.decode()
    assert not comment.replies.exists()


# Two at once


def test_the_second_is_told_who_decided_what(desk, noor, question):
    comment = make_cases.reported(question)
    case = case_of(comment)
    sent = form_of(desk, case) | {"act": "hide", "rule": rule().pk, "reason": SENTENCE}
    acts.leave(comment=comment, moderator=noor)
    response = desk.post(address_of(case), sent)
    assert response.status_code == 409
    html = response.content.decode()
    assert "Meanwhile Noor Haddad has decided: reported and left as it is. Nothing else was done." in html
    assert SENTENCE.replace("&", "&amp;") in html
    assert state_of(comment) == "published"
    assert Act.objects.count() == 1


def test_the_second_is_told_that_somebody_has_taken_it_and_can_decide_all_the_same(desk, noor, question):
    comment = make_cases.asked(question)
    case = case_of(comment)
    sent = form_of(desk, case) | {"act": "answer", "answer": "Yes, please do."}
    acts.take(comment=comment, moderator=noor)
    response = desk.post(address_of(case), sent)
    assert response.status_code == 409
    html = response.content.decode()
    assert "Meanwhile Noor Haddad has changed who looks after it." in html
    assert "Yes, please do." in html
    assert not comment.replies.exists()
    again = fields_of(response, f"case-{case.pk}-form") | {"act": "answer"}
    assert desk.post(address_of(case), again).status_code == 302
    assert comment.replies.get().body == "Yes, please do."


def test_a_text_that_changed_meanwhile_is_read_again(desk, question):
    comment = make_cases.held(question)
    case = case_of(comment)
    sent = form_of(desk, case) | {"act": "approve"}
    posting.edit_comment(comment=comment, editor=comment.author, body="Buy this instead.", language="en")
    response = desk.post(address_of(case), sent)
    assert response.status_code == 409
    html = response.content.decode()
    assert "its author has changed the text" in html
    assert "Buy this instead." in html
    assert state_of(comment) == "held"


def test_a_report_that_came_meanwhile_is_read_first(desk, question):
    comment = make_cases.reported(question)
    case = case_of(comment)
    sent = form_of(desk, case) | {"act": "leave"}
    complaints.report(comment=comment, reporter=make.person(), rule=rule(4), words="It names her street.")
    response = desk.post(address_of(case), sent)
    assert response.status_code == 409
    html = response.content.decode()
    assert "somebody else has reported it" in html
    assert "It names her street." in html


def test_a_contribution_withdrawn_meanwhile_leaves_the_desk(desk, question):
    comment = make_cases.reported(question)
    case = case_of(comment)
    sent = form_of(desk, case) | {"act": "leave"}
    posting.withdraw(comment=comment, author=comment.author)
    response = desk.post(address_of(case), sent)
    assert response.status_code == 409
    assert "withdrawn by its author" in response.content.decode()
    assert comment.body not in response.content.decode()
    case.refresh_from_db()
    assert (case.state, case.outcome) == (Case.State.DONE, "withdrawn")


@pytest.mark.parametrize(
    ("seen", "status"),
    [("", 422), ("x", 422), ("published.0.0", 422), ("published.a.b.c.d", 422), ("9" * 90, 422), ("held.0.0.0.1", 409)],
)
def test_without_the_right_stamp_nothing_is_decided(desk, question, seen, status):
    comment = make_cases.held(question)
    response = decide(desk, comment, "approve", seen=seen)
    assert response.status_code == status
    assert ("The form arrived incomplete." in response.content.decode()) == (status == 422)
    assert state_of(comment) == "held"
    # The form that came back carries the stamp of what it shows.
    again = fields_of(response, f"case-{case_of(comment).pk}-form") | {"act": "approve"}
    assert desk.post(address_of(case_of(comment)), again).status_code == 302
    assert state_of(comment) == "published"


def test_several_without_a_stamp_are_not_decided(desk, question):
    comment = make_cases.held(question)
    sent = {"act": "approve", "case": str(case_of(comment).pk)}
    response = desk.post("/en/moderation/several/?queue=held", sent, follow=True)
    assert "The form arrived incomplete." in response.content.decode()
    assert state_of(comment) == "held"


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_the_same_moment_make_one():
    question = make.consultation().questions.select_related("consultation").get(number=1)
    moderators = [make.moderator(question.consultation) for _number in range(4)]
    comment = make_cases.reported(question)
    seen = str(Stamp.now(comment))
    outcomes, start = [], threading.Barrier(len(moderators))

    def decide_as(number, moderator):
        start.wait()
        try:
            if number % 2:
                acts.leave(comment=comment, moderator=moderator, seen=seen)
            else:
                acts.hide(comment=comment, moderator=moderator, rule=rule(), reason="It does.", seen=seen)
        except acts.Overtaken as problem:
            outcomes.append(str(problem))
        else:
            outcomes.append("done")
        finally:
            connections.close_all()

    workers = [threading.Thread(target=decide_as, args=each) for each in enumerate(moderators)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert outcomes.count("done") == 1
    assert all("Meanwhile" in each for each in outcomes if each != "done")
    assert Act.objects.count() == 1


# What stays right


def test_a_hidden_root_keeps_its_replies_and_takes_new_ones_to_them(teresa, question):
    root = make.comment(question)
    reply = make.comment(question, root)
    acts.hide(comment=root, moderator=teresa, rule=rule(), reason="No.")
    with pytest.raises(posting.ParentGone):
        make.comment(question, root)
    deeper = make.comment(question, reply)
    shown = [step.comment.pk for step in threads.page(question, Reading()).steps]
    assert shown == [root.pk, reply.pk, deeper.pk]


def test_acts_about_former_participants_work(desk, teresa, question):
    comment = make_cases.reported(question)
    Comment.objects.filter(pk=comment.pk).update(author=None, author_name="")
    response = decide(desk, comment, "hide", rule=rule().pk, reason=SENTENCE)
    assert response.status_code == 302
    assert last_act(comment).person_id is None


def test_a_participant_deleted_while_reported_leaves_the_case(desk, question):
    comment = make_cases.reported(question)
    comment.author.delete()
    assert decide(desk, comment, "leave").status_code == 302


def test_answers_carry_the_language_of_their_text(desk, question):
    comment = make_cases.asked(question)
    case = case_of(comment)
    assert uuid.UUID(form_of(desk, case)["submission_key"])
    decide(desk, comment, "answer", answer="Sí, puede enviarla a la secretaría antes del viernes por la tarde.")
    assert comment.replies.get().language == "es"


def test_ages_and_dates_are_those_of_the_case(desk, question):
    comment = make_cases.asked(question)
    Case.objects.filter(comment=comment).update(opened_at=timezone.now() - datetime.timedelta(hours=5))
    assert "Waiting for 5\u00a0hours" in desk.get(DESK).content.decode()
