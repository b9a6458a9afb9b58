"""What moderators do to comments: one function each, one transaction each, each recorded.

Every function is given the state that the moderator saw. When the comment has changed meanwhile it raises
Overtaken, which says who did what, so that two moderators never undo each other silently.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations import permissions, posting, states
from consultations.models import Comment, ConductRule
from consultations.moderation import cases
from consultations.moderation.models import Act, Case
from consultations.moderation.record import record
from consultations.reactions import tell


class ActError(Exception):
    """Why an act was not done, in words for the moderator."""


class Overtaken(ActError):
    """Somebody else, or the author, was faster."""

    def __init__(self, comment: Comment):
        last = Act.objects.filter(comment=comment).first()
        if last:
            super().__init__(
                _("Meanwhile %(name)s has decided: %(what)s. Nothing else was done.")
                % {"name": last.actor_name, "what": last.get_kind_display()}
            )
        else:
            super().__init__(
                _("Meanwhile the contribution has changed: %(state)s. Nothing was done.")
                % {"state": comment.get_state_display()}
            )


class OwnComment(ActError):
    def __init__(self):
        super().__init__(_("You wrote this contribution yourself: a colleague has to decide."))


@transaction.atomic
def approve(*, comment: Comment, moderator) -> Comment:
    """Publish a held comment."""
    comment = ready(comment, moderator, Comment.State.HELD)
    states.approve(comment, timezone.now())
    cases.close_all(comment, [Case.Kind.HELD], moderator, "approved")
    act = record("approved", actor=moderator, comment=comment, before={"state": "held"}, after={"state": "published"})
    tell("moderator_acted", act=act, comment=comment)
    return comment


@transaction.atomic
def hide(*, comment: Comment, moderator, rule: ConductRule, reason: str) -> Comment:
    """Take a published or held comment away, under a rule and with a sentence for its author."""
    comment = ready(comment, moderator, Comment.State.PUBLISHED, Comment.State.HELD)
    before = comment.state
    states.take_away(comment, timezone.now(), state=Comment.State.HIDDEN, rule=rule)
    cases.close_all(comment, list(Case.Kind.values), moderator, "hidden")
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
    tell("reports_settled", comment=comment, act=act)
    return comment


@transaction.atomic
def restore(*, comment: Comment, moderator, reason: str = "") -> Comment:
    """Bring a hidden comment back; this also grants a request for another look."""
    comment = ready(comment, moderator, Comment.State.HIDDEN)
    require_fresh_eyes(comment, moderator)
    states.restore(comment, timezone.now())
    cases.close_all(comment, [Case.Kind.APPEAL], moderator, "restored")
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
def uphold(*, comment: Comment, moderator, reason: str) -> Comment:
    """Decide, after another look, that a removal stands."""
    comment = ready(comment, moderator, Comment.State.HIDDEN)
    require_fresh_eyes(comment, moderator)
    cases.close_all(comment, [Case.Kind.APPEAL], moderator, "upheld")
    act = record("upheld", actor=moderator, comment=comment, rule=comment.rule, reason=reason)
    tell("moderator_acted", act=act, comment=comment)
    return comment


@transaction.atomic
def leave(*, comment: Comment, moderator, reason: str = "") -> Comment:
    """Decide that a reported comment stays as it is."""
    comment = ready(comment, moderator, Comment.State.PUBLISHED)
    if not Case.objects.waiting().filter(comment=comment, kind=Case.Kind.REPORT).exists():
        raise Overtaken(comment)
    cases.close_all(comment, [Case.Kind.REPORT], moderator, "left")
    act = record("left", actor=moderator, comment=comment, reason=reason)
    tell("reports_settled", comment=comment, act=act)
    return comment


def ready(comment: Comment, moderator, *expected: str) -> Comment:
    """The comment, locked, if this moderator may decide about it and it is in one of the expected states."""
    comment = posting.lock_thread(comment)
    if not permissions.moderates(moderator, comment.question.consultation):
        raise PermissionDenied
    if comment.author_id == moderator.pk:
        raise OwnComment
    if comment.state not in expected:
        raise Overtaken(comment)
    return comment


def require_fresh_eyes(comment: Comment, moderator) -> None:
    """Another look, once asked for, is for somebody else than the one who decided."""
    appeal = Case.objects.waiting().filter(comment=comment, kind=Case.Kind.APPEAL).first()
    if appeal and appeal.decided_before_by == moderator.pk:
        raise ActError(_("You removed this contribution: a colleague or an administrator has to look again."))
