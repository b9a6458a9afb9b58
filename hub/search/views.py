"""The page of the search: one box for everything."""

from dataclasses import replace
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts import limits
from consultations.languages import WRITTEN
from hub.search import asking, finding, words
from hub.search.finding import Narrowed
from hub.search.forms import NarrowingForm
from hub.search.kinds import CHOICES

LAST_PAGE = finding.MOST * len(CHOICES) // finding.PER_PAGE + 1
# With fewer hits than these, a slip of the pen is thought of.
FEW = 3


def search(request):
    """What was found for `?q=`; without it the box alone."""
    form = NarrowingForm(request.GET)
    form.is_valid()
    narrowed = form.chosen
    asked = asking.understand(request.GET.get("q", ""))
    context = {
        "asked": asked,
        "form": form,
        "narrowed": narrowed,
        "is_narrowed": replace(narrowed, kind="") != Narrowed(),
        "longest": asking.LONGEST,
        "too_common_in": too_common_in(asked, narrowed),
    }
    if not asked.queries:
        return render(request, "search/search.html", context)
    try:
        limits.take(request, "search" if request.user.is_authenticated else "search_as_visitor")
        wanted = page_number(request)
        found = finding.find(asked, narrowed, request.user, wanted)
    except limits.TooOften as problem:
        # With what was typed in the box, as the sentence says.
        return limits.say_when(render(request, "search/search.html", context | {"refusal": problem}), problem)
    except finding.TooSlow:
        return render(request, "search/search.html", context | {"is_too_slow": True})
    total = sum(found.counts.values())
    kinds = [CHOICES[narrowed.kind]] if narrowed.kind else list(CHOICES.values())
    context |= {
        "found": found,
        "heading": heading(asked.text, found, [kind.name for kind in kinds]),
        "choices": choices(request, found),
        "suggestion": words.did_you_mean(asked, narrowed, total) if total < FEW else "",
        "is_beyond": wanted > found.number,
        "next": address(request, page=found.number + 1) if found.has_next else "",
        "previous": address(request, page=found.number - 1) if found.number > 1 else "",
        "widened": "?" + urlencode({"q": asked.text}),
    }
    context["suggested"] = address(request, q=context["suggestion"], page=None)
    return render(request, "search/search.html", context)


def page_number(request) -> int:
    typed = request.GET.get("page", "")
    return min(max(int(typed), 1), LAST_PAGE) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 1


def too_common_in(asked: asking.Asked, narrowed: Narrowed):
    """The language in which no text is looked for, as its dictionary leaves out every word that was typed."""
    code = narrowed.language or get_language()
    return dict(WRITTEN)[code] if asked.queries and code not in asked.queries else ""


def heading(text: str, found: finding.Found, kinds: list[str]) -> str:
    total = sum(found.counts[kind] for kind in kinds)
    values = {"text": text, "number": number_format(total, force_grouping=True)}
    if not total:
        return _("No results for “%(text)s”") % values
    if found.more.intersection(kinds):
        return _("Search: more than %(number)s results for “%(text)s”") % values
    return (
        ngettext("Search: %(number)s result for “%(text)s”", "Search: %(number)s results for “%(text)s”", total)
        % values
    )


def choices(request, found: finding.Found) -> list[tuple[str, str, str, bool]]:
    """Of everything and of each kind that was found: label, count, address, and whether it is the one shown."""
    shown = request.GET.get("kind", "") if request.GET.get("kind", "") in CHOICES else ""
    total = sum(found.counts.values())
    lines = [("", _("Everything"), total, bool(found.more))]
    lines += [
        (name, kind.label, found.counts[name], name in found.more)
        for name, kind in CHOICES.items()
        if found.counts[name] or name == shown
    ]
    return [
        (
            label,
            number_format(count, force_grouping=True) + ("+" if is_more else ""),
            address(request, kind=name or None, page=None),
            name == shown,
        )
        for name, label, count, is_more in lines
    ]


def address(request, **changes) -> str:
    """The address of this search with some of it changed; what is None is left out."""
    names = ("q", "kind", "written", "consultation", "since", "until", "page")
    kept = {name: request.GET.get(name, "").replace("\0", "") for name in names} | changes
    return "?" + urlencode({name: value for name, value in kept.items() if value})
