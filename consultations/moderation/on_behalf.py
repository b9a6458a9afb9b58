"""Contributions of people who did not post them: what came by e-mail or letter, and what somebody wrote down.

Nobody is their author until the person claims them: by confirming the address that was given with the text, or
with a code that they were handed.
"""

import datetime
import secrets
import uuid
from dataclasses import dataclass
from functools import partial

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import StakeholderGroup
from consultations import holding, permissions, posting, sameness, states
from consultations.models import Comment, Consultation, Question
from consultations.moderation import letters
from consultations.moderation.acts import ActError
from consultations.moderation.models import Act, Received
from consultations.moderation.record import record
from consultations.reactions import tell

# Without 0, 1, I and O, which are read for each other. Twelve of 32 are 60 bits.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 12
CODE_HOLDS = datetime.timedelta(days=180)
EMAIL, LETTER, TRANSCRIPTION = Comment.Origin.EMAIL, Comment.Origin.LETTER, Comment.Origin.TRANSCRIPTION


class WrongCode(ActError):
    def __init__(self):
        super().__init__(
            _("This number and this code do not belong together, or the code was used before. Check both.")
        )


class CodeTooOld(ActError):
    def __init__(self):
        super().__init__(_("This code is too old. Ask whoever gave it to you for a new one."))


class ReceivedTooLate(ActError):
    def __init__(self, received_on: datetime.date, closed_on: datetime.date):
        super().__init__(
            _(
                "This arrived on %(received)s, and it has closed on %(closed)s: what arrived later is not posted. "
                "Your text is below, so that you can copy it."
            )
            % {"received": date_format(received_on, "DATE_FORMAT"), "closed": date_format(closed_on, "DATE_FORMAT")}
        )


@dataclass(frozen=True)
class Sender:
    """Whose words they are, as the page will say."""

    name: str
    capacity: str = Comment.Capacity.PERSON
    organization: str = ""
    country: str = ""
    group: StakeholderGroup | None = None
    email: str = ""
    # In which they are written to.
    language: str = "en"


@dataclass(frozen=True)
class Posted:
    """The contribution, and the code to hand over; it is empty when the same form was sent before."""

    comment: Comment
    code: str


def origins_for(user, consultation: Consultation) -> list[str]:
    """What this person may post: moderators all, focal points what people told them."""
    if not permissions.can_post_for_others(user, consultation):
        return []
    return [EMAIL, LETTER, TRANSCRIPTION] if permissions.moderates(user, consultation) else [TRANSCRIPTION]


@transaction.atomic
def post(
    *,
    user,
    question: Question,
    sender: Sender,
    body: str,
    language: str,
    origin: str,
    received_on: datetime.date,
    has_consent: bool,
    submission_key: uuid.UUID,
) -> Posted:
    """Publish what somebody else wrote or said. The same `submission_key` makes one contribution.

    What a focal point posts waits for a moderator where it looks like advertising. Raises PermissionDenied, or an
    ActError in words for whoever posts.
    """
    consultation = question.consultation
    posting.lock_submission(user, submission_key)
    if known := Received.objects.select_related("comment").filter(submission_key=submission_key).first():
        return Posted(known.comment, "")
    if origin not in origins_for(user, consultation):
        raise PermissionDenied
    if origin == TRANSCRIPTION and not has_consent:
        raise ActError(_("Without the consent of the person it cannot be posted."))
    if pause := permissions.pause_of(user, consultation):
        raise ActError(str(posting.Paused(pause)))
    require_in_time(user, question, received_on)
    comment = posting.composed(
        question,
        body,
        language,
        parent=None,
        author=None,
        author_name=sender.name,
        capacity=sender.capacity,
        organization=sender.organization,
        country=sender.country,
        group=sender.group,
        shows_profile=True,
        origin=origin,
        posted_by=user,
    )
    require_new(comment, sender)
    if not permissions.moderates(user, consultation) and holding.has_to_wait_though_transcribed(comment):
        comment.state = Comment.State.HELD
    posting.write(comment, submission_key)
    code = new_secret()
    received = Received.objects.create(
        comment=comment,
        received_on=received_on,
        email=sender.email,
        language=sender.language,
        consent_noted_at=timezone.now() if has_consent else None,
        code_hash=hash_of(code),
        code_expires_at=timezone.now() + CODE_HOLDS,
        submission_key=submission_key,
    )
    record(
        "posted-for",
        actor=user,
        comment=comment,
        after={"origin": origin, "received_on": received_on.isoformat(), "consent": has_consent},
    )
    comment.received = received
    # Nobody's address gets a text that no moderator has let through; once it is published, that is told.
    if sender.email and comment.state == Comment.State.PUBLISHED:
        transaction.on_commit(partial(letters.tell_of_posting, comment, sender.email, sender.language, code))
    return Posted(comment, code)


def require_in_time(user, question: Question, received_on: datetime.date) -> None:
    """What arrived before the closing may be posted by the moderators after it: letters take their time.

    That of the consultation, or of the question.
    """
    if permissions.is_open_for_comments(question):
        return
    consultation = question.consultation
    has_begun = consultation.is_published and consultation.phase != Consultation.Phase.UPCOMING
    if not has_begun or not permissions.moderates(user, consultation):
        raise ActError(str(posting.DiscussionClosed(question)))
    for moment in closings(question):
        if received_on > (closed_on := timezone.localdate(moment, consultation.zone)):
            raise ReceivedTooLate(received_on, closed_on)


def closings(question: Question) -> list[datetime.datetime]:
    """When the consultation closed and when the question did, where they have."""
    consultation, found = question.consultation, []
    if consultation.phase == Consultation.Phase.CLOSED:
        found.append(consultation.closes_at)
    if question.state == Question.State.CLOSED:
        acts = Act.objects.filter(kind=Act.Kind.QUESTION_CLOSED, after__question_id=question.pk)
        found += acts.filter(consultation=consultation).values_list("at", flat=True)[:1]
    return found


def require_new(comment: Comment, sender: Sender) -> None:
    """The same words of the same person in the same place are there already, from another form."""
    here = Comment.objects.filter(
        question=comment.question,
        state__in=[Comment.State.PUBLISHED, Comment.State.HELD],
        author_name=comment.author_name,
        received__email__iexact=sender.email,
    )
    if twin := next(sameness.saying_the_same(comment, here), None):
        raise ActError(_("This text of the same person stands here already: it is № %(number)s.") % {"number": twin.pk})


# Claiming


@transaction.atomic
def claim_with_code(*, user, number: int, code: str) -> Comment:
    """Make the contribution this person's own. Raises WrongCode or CodeTooOld."""
    received = Received.objects.select_for_update(of=["self"]).filter(comment=number).first()
    # Compared in any case, and in constant time, so that the answer tells nothing about the number.
    is_right = constant_time_compare(hash_of(code), received.code_hash if received else "")
    if not received or not is_right:
        raise WrongCode
    if received.code_expires_at < timezone.now():
        raise CodeTooOld
    return take_over(received, user)


@transaction.atomic
def claim_by_address(*, user, received: Received) -> Comment:
    """The same without a code, for people who have confirmed the address that was given with the text."""
    received = Received.objects.select_for_update(of=["self"]).get(pk=received.pk)
    if received.claimed_at:
        raise ActError(_("This contribution was claimed already."))
    if not waiting_for(user).filter(pk=received.pk).exists():
        raise PermissionDenied
    return take_over(received, user)


def address_confirmed(user, email: str) -> None:
    """Somebody has shown that an address is theirs: so is what came from it."""
    with transaction.atomic():
        for received in unclaimed_from(email).select_for_update(of=["self"]).order_by("pk"):
            take_over(received, user)


def unclaimed_from(email: str):
    return Received.objects.filter(email__iexact=email, claimed_at=None)


def waiting_for(user):
    """What came from this person's confirmed addresses and nobody has claimed."""
    found = Received.objects.none()
    for email in EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True):
        found |= unclaimed_from(email)
    return found.select_related("comment__question__consultation").order_by("pk")


def take_over(received: Received, user) -> Comment:
    comment = posting.lock_thread(received.comment)
    comment.author = user
    comment.save(update_fields=["author"])
    if comment.state == Comment.State.PUBLISHED:
        states.count_participation(comment, +1)
    received.email = received.code_hash = ""
    received.code_expires_at, received.claimed_at = None, timezone.now()
    received.save(update_fields=["email", "code_hash", "code_expires_at", "claimed_at"])
    # The record keeps for good who acts for the portal; a contributor is the author of a number.
    record("claimed", actor=user, actor_name=str(comment), comment=comment)
    tell("contribution_claimed", comment=comment)
    return comment


@transaction.atomic
def renew_code(*, received: Received, user) -> str:
    """Another code in place of one that was lost. Raises PermissionDenied, or an ActError once it is claimed."""
    received = (
        Received.objects.select_for_update(of=["self"])
        .select_related("comment__question__consultation")
        .get(pk=received.pk)
    )
    if not can_hand_over(user, received.comment):
        raise PermissionDenied
    if received.claimed_at:
        raise ActError(_("This contribution was claimed already."))
    code = new_secret()
    received.code_hash, received.code_expires_at = hash_of(code), timezone.now() + CODE_HOLDS
    received.save(update_fields=["code_hash", "code_expires_at"])
    record("posted-for", actor=user, comment=received.comment, after={"code": "renewed"})
    if received.email and received.comment.state == Comment.State.PUBLISHED:
        transaction.on_commit(
            partial(letters.tell_of_posting, received.comment, received.email, received.language, code)
        )
    return code


def unclaimed_with_address(comment: Comment) -> Received | None:
    """How to reach whoever has not claimed the contribution yet; None where no address of theirs is known."""
    return Received.objects.filter(comment=comment, claimed_at=None).exclude(email="").first()


def can_be_told(comment: Comment) -> bool:
    """Whether there is anybody to hear what moderators do with the contribution."""
    return bool(comment.author_id or unclaimed_with_address(comment))


def can_hand_over(user, comment: Comment) -> bool:
    """The moderators, and the focal point who posted it."""
    consultation = comment.question.consultation
    if permissions.moderates(user, consultation):
        return True
    return comment.posted_by_id == user.pk and permissions.is_focal_point(user, consultation)


def new_secret() -> str:
    """Twelve letters and digits in three groups."""
    drawn = [secrets.choice(ALPHABET) for _each in range(CODE_LENGTH)]
    return "-".join("".join(drawn[at : at + 4]) for at in range(0, CODE_LENGTH, 4))


def hash_of(code: str) -> str:
    """What is kept of a code: neither spaces, hyphens nor capitals matter."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return salted_hmac("consultations.moderation.on_behalf", plain, algorithm="sha256").hexdigest()
