import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import StakeholderGroup
from consultations import posting
from consultations.models import Comment, LanguageCount, Participation, Question
from tests import make


def write(question, **fields):
    fields = {"author": make.person(), "body": "A text.", "language": "en", "submission_key": uuid.uuid4()} | fields
    return posting.post_comment(question=question, **fields)


def test_it_works(question, participant, django_capture_on_commit_callbacks, mailoutbox):
    with django_capture_on_commit_callbacks(execute=True):
        comment = write(question, author=participant, body="Nobody counts the *person*.")
    assert comment.path == [comment.pk]
    assert comment.html.startswith("<p>Nobody counts the <em>person</em>.")
    assert comment.terms.version == "2026-11"
    assert comment.versions.get().body == comment.body
    question.refresh_from_db()
    assert question.comment_count == 1
    assert question.latest_comment_at == comment.created_at
    assert LanguageCount.objects.get(question=question, language="en").comment_count == 1
    assert Participation.objects.get(user=participant).comment_count == 1
    receipt = mailoutbox[0]
    assert receipt.to == [participant.email]
    assert f"№\u00a0{comment.pk}" in receipt.subject
    assert "Nobody counts the *person*." in receipt.body


def test_the_receipt_speaks_the_language_of_its_reader(question, django_capture_on_commit_callbacks, mailoutbox):
    with django_capture_on_commit_callbacks(execute=True):
        comment = write(question, author=make.person(language="fr"))
    assert f"/fr/comments/{comment.pk}/" in mailoutbox[0].body


def test_posting_twice_with_one_key_makes_one_comment(question, participant):
    key = uuid.uuid4()
    first = write(question, author=participant, submission_key=key)
    second = write(question, author=participant, submission_key=key, body="Something else.")
    assert first == second
    assert Comment.objects.count() == 1


def test_two_people_may_have_the_same_key(question):
    key = uuid.uuid4()
    assert write(question, submission_key=key) != write(question, submission_key=key)


def test_a_reply_stands_below_what_it_answers(question):
    root = make.comment(question)
    reply = make.comment(question, root)
    deeper = make.comment(question, reply)
    assert deeper.path == [root.pk, reply.pk, deeper.pk]
    root.refresh_from_db()
    assert root.reply_count == 2
    assert not root.is_answered_by_moderator


def test_depth_has_no_end(question):
    comment = make.comment(question)
    author = make.person()
    for _level in range(Comment.MAX_PATH + 5):
        comment = make.comment(question, comment, author=author)
    assert len(comment.path) == Comment.MAX_PATH
    assert comment.path[-1] == comment.pk
    assert Comment.objects.under(Comment.objects.get(pk=comment.root_id)).count() == Comment.MAX_PATH + 6


def test_a_moderators_answer_marks_the_thread(question):
    root = make.comment(question)
    moderator = make.moderator(question.consultation)
    answer = make.comment(question, root, author=moderator)
    root.refresh_from_db()
    assert answer.by_moderator
    assert answer.organization == "Secretariat"
    assert root.is_answered_by_moderator
    posting.withdraw(comment=answer, author=moderator)
    root.refresh_from_db()
    assert not root.is_answered_by_moderator


def test_a_moderator_elsewhere_speaks_as_a_participant(question):
    stranger = make.moderator(make.consultation())
    assert not make.comment(question, author=stranger).by_moderator


def test_who_spoke_stays_as_it_was(question):
    author = make.person(name="Amina Diarra", organization="Red de Puertos", country="AR", group="academia")
    comment = write(question, author=author, voice=posting.Voice(capacity=Comment.Capacity.ORGANIZATION))
    author.name, author.organization, author.country = "A. D.", "Elsewhere", "CL"
    author.group = StakeholderGroup.objects.get(slug="media")
    author.save()
    comment.refresh_from_db()
    assert (comment.author_name, comment.organization, comment.country.code) == ("Amina Diarra", "Red de Puertos", "AR")
    assert comment.group.slug == "academia"


def test_a_profile_that_is_not_shown_stays_hidden(client, question):
    author = make.person(organization="Red de Puertos", country="AR", group="academia", shows_profile=False)
    make.comment(question, author=author)
    page = client.get(question.get_absolute_url()).content.decode()
    assert author.name in page
    assert "Red de Puertos" not in page
    assert "Argentina" not in page


def test_a_pseudonym_hides_the_person_from_all_but_moderators(client):
    question = make.consultation(allows_pseudonyms=True).questions.get(number=1)
    author = make.person(name="Amina Diarra", organization="Red de Puertos", country="AR")
    comment = write(question, author=author, voice=posting.Voice(pseudonym="A night nurse"))
    for reader in (None, make.person()):
        if reader:
            client.force_login(reader)
        for address in (question.get_absolute_url(), comment.get_absolute_url()):
            page = client.get(address).content.decode()
            assert "A night nurse" in page
            assert "Amina" not in page
            assert "Puertos" not in page
    client.force_login(make.moderator(question.consultation))
    assert "Amina Diarra" in client.get(comment.get_absolute_url()).content.decode()


def test_a_pseudonym_is_ignored_where_none_is_allowed(question, participant):
    assert write(question, author=participant, voice=posting.Voice(pseudonym="X")).author_name == participant.name


@pytest.mark.parametrize("days", [(-10, -1), (1, 10)])
def test_nothing_is_posted_outside_the_dates(days):
    question = make.consultation(days=days).questions.get(number=1)
    with pytest.raises(posting.DiscussionClosed):
        write(question)
    assert not Comment.objects.exists()


def test_nothing_is_posted_to_a_closed_question(question):
    question.state = Question.State.CLOSED
    question.save()
    with pytest.raises(posting.DiscussionClosed):
        write(question)


def test_a_withdrawn_comment_takes_no_replies_and_keeps_those_it_has(question, participant):
    root = make.comment(question, author=participant)
    reply = make.comment(question, root)
    posting.withdraw(comment=root, author=participant)
    posting.withdraw(comment=root, author=participant)
    root.refresh_from_db()
    question.refresh_from_db()
    assert root.state == Comment.State.WITHDRAWN
    assert question.comment_count == 1
    with pytest.raises(posting.ParentGone):
        write(question, parent=root)
    assert write(question, parent=reply).path[0] == root.pk


def test_a_parent_of_another_question_is_refused(question):
    elsewhere = make.comment(make.question())
    with pytest.raises(posting.ParentGone):
        write(question, parent=elsewhere)


def test_nobody_withdraws_or_edits_what_others_wrote(question):
    comment = make.comment(question)
    with pytest.raises(PermissionDenied):
        posting.withdraw(comment=comment, author=make.moderator(question.consultation))
    with pytest.raises(posting.NotEditable):
        posting.edit_comment(comment=comment, editor=make.admin(), body="Mine.", language="en")


def test_an_edit_keeps_the_earlier_text(question, participant):
    comment = make.comment(question, author=participant, body="One.")
    posting.edit_comment(comment=comment, editor=participant, body="Uno.", language="es")
    posting.edit_comment(comment=comment, editor=participant, body="Uno.", language="es")
    assert [version.body for version in comment.versions.all()] == ["One.", "Uno."]
    counts = dict(LanguageCount.objects.values_list("language", "comment_count"))
    assert counts == {"en": 0, "es": 1}


def test_a_thread_moves_as_a_whole_and_leaves_a_trace(client, question):
    consultation = question.consultation
    floor = consultation.questions.get(number=None)
    root = make.comment(floor)
    reply = make.comment(floor, root, language="fr")
    other = make.comment(floor)
    moderator = make.moderator(consultation)
    old_address = reply.get_discussion_url().split("#")[0]
    posting.move_thread(root=root, to=question, moderator=moderator, reason="It answers question 1.")
    assert set(question.comments.all()) == {root, reply}
    assert set(floor.comments.all()) == {other}
    question.refresh_from_db()
    floor.refresh_from_db()
    assert (question.comment_count, floor.comment_count) == (2, 1)
    answer = client.get(old_address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(question.get_absolute_url())
    assert "It answers question 1." in client.get(question.get_absolute_url()).content.decode()


def test_only_moderators_move_and_only_within_their_consultation(question):
    root = make.comment(question)
    floor = question.consultation.questions.get(number=None)
    elsewhere = make.question()
    moderator = make.moderator(question.consultation)
    for who, to in ((make.person(), floor), (make.moderator(elsewhere.consultation), floor), (moderator, elsewhere)):
        with pytest.raises(PermissionDenied):
            posting.move_thread(root=root, to=to, moderator=who)


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    """Several people, or one person's several requests, in several connections."""

    def in_threads(self, *jobs):
        failures = []

        def run(job):
            try:
                job()
            except Exception as error:
                failures.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=[job]) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert not failures

    def test_replies_to_one_comment_all_arrive(self):
        question = make.consultation().questions.get(number=1)
        root = make.comment(question)
        people = [make.person() for _ in range(8)]
        self.in_threads(*(lambda who=who: write(question, author=who, parent=root) for who in people))
        root.refresh_from_db()
        question.refresh_from_db()
        assert root.reply_count == 8
        assert question.comment_count == 9
        assert LanguageCount.objects.get(question=question, language="en").comment_count == 9

    def test_one_key_posted_at_once_makes_one_comment(self):
        question = make.consultation().questions.get(number=1)
        author, key = make.person(), uuid.uuid4()
        self.in_threads(*[lambda: write(question, author=author, submission_key=key)] * 6)
        assert Comment.objects.count() == 1
