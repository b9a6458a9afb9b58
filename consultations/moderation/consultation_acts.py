"""What moderators do with a whole consultation, or with a person in it: one function, one transaction, one act each.

Each raises PermissionDenied for people who may not, and an ActError, in words for the moderator, when something
stands in the way; then nothing was done. Those that two moderators could do against each other are given what the
moderator saw (`seen`, the id of the last act then; code that has seen it all leaves it out, and the pages never do):
what a colleague did meanwhile raises Meanwhile. A second click does nothing more.
"""

import uuid
from datetime import UTC, datetime, timedelta
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations import organizing, permissions, posting
from consultations.models import Comment, Consultation, Pause, Question
from consultations.moderation import ledger, letters
from consultations.moderation.acts import ActError, NothingSeen
from consultations.moderation.models import Act, Announcement
from consultations.moderation.record import record
from consultations.moderation.sight import last_act_read
from consultations.reactions import tell

# So that the first page of a question stays one page.
PINNED_PER_QUESTION = 3


class Unchanged(ActError):
    """A colleague was faster, or the page was old: it is as it was wanted already."""


class Meanwhile(ActError):
    """Somebody has acted since the page was shown; `act` is the last thing that they did."""

    def __init__(self, act: Act):
        self.act = act
        details = ledger.named(act.after)
        what = act.get_kind_display()
        said = [
            _("Meanwhile %(name)s has acted: %(what)s.")
            % {"name": act.actor_name, "what": f"{what} ({details})" if details else what},
            _("Their reason: %(reason)s") % {"reason": act.reason} if act.reason else "",
            _("Nothing else was done. Look at it as it is now, and press again if you still want it."),
        ]
        super().__init__(" ".join(filter(None, said)))


def done_since(seen: str, consultation: Consultation, *kinds: str, **about) -> Act | None:
    """The last act of these kinds since what the moderator saw, if that is known and there is one."""
    if not seen:
        return None
    last = last_act_read(seen)
    if last is None:
        raise NothingSeen
    return Act.objects.filter(consultation=consultation, kind__in=kinds, pk__gt=last, **about).first()


# Questions and dates


@transaction.atomic
def close_question(*, question: Question, moderator, reason: str = "", seen: str = "") -> Question:
    return set_state(question, moderator, reason, Question.State.CLOSED, Act.Kind.QUESTION_CLOSED, seen)


@transaction.atomic
def open_question(*, question: Question, moderator, reason: str = "", seen: str = "") -> Question:
    return set_state(question, moderator, reason, Question.State.OPEN, Act.Kind.QUESTION_OPENED, seen)


def set_state(question: Question, moderator, reason: str, state: str, kind: str, seen: str) -> Question:
    question = (
        Question.objects.select_related("consultation").select_for_update(of=["self"], no_key=True).get(pk=question.pk)
    )
    require(permissions.can_manage(moderator, question.consultation))
    kinds = [Act.Kind.QUESTION_CLOSED, Act.Kind.QUESTION_OPENED]
    if last := done_since(seen, question.consultation, *kinds, after__question_id=question.pk):
        if (question.state, last.kind, last.actor_id) == (state, kind, moderator.pk):
            return question
        raise Meanwhile(last)
    if question.state == state:
        raise Unchanged(_("Question %(name)s: this was done already.") % {"name": question.number or _("Open floor")})
    before, question.state = question.state, state
    question.save(update_fields=["state"])
    note_question(question, before, moderator, reason)
    return question


def note_question(question: Question, before: str, by, reason: str = "") -> None:
    """A moderator, or an organizer in Django admin, has closed or opened a question."""
    is_closed = question.state == Question.State.CLOSED
    act = record(
        Act.Kind.QUESTION_CLOSED if is_closed else Act.Kind.QUESTION_OPENED,
        actor=by,
        consultation=question.consultation,
        reason=reason,
        before={"question": question.number, "state": before},
        # The number of a question may change.
        after={"question": question.number, "question_id": question.pk, "state": question.state},
    )
    tell("question_set", question=question, act=act)


@transaction.atomic
def reschedule(
    *, consultation: Consultation, moderator, closes_at: datetime, reason: str, seen: str = ""
) -> Consultation:
    """Give people more time, or open again what has closed."""
    require(permissions.can_manage(moderator, consultation))
    before = organizing.lock(consultation)
    if last := done_since(seen, before, Act.Kind.RESCHEDULED):
        if (before.closes_at, last.actor_id) == (closes_at, moderator.pk):
            return before
        raise Meanwhile(last)
    change = organizing.reopen if before.phase == Consultation.Phase.CLOSED else organizing.extend
    return rescheduled(before, change, moderator, reason, until=closes_at)


@transaction.atomic
def close_consultation(*, consultation: Consultation, moderator, reason: str, seen: str = "") -> Consultation:
    """End an open consultation at once."""
    require(permissions.can_manage(moderator, consultation))
    before = organizing.lock(consultation)
    if last := done_since(seen, before, Act.Kind.RESCHEDULED):
        if (before.phase, last.actor_id) == (Consultation.Phase.CLOSED, moderator.pk):
            return before
        raise Meanwhile(last)
    return rescheduled(before, organizing.close_now, moderator, reason)


def rescheduled(before: Consultation, change, moderator, reason: str, **details) -> Consultation:
    try:
        after = change(before, **details)
    except organizing.OrganizingError as problem:
        raise ActError(str(problem)) from problem
    note_dates(before, after, moderator, reason)
    return after


def note_dates(before: Consultation, after: Consultation, by, reason: str = "") -> None:
    """A moderator, or an organizer in Django admin, has given a consultation other dates."""
    act = record(
        Act.Kind.RESCHEDULED, actor=by, consultation=after, reason=reason, before=dates(before), after=dates(after)
    )
    tell("rescheduled", consultation=after, act=act)


def dates(consultation: Consultation) -> dict:
    """As the record keeps them."""
    return {"opens_at": in_utc(consultation.opens_at), "closes_at": in_utc(consultation.closes_at)}


# People


@transaction.atomic
def pause(*, comment: Comment, moderator, duration: timedelta, reason: str, seen: str = "") -> Pause:
    """Keep the author of a contribution from posting in its consultation for a time, and tell them why."""
    consultation = lock(comment.question.consultation)
    require(permissions.can_manage(moderator, consultation))
    person = comment.author
    if person is None:
        raise ActError(_("№ %(number)s has no author with an account: nobody can be paused.") % {"number": comment.pk})
    if person == moderator:
        raise ActError(_("You wrote № %(number)s yourself.") % {"number": comment.pk})
    if not permissions.can_pause(moderator, person, consultation):
        raise ActError(_("Moderators and administrators cannot be paused. Speak with the organizers."))
    running = running_pauses(consultation).filter(user=person).first()
    if last := done_since(seen, consultation, Act.Kind.PAUSED, Act.Kind.UNPAUSED, person_id=person.pk):
        if running and (last.kind, last.actor_id) == (Act.Kind.PAUSED, moderator.pk):
            return running
        raise Meanwhile(last)
    if running:
        raise Unchanged(
            _("%(name)s is paused already, until %(until)s.")
            % {"name": comment.shown_name, "until": date_format(running.until, "DATETIME_FORMAT")}
        )
    made = Pause.objects.create(consultation=consultation, user=person, until=timezone.now() + duration, reason=reason)
    record(
        "paused",
        actor=moderator,
        consultation=consultation,
        comment=comment,
        person=person,
        reason=reason,
        after={"until": in_utc(made.until)},
    )
    transaction.on_commit(partial(letters.tell_of_pause, made))
    return made


@transaction.atomic
def lift_pause(*, pause: Pause, moderator, reason: str = "") -> Pause:
    """End a pause before its time."""
    require(permissions.can_manage(moderator, pause.consultation))
    pause = running_pauses(lock(pause.consultation)).filter(pk=pause.pk).first()
    if not pause:
        raise Unchanged(_("This pause has ended already."))
    pause.lifted_at = timezone.now()
    pause.save(update_fields=["lifted_at"])
    record(
        "unpaused",
        actor=moderator,
        consultation=pause.consultation,
        person=pause.user,
        reason=reason,
        before={"until": in_utc(pause.until)},
    )
    transaction.on_commit(partial(letters.tell_of_lifted_pause, pause))
    return pause


def running_pauses(*consultations: Consultation):
    """Who is paused now in these consultations, those first whose pause ends first."""
    running = Pause.objects.filter(consultation__in=consultations, until__gt=timezone.now(), lifted_at=None)
    return running.select_related("user", "consultation").order_by("until")


# Messages


@transaction.atomic
def announce(*, consultation: Consultation, moderator, submission_key: uuid.UUID, **texts) -> Announcement:
    """Publish a dated message at the top of the consultation. The same `submission_key` makes one."""
    require(permissions.can_announce(moderator, consultation))
    posting.lock_submission(moderator, submission_key)
    if made := Announcement.objects.filter(consultation=consultation, submission_key=submission_key).first():
        return made
    made = Announcement.objects.create(
        consultation=consultation,
        author=moderator,
        author_name=moderator.name,
        submission_key=submission_key,
        **texts,
    )
    record("announced", actor=moderator, consultation=consultation, after={"announcement": made.pk, "kind": made.kind})
    tell("announced", announcement=made)
    return made


@transaction.atomic
def withdraw_announcement(*, announcement: Announcement, moderator, reason: str) -> Announcement:
    require(permissions.can_announce(moderator, announcement.consultation))
    announcement = (
        Announcement.objects.select_related("consultation").select_for_update(of=["self"]).get(pk=announcement.pk)
    )
    if announcement.withdrawn_at:
        raise Unchanged(_("This announcement was withdrawn already."))
    announcement.withdrawn_at = timezone.now()
    announcement.save(update_fields=["withdrawn_at"])
    record(
        "unannounced",
        actor=moderator,
        consultation=announcement.consultation,
        reason=reason,
        before={"announcement": announcement.pk, "kind": announcement.kind},
    )
    return announcement


# Threads


@transaction.atomic
def pin(*, comment: Comment, moderator, reason: str = "", seen: str = "") -> Comment:
    """Show a thread at the top of its question's first page."""
    root = posting.lock_thread(comment)
    require(permissions.can_manage(moderator, root.question.consultation))
    if root.parent_id:
        raise ActError(_("№ %(number)s is a reply. Pin the contribution that begins its thread.") % {"number": root.pk})
    if root.state != Comment.State.PUBLISHED:
        raise ActError(
            _("№ %(number)s cannot be pinned: %(state)s.") % {"number": root.pk, "state": root.get_state_display()}
        )
    if last := done_since(seen, root.question.consultation, Act.Kind.PINNED, Act.Kind.UNPINNED, comment=root):
        if root.pinned_at and last.actor_id == moderator.pk:
            return root
        raise Meanwhile(last)
    if root.pinned_at:
        raise Unchanged(_("№ %(number)s is pinned already.") % {"number": root.pk})
    # Two moderators who pin at once wait for each other, so that the limit holds.
    Question.objects.select_for_update(no_key=True).get(pk=root.question_id)
    if Comment.objects.pinned().filter(question=root.question).count() >= PINNED_PER_QUESTION:
        raise ActError(
            ngettext(
                "Only %(number)s thread of a question can be pinned. Unpin another one first.",
                "Only %(number)s threads of a question can be pinned. Unpin another one first.",
                PINNED_PER_QUESTION,
            )
            % {"number": PINNED_PER_QUESTION}
        )
    root.pinned_at = timezone.now()
    root.save(update_fields=["pinned_at"])
    act = record("pinned", actor=moderator, comment=root, reason=reason)
    tell("moderator_acted", act=act, comment=root)
    return root


@transaction.atomic
def unpin(*, comment: Comment, moderator) -> Comment:
    root = posting.lock_thread(comment)
    require(permissions.can_manage(moderator, root.question.consultation))
    if not root.pinned_at:
        raise Unchanged(_("№ %(number)s is not pinned any more.") % {"number": root.pk})
    root.pinned_at = None
    root.save(update_fields=["pinned_at"])
    record("unpinned", actor=moderator, comment=root)
    return root


def in_utc(moment: datetime) -> str:
    """As the record keeps it."""
    return moment.astimezone(UTC).isoformat(timespec="minutes")


def require(may: bool) -> None:
    if not may:
        raise PermissionDenied


def lock(consultation: Consultation) -> Consultation:
    """What changes the people of a consultation is done one after the other; posting goes on meanwhile."""
    return Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
