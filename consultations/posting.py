"""Writing in a discussion: post, edit, withdraw, move. One function each, one transaction each.

Locks are taken in one order (root of the thread, then questions by id, then the counts), so that
people who write at the same time wait for each other and never deadlock.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations import mails, markup, permissions
from consultations.languages import WRITTEN
from consultations.models import (
    Comment,
    CommentVersion,
    Consultation,
    Draft,
    LanguageCount,
    Moderator,
    Participation,
    Question,
    Terms,
    ThreadMove,
)

# More than a contribution may have, so that a text that is still too long is kept all the same.
DRAFT_MAX_CHARACTERS = 200_000


class PostingError(Exception):
    """Why something could not be written, in words for the person who tried."""

    message = ""

    def __str__(self):
        return str(self.message)


class DiscussionClosed(PostingError):
    """The consultation or the question takes no contributions now."""

    def __init__(self, question: Question):
        consultation = question.consultation
        phase = consultation.phase
        if phase == Consultation.Phase.UPCOMING:
            self.message = _("This consultation is not open yet. Your text is below: keep a copy until it opens.")
        elif phase == Consultation.Phase.CLOSED:
            self.message = _("This consultation has closed. Your text is below, so that you can copy it.")
        elif question.state == Question.State.CLOSED:
            self.message = _("This question has been closed. Your text is below, so that you can copy it.")
        else:
            self.message = _("This consultation is not published. Your text is below, so that you can copy it.")


class ParentGone(PostingError):
    """The comment to answer was withdrawn, removed, or belongs elsewhere."""

    message = _(
        "The contribution that you want to answer is no longer there. "
        "You can respond to the question instead; whatever you wrote is still in the form."
    )


class NotEditable(PostingError):
    message = _("This contribution can no longer be changed. Your text is below, so that you can copy it.")


@dataclass(frozen=True)
class Voice:
    """In which capacity somebody speaks in one contribution."""

    capacity: str = Comment.Capacity.PERSON
    pseudonym: str = ""


@transaction.atomic
def post_comment(
    *,
    author,
    question: Question,
    body: str,
    language: str,
    submission_key: uuid.UUID,
    parent: Comment | None = None,
    voice: Voice = Voice(),
    asks_moderators: bool = False,
) -> Comment:
    """Publish `body` under `question`, or as a reply to `parent`, and drop the author's draft of it.

    Posting the same `submission_key` again returns the comment that it made the first time.
    Raises DiscussionClosed or ParentGone, each with a message for the author.
    """
    lock_submission(author, submission_key)
    if posted := Comment.objects.filter(author=author, submission_key=submission_key).first():
        return posted
    if not permissions.can_comment(author, question):
        raise DiscussionClosed(question)
    if parent:
        parent = lock_thread(parent)
        if parent.question_id != question.pk or not permissions.can_reply(author, parent):
            raise ParentGone
    comment = compose(author, question, parent, body, language, voice, asks_moderators)
    publish(comment, submission_key)
    Draft.objects.filter(author=author, question=question, parent=parent).delete()
    transaction.on_commit(partial(mails.send_receipt, comment))
    return comment


def publish(comment: Comment, submission_key: uuid.UUID) -> None:
    """Write a composed comment with its path, its first version and all counts.

    The caller owns the transaction, has locked the thread and has asked whether the author may.
    """
    parent = comment.parent
    comment.pk = next_comment_id()
    comment.path = [*parent.path[: Comment.MAX_PATH - 1], comment.pk] if parent else [comment.pk]
    comment.submission_key = submission_key
    comment.terms = Terms.current()
    comment.save(force_insert=True)
    keep_version(comment)
    if parent:
        root = Comment.objects.filter(pk=comment.root_id)
        root.update(reply_count=F("reply_count") + 1)
        if comment.by_moderator:
            root.update(is_answered_by_moderator=True)
    count(comment, +1)
    Question.objects.filter(pk=comment.question_id).update(latest_comment_at=comment.created_at)


def preview_comment(*, author, question, body, language, parent=None, voice=Voice(), asks_moderators=False) -> Comment:
    """The comment as it would be published; nothing is saved."""
    comment = compose(author, question, parent, body, language, voice, asks_moderators)
    comment.path = [*parent.path, 0] if parent else [0]
    return comment


def compose(author, question, parent, body, language, voice, asks_moderators) -> Comment:
    source = markup.clean_source(body)
    rendered = markup.render(source)
    return Comment(
        question=question,
        parent=parent,
        author=author,
        language=language,
        body=source,
        html=rendered.html,
        fold_at=rendered.fold_at,
        words=rendered.words,
        asks_moderators=asks_moderators,
        **frozen_identity(author, question.consultation, voice),
    )


@transaction.atomic
def edit_comment(*, comment: Comment, editor, body: str, language: str) -> Comment:
    """Replace the text of one's own comment; the earlier text stays in its history.

    A text that is the same as before makes no version. Raises NotEditable.
    """
    comment = lock_thread(comment)
    if not permissions.can_edit(editor, comment):
        raise NotEditable
    replace_text(comment, body, language, timezone.now())
    return comment


def replace_text(comment: Comment, body: str, language: str, at: datetime) -> None:
    """Give a comment, locked by the caller, another text and its history one more version."""
    source = markup.clean_source(body)
    if (source, language) == (comment.body, comment.language):
        return
    if language != comment.language and comment.state == Comment.State.PUBLISHED:
        count_language(comment.question_id, comment.language, -1)
        count_language(comment.question_id, language, +1)
    rendered = markup.render(source)
    comment.body, comment.html, comment.language = source, rendered.html, language
    comment.fold_at, comment.words = rendered.fold_at, rendered.words
    comment.edited_at = at
    comment.save(update_fields=["body", "html", "language", "fold_at", "words", "edited_at"])
    keep_version(comment)


@transaction.atomic
def withdraw(*, comment: Comment, author) -> Comment:
    """Take one's own comment away. A marker stays in its place, and so do the replies.

    Withdrawing twice changes nothing more.
    """
    comment = lock_thread(comment)
    if comment.state == Comment.State.WITHDRAWN and comment.author_id == author.pk:
        return comment
    if not permissions.can_withdraw(author, comment):
        raise PermissionDenied
    take_back(comment, timezone.now())
    return comment


def take_back(comment: Comment, at: datetime) -> None:
    """Turn a comment, locked by the caller, into the marker of a withdrawn one."""
    was_published = comment.state == Comment.State.PUBLISHED
    comment.state = Comment.State.WITHDRAWN
    comment.state_changed_at = at
    comment.save(update_fields=["state", "state_changed_at"])
    if was_published:
        count(comment, -1)
    if comment.by_moderator and comment.parent_id:
        Comment.objects.filter(pk=comment.root_id).update(is_answered_by_moderator=is_answered(comment.root_id))


@transaction.atomic
def move_thread(*, root: Comment, to: Question, moderator, reason: str = "") -> Comment:
    """Put a whole thread under another question of the same consultation, leaving a trace.

    Old addresses lead to the new place. Moving to where it is already changes nothing.
    Raises PermissionDenied for people who do not moderate the consultation.
    """
    root = lock_thread(root)
    if not permissions.can_move(moderator, root) or to.consultation_id != root.question.consultation_id:
        raise PermissionDenied
    if root.question_id == to.pk:
        return root
    origin = root.question
    list(Question.objects.filter(pk__in=[origin.pk, to.pk]).order_by("pk").select_for_update())
    thread = Comment.objects.under(root)
    published = list(thread.published().order_by().values_list("language", flat=True))
    thread.order_by().update(question=to)
    for language in sorted(set(published)):
        count_language(origin.pk, language, -published.count(language))
        count_language(to.pk, language, +published.count(language))
    for question, change in ((origin, -len(published)), (to, +len(published))):
        latest = Comment.objects.placed().published().filter(question=question).order_by("-place")
        Question.objects.filter(pk=question.pk).update(
            comment_count=F("comment_count") + change, latest_comment_at=latest.values("created_at")[:1]
        )
    Draft.objects.filter(question=origin, parent__path__0=root.pk).update(question=to)
    ThreadMove.objects.create(root=root, from_question=origin, to_question=to, moved_by=moderator, reason=reason)
    root.question = to
    return root


@dataclass(frozen=True)
class SavedDraft:
    draft: Draft | None
    is_stale: bool


@transaction.atomic
def save_draft(
    *,
    author,
    question: Question,
    body: str,
    sequence: int,
    submission_key: uuid.UUID | None = None,
    parent: Comment | None = None,
    language: str = "",
) -> SavedDraft:
    """Keep what somebody is typing; an empty text removes the draft.

    A save that arrives after the text was posted is ignored, and one whose `sequence` is not
    newer than the one kept is stale: the newer text stays and comes back.
    """
    body = body.replace("\0", "")[:DRAFT_MAX_CHARACTERS]
    language = language if language in dict(WRITTEN) else ""
    if submission_key:
        lock_submission(author, submission_key)
        if Comment.objects.filter(author=author, submission_key=submission_key).exists():
            return SavedDraft(None, is_stale=False)
    kept = Draft.objects.select_for_update().filter(author=author, question=question, parent=parent).first()
    if kept and kept.sequence >= sequence:
        return SavedDraft(kept, is_stale=kept.body != body)
    if markup.is_blank(body):
        if kept:
            kept.delete()
        return SavedDraft(None, is_stale=False)
    draft, _made = Draft.objects.update_or_create(
        author=author,
        question=question,
        parent=parent,
        defaults={"body": body, "language": language, "sequence": sequence, "saved_at": timezone.now()},
    )
    return SavedDraft(draft, is_stale=False)


def lock_submission(author, submission_key: uuid.UUID) -> None:
    """Make other requests with the same key wait until this transaction has ended."""
    key = (author.pk * 1_000_003 ^ submission_key.int) % 2**63
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def lock_thread(comment: Comment) -> Comment:
    """Lock the thread's root and return `comment` as it stands now, with question and consultation.

    Readers and people who write in other threads do not wait.
    """
    Comment.objects.filter(pk=comment.root_id).order_by().select_for_update(no_key=True).values("pk").get()
    return Comment.objects.select_related("question__consultation").get(pk=comment.pk)


def next_comment_id() -> int:
    """An id from the table's own sequence, so that the path can be written in the same insert."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('consultations_comment', 'id'))")
        return cursor.fetchone()[0]


def frozen_identity(author, consultation: Consultation, voice: Voice) -> dict:
    """What the comment will always say of its author, whatever the profile becomes."""
    if voice.pseudonym and consultation.allows_pseudonyms:
        return {
            "author_name": voice.pseudonym,
            "is_pseudonym": True,
            "capacity": Comment.Capacity.PERSON,
            "organization": "",
            "country": "",
            "group": author.group,
            "shows_profile": False,
        }
    identity = {
        "author_name": author.name,
        "capacity": voice.capacity,
        "organization": author.organization,
        "country": author.country,
        "group": author.group,
        # Whoever speaks for an organization or a State names it.
        "shows_profile": author.shows_profile or voice.capacity != Comment.Capacity.PERSON,
    }
    if moderator := Moderator.objects.filter(consultation=consultation, user=author).first():
        identity |= {
            "by_moderator": True,
            "capacity": Comment.Capacity.ORGANIZATION,
            "organization": moderator.organization or author.organization,
            "shows_profile": True,
        }
    return identity


def keep_version(comment: Comment) -> CommentVersion:
    return CommentVersion.objects.create(
        comment=comment,
        number=comment.versions.count() + 1,
        language=comment.language,
        body=comment.body,
        html=comment.html,
        created_at=comment.edited_at or comment.created_at,
    )


def is_answered(root_id: int) -> bool:
    root = Comment.objects.get(pk=root_id)
    return Comment.objects.under(root).published().filter(by_moderator=True).exclude(pk=root_id).exists()


def count(comment: Comment, change: int) -> None:
    """Add a published comment to, or take it from, every count that a page shows."""
    Question.objects.filter(pk=comment.question_id).update(comment_count=F("comment_count") + change)
    count_language(comment.question_id, comment.language, change)
    participation, _made = Participation.objects.get_or_create(
        consultation_id=comment.question.consultation_id, user_id=comment.author_id
    )
    participation.country, participation.group = comment.country, comment.group
    participation.comment_count = F("comment_count") + change
    participation.save()


def count_language(question_id: int, language: str, change: int) -> None:
    # Made at zero first, so that two first comments in a language both count.
    kept, _made = LanguageCount.objects.get_or_create(question_id=question_id, language=language)
    LanguageCount.objects.filter(pk=kept.pk).update(comment_count=F("comment_count") + change)
