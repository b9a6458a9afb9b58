"""Writing in a discussion: post, edit, withdraw, move. One function each, one transaction each.

Locks are taken in one order (root of the thread, then questions by id, then the counts), so that
people who write at the same time wait for each other and never deadlock.
"""

import copy
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from consultations import holding, mails, markup, permissions, sameness, states
from consultations.models import (
    Comment,
    CommentVersion,
    Consultation,
    Draft,
    Listing,
    Moderator,
    Pause,
    ProposedText,
    Question,
    Terms,
    ThreadMove,
)
from consultations.reactions import tell


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


class Paused(PostingError):
    """The moderators have paused this participant in the consultation."""

    def __init__(self, pause: Pause):
        self.message = _(
            "The moderators have paused your participation in this consultation until %(until)s. "
            "Their reason: %(reason)s Your text is below, so that you can copy it."
        ) % {"until": date_format(pause.until, "DATETIME_FORMAT"), "reason": pause.reason}


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

    Posting the same `submission_key`, or the same words in the same place, again returns the comment that
    it made the first time.
    A comment that has to wait for a moderator is held instead of published. Raises DiscussionClosed,
    ParentGone or Paused, each with a message for the author.
    """
    lock_submission(author, submission_key)
    if posted := Comment.objects.filter(author=author, submission_key=submission_key).first():
        return posted
    if pause := permissions.pause_of(author, question.consultation):
        raise Paused(pause)
    if parent:
        parent = lock_thread(parent)
    if not permissions.can_comment(author, question) and not (parent and permissions.owes_answer(author, parent)):
        raise DiscussionClosed(question)
    if parent and (parent.question_id != question.pk or not permissions.can_reply(author, parent)):
        raise ParentGone
    comment = compose(author, question, parent, body, language, voice, asks_moderators)
    if twin := same_text_here(comment):
        return twin
    if (why := holding.why_it_waits(comment)) is not None:
        comment.state, comment.held_because = Comment.State.HELD, why
    write(comment, submission_key)
    Draft.objects.filter(author=author, question=question, parent=parent).delete()
    mails.send_receipt(comment)
    return comment


def write(comment: Comment, submission_key: uuid.UUID) -> None:
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
    sameness.keep_digest(comment)
    states.begin(comment)


def same_text_here(comment: Comment) -> Comment | None:
    """What the author has already said in this very place, in the same words."""
    standing = Comment.objects.filter(state__in=[Comment.State.PUBLISHED, Comment.State.HELD])
    here = standing.filter(author=comment.author, question=comment.question, parent=comment.parent)
    return next(sameness.saying_the_same(comment, here), None)


def preview_comment(*, author, question, body, language, parent=None, voice=Voice(), asks_moderators=False) -> Comment:
    """The comment as it would be published; nothing is saved."""
    comment = compose(author, question, parent, body, language, voice, asks_moderators)
    comment.path = [*parent.path, 0] if parent else [0]
    return comment


def compose(author, question, parent, body, language, voice, asks_moderators) -> Comment:
    return composed(
        question,
        body,
        language,
        parent=parent,
        author=author,
        asks_moderators=asks_moderators,
        **frozen_identity(author, question.consultation, voice),
    )


def composed(question: Question, body: str, language: str, **fields) -> Comment:
    """A comment that is not written yet, with what other rooms have to say of it."""
    source = markup.clean_source(body)
    rendered = markup.render(source)
    comment = Comment(
        question=question,
        language=language,
        body=source,
        html=rendered.html,
        fold_at=rendered.fold_at,
        words=rendered.words,
        **fields,
    )
    tell("comment_composed", comment=comment)
    return comment


@transaction.atomic
def edit_comment(*, comment: Comment, editor, body: str, language: str) -> Comment:
    """Replace the text of one's own comment; the earlier text stays in its history.

    A text that is the same as before makes no version. One that may not be published before a moderator has read
    it is kept beside the published one, as the `waiting_text` of the comment that comes back. Raises NotEditable.
    """
    comment = lock_thread(comment)
    if not permissions.can_edit(editor, comment):
        raise NotEditable
    now = timezone.now()
    why = why_edit_waits(comment, editor, body, language)
    if why is not None:
        propose_text(comment, body, language, now, why)
    else:
        drop_proposed_text(comment)
        replace_text(comment, body, language, now)
    return comment


def why_edit_waits(comment: Comment, editor, body: str, language: str) -> str | None:
    """Why the new text of a published comment would be held if it were posted now; None when it would not."""
    if comment.state != Comment.State.PUBLISHED or permissions.moderates(editor, comment.question.consultation):
        return None
    source = markup.clean_source(body)
    if (source, language) == (comment.body, comment.language):
        return None
    changed, rendered = copy.copy(comment), markup.render(source)
    changed.body, changed.html, changed.words = source, rendered.html, rendered.words
    return holding.why_it_waits(changed)


def propose_text(comment: Comment, body: str, language: str, at: datetime, why: str) -> None:
    """Keep a text beside the published one, in place of what was proposed before."""
    source = markup.clean_source(body)
    kept = comment.waiting_text
    if kept and (kept.body, kept.language) == (source, language):
        return
    comment.proposed_text, _made = ProposedText.objects.update_or_create(
        comment=comment,
        defaults={
            "body": source,
            "language": language,
            "proposed_at": at,
            "refused_at": None,
            "held_because": why,
        },
    )
    tell("text_proposed", comment=comment)


def drop_proposed_text(comment: Comment) -> None:
    """Forget what was proposed, or refused, as the new text of a comment, locked by the caller."""
    if ProposedText.objects.filter(comment=comment).delete()[0]:
        # The comment knows of it no more.
        comment._state.fields_cache.pop("proposed_text", None)
        tell("text_taken_back", comment=comment)


@transaction.atomic
def take_text_back(*, comment: Comment, author) -> Comment:
    """Leave one's own comment as it is published. Once nothing waits, this changes nothing."""
    comment = lock_thread(comment)
    if not permissions.can_take_text_back(author, comment):
        raise PermissionDenied
    drop_proposed_text(comment)
    return comment


def publish_proposed_text(comment: Comment, at: datetime) -> None:
    """Give a comment, locked by the caller, the text that its author has proposed."""
    proposed = comment.proposed_text
    proposed.delete()
    comment._state.fields_cache.pop("proposed_text", None)
    replace_text(comment, proposed.body, proposed.language, at)


def replace_text(comment: Comment, body: str, language: str, at: datetime) -> None:
    """Give a comment, locked by the caller, another text and its history one more version."""
    source = markup.clean_source(body)
    if (source, language) == (comment.body, comment.language):
        return
    if language != comment.language and comment.state == Comment.State.PUBLISHED:
        states.count_language(comment.question_id, comment.language, -1)
        states.count_language(comment.question_id, language, +1)
    rendered = markup.render(source)
    comment.body, comment.html, comment.language = source, rendered.html, language
    comment.fold_at, comment.words = rendered.fold_at, rendered.words
    comment.edited_at = at
    if comment.state == Comment.State.HELD:
        # Whatever readers see one day, it is not this.
        comment.versions.update(was_published=False)
    comment.save(update_fields=["body", "html", "language", "fold_at", "words", "edited_at"])
    keep_version(comment)
    sameness.keep_digest(comment)
    tell("comment_edited", comment=comment)


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
    states.take_away(comment, timezone.now(), state=Comment.State.WITHDRAWN)
    return comment


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
    tell("thread_moved", move=put_thread(root, to, by=moderator, reason=reason))
    return root


def put_thread(root: Comment, to: Question, *, by, reason: str = "") -> ThreadMove:
    """Put a thread, locked by the caller, under another question, with everything that counts it."""
    origin = root.question
    list(Question.objects.filter(pk__in=[origin.pk, to.pk]).order_by("pk").select_for_update())
    thread = Comment.objects.under(root)
    published = list(thread.published().order_by().values_list("language", flat=True))
    thread.order_by().update(question=to)
    for language in sorted(set(published)):
        states.count_language(origin.pk, language, -published.count(language))
        states.count_language(to.pk, language, +published.count(language))
    for question, change in ((origin, -len(published)), (to, +len(published))):
        latest = Comment.objects.placed().published().filter(question=question).order_by("-place")
        Question.objects.filter(pk=question.pk).update(
            comment_count=F("comment_count") + change, latest_comment_at=latest.values("created_at")[:1]
        )
    Draft.objects.filter(question=origin, parent__path__0=root.pk).update(question=to)
    # It is there itself now.
    Listing.objects.filter(comment=root, question=to).delete()
    root.question = to
    return ThreadMove.objects.create(root=root, from_question=origin, to_question=to, moved_by=by, reason=reason)


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
    return Comment.objects.select_related("question__consultation", "proposed_text").get(pk=comment.pk)


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
            "shows_profile": author.shows_profile,
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
