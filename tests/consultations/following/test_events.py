"""Each event reaches the right people once, and nobody else."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import posting
from consultations.following import events, follows, tasks, telling, words
from consultations.following.models import Kind, Notification
from consultations.models import Comment, ConductRule, Consultation
from consultations.moderation import acts, complaints
from consultations.moderation.models import Act, Announcement
from consultations.moderation.record import record
from tests import make


@pytest.fixture
def moderator(question):
    return make.moderator(question.consultation, name="Teresa Manalo")


@pytest.fixture
def rule():
    return ConductRule.objects.first()


def told(user) -> list[str]:
    """The kinds of what somebody was told, in the order of time."""
    return list(Notification.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def test_it_works(question, participant):
    root = make.comment(question, author=participant)
    reply = make.comment(question, root)
    mine = Notification.objects.get(user=participant)
    assert (mine.kind, mine.comment, mine.consultation) == (Kind.REPLY, reply, question.consultation)
    assert mine.actor_name == reply.author_name
    assert mine.read_at is None
    assert told(reply.author) == []


def test_a_moderators_reply_is_an_answer(question, participant, moderator):
    make.comment(question, make.comment(question, author=participant), author=moderator)
    assert told(participant) == [Kind.ANSWER]


def test_followers_of_thread_question_and_consultation_hear_once(question):
    root = make.comment(question)
    follower, of_question, of_consultation, bystander = (make.person() for _each in range(4))
    for thing in (root, question, question.consultation):
        follows.follow(follower, thing)
    follows.follow(of_question, question)
    follows.follow(of_consultation, question.consultation)
    reply = make.comment(question, root)
    for person in (follower, of_question, of_consultation):
        assert told(person) == [Kind.NEWS]
    assert told(root.author) == [Kind.REPLY]
    assert told(bystander) == told(reply.author) == []
    make.comment(question)
    assert told(root.author) == [Kind.REPLY]
    assert told(of_question) == [Kind.NEWS, Kind.NEWS]


def test_nobody_hears_of_what_they_did(question, participant):
    root = make.comment(question, author=participant)
    follows.follow(participant, question)
    make.comment(question, root, author=participant)
    make.comment(question, author=participant)
    assert told(participant) == []


def test_who_posts_for_somebody_else_does_not_hear_of_it(question, participant, moderator):
    follows.follow(moderator, question)
    comment = make.comment(question)
    Notification.objects.all().delete()
    Comment.objects.filter(pk=comment.pk).update(author=None, posted_by=moderator)
    tasks.tell_of_comment.enqueue(comment.pk)
    assert told(moderator) == []


def test_who_begins_to_follow_before_the_task_runs_does_not_hear_of_the_past(question, participant):
    comment = make.comment(question)
    follows.follow(participant, question)
    tasks.tell_of_comment.enqueue(comment.pk)
    assert told(participant) == []


def test_a_repeated_task_tells_nobody_twice(question, participant, inbox):
    reply = make.comment(question, make.comment(question, author=participant))
    for _each in range(3):
        tasks.tell_of_comment.enqueue(reply.pk)
    assert told(participant) == [Kind.REPLY]
    assert len(inbox(participant)) == 1


def test_what_was_read_and_is_told_again_stays_read(question, participant):
    reply = make.comment(question, make.comment(question, author=participant))
    Notification.objects.update(read_at=timezone.now())
    tasks.tell_of_comment.enqueue(reply.pk)
    assert not Notification.objects.filter(user=participant).unread().exists()


def test_a_held_reply_is_told_of_once_it_is_approved(participant):
    consultation = make.consultation(holding=Consultation.Holding.EVERYBODY)
    question = consultation.questions.get(number=1)
    moderator = make.moderator(consultation)
    root = make.comment(question, author=moderator)
    held = make.comment(question, root, author=participant)
    tasks.tell_of_comment.enqueue(held.pk)
    assert told(moderator) == []
    acts.approve(comment=held, moderator=make.moderator(consultation))
    assert told(moderator) == [Kind.REPLY]
    assert told(participant) == [Kind.ACT]
    assert follows.followed_by(participant) == {("root", root.pk)}


def test_the_author_hears_of_removal_another_look_and_return(question, participant, moderator, rule):
    comment = make.comment(question, author=participant)
    acts.hide(comment=comment, moderator=moderator, rule=rule, reason="Please leave out the name.")
    complaints.appeal(comment=comment, author=participant, words="It is my own name.")
    colleague = make.moderator(question.consultation)
    acts.uphold(comment=comment, moderator=colleague, reason="It is not.")
    acts.restore(comment=comment, moderator=colleague)
    assert told(participant) == [Kind.ACT] * 3
    kinds = [each.act.kind for each in Notification.objects.filter(user=participant).order_by("pk")]
    assert kinds == ["hidden", "upheld", "restored"]
    assert told(moderator) == told(colleague) == []


def test_acts_of_the_desk_alone_are_not_told(question, participant, moderator):
    comment = make.comment(question, author=participant)
    for kind in set(Act.Kind) - events.TOLD_OF:
        events.moderator_acted(act=record(kind, actor=moderator, comment=comment), comment=comment)
    assert told(participant) == []


def test_every_act_that_is_told_has_words(question, participant, moderator):
    comment = make.comment(question, author=participant)
    for kind in events.TOLD_OF:
        events.moderator_acted(act=record(kind, actor=moderator, comment=comment), comment=comment)
    found = Notification.objects.filter(user=participant).in_words()
    assert len({words.sentence(each) for each in found}) == len(events.TOLD_OF)


def test_reporters_hear_what_came_of_it_once(question, moderator, rule, mailoutbox):
    comment = make.comment(question)
    reporter, bystander = make.person(), make.person()
    complaints.report(comment=comment, reporter=reporter, rule=rule, words="A name.")
    complaints.report(comment=comment, email="visitor@example.org", language="fr", rule=rule)
    acts.leave(comment=comment, moderator=moderator)
    assert told(reporter) == [Kind.REPORT]
    acts.hide(comment=comment, moderator=moderator, rule=rule, reason="Now it is too much.")
    assert told(reporter) == [Kind.REPORT]
    assert told(bystander) == []
    letters = [each for each in mailoutbox if each.to == ["visitor@example.org"]]
    assert len(letters) == 1
    assert 'lang="fr"' in letters[0].alternatives[0][0]


def test_reporters_hear_that_its_author_has_withdrawn_it(question, moderator, rule, mailoutbox):
    comment = make.comment(question)
    reporter, earlier = make.person(), make.person()
    complaints.report(comment=comment, reporter=earlier, rule=rule)
    acts.leave(comment=comment, moderator=moderator)
    complaints.report(comment=comment, reporter=reporter, rule=rule, words="A name.")
    complaints.report(comment=comment, email="visitor@example.org", language="en", rule=rule)
    for _time in range(2):
        posting.withdraw(comment=comment, author=comment.author)
    mine = Notification.objects.in_words().get(user=reporter)
    assert words.sentence(mine) == f"Contribution № {comment.pk}, which you reported, was withdrawn by its author"
    assert mine.actor is None
    assert told(earlier) == [Kind.REPORT]
    (to_reporter,) = (each for each in mailoutbox if each.to == [reporter.email])
    (to_visitor,) = (each for each in mailoutbox if each.to == ["visitor@example.org"])
    for letter in (to_reporter, to_visitor):
        assert letter.subject == words.sentence(mine)
    for part in (to_visitor.body, to_visitor.alternatives[0][0]):
        assert "Its author has withdrawn it since." in " ".join(part.split())
        assert "A moderator has looked" not in part


def test_a_withdrawal_that_nobody_reported_tells_nobody(question, mailoutbox):
    comment = make.comment(question)
    mailoutbox.clear()
    posting.withdraw(comment=comment, author=comment.author)
    assert not Notification.objects.exists()
    assert mailoutbox == []


def announcement(consultation, **fields) -> Announcement:
    return Announcement.objects.create(
        consultation=consultation, title_en="Welcome to all", text_en="We begin.", submission_key=uuid.uuid4(), **fields
    )


def test_announcements_reach_all_who_follow_any_part(question, participant, moderator):
    consultation = question.consultation
    root = make.comment(question)
    follows.follow(participant, consultation)
    elsewhere = make.comment(make.consultation().questions.get(number=1)).author
    made = announcement(consultation, author=moderator, author_name=moderator.name)
    follows.follow(moderator, consultation)
    events.announced(announcement=made)
    events.announced(announcement=made)
    assert told(participant) == told(root.author) == [Kind.ANNOUNCEMENT]
    assert told(elsewhere) == told(moderator) == []


def test_changed_dates_reach_all_who_follow_any_part(question, participant, moderator):
    follows.follow(participant, question)
    act = record("rescheduled", actor=moderator, consultation=question.consultation)
    events.rescheduled(consultation=question.consultation, act=act)
    assert told(participant) == [Kind.DATES]


def test_closing_is_told_once_and_again_after_an_extension(participant, time_machine):
    consultation = make.consultation(days=(-10, 5))
    follows.follow(participant, consultation)
    tasks.look_at_the_calendar.enqueue()
    assert told(participant) == []
    time_machine.move_to(timezone.now() + timedelta(days=2, hours=1))
    tasks.look_at_the_calendar.enqueue()
    tasks.look_at_the_calendar.enqueue()
    assert told(participant) == [Kind.CLOSING]
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=timezone.now() + timedelta(days=20))
    tasks.look_at_the_calendar.enqueue()
    time_machine.move_to(timezone.now() + timedelta(days=18))
    tasks.look_at_the_calendar.enqueue()
    assert told(participant) == [Kind.CLOSING, Kind.CLOSING]


def test_an_outcome_is_told_when_it_is_published_and_the_consultation_has_closed(participant):
    consultation = make.consultation()
    follows.follow(participant, consultation)
    Consultation.objects.filter(pk=consultation.pk).update(outcome_fr="Voici la suite.")
    tasks.look_at_the_calendar.enqueue()
    assert told(participant) == []
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=timezone.now() - timedelta(hours=1))
    tasks.look_at_the_calendar.enqueue()
    tasks.look_at_the_calendar.enqueue()
    assert told(participant) == [Kind.OUTCOME]


def test_of_drafts_and_to_closed_accounts_nothing_is_told(question, participant, moderator):
    asleep = make.person(is_active=False)
    for person in (participant, moderator, asleep):
        follows.follow(person, question)
    make.comment(question)
    assert told(asleep) == []
    Notification.objects.all().delete()
    comment = make.comment(question)
    Notification.objects.all().delete()
    Consultation.objects.filter(pk=question.consultation_id).update(state=Consultation.State.DRAFT)
    tasks.tell_of_comment.enqueue(comment.pk)
    assert told(participant) == []
    assert told(moderator) == [Kind.NEWS]
    assert not Notification.objects.filter(user=moderator).readable().exists()


def test_what_was_withdrawn_before_the_task_ran_is_not_told(question, participant):
    follows.follow(participant, question)
    comment = make.comment(question)
    Notification.objects.all().delete()
    posting.withdraw(comment=comment, author=comment.author)
    tasks.tell_of_comment.enqueue(comment.pk)
    tasks.tell_of_comment.enqueue(10**15)
    assert told(participant) == []


def test_many_followers_take_the_same_number_of_queries_per_batch(question, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(telling, "BATCH", 20)
    people = [make.person().pk for _each in range(40)]
    comment = make.comment(question)

    def tell(users, key):
        telling.tell(users, Kind.NEWS, key, consultation=question.consultation, comment=comment)

    with django_assert_num_queries(6):
        tell(people[:1], "one")
    with django_assert_num_queries(6):
        tell(people[:20], "twenty")
    with django_assert_num_queries(12):
        tell(people, "forty")
    assert Notification.objects.filter(key="forty").count() == 40


def test_old_contributions_brought_from_elsewhere_are_shown_and_not_mailed(question, participant, inbox):
    root = make.comment(question, author=participant)
    reply = make.comment(question, root)
    Notification.objects.all().delete()
    before = len(inbox(participant))
    Comment.objects.filter(pk=reply.pk).update(created_at=timezone.now() - timedelta(days=60))
    tasks.tell_of_comment.enqueue(reply.pk)
    assert Notification.objects.get(user=participant).mail == Notification.Mail.NONE
    assert len(inbox(participant)) == before
