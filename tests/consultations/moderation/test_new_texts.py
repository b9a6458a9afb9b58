"""Another text for a published contribution, which waits for a moderator as a new contribution would."""

from importlib import import_module

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import erasure, export
from consultations import consistency, permissions, posting
from consultations.models import Comment, Consultation, Moderator, ProposedText
from consultations.moderation import acts, figures
from consultations.moderation.acts import Overtaken
from consultations.moderation.models import Act, Case
from consultations.moderation.sight import Stamp
from tests import make
from tests.consultations.moderation.deciding import DESK, address_of, decide, form_of
from tests.consultations.moderation.make_cases import case_of, rule
from tests.forms import fields_of

SENTENCE = "It advertises a shop."
NEW = "A district form with twelve fields, and [a shop](https://shop.example)."


@pytest.fixture
def everybody(consultation):
    """Everything waits in the consultation."""
    consultation.holding = Consultation.Holding.EVERYBODY
    consultation.save()
    return consultation


@pytest.fixture
def approved(everybody, question, noor):
    """A contribution that waited and was approved."""
    question.consultation.refresh_from_db()
    comment = make.comment(question)
    return acts.approve(comment=comment, moderator=noor)


def edit(comment, body=NEW, **fields):
    form = {"body": body, "language": "en"} | fields
    client = Client()
    client.force_login(comment.author)
    return client.post(f"/en/comments/{comment.pk}/edit/", form)


def propose(comment, body=NEW, language="en") -> Comment:
    return posting.edit_comment(comment=comment, editor=comment.author, body=body, language=language)


def page_of(comment, reader=None) -> str:
    client = Client()
    if reader:
        client.force_login(reader)
    return client.get(f"/en/comments/{comment.pk}/").content.decode()


def fresh(comment) -> Comment:
    return Comment.objects.select_related("proposed_text", "question__consultation").get(pk=comment.pk)


def agrees(question) -> bool:
    question.refresh_from_db()
    return consistency.differences(question) == []


# What waits


def test_it_works(client, approved, question, teresa):
    response = edit(approved)
    assert response.headers["Location"] == f"/en/comments/{approved.pk}/#new-text"
    comment = fresh(approved)
    assert (comment.body, comment.edited_at, comment.versions.count()) == (approved.body, None, 1)
    assert comment.waiting_text.body == NEW
    client.force_login(teresa)
    html = client.get(DESK, {"queue": "held"}).content.decode()
    assert "New text of a published contribution" in html
    assert '<ins><span class="visually-hidden" lang="en">added: </span>' in html
    mail.outbox.clear()
    assert decide(client, comment, "publish").status_code == 302
    comment = fresh(comment)
    assert (comment.body, comment.waiting_text, comment.versions.count()) == (NEW, None, 2)
    assert not Case.objects.waiting().filter(comment=comment).exists()
    act = Act.objects.filter(comment=comment).first()
    assert (act.kind, act.actor_name) == ("text-published", "Teresa Manalo")
    assert act.before == {"version": 1, "proposed": "waits"}
    assert act.after == {"version": 2, "proposed": "published"}
    told = next(each for each in mail.outbox if each.to == [comment.author.email])
    assert f"The new text of your contribution № {comment.pk} is published" in told.body.replace("\u00a0", " ")
    assert "shop.example" in page_of(comment)
    assert agrees(question)


def test_a_refused_text_is_told_of_with_rule_and_sentence_and_kept_for_its_author(client, approved, teresa, question):
    propose(approved)
    client.force_login(teresa)
    mail.outbox.clear()
    assert decide(client, approved, "refuse", rule=rule(3).pk, reason=SENTENCE).status_code == 302
    comment = fresh(approved)
    assert (comment.state, comment.body, comment.versions.count()) == ("published", approved.body, 1)
    act = Act.objects.filter(comment=comment).first()
    assert (act.kind, act.rule_number, act.reason) == ("text-refused", 3, SENTENCE)
    assert (act.before, act.after) == (
        {"version": 1, "proposed": "waits"},
        {"version": 1, "proposed": "refused"},
    )
    told = next(each for each in mail.outbox if each.to == [comment.author.email])
    for words in (SENTENCE, "Do not attack persons or groups.", "twelve fields"):
        assert words in told.body
        assert words in told.alternatives[0].content
    own = Client()
    own.force_login(comment.author)
    for address in (f"/en/comments/{comment.pk}/", f"/en/comments/{comment.pk}/edit/"):
        page = own.get(address).text
        for words in ("A new text was not published", "Rule 3: Do not attack persons or groups.", SENTENCE):
            assert words in page
    assert "A new text was not published" in own.get("/en/me/contributions/").text
    assert SENTENCE not in page_of(comment)
    assert "twelve fields" in own.get(f"/en/comments/{comment.pk}/edit/").content.decode()
    assert "twelve fields" not in page_of(comment)
    # Another attempt waits again.
    edit(comment, "A district form with ten fields.")
    assert case_of(comment).kind == "held"
    assert SENTENCE not in own.get(f"/en/comments/{comment.pk}/").text
    assert agrees(question)


def test_its_author_reads_why_it_waits(question):
    comment = make.comment(question)
    edit(comment, "Read https://shop.example/ about it.")
    assert fresh(comment).waiting_text.held_because == "links"
    page = page_of(comment, comment.author)
    assert "A new text waits" in page
    assert "It is your first contribution, and there are links in it." in page


@pytest.mark.parametrize(("act", "said"), [("refuse", "Choose the rule that it breaks."), ("publish", "")])
def test_refusing_needs_a_rule_and_a_sentence(client, approved, teresa, act, said):
    propose(approved)
    client.force_login(teresa)
    response = decide(client, approved, act)
    assert response.status_code == (422 if said else 302)
    assert said in response.content.decode()


def test_the_edit_of_a_first_contribution_into_links_waits(question):
    comment = make.comment(question)
    edit(comment)
    assert (fresh(comment).body, fresh(comment).waiting_text.body) == (comment.body, NEW)
    # Without links nothing holds it, and what waited is no more.
    edit(comment, "A district form with nine fields.")
    assert (fresh(comment).body, fresh(comment).waiting_text) == ("A district form with nine fields.", None)
    assert Case.objects.get(comment=comment, kind="held").outcome == "withdrawn"


def test_who_has_contributed_before_may_edit_links_in(question):
    author = make.person()
    make.comment(question, author=author)
    comment = make.comment(question, author=author)
    edit(comment)
    assert fresh(comment).body == NEW


def test_a_newcomer_is_one_until_something_else_of_theirs_is_published(consultation, question):
    comment = make.comment(question)
    consultation.holding = Consultation.Holding.NEWCOMERS
    consultation.save()
    edit(comment, "A district form with nine fields.")
    assert fresh(comment).waiting_text
    consultation.holding = Consultation.Holding.NOBODY
    consultation.save()
    make.comment(question, author=comment.author)
    consultation.holding = Consultation.Holding.NEWCOMERS
    consultation.save()
    edit(comment, "A district form with eight fields.")
    assert fresh(comment).body == "A district form with eight fields."


def test_the_same_long_text_edited_in_waits(question):
    author = make.person()
    said = "We ask all districts to let people hand in the form by post, by telephone and in person. " * 3
    make.comment(question, author=author, body=said)
    comment = make.comment(question, author=author)
    edit(comment, said.upper())
    assert fresh(comment).waiting_text


def test_its_own_text_with_other_blanks_is_not_a_repetition(question):
    said = "We ask all districts to let people hand in the form by post, by telephone and in person. " * 3
    comment = make.comment(question, body=said)
    edit(comment, said.replace("by post", "by  post"))
    assert not fresh(comment).waiting_text


def test_the_edits_of_moderators_and_of_held_contributions_do_not_wait(everybody, question, teresa):
    question.consultation.refresh_from_db()
    own = make.comment(question, author=teresa)
    edit(own)
    assert fresh(own).body == NEW
    held = make.comment(question)
    edit(held)
    assert (fresh(held).body, fresh(held).state, fresh(held).waiting_text) == (NEW, "held", None)


# Its author


def test_its_author_sees_changes_and_takes_it_back(approved):
    edit(approved)
    html = page_of(approved, approved.author)
    assert "Your new text of" in html
    assert "until then readers see the published text" in html
    client = Client()
    client.force_login(approved.author)
    form = client.get(f"/en/comments/{approved.pk}/edit/").content.decode()
    assert "Your new text of" in form
    assert "twelve fields" in form
    assert "A new text waits" in client.get("/en/me/contributions/").content.decode()
    edit(approved, "A district form with ten fields.")
    assert fresh(approved).waiting_text.body == "A district form with ten fields."
    assert Case.objects.filter(comment=approved, kind="held").count() == 2
    back = f"/en/comments/{approved.pk}/take-back/"
    assert client.get(back).status_code == 302
    assert fresh(approved).waiting_text
    for _time in range(2):
        assert client.post(back).status_code == 302
        assert not ProposedText.objects.exists()
    assert not Case.objects.waiting().filter(comment=approved).exists()


def test_the_published_text_sent_again_takes_it_back(approved):
    edit(approved)
    edit(approved, approved.body)
    assert not ProposedText.objects.exists()
    assert not Case.objects.waiting().filter(comment=approved).exists()


def test_the_same_text_sent_twice_changes_nothing(approved):
    edit(approved)
    first = fresh(approved)
    edit(approved)
    assert Stamp.now(fresh(approved)) == Stamp.now(first)


# Everybody else


@pytest.mark.parametrize("role", ["visitor", "participant", "moderator elsewhere"])
def test_nobody_else_sees_it_or_decides(approved, question, role):
    edit(approved)
    reader = {
        "visitor": AnonymousUser(),
        "participant": make.person(),
        "moderator elsewhere": make.moderator(make.consultation()),
    }[role]
    client = Client()
    if reader.is_authenticated:
        client.force_login(reader)
    feed = f"/en/consultations/{question.consultation.slug}/feed/"
    for address in (approved.get_absolute_url(), question.get_absolute_url(), feed, "/en/search/?q=twelve"):
        html = client.get(address).content.decode()
        assert "twelve fields" not in html
        assert "shop.example" not in html
    assert not permissions.can_take_text_back(reader, approved)
    case = case_of(approved)
    for act in ("publish", "refuse"):
        fields = {"act": act, "rule": rule(3).pk, "reason": SENTENCE, "seen": str(Stamp.now(fresh(approved)))}
        for address in (f"/en/comments/{approved.pk}/moderate/", address_of(case)):
            assert client.post(address, fields).status_code in {302, 403}
    assert client.post(f"/en/comments/{approved.pk}/take-back/").status_code in {302, 403}
    assert client.post(f"/en/comments/{approved.pk}/edit/", {"body": "Mine."}).status_code in {302, 403}
    assert fresh(approved).waiting_text.body == NEW
    assert fresh(approved).body == approved.body


def test_its_author_does_not_decide(approved, everybody):
    edit(approved)
    Moderator.objects.create(consultation=everybody, user=approved.author)
    with pytest.raises(acts.OwnComment):
        acts.publish_text(comment=approved, moderator=approved.author)


def test_readers_pages_ask_no_more(approved, question, django_assert_num_queries, django_assert_max_num_queries):
    client = Client()
    counts = []
    for _waits in (False, True):
        for address in (approved.get_absolute_url(), question.get_absolute_url()):
            with django_assert_max_num_queries(60) as asked:
                client.get(address)
            counts.append(len(asked))
        edit(approved)
    assert counts[:2] == counts[2:]


# Moderators


def test_two_moderators_decide_once(approved, teresa, noor):
    edit(approved)
    at_once = {}
    for each in (teresa, noor):
        at_once[each] = Client()
        at_once[each].force_login(each)
    case = case_of(approved)
    forms = {each: form_of(client, case) for each, client in at_once.items()}
    answer = at_once[teresa].post(address_of(case), forms[teresa] | {"act": "publish"})
    assert answer.status_code == 302
    fields = {"act": "refuse", "rule": rule(3).pk, "reason": SENTENCE}
    late = at_once[noor].post(address_of(case), forms[noor] | fields)
    assert late.status_code == 409
    html = late.content.decode()
    assert "Meanwhile Teresa Manalo has decided: new text published." in html
    assert SENTENCE in html
    assert Act.objects.filter(comment=approved, kind__startswith="text-").count() == 1


def test_a_decision_is_never_about_another_text(client, approved, teresa):
    edit(approved)
    client.force_login(teresa)
    case = case_of(approved)
    form = form_of(client, case)
    edit(approved, "Abuse.")
    answer = client.post(address_of(case), form | {"act": "publish"})
    assert answer.status_code == 409
    assert "Meanwhile its author has changed the text." in answer.content.decode()
    assert fresh(approved).body == approved.body


def test_what_was_taken_back_cannot_be_decided(approved, teresa):
    comment = propose(approved)
    seen = str(Stamp.now(comment))
    posting.take_text_back(comment=comment, author=comment.author)
    for act, more in ((acts.publish_text, {}), (acts.refuse_text, {"rule": rule(3), "reason": SENTENCE})):
        for stamp in ("", seen):
            with pytest.raises(Overtaken):
                act(comment=comment, moderator=teresa, seen=stamp, **more)


def test_several_at_once_leaves_new_texts_out(client, approved, everybody, question, teresa):
    question.consultation.refresh_from_db()
    held = make.comment(question)
    edit(approved)
    client.force_login(teresa)
    html = client.get(DESK, {"queue": "held"}).content.decode()
    assert f"Tick № {held.pk}" in html.replace("\u00a0", " ")
    assert f"Tick № {approved.pk}" not in html.replace("\u00a0", " ")
    case = case_of(approved)
    client.post(f"{DESK}several/?queue=held", {"act": "approve", "case": f"{case.pk}:{Stamp.now(fresh(approved))}"})
    assert fresh(approved).body == approved.body


def test_everything_about_it_offers_both_decisions(client, approved, teresa):
    edit(approved)
    client.force_login(teresa)
    address = f"/en/comments/{approved.pk}/moderate/"
    html = client.get(address).content.decode()
    assert "Publish the new text" in html
    form = fields_of(client.get(address), f"contribution-{approved.pk}-form")
    assert client.post(address, form | {"act": "publish"}).status_code == 302
    assert fresh(approved).body == NEW


# What else happens to the contribution


def test_withdrawing_takes_it_along(approved, question):
    propose(approved)
    posting.withdraw(comment=approved, author=approved.author)
    assert not ProposedText.objects.exists()
    assert not Case.objects.waiting().filter(comment=approved).exists()
    assert agrees(question)


def test_it_waits_behind_a_removal_and_comes_back_with_the_contribution(approved, question, teresa, noor):
    propose(approved)
    acts.hide(comment=approved, moderator=teresa, rule=rule(3), reason=SENTENCE)
    assert not Case.objects.waiting().filter(comment=approved).exists()
    assert "twelve fields" not in page_of(approved, approved.author)
    with pytest.raises(Overtaken):
        acts.publish_text(comment=approved, moderator=noor)
    acts.restore(comment=approved, moderator=noor)
    assert case_of(approved).kind == "held"
    acts.publish_text(comment=approved, moderator=noor)
    assert fresh(approved).body == NEW
    assert agrees(question)


def test_it_moves_with_its_thread_and_keeps_the_counts(approved, consultation, question, teresa):
    propose(approved, "Un formulaire de district avec douze champs, et rien d'autre.", "fr")
    there = consultation.questions.get(number=2)
    posting.move_thread(root=approved, to=there, moderator=teresa)
    acts.publish_text(comment=approved, moderator=teresa)
    assert fresh(approved).language == "fr"
    assert agrees(question)
    assert agrees(there)


def test_it_can_be_taken_back_after_the_closing(approved, consultation):
    propose(approved)
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=timezone.now())
    with pytest.raises(posting.NotEditable):
        propose(approved, "Something else.")
    posting.take_text_back(comment=approved, author=approved.author)
    assert not ProposedText.objects.exists()


def test_others_do_not_take_it_back(approved):
    propose(approved)
    with pytest.raises(PermissionDenied):
        posting.take_text_back(comment=approved, author=make.person())


def test_the_text_of_an_organization_asks_to_be_confirmed_anew_once_it_is_published(everybody, question, noor):
    question.consultation.refresh_from_db()
    author = make.person(organization="Red de Puertos")
    comment = make.comment(question, author=author, voice=posting.Voice(capacity=Comment.Capacity.ORGANIZATION))
    acts.approve(comment=comment, moderator=noor)
    Comment.objects.filter(pk=comment.pk).update(confirmation="confirmed")
    propose(comment)
    assert fresh(comment).confirmation == "confirmed"
    acts.publish_text(comment=comment, moderator=noor)
    assert fresh(comment).confirmation == "unconfirmed"


@pytest.mark.parametrize("keep", [True, False])
def test_it_goes_with_the_account(approved, question, keep):
    author = approved.author
    propose(approved)
    kept = export.everything_about(author)["contributions"][0]["proposed text"]
    assert kept["text"] == NEW
    erasure.erase_account(author, keep_contributions=keep)
    assert not ProposedText.objects.exists()
    assert not Case.objects.waiting().filter(comment=approved).exists()
    assert agrees(question)


def test_a_text_beside_what_nobody_sees_is_found(approved, question):
    propose(approved)
    Comment.objects.filter(pk=approved.pk).update(state="withdrawn")
    assert not agrees(question)


def test_public_figures_count_a_contribution_once(approved, consultation, teresa):
    propose(approved)
    counted = figures.count(consultation)
    assert (counted.held, counted.held_now, counted.hidden) == (1, 1, 0)
    acts.refuse_text(comment=approved, moderator=teresa, rule=rule(3), reason=SENTENCE)
    counted = figures.count(consultation)
    assert (counted.held, counted.held_now, counted.hidden, counted.hidden_by_rule) == (1, 0, 0, [])


def test_the_record_is_readable(client, approved, consultation, teresa):
    propose(approved)
    acts.refuse_text(comment=approved, moderator=teresa, rule=rule(3), reason=SENTENCE)
    client.force_login(teresa)
    html = client.get(f"/en/consultations/{consultation.slug}/record/").content.decode()
    assert "new text not published" in html
    assert "proposed text" in html


# Versions that nobody was to see


def test_what_was_replaced_while_held_stays_with_author_and_moderators(everybody, question, noor):
    question.consultation.refresh_from_db()
    comment = make.comment(question, body="Abuse of a person.")
    edit(comment, "A friendly text.")
    acts.approve(comment=comment, moderator=noor)
    for reader in (None, make.person()):
        html = page_of(comment, reader)
        assert "A friendly text." in html
        assert "Abuse of a person." not in html
    assert "Abuse" not in Client().get(f"/en/comments/{comment.pk}/?changes=2").content.decode()
    for reader in (comment.author, noor):
        html = page_of(comment, reader)
        assert "Abuse of a person." in html
        assert "Only its author and the moderators see this version." in html


def test_what_was_there_before_is_marked(everybody, question, noor):
    """The migrations find by the record what readers never saw."""
    question.consultation.refresh_from_db()
    approved = make.comment(question, body="Abuse of a person.")
    propose(approved, "A friendly text.")
    acts.approve(comment=approved, moderator=noor)
    propose(approved, "A friendlier text.")
    acts.publish_text(comment=approved, moderator=noor)
    refused, withdrawn = make.comment(question, approved), make.comment(question, approved)
    acts.hide(comment=refused, moderator=noor, rule=rule(3), reason=SENTENCE)
    posting.withdraw(comment=withdrawn, author=withdrawn.author)
    approved.versions.update(was_published=True)
    Comment.objects.update(was_never_shown=False)
    Comment.objects.filter(pk=approved.pk).update(reply_count=2)
    with connection.cursor() as cursor:
        for name in ("0006_versions_never_published", "0007_refused_unseen"):
            for operation in import_module(f"consultations.moderation.migrations.{name}").Migration.operations:
                cursor.execute(operation.sql)
    assert list(approved.versions.values_list("was_published", flat=True)) == [False, True, True]
    assert set(Comment.objects.filter(was_never_shown=True)) == {refused, withdrawn}
    assert fresh(approved).reply_count == 0
    assert agrees(question)
