"""The dates of a consultation as a calendar file (RFC 5545)."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from consultations.following.feeds import published
from consultations.models import Consultation
from consultations.moderation.models import Act
from consultations.templatetags.discussion import translated

# Octets of a line, without its end.
LONGEST_LINE = 75


@require_safe
@conditional_page
def dates(request, slug):
    """Opening and closing, to be added to one's own calendar."""
    found = published(slug)
    response = HttpResponse(calendar(found), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.slug}.ics"'
    return response


def calendar(consultation: Consultation) -> str:
    title = str(translated(consultation, "title"))
    modified, sequence = last_change(consultation)
    moments = [
        ("opens", consultation.opens_at, _("Opens: %(title)s") % {"title": title}),
        ("closes", consultation.closes_at, _("Closes: %(title)s") % {"title": title}),
    ]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{escaped(settings.SITE_NAME)}//{get_language().upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    for name, moment, summary in moments:
        lines += [
            "BEGIN:VEVENT",
            f"UID:consultation-{consultation.pk}-{name}@{settings.PORTAL_HOST.rsplit(':', 1)[0]}",
            f"DTSTAMP:{utc(modified)}",
            f"LAST-MODIFIED:{utc(modified)}",
            f"SEQUENCE:{sequence}",
            f"DTSTART:{utc(moment)}",
            f"SUMMARY;LANGUAGE={get_language()}:{escaped(summary)}",
            f"DESCRIPTION;LANGUAGE={get_language()}:{escaped(str(translated(consultation, 'summary')))}",
            f"URL:{settings.PORTAL_URL}{consultation.get_absolute_url()}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def last_change(consultation: Consultation) -> tuple[datetime, int]:
    """When the consultation was last changed, as its records say, and how often its dates were."""
    rescheduled = Act.objects.filter(consultation=consultation, kind=Act.Kind.RESCHEDULED).order_by("-pk")
    edits = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Consultation), object_id=str(consultation.pk)
    ).order_by("-action_time")
    times = [*rescheduled.values_list("at", flat=True)[:1], *edits.values_list("action_time", flat=True)[:1]]
    # Made by a command: it stands as it was when it opened.
    return max(times, default=min(consultation.opens_at, timezone.now())), rescheduled.count()


def utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A text value (RFC 5545, 3.3.11)."""
    for plain in ("\\", ";", ","):
        text = text.replace(plain, f"\\{plain}")
    return "\\n".join(text.splitlines())


def folded(line: str) -> str:
    """The line in pieces of at most LONGEST_LINE octets, cut between characters; the next ones begin with a space."""
    pieces, piece = [], ""
    for character in line:
        if len(f"{piece}{character}".encode()) > LONGEST_LINE:
            pieces.append(piece)
            piece = " "
        piece += character
    return "\r\n".join([*pieces, piece])
