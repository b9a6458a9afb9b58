"""Telling of events, in the background. Each task may run more than once; nobody is told twice."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from consultations.following import follows
from consultations.following.models import Kind, Told
from consultations.following.telling import tell
from consultations.models import Comment, Consultation, Question
from consultations.moderation.models import Act, Announcement

CLOSING_WITHIN = timedelta(days=3)


@task()
def tell_of_comment(pk: int) -> None:
    """Tell whom a published comment answers, then those who follow where it stands."""
    comment = Comment.objects.published().select_related("question__consultation", "parent").filter(pk=pk).first()
    if comment is None:
        return
    event = {
        "key": f"comment:{comment.pk}",
        "consultation": comment.question.consultation,
        "comment": comment,
        "actor_id": comment.author_id,
        "actor_name": comment.author_name,
        "at": comment.state_changed_at or comment.created_at,
    }
    # Whoever posted it for somebody else knows of it.
    answered = {comment.parent.author_id} - {comment.posted_by_id} if comment.parent else set()
    tell(answered, Kind.ANSWER if comment.by_moderator else Kind.REPLY, **event)
    tell(follows.followers_of_comment(comment, event["at"]) - answered - {comment.posted_by_id}, Kind.NEWS, **event)


@task()
def tell_of_act(pk: int, kind: str, users: list[int]) -> None:
    """Tell `users` of an act about a contribution that they wrote (ACT) or reported (REPORT)."""
    act = Act.objects.select_related("consultation", "comment").get(pk=pk)
    tell(
        users,
        Kind(kind),
        f"act:{pk}" if kind == Kind.ACT else f"report:{act.comment_id}:{pk}",
        consultation=act.consultation,
        comment=act.comment,
        act=act,
        actor_id=act.actor_id,
        at=act.at,
    )


@task()
def tell_of_withdrawal(pk: int, users: list[int]) -> None:
    """Tell `users` that the author of a contribution which they reported has withdrawn it."""
    comment = Comment.objects.select_related("question__consultation").get(pk=pk)
    tell(
        users,
        Kind.REPORT,
        f"report:{pk}:withdrawn",
        consultation=comment.question.consultation,
        comment=comment,
        at=comment.state_changed_at,
    )


@task()
def tell_of_announcement(pk: int) -> None:
    announcement = Announcement.objects.standing().select_related("consultation").filter(pk=pk).first()
    if announcement is None:
        return
    tell(
        follows.followers_within(announcement.consultation, announcement.published_at),
        Kind.ANNOUNCEMENT,
        f"announcement:{pk}",
        consultation=announcement.consultation,
        announcement=announcement,
        actor_id=announcement.author_id,
        actor_name=announcement.author_name,
        at=announcement.published_at,
    )


@task()
def tell_of_dates(pk: int) -> None:
    act = Act.objects.select_related("consultation").get(pk=pk)
    tell_of_managing(act, follows.followers_within(act.consultation, act.at))


@task()
def tell_of_question(pk: int, question_id: int) -> None:
    act = Act.objects.select_related("consultation").get(pk=pk)
    if question := Question.objects.filter(pk=question_id).first():
        tell_of_managing(act, follows.followers_of_question(question, act.at))


def tell_of_managing(act: Act, users) -> None:
    """Tell of what was decided about a whole consultation or question."""
    tell(
        users,
        Kind.DATES,
        f"act:{act.pk}",
        consultation=act.consultation,
        act=act,
        actor_id=act.actor_id,
        at=act.at,
    )


@task()
def look_at_the_calendar() -> None:
    """Tell of consultations that close within three days, and of outcomes that were published."""
    now = timezone.now()
    published = Consultation.objects.published()
    for consultation in published.open(now).filter(closes_at__lte=now + CLOSING_WITHIN):
        # Extended, it closes once more.
        tell_once(f"closing:{consultation.pk}:{consultation.closes_at:%Y%m%d%H%M}", consultation, Kind.CLOSING)
    has_outcome = Q(outcome_en__gt="") | Q(outcome_fr__gt="") | Q(outcome_es__gt="")
    for consultation in published.closed(now).filter(has_outcome):
        tell_once(f"outcome:{consultation.pk}", consultation, Kind.OUTCOME)


def tell_once(key: str, consultation: Consultation, kind: Kind) -> None:
    with transaction.atomic():
        _told, is_new = Told.objects.get_or_create(key=key)
        if is_new:
            tell_followers.enqueue(consultation.pk, kind.value, key)


@task()
def tell_followers(consultation_id: int, kind: str, key: str) -> None:
    consultation = Consultation.objects.get(pk=consultation_id)
    tell(follows.followers_within(consultation, timezone.now()), Kind(kind), key, consultation=consultation)
