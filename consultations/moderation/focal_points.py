"""Who writes down, in one consultation, what people without a computer say.

A moderator names an address, and a mail goes there; whoever follows its link with an account that has confirmed this
address becomes focal point by pressing a button. So a moderator never learns whether an address has an account: what
they see is the same until somebody says yes. One function, one transaction, one act each.
"""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations import permissions
from consultations.models import Consultation
from consultations.moderation import letters
from consultations.moderation.acts import ActError
from consultations.moderation.consultation_acts import Unchanged, lock, require
from consultations.moderation.models import FocalPoint, FocalRequest
from consultations.moderation.record import record

# Then the address is forgotten.
HOLDS = datetime.timedelta(days=30)
# A form that is sent twice makes one mail.
SAME_FORM = datetime.timedelta(minutes=5)
SALT = "consultations.moderation.focal_points"


class NotOpen(ActError):
    """It was withdrawn, or is too old."""

    def __init__(self):
        super().__init__(
            _("This request is no longer open. If you want to help all the same, write to the moderators.")
        )


@transaction.atomic
def ask(*, consultation: Consultation, email: str, moderator) -> FocalRequest:
    """Ask the owner of an address, whoever that is, to be a focal point; the same address later again."""
    require(permissions.can_manage(moderator, consultation))
    consultation, email = lock(consultation), email.lower()
    if consultation.focal_points.filter(user__email__iexact=email).exists():
        # The list on the same page says so too.
        raise Unchanged(_("%(email)s is a focal point already.") % {"email": email})
    now = timezone.now()
    asked = FocalRequest.objects.filter(consultation=consultation, email=email).first()
    if asked and asked.asked_at > now - SAME_FORM:
        return asked
    asked, _made = FocalRequest.objects.update_or_create(
        consultation=consultation, email=email, defaults={"asked_at": now, "asked_by": moderator}
    )
    record("focal-asked", actor=moderator, consultation=consultation, after={"request": asked.pk})
    # In the transaction, which puts the mail into the queue: neither is without the other.
    write_to(asked, moderator.name)
    return asked


def write_to(asked: FocalRequest, name: str) -> None:
    """In the language of the person if there is an account, else in that of the consultation."""
    person = get_user_model().objects.filter(email__iexact=asked.email, is_active=True).first()
    letters.ask_focal_point(
        asked,
        moderator=name,
        token=token_for(asked),
        until=asked.asked_at + HOLDS,
        language=person.language if person else (asked.consultation.languages or [settings.LANGUAGE_CODE])[0],
        name=person.name if person else "",
    )


@transaction.atomic
def take_back(*, asked: FocalRequest, moderator) -> None:
    """Withdraw a request that nobody has accepted."""
    require(permissions.can_manage(moderator, asked.consultation))
    found = FocalRequest.objects.select_for_update().filter(pk=asked.pk)
    if not found:
        raise Unchanged(_("This request is no longer open."))
    found.delete()
    record("focal-unasked", actor=moderator, consultation=asked.consultation, before={"request": asked.pk})


@transaction.atomic
def accept(*, asked: FocalRequest, user) -> FocalPoint:
    """Become focal point. Raises PermissionDenied for whoever has not confirmed the address, or NotOpen."""
    lock(asked.consultation)
    found = waiting().select_for_update(of=["self"]).filter(pk=asked.pk).first()
    if not found:
        raise NotOpen
    if not permissions.owns_address(user, found.email):
        raise PermissionDenied
    return agreed(found, user)


def agreed(asked: FocalRequest, user) -> FocalPoint:
    """Make somebody focal point instead of waiting for it. The caller owns the transaction and knows who they are."""
    after = {"request": asked.pk}
    asked.delete()
    made, is_new = FocalPoint.objects.get_or_create(consultation=asked.consultation, user=user)
    if is_new:
        record("focal-accepted", actor=user, consultation=asked.consultation, person=user, after=after)
    return made


@transaction.atomic
def remove(*, focal_point: FocalPoint, moderator) -> None:
    require(permissions.can_manage(moderator, focal_point.consultation))
    found = FocalPoint.objects.select_for_update().filter(pk=focal_point.pk)
    if not found:
        raise Unchanged(_("This person is no focal point any more."))
    found.delete()
    record("focal-removed", actor=moderator, consultation=focal_point.consultation, person=focal_point.user)


def waiting():
    """The requests that somebody can still accept, the oldest first."""
    return FocalRequest.objects.filter(asked_at__gt=timezone.now() - HOLDS).select_related("consultation")


def forget_unanswered() -> None:
    """Delete the addresses of those who did not answer."""
    FocalRequest.objects.filter(asked_at__lte=timezone.now() - HOLDS).delete()


# The link in the mail


@dataclass(frozen=True)
class Named:
    """What a link is about: its consultation, and the request unless it is no longer open."""

    consultation: Consultation
    asked: FocalRequest | None


def token_for(asked: FocalRequest) -> str:
    return signing.Signer(salt=SALT).sign(f"{asked.consultation_id}-{asked.pk}")


def read(token: str) -> Named | None:
    """What the link says, or None when it is none of ours or its consultation is gone."""
    try:
        consultation, request = signing.Signer(salt=SALT).unsign(token).split("-")
    except (signing.BadSignature, ValueError):
        return None
    found = Consultation.objects.select_related("space").filter(pk=consultation).first()
    return Named(found, waiting().filter(pk=request, consultation=found).first()) if found else None
