"""What moderators do to comments: one function each, one transaction each, each recorded.

Every function is given what the moderator saw (`seen`, the text of a sight.Stamp; code that has seen it all leaves it
out, and the pages never do).
When the comment has changed meanwhile it raises Overtaken, which says who did what, so that two moderators
never undo each other silently.
"""

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations import permissions, posting, states
from consultations.models import Comment, ConductRule, Consultation, Listing, Question, ThreadMove
from consultations.moderation import cases, fresh_eyes
from consultations.moderation.models import Act, Case, Objection
from consultations.moderation.record import record
from consultations.moderation.sight import Stamp
from consultations.reactions import tell

State = Comment.State


class ActError(Exception):
    """Why an act was not done, in words for the moderator."""


class Overtaken(ActError):
    """Somebody else, or the author, was faster. `act` is what was done meanwhile, None when it was no moderator."""

    def __init__(self, comment: Comment, seen: Stamp | None = None):
        last = Act.objects.filter(comment=comment).first()
        self.act = last if last and not (seen and last.pk == seen.act) else None
        if self.act and self.act.kind in {Act.Kind.TAKEN, Act.Kind.PASSED}:
            super().__init__(
                _("Meanwhile %(name)s has changed who looks after it. Decide all the same, or leave it to them.")
                % {"name": last.actor_name}
            )
        elif self.act:
            super().__init__(
                _("Meanwhile %(name)s has decided: %(what)s. Nothing else was done.")
                % {"name": last.actor_name, "what": last.get_kind_display()}
            )
        elif seen and seen.state == comment.state and has_changed_text(comment, seen):
            super().__init__(_("Meanwhile its author has changed the text. Read it again, then decide."))
        elif seen and seen.state == comment.state:
            super().__init__(_("Meanwhile somebody else has reported it. Read all reports, then decide."))
        else:
            super().__init__(
                _("Meanwhile the contribution has changed: %(state)s. Nothing was done.")
                % {"state": comment.get_state_display()}
            )


def has_changed_text(comment: Comment, seen: Stamp) -> bool:
    now = Stamp.of(comment, 0, 0)
    return (seen.edited, seen.proposed) != (now.edited, now.proposed)


class NothingSeen(ActError):
    """A form that was cut off or tampered with does not tell what the moderator saw."""

    def __init__(self):
        super().__init__(_("The form arrived incomplete. Check your text and send it again."))


class NotPossible(ActError):
    """Nothing has changed since the moderator looked: no form offers this act for a comment in this state."""

    def __init__(self, comment: Comment):
        super().__init__(
            _("This cannot be done with № %(number)s as it is now: %(state)s. Nothing was done.")
            % {"number": comment.pk, "state": comment.get_state_display()}
        )


class OwnComment(ActError):
    def __init__(self):
        super().__init__(_("You wrote this contribution yourself: a colleague has to decide."))


class AlreadyThere(ActError):
    def __init__(self):
        super().__init__(_("It stands under this question already."))


class NotForThem(ActError):
    """Somebody wrote the contribution, or took the decision at which another look is asked for."""

    def __init__(self, colleague):
        super().__init__(
            _("%(name)s may not decide about this contribution. Pass it to somebody else.") % {"name": colleague.name}
        )


class PlaceSettled(ActError):
    """The author's word about the place of a contribution is the last one."""

    def __init__(self):
        super().__init__(
            _("Its author has put it back where they had posted it. It stays there: moderators give it no other place.")
        )


# What readers see or do not see


@transaction.atomic
def approve(*, comment: Comment, moderator, seen: str = "") -> Comment:
    """Publish a held comment."""
    comment = ready(comment, moderator, State.HELD, seen=seen)
    states.approve(comment, timezone.now())
    cases.close_all(comment, [Case.Kind.HELD], moderator, "approved")
    act = record("approved", actor=moderator, comment=comment, before={"state": "held"}, after={"state": "published"})
    tell("moderator_acted", act=act, comment=comment)
    return comment


@transaction.atomic
def hide(*, comment: Comment, moderator, rule: ConductRule, reason: str, seen: str = "") -> Comment:
    """Take a published or held comment away, under a rule and with a sentence for its author."""
    comment = ready(comment, moderator, State.PUBLISHED, State.HELD, seen=seen)
    if Case.objects.filter(comment=comment, outcome="restored", decided_before_by=moderator.pk).exists():
        raise ActError(_("After you had removed it, a colleague looked again and restored it. Ask them to decide."))
    before = comment.state
    states.take_away(comment, timezone.now(), state=State.HIDDEN, rule=rule)
    cases.close_all(comment, cases.EVERY_KIND, moderator, "hidden")
    cases.answer_gone(comment)
    act = record(
        "hidden",
        actor=moderator,
        comment=comment,
        rule=rule,
        reason=reason,
        before={"state": before},
        after={"state": "hidden"},
    )
    tell("moderator_acted", act=act, comment=comment)
    cases.settle_reports(comment, act)
    return comment


@transaction.atomic
def publish_text(*, comment: Comment, moderator, seen: str = "") -> Comment:
    """Put the text that its author has proposed in the place of the published one."""
    comment = ready(comment, moderator, State.PUBLISHED, seen=seen)
    if not comment.waiting_text:
        raise Overtaken(comment)
    number = comment.versions.count()
    posting.publish_proposed_text(comment, timezone.now())
    cases.close_all(comment, [Case.Kind.HELD], moderator, "approved")
    act = record(
        "text-published",
        actor=moderator,
        comment=comment,
        before={"version": number, "proposed": "waits"},
        after={"version": number + 1, "proposed": "published"},
    )
    tell("moderator_acted", act=act, comment=comment)
    return comment


@transaction.atomic
def refuse_text(*, comment: Comment, moderator, rule: ConductRule, reason: str, seen: str = "") -> Comment:
    """Leave the published text as it is, under a rule and with a sentence for its author."""
    comment = ready(comment, moderator, State.PUBLISHED, seen=seen)
    proposed = comment.waiting_text
    if not proposed:
        raise Overtaken(comment)
    proposed.refused_at = timezone.now()
    proposed.save(update_fields=["refused_at"])
    cases.close_all(comment, [Case.Kind.HELD], moderator, "refused")
    number = comment.versions.count()
    act = record(
        "text-refused",
        actor=moderator,
        comment=comment,
        rule=rule,
        reason=reason,
        before={"version": number, "proposed": "waits"},
        after={"version": number, "proposed": "refused"},
    )
    tell("moderator_acted", act=act, comment=comment)
    return comment


@transaction.atomic
def restore(*, comment: Comment, moderator, reason: str = "", seen: str = "") -> Comment:
    """Bring a hidden comment back; this also grants a request for another look."""
    comment = ready(comment, moderator, State.HIDDEN, seen=seen)
    require_fresh_eyes(comment, moderator)
    states.restore(comment, timezone.now())
    cases.close_all(comment, [Case.Kind.APPEAL], moderator, "restored")
    cases.open_again(comment)
    cases.answer_back(comment)
    act = record(
        "restored",
        actor=moderator,
        comment=comment,
        reason=reason,
        before={"state": "hidden"},
        after={"state": "published"},
    )
    tell("moderator_acted", act=act, comment=comment)
    return comment


@transaction.atomic
def uphold(*, comment: Comment, moderator, reason: str, seen: str = "") -> Comment:
    """Decide, after another look, that a removal stands."""
    comment = ready(comment, moderator, State.HIDDEN, seen=seen)
    require_fresh_eyes(comment, moderator)
    require_case(comment, Case.Kind.APPEAL)
    cases.close_all(comment, [Case.Kind.APPEAL], moderator, "upheld")
    act = record("upheld", actor=moderator, comment=comment, rule=comment.rule, reason=reason)
    tell("moderator_acted", act=act, comment=comment)
    return comment


@transaction.atomic
def leave(*, comment: Comment, moderator, reason: str = "", seen: str = "") -> Comment:
    """Decide that a reported comment stays as it is."""
    comment = ready(comment, moderator, State.PUBLISHED, seen=seen)
    require_case(comment, Case.Kind.REPORT)
    cases.close_all(comment, [Case.Kind.REPORT], moderator, "left")
    act = record("left", actor=moderator, comment=comment, reason=reason)
    cases.settle_reports(comment, act)
    return comment


# Questions to the moderators


@transaction.atomic
def answer(
    *, comment: Comment, moderator, body: str, language: str, submission_key: uuid.UUID, seen: str = ""
) -> Comment:
    """Answer a question to the moderators with a reply of one's own, which comes back."""
    comment = ready(comment, moderator, State.PUBLISHED, seen=seen)
    written = posting.post_comment(
        author=moderator,
        question=comment.question,
        parent=comment,
        body=body,
        language=language,
        submission_key=submission_key,
    )
    # The reply of an administrator, who speaks for nobody in this consultation, answers it as well.
    question = Case.objects.waiting().filter(comment=comment, kind=Case.Kind.QUESTION).first()
    if question:
        cases.close(question, moderator, "answered")
        record("answered", actor=moderator, comment=comment, after={"answer": written.pk})
    return written


@transaction.atomic
def acknowledge(*, comment: Comment, moderator, seen: str = "") -> Comment:
    """Tell whoever asked that the question was read, and take it."""
    comment = ready(comment, moderator, State.PUBLISHED, seen=seen)
    case = require_case(comment, Case.Kind.QUESTION)
    if case.state == Case.State.ACKNOWLEDGED:
        raise Overtaken(comment)
    case.state, case.taken_by, case.taken_at = Case.State.ACKNOWLEDGED, moderator, timezone.now()
    case.save(update_fields=["state", "taken_by", "taken_at"])
    act = record("acknowledged", actor=moderator, comment=comment)
    tell("moderator_acted", act=act, comment=comment)
    return comment


@transaction.atomic
def close_answered(
    *, comment: Comment, moderator, answer: Comment | None = None, reason: str = "", seen: str = ""
) -> Comment:
    """Take a question off the desk that was answered elsewhere: in the contribution `answer`, or as the reason says.

    Whoever asked is told of either.
    """
    comment = ready(comment, moderator, State.PUBLISHED, seen=seen)
    case = require_case(comment, Case.Kind.QUESTION)
    if not (answer or reason):
        raise ActError(WHERE_ANSWERED)
    if answer and not can_point_to(answer, comment):
        raise ActError(no_answer(answer.pk))
    cases.close(case, moderator, "elsewhere")
    after = {"answer": answer.pk} if answer else {}
    act = record("answered-before", actor=moderator, comment=comment, reason=reason, after=after)
    tell("moderator_acted", act=act, comment=comment)
    return comment


WHERE_ANSWERED = gettext_lazy("Give the number of the contribution that answers it, or say it in your words.")


def can_point_to(answer: Comment, question: Comment) -> bool:
    """Whether readers of the question find the answer: a published contribution of the same consultation."""
    is_here = answer.question.consultation_id == question.question.consultation_id
    return is_here and answer.state == State.PUBLISHED and answer.pk != question.pk


def no_answer(number: int) -> str:
    return _("There is no other published contribution № %(number)s in this consultation.") % {"number": number}


@transaction.atomic
def promote(*, comment: Comment, moderator, texts: dict[str, str], seen: str = "") -> Question:
    """Make a contribution a numbered question of its consultation, which links back. `texts` by language."""
    comment = ready(comment, moderator, State.PUBLISHED, seen=seen)
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=comment.question.consultation_id)
    if Question.objects.filter(promoted_from=comment).exists():
        raise Overtaken(comment)
    last = consultation.questions.aggregate(last=Max("number"))["last"] or 0
    question = Question.objects.create(
        consultation=consultation,
        number=last + 1,
        promoted_from=comment,
        **{f"text_{language}": text for language, text in texts.items()},
    )
    cases.close_all(comment, [Case.Kind.QUESTION, Case.Kind.PLACEMENT], moderator, "promoted")
    act = record("promoted", actor=moderator, comment=comment, after={"question": question.number})
    tell("moderator_acted", act=act, comment=comment)
    return question


# Where contributions stand


@transaction.atomic
def move(*, comment: Comment, moderator, to: Question, reason: str = "", seen: str = "") -> Comment:
    """Put a thread under a question of the consultation."""
    comment = ready(comment, moderator, State.PUBLISHED, seen=seen)
    require_place_open(comment)
    if to.pk == comment.question_id:
        raise AlreadyThere
    return posting.move_thread(root=comment, to=to, moderator=moderator, reason=reason)


def note_move(move: ThreadMove) -> None:
    """A moderator has moved a thread, from the desk or from its own page."""
    cases.close_all(move.root, [Case.Kind.PLACEMENT], move.moved_by, "moved")
    act = record(
        "moved",
        actor=move.moved_by,
        comment=move.root,
        reason=move.reason,
        before={"question": move.from_question.number},
        after={"question": move.to_question.number},
    )
    tell("moderator_acted", act=act, comment=move.root)


@transaction.atomic
def list_under(*, comment: Comment, moderator, to: Question, seen: str = "") -> Comment:
    """Name a contribution on the page of another question too; it keeps its place and its address."""
    comment = ready(comment, moderator, State.PUBLISHED, seen=seen)
    if to.consultation_id != comment.question.consultation_id or not permissions.can_move(moderator, comment):
        raise PermissionDenied
    require_place_open(comment)
    if to.pk == comment.question_id:
        raise AlreadyThere
    _listing, is_new = Listing.objects.get_or_create(comment=comment, question=to, defaults={"listed_by": moderator})
    if not is_new:
        raise Overtaken(comment)
    cases.close_all(comment, [Case.Kind.PLACEMENT], moderator, "listed")
    act = record("listed", actor=moderator, comment=comment, after={"question": to.number})
    tell("moderator_acted", act=act, comment=comment)
    return comment


@transaction.atomic
def stay(*, comment: Comment, moderator, seen: str = "") -> Comment:
    """Leave a contribution on the open floor."""
    comment = ready(comment, moderator, State.PUBLISHED, seen=seen)
    cases.close(require_case(comment, Case.Kind.PLACEMENT), moderator, "placed")
    record("placed", actor=moderator, comment=comment)
    return comment


# Who does it


@transaction.atomic
def take(*, comment: Comment, moderator, seen: str = "") -> Comment:
    """Say that one looks after what waits about a comment."""
    comment = ready(comment, moderator, *State.values, seen=seen)
    require_fresh_eyes(comment, moderator)
    hand_over(comment, moderator)
    record("taken", actor=moderator, comment=comment)
    return comment


@transaction.atomic
def pass_on(*, comment: Comment, moderator, colleague=None, seen: str = "") -> Comment:
    """Give what waits about a comment to another moderator of the consultation, or back to all of them.

    Never to somebody who may not decide about it, nor by such a person, who would choose the judge of their own act.
    """
    comment = ready(comment, moderator, *State.values, seen=seen)
    require_fresh_eyes(comment, moderator)
    if colleague and not permissions.moderates(colleague, comment.question.consultation):
        raise PermissionDenied
    if colleague and (comment.author_id == colleague.pk or is_closed_to(colleague, comment)):
        raise NotForThem(colleague)
    hand_over(comment, colleague)
    after = {"to": colleague.pk, "name": colleague.name} if colleague else {}
    record("passed", actor=moderator, comment=comment, after=after)
    return comment


def hand_over(comment: Comment, to) -> None:
    waiting = Case.objects.waiting().filter(comment=comment)
    if not waiting.update(taken_by=to, taken_at=timezone.now() if to else None):
        raise Overtaken(comment)


# What all of them ask first


def ready(comment: Comment, moderator, *expected: str, seen: str = "") -> Comment:
    """The comment, locked, if this moderator may decide about it and it is as the moderator saw it."""
    comment = posting.lock_thread(comment)
    if not permissions.moderates(moderator, comment.question.consultation):
        raise PermissionDenied
    if comment.author_id == moderator.pk:
        raise OwnComment
    stamp = Stamp.read(seen)
    if seen and stamp is None:
        raise NothingSeen
    if stamp and stamp != Stamp.now(comment):
        raise Overtaken(comment, stamp)
    if comment.state not in expected:
        raise NotPossible(comment) if stamp else Overtaken(comment)
    return comment


def require_case(comment: Comment, kind: str) -> Case:
    """What waits about the comment; without it, somebody has decided already."""
    case = Case.objects.waiting().filter(comment=comment, kind=kind).first()
    if not case:
        raise Overtaken(comment)
    return case


def require_place_open(comment: Comment) -> None:
    """An author may object once, and then it stands."""
    if is_put_back(comment):
        raise PlaceSettled


def is_put_back(comment: Comment) -> bool:
    return Objection.objects.filter(comment=comment).exists()


def why_not_placed(comment: Comment) -> ActError | None:
    """What keeps every moderator from giving the contribution another place, as it is now."""
    if comment.state != State.PUBLISHED:
        return NotPossible(comment)
    return PlaceSettled() if is_put_back(comment) else None


def is_closed_to(person, comment: Comment) -> bool:
    return fresh_eyes.closed_to(person).filter(comment=comment).exists()


def require_fresh_eyes(comment: Comment, moderator) -> None:
    """Another look, once asked for, is for somebody who has not decided against the author."""
    if is_closed_to(moderator, comment):
        raise ActError(
            _("You have decided about this contribution before: a colleague or an administrator has to look again.")
        )
