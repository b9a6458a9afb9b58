"""How a comment becomes visible, and how it is taken away and brought back.

Each function expects the caller to own the transaction, to have locked the thread (`posting.lock_thread`)
and to have asked whether the person may.
"""

from datetime import datetime

from django.db.models import F

from consultations.models import Comment, ConductRule, LanguageCount, Participation, ProposedText, Question
from consultations.reactions import tell

PUBLISHED, HELD = Comment.State.PUBLISHED, Comment.State.HELD


def appear(comment: Comment) -> None:
    """Count a comment that readers see from now on, be it as a text or as a marker."""
    if comment.parent_id:
        Comment.objects.filter(pk=comment.root_id).update(reply_count=F("reply_count") + 1)


def begin(comment: Comment) -> None:
    """Count a comment that was just written, and tell of it; a held one is told of, and not yet counted."""
    if comment.state == HELD:
        tell("comment_held", comment=comment)
        return
    appear(comment)
    count_published(comment)
    tell("comment_published", comment=comment)


def approve(comment: Comment, at: datetime) -> None:
    """Publish a comment that readers have not seen yet."""
    comment.state, comment.state_changed_at = PUBLISHED, at
    comment.save(update_fields=["state", "state_changed_at"])
    appear(comment)
    count_published(comment)
    tell("comment_published", comment=comment)


def take_away(comment: Comment, at: datetime, *, state: str, rule: ConductRule | None = None) -> None:
    """Leave a marker in place of a comment, because its author (withdrawn) or a moderator (hidden) wants it.

    One that was held leaves none: nobody has seen it.
    """
    before = comment.state
    comment.state, comment.state_changed_at, comment.rule = state, at, rule
    comment.was_never_shown = comment.was_never_shown or before == HELD
    comment.save(update_fields=["state", "state_changed_at", "rule", "was_never_shown"])
    if before == PUBLISHED:
        count(comment, -1)
        note_answers(comment)
    if state == Comment.State.WITHDRAWN:
        ProposedText.objects.filter(comment=comment).delete()
        tell("comment_withdrawn", comment=comment)


def restore(comment: Comment, at: datetime) -> None:
    """Bring a hidden comment back, or publish it now if it was held before."""
    comment.rule = None
    if comment.was_never_shown:
        comment.was_never_shown = False
        comment.save(update_fields=["rule", "was_never_shown"])
        approve(comment, at)
        return
    comment.state, comment.state_changed_at = PUBLISHED, at
    comment.save(update_fields=["state", "state_changed_at", "rule"])
    count(comment, +1)
    note_answers(comment)


def count_published(comment: Comment) -> None:
    if comment.by_moderator and comment.parent_id:
        Comment.objects.filter(pk=comment.root_id).update(is_answered_by_moderator=True)
    count(comment, +1)
    Question.objects.filter(pk=comment.question_id).update(latest_comment_at=comment.created_at)


def note_answers(comment: Comment) -> None:
    """Keep right whether the thread has a moderator's answer, after one came or went."""
    if comment.by_moderator and comment.parent_id:
        root = Comment.objects.get(pk=comment.root_id)
        answers = Comment.objects.under(root).published().filter(by_moderator=True).exclude(pk=root.pk)
        Comment.objects.filter(pk=root.pk).update(is_answered_by_moderator=answers.exists())


def count(comment: Comment, change: int) -> None:
    """Add a published comment to, or take it from, every count that a page shows."""
    Question.objects.filter(pk=comment.question_id).update(comment_count=F("comment_count") + change)
    count_language(comment.question_id, comment.language, change)
    if comment.author_id is not None:
        count_participation(comment, change)


def count_participation(comment: Comment, change: int) -> None:
    """Count what its author has contributed to the consultation."""
    participation, _made = Participation.objects.get_or_create(
        consultation_id=comment.question.consultation_id, user_id=comment.author_id
    )
    # A pseudonym must not show in the figures whose it is.
    if not comment.is_pseudonym:
        participation.country, participation.group = comment.country, comment.group
    participation.comment_count = F("comment_count") + change
    participation.save()


def count_language(question_id: int, language: str, change: int) -> None:
    # Made at zero first, so that two first comments in a language both count.
    kept, _made = LanguageCount.objects.get_or_create(question_id=question_id, language=language)
    LanguageCount.objects.filter(pk=kept.pk).update(comment_count=F("comment_count") + change)
