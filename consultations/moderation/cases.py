"""The matters on the desk: how they open, who has taken them, how they close."""

from django.utils import timezone

from consultations.models import Comment
from consultations.moderation.models import Act, Case, Report
from consultations.moderation.record import record
from consultations.reactions import tell

EVERY_KIND = list(Case.Kind.values)


def open_for(comment: Comment) -> None:
    """Put a comment that was just posted on the desk if somebody has to do something about it."""
    # It waits from when it was written, also where it is published or loaded later.
    since = comment.created_at
    if comment.state == Comment.State.HELD:
        open_case(comment, Case.Kind.HELD, opened_at=since)
    elif comment.by_moderator:
        answered_by(comment)
    elif comment.asks_moderators:
        open_case(comment, Case.Kind.QUESTION, opened_at=since)
    elif comment.question.is_open_floor and comment.parent_id is None:
        open_case(comment, Case.Kind.PLACEMENT, opened_at=since)


def text_proposed(comment: Comment) -> None:
    """Its author has proposed a text that waits beside the published one: in place of the last, if there is one."""
    proposed = comment.waiting_text
    case = open_case(comment, Case.Kind.HELD, opened_at=proposed.proposed_at, language=proposed.language)
    if case.language != proposed.language:
        case.language = proposed.language
        case.save(update_fields=["language"])


def text_taken_back(comment: Comment) -> None:
    close_all(comment, [Case.Kind.HELD], None, "withdrawn")


def open_case(comment: Comment, kind: str, **fields) -> Case:
    """The open case of this kind about the comment, made if there is none; a question is asked once and opens again."""
    case = Case.objects.filter(comment=comment, kind=kind).last() if kind == Case.Kind.QUESTION else None
    if case is None:
        case, _made = Case.objects.waiting().get_or_create(
            comment=comment,
            kind=kind,
            defaults={"consultation": comment.question.consultation, "language": comment.language, **fields},
        )
    elif case.state == Case.State.DONE:
        case.state, case.outcome = Case.State.WAITING, ""
        case.taken_by = case.taken_at = case.closed_by = case.closed_at = None
        case.save()
    if kind == Case.Kind.QUESTION:
        note_waiting(comment.pk, True)
    return case


def note_waiting(comment_id: int, waits: bool) -> None:
    """Keep what readers are told: whether a question to the moderators has been answered yet."""
    Comment.objects.filter(pk=comment_id).update(awaits_answer=waits)


def answered_by(answer: Comment) -> None:
    """A moderator's reply to a question put to the moderators answers it."""
    question = Case.objects.waiting().filter(comment=answer.parent_id, kind=Case.Kind.QUESTION).first()
    if question:
        close(question, answer.author, "answered")
        record("answered", actor=answer.author, comment=question.comment, after={"answer": answer.pk})


def answer_gone(answer: Comment) -> None:
    """A moderator's reply was withdrawn or removed: a question that nothing else answers waits again."""
    if answer.by_moderator and answer.parent_id:
        parent = Comment.objects.select_related("question__consultation").get(pk=answer.parent_id)
        if parent.state == Comment.State.PUBLISHED and last_outcome(parent) == "answered" and not has_answer(parent):
            open_case(parent, Case.Kind.QUESTION)


def answer_back(answer: Comment) -> None:
    """A moderator's reply was restored: it answers again what waits, by the act that is recorded of the restoration."""
    question = Case.objects.waiting().filter(comment=answer.parent_id, kind=Case.Kind.QUESTION).first()
    if answer.by_moderator and question:
        close(question, answer.author, "answered")


def last_outcome(comment: Comment) -> str | None:
    """How the question that the comment puts to the moderators ended; empty while it waits, None when it is none."""
    asked = Case.objects.filter(comment=comment, kind=Case.Kind.QUESTION).order_by("-pk")
    return asked.values_list("outcome", flat=True).first()


def has_answer(comment: Comment) -> bool:
    return Comment.objects.published().filter(parent=comment, by_moderator=True).exists()


def close(case: Case, by, outcome: str) -> None:
    case.state, case.closed_at, case.closed_by, case.outcome = Case.State.DONE, timezone.now(), by, outcome
    case.save(update_fields=["state", "closed_at", "closed_by", "outcome"])
    if case.kind == Case.Kind.QUESTION:
        note_waiting(case.comment_id, False)


def close_all(comment: Comment, kinds: list[str], by, outcome: str) -> None:
    """Close what waits about a comment when one decision settles all of it."""
    for case in Case.objects.waiting().filter(comment=comment, kind__in=kinds):
        close(case, by, outcome)


def close_withdrawn(comment: Comment) -> None:
    """Its author has taken a comment back: nothing is left to decide."""
    close_all(comment, EVERY_KIND, None, "withdrawn")
    settle_reports(comment, None)
    answer_gone(comment)


def settle_reports(comment: Comment, act: Act | None) -> None:
    """Tell those whose reports are settled by the act or, without one, by the author's withdrawal.

    The reactions find the reports by `settled_at`, still empty.
    """
    tell("reports_settled", comment=comment, act=act)
    Report.objects.filter(comment=comment, settled_at=None).update(settled_at=timezone.now())


def open_again(comment: Comment) -> None:
    """A restored comment asks what it asked when it was taken away."""
    asked = [Case.Kind.QUESTION, Case.Kind.PLACEMENT]
    for kind in Case.objects.filter(comment=comment, outcome="hidden", kind__in=asked).values_list("kind", flat=True):
        last = Case.objects.filter(comment=comment, kind=kind).order_by("-pk").first()
        if last.outcome == "hidden":
            open_case(comment, kind)
    if last_outcome(comment) == "answered" and not has_answer(comment):
        # The answer was taken away meanwhile.
        open_case(comment, Case.Kind.QUESTION)
    if comment.waiting_text:
        text_proposed(comment)
