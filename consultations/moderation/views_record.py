"""The record of a consultation's moderation for those who keep it, and its figures for everybody."""

import datetime
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations import permissions
from consultations.models import ConductRule, Consultation
from consultations.moderation import figures, ledger
from consultations.moderation.models import Act
from consultations.views import find_consultation, id_of


@login_required
def record(request, slug):
    """Who did what, when and why, the latest first; for the moderators and administrators."""
    found = find_recorded(request, slug)
    choice = choice_of(request)
    before = None
    if "before" in request.GET:
        before = id_of(request.GET["before"])
        if before is None:
            raise Http404
    context = {
        "consultation": found,
        "page": ledger.page(found, choice, before),
        "choice": choice,
        "kinds": Act.Kind.choices,
        "actors": ledger.actors(found),
        "query": urlencode(query_of(choice)),
    }
    return render(request, "moderation/consultation/record.html", context)


@login_required
def record_as_csv(request, slug):
    found = find_recorded(request, slug)
    lines = ledger.as_csv(choice_of(request).acts(found))
    return download(lines, "text/csv; charset=utf-8", f"{slug}-moderation.csv")


@login_required
def record_as_json(request, slug):
    found = find_recorded(request, slug)
    lines = ledger.as_json(choice_of(request).acts(found))
    return download(lines, "application/json", f"{slug}-moderation.json")


def download(lines, content_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def find_recorded(request, slug) -> Consultation:
    found = find_consultation(request, slug)
    if not permissions.can_read_record(request.user, found):
        raise PermissionDenied
    return found


def choice_of(request) -> ledger.Choice:
    kind = request.GET.get("kind", "")
    person = request.GET.get("person", "")
    if (kind and kind not in Act.Kind.values) or (person and id_of(person) is None):
        raise Http404
    return ledger.Choice(kind, id_of(person))


def query_of(choice: ledger.Choice) -> dict:
    """The choice as parameters of an address."""
    chosen = {"kind": choice.kind, "person": choice.person}
    return {name: value for name, value in chosen.items() if value}


def public(request, slug):
    """Figures and acts by day, with nobody named."""
    found = find_consultation(request, slug)
    before = None
    if "before" in request.GET:
        try:
            before = datetime.date.fromisoformat(request.GET["before"])
        except ValueError as problem:
            raise Http404 from problem
    counted = figures.figures(found)
    context = {
        "consultation": found,
        "figures": counted,
        "rules": rules_in_words(counted),
        "first_answer": duration(counted.first_answer),
        "ledger": figures.days(found, before),
    }
    return render(request, "moderation/consultation/public.html", context)


def rules_in_words(counted: figures.Figures) -> list[tuple[int | None, str, int]]:
    """The rules under which something was removed, in the reader's language where they still exist."""
    texts = {rule.number: rule.text for rule in ConductRule.objects.all()}
    return [(number, texts.get(number, text), times) for number, text, times in counted.hidden_by_rule]


def duration(span: datetime.timedelta | None) -> str:
    """Rounded, in the unit in which people speak of it."""
    if span is None:
        return _("no answer yet")
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 120:
        return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
    days = round(hours / 24)
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}
