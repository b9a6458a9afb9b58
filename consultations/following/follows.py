"""Following and unfollowing: who follows what, and what one person follows."""

from datetime import datetime

from django.db.models import Q

from consultations import permissions
from consultations.following.models import Follow
from consultations.models import Comment, Consultation, Question

# The kinds of things that can be followed, as addresses name them, with the field of Follow that holds each.
FIELDS = {"consultation": "consultation", "question": "question", "thread": "root"}
Followed = Consultation | Question | Comment


def field_of(thing: Followed) -> str:
    """The field of Follow that holds things of this kind."""
    return {Consultation: "consultation", Question: "question", Comment: "root"}[type(thing)]


def find(what: str, pk: int, user) -> Followed | None:
    """What `user` may follow under this name and id, with all that its page needs; else None."""
    if what == "consultation":
        found = Consultation.objects.filter(pk=pk).first()
        readable = found and permissions.can_read(user, found)
    elif what == "question":
        found = Question.objects.select_related("consultation").filter(pk=pk).first()
        readable = found and permissions.can_read(user, found.consultation)
    else:
        found = Comment.objects.roots().select_related("question__consultation").filter(pk=pk).first()
        readable = found and permissions.can_read_comment(user, found)
    return found if readable else None


def follow(user, thing: Followed) -> None:
    """Following twice is following."""
    Follow.objects.bulk_create([Follow(user=user, **{field_of(thing): thing})], ignore_conflicts=True)


def follow_thread(user_id: int, root_id: int) -> None:
    Follow.objects.bulk_create([Follow(user_id=user_id, root_id=root_id)], ignore_conflicts=True)


def unfollow(user, thing: Followed) -> None:
    """No longer following what one did not follow is all right."""
    Follow.objects.filter(user=user, **{field_of(thing): thing}).delete()


def followed_by(user) -> set[tuple[str, int]]:
    """All that a person follows, as (field, id), in one query."""
    rows = Follow.objects.filter(user=user).values_list(*FIELDS.values())
    return {(field, pk) for row in rows for field, pk in zip(FIELDS.values(), row, strict=True) if pk}


def followers_of_comment(comment: Comment, at: datetime) -> set[int]:
    """The ids of those who, at that time, followed the thread, the question or the consultation of a comment."""
    return set(
        Follow.objects.filter(
            Q(root=comment.root_id)
            | Q(question=comment.question_id)
            | Q(consultation=comment.question.consultation_id),
            since__lte=at,
        )
        .order_by()
        .values_list("user", flat=True)
    )


def followers_of_question(question: Question, at: datetime) -> set[int]:
    """The ids of those who, at that time, followed a question, its consultation, or a thread in it."""
    everywhere = Follow.objects.filter(since__lte=at).order_by().values_list("user", flat=True)
    return set(
        everywhere.filter(question=question).union(
            everywhere.filter(consultation=question.consultation_id),
            everywhere.filter(root__question=question),
        )
    )


def followers_within(consultation: Consultation, at: datetime) -> set[int]:
    """The ids of those who, at that time, followed a consultation or any part of it."""
    everywhere = Follow.objects.filter(since__lte=at).order_by().values_list("user", flat=True)
    return set(
        everywhere.filter(consultation=consultation).union(
            everywhere.filter(question__consultation=consultation),
            everywhere.filter(root__question__consultation=consultation),
        )
    )
