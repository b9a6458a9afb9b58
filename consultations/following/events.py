"""What this room does when something happens; settings.REACTIONS names these functions.

They run in the transaction of the event, while it holds the thread; the telling itself is left to tasks, which
hold nothing and may take their time with thousands of followers.
"""

from datetime import datetime

from consultations.following import follows, mails, tasks, telling
from consultations.following.models import Kind, Notification
from consultations.models import Comment, Consultation, Question
from consultations.moderation import complaints, on_behalf
from consultations.moderation.models import Act, Announcement, Report

# The acts that their person hears of. A moderator's answer is told as an answer.
TOLD_OF = {
    Act.Kind.APPROVED,
    Act.Kind.HIDDEN,
    Act.Kind.TEXT_PUBLISHED,
    Act.Kind.TEXT_REFUSED,
    Act.Kind.RESTORED,
    Act.Kind.UPHELD,
    Act.Kind.ACKNOWLEDGED,
    Act.Kind.ANSWERED_BEFORE,
    Act.Kind.PROMOTED,
    Act.Kind.MOVED,
    Act.Kind.LISTED,
    Act.Kind.PINNED,
    Act.Kind.CONFIRMED,
    Act.Kind.DISOWNED,
}


def comment_published(*, comment: Comment) -> None:
    """From now on the author follows the thread; whoever was answered, and who follows, is told."""
    if comment.author_id:
        follows.follow_thread(comment.author_id, comment.root_id)
    tasks.tell_of_comment.enqueue(comment.pk)
    if comment.by_moderator and comment.parent_id:
        tell_unclaimed(comment.parent, comment=comment, kind=Kind.ANSWER, at=comment.created_at)


def contribution_claimed(*, comment: Comment) -> None:
    """Whoever has made a contribution theirs follows its thread, as those who have written; a held one, once it is
    published."""
    if comment.state == Comment.State.PUBLISHED:
        follows.follow_thread(comment.author_id, comment.root_id)


def moderator_acted(*, act: Act, comment: Comment) -> None:
    """Tell the author of the contribution; until it has one, by mail whoever it was posted for.

    Of a contribution that is shown again hear, too, those who were told that it was removed after they reported it.
    """
    if act.kind not in TOLD_OF:
        return
    if act.kind == Act.Kind.RESTORED:
        tell_reporters_of_return(comment, act)
    if comment.author_id:
        tasks.tell_of_act.enqueue(act.pk, Kind.ACT.value, [comment.author_id])
    else:
        tell_unclaimed(comment, comment=comment, kind=Kind.ACT, act=act, at=act.at)


def tell_unclaimed(theirs: Comment, *, at: datetime, **about) -> None:
    """One mail to the address that was given with a contribution which nobody has claimed, if there is one."""
    if theirs.author_id is None and telling.is_mailed(at) and (received := on_behalf.unclaimed_with_address(theirs)):
        consultation = theirs.question.consultation
        mails.tell_unclaimed(received, Notification(consultation=consultation, at=at, **about))


def reports_settled(*, comment: Comment, act: Act | None) -> None:
    """Tell those who reported the contribution, and were not told yet, what came of it.

    Without an act its author has withdrawn it before a moderator decided.
    Each hears once. People without an account get one mail at the address that they gave.
    """
    reports = Report.objects.filter(comment=comment, settled_at=None)
    reporters = reports.exclude(reporter=None).order_by("reporter").values_list("reporter", flat=True)
    if act:
        tasks.tell_of_act.enqueue(act.pk, Kind.REPORT.value, list(reporters))
    else:
        tasks.tell_of_withdrawal.enqueue(comment.pk, list(reporters))
    for report in reports.filter(reporter=None).exclude(email=""):
        mails.answer_report(report, act)


def tell_reporters_of_return(comment: Comment, act: Act) -> None:
    """Those whose reports were settled by the removal that is taken back: nobody reports what is not shown."""
    removal = complaints.removal_of(comment)
    reports = Report.objects.filter(comment=comment, settled_at__gte=removal.at) if removal else Report.objects.none()
    reporters = reports.exclude(reporter=None).order_by("reporter").values_list("reporter", flat=True)
    tasks.tell_of_act.enqueue(act.pk, Kind.REPORT.value, list(reporters))
    for report in reports.filter(reporter=None).exclude(email=""):
        mails.answer_report(report, act)


def announced(*, announcement: Announcement) -> None:
    """Tell all who follow the consultation, or a part of it, of a message from its moderators."""
    tasks.tell_of_announcement.enqueue(announcement.pk)


def rescheduled(*, consultation: Consultation, act: Act) -> None:
    """Tell all who follow the consultation, or a part of it, that its dates have changed.

    `act` is the one that is recorded of it (Act.Kind.RESCHEDULED); the dates told are those that were
    set then.
    """
    tasks.tell_of_dates.enqueue(act.pk)


def question_set(*, question: Question, act: Act) -> None:
    """Tell all who follow the question, its consultation, or a thread in it, that it was closed or opened again."""
    tasks.tell_of_question.enqueue(act.pk, question.pk)
