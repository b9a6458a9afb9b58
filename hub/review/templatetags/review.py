"""How peer review appears in templates."""

from datetime import timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from hub.resources.models import LANGUAGES, Resource
from hub.review.models import Invitation, Score

register = template.Library()
State = Invitation.State
LANGUAGE_NAMES = dict(LANGUAGES)


@register.filter
def how_long(time: timedelta) -> str:
    """A length of time in its largest unit, as “3 days”."""
    if time < timedelta(minutes=1):
        return _("less than a minute")
    now = timezone.now()
    return timesince(now - time, now, depth=1)


@register.filter
def names_of_languages(codes) -> str:
    return ", ".join(capfirst(str(LANGUAGE_NAMES[code])) for code in codes if code in LANGUAGE_NAMES)


@register.filter
def seat_name(seat: str) -> str:
    return str(Invitation.Seat(seat).label)


@register.filter
def outcome_name(state: str | None) -> str:
    """Into what the resource came when a round ended."""
    if state == Resource.State.WITHDRAWN:
        return _("withdrawn by the submitter")
    return str(Resource.State(state).label) if state else ""


@register.filter
def level_name(score: Score) -> str:
    return str(score.get_level_display()) if score.level else _("cannot judge")


@register.filter
def said_state(invitation: Invitation) -> str:
    """The state of an invitation with its date, for editors."""
    answered = invitation.answered_at
    ended = invitation.ended_at or answered
    values = {
        "due": day(invitation.due_at),
        "answered": day(ended if not invitation.is_open else answered),
        "by": day(invitation.answer_by),
        "ended": day(invitation.ended_at),
    }
    sentences = {
        State.INVITED: _("Asked; an answer is expected by %(by)s"),
        State.ACCEPTED: _("Accepted on %(answered)s; due by %(due)s"),
        State.SENT: _("Review sent"),
        State.DECLINED: _("Declined on %(answered)s") if answered else _("Did not answer by %(by)s"),
        State.CONFLICT: _("Conflict of interest, declared on %(answered)s"),
        State.WITHDRAWN: _("No longer needed since %(ended)s") if invitation.ended_at else _("No longer needed"),
    }
    return sentences[State(invitation.state)] % values


def day(moment) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT") if moment else ""
