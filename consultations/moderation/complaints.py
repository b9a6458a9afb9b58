"""What participants ask of the moderators: to look at a contribution, to look again, to put it back in its place.

One function each, one transaction each.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations import posting
from consultations.models import Comment, ConductRule, Listing, Question, ThreadMove
from consultations.moderation import cases
from consultations.moderation.models import Act, Appeal, Case, Objection, Report
from consultations.moderation.record import record


class ComplaintError(Exception):
    """Why it could not be done, in words for whoever asked."""

    message = ""

    def __str__(self):
        return str(self.message)


class NothingToReport(ComplaintError):
    message = _("This contribution is no longer shown, so that there is nothing to report.")


class OwnContribution(ComplaintError):
    message = _("You wrote this contribution yourself. You can edit or withdraw it.")


class AlreadyReported(ComplaintError):
    message = _("You have reported this contribution before. The moderators look at it; you need not do anything.")


class ReportedAndDecided(ComplaintError):
    message = _(
        "You have reported this contribution before, and the moderators have decided. You can report it again once "
        "its text has changed."
    )


class NothingToAppeal(ComplaintError):
    message = _("This contribution is not removed by a moderator, so that there is nothing to look at again.")


class AlreadyAppealed(ComplaintError):
    message = _("You have asked for another look at this removal before. That can be done once for each decision.")


class RemovedAnew(ComplaintError):
    message = _(
        "Meanwhile the contribution was restored, and then removed by another decision. Read its reason, then send "
        "your text again or change it."
    )


class NothingToObject(ComplaintError):
    message = _("No moderator has given this contribution another place, or it was put back already.")


@transaction.atomic
def report(
    *, comment: Comment, reporter=None, email: str = "", language: str = "en", rule: ConductRule | None, words: str = ""
) -> Report:
    """Tell the moderators that a comment breaks a rule; several reports of it make one case.

    `reporter` is None for people without an account; a second report from the same address is the first one.
    Once it is settled, one can report the comment again when its text has changed since.
    Raises NothingToReport, OwnContribution, AlreadyReported or ReportedAndDecided.
    """
    comment = posting.lock_thread(comment)
    if comment.state != Comment.State.PUBLISHED:
        raise NothingToReport
    earlier = Report.objects.filter(comment=comment)
    if reporter:
        if comment.author_id == reporter.pk:
            raise OwnContribution
        if refusal := why_not_again(earlier.filter(reporter=reporter).last(), comment):
            raise refusal
    elif email and (kept := earlier.filter(email=email.lower()).last()) and why_not_again(kept, comment):
        # Whether an address has reported is nobody else's business: both times the answer is the same.
        return kept
    made = Report.objects.create(
        comment=comment, reporter=reporter, email=email.lower(), language=language, rule=rule, words=words
    )
    cases.open_case(comment, Case.Kind.REPORT)
    return made


def why_not_again(last: Report | None, comment: Comment) -> ComplaintError | None:
    """What keeps somebody from another report, after the last one that they made of the comment."""
    if last is None:
        return None
    if last.settled_at is None:
        return AlreadyReported()
    has_changed = comment.edited_at and comment.edited_at > last.settled_at
    return None if has_changed else ReportedAndDecided()


def last_report(user, comment: Comment) -> Report | None:
    return Report.objects.filter(comment=comment, reporter=user).last() if user.is_authenticated else None


@transaction.atomic
def appeal(*, comment: Comment, author, words: str, read: int | None = None) -> Appeal:
    """Ask for another look at a removal, by somebody else than who decided: once for each such decision.

    `read` is the id of the decision that the author has read. Raises PermissionDenied for others than the author,
    NothingToAppeal, RemovedAnew or AlreadyAppealed.
    """
    comment = posting.lock_thread(comment)
    if comment.author_id != author.pk:
        raise PermissionDenied
    if comment.state != Comment.State.HIDDEN:
        raise NothingToAppeal
    removal = removal_of(comment)
    if read and removal and read != removal.pk:
        raise RemovedAnew
    if appeal_against(removal, comment):
        raise AlreadyAppealed
    made = Appeal.objects.create(comment=comment, removal=removal, words=words)
    cases.open_case(comment, Case.Kind.APPEAL, decided_before_by=removal.actor_id if removal else None)
    return made


def removal_of(comment: Comment) -> Act | None:
    """The latest decision to remove the comment."""
    return Act.objects.filter(comment=comment, kind=Act.Kind.HIDDEN).first()


def appeal_against(removal: Act | None, comment: Comment) -> Appeal | None:
    """What its author said about this decision."""
    return Appeal.objects.filter(comment=comment, removal=removal).first()


@transaction.atomic
def object_to_place(*, comment: Comment, author, words: str = "") -> Question:
    """Put a contribution back where its author had posted it, once; that question comes back.

    Raises PermissionDenied for others than the author, or NothingToObject.
    """
    comment = posting.lock_thread(comment)
    if comment.author_id != author.pk:
        raise PermissionDenied
    moves, listings = place_given(comment)
    if not (moves or listings):
        raise NothingToObject
    before = {"question": comment.question.number, "also": [each.question.number for each in listings]}
    Listing.objects.filter(comment=comment).delete()
    if moves:
        posting.put_thread(comment, moves[0].from_question, by=author)
    Objection.objects.create(comment=comment, words=words)
    record(
        Act.Kind.OBJECTED,
        actor=author,
        # A pseudonym stays one, also in the record.
        actor_name=comment.shown_name,
        comment=comment,
        reason=words,
        before=before,
        after={"question": comment.question.number},
    )
    return comment.question


def place_given(comment: Comment) -> tuple[list[ThreadMove], list[Listing]]:
    """The moves from where its author had posted it, the first one first, and the listings to which they may object."""
    if Objection.objects.filter(comment=comment).exists():
        return [], []
    moves = list(comment.moves.select_related("from_question__consultation", "to_question__consultation"))
    if moves and moves[0].from_question == comment.question:
        # Moderators have brought it back themselves.
        moves = []
    return moves, list(comment.listings.select_related("question__consultation"))
