"""The public pages: the list of resources, one of them, how to cite it, its files, and the calls."""

import re

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language, gettext_lazy

from consultations.templatetags.discussion import translated
from hub.errors import page_for_reader
from hub.resources import choices, citation, facets, files, permissions, reading
from hub.resources.models import Call, GuidingPrinciple, ListEntry, Resource, ResourceFile

# More open calls than there ever are at a time.
CALLS = 5
KEY = re.compile("[0-9]{1,18}")


def key_in(request, name: str) -> int | None:
    """A place in the list, as the links to the next and the previous page name it."""
    given = request.GET.get(name, "")
    return int(given) if KEY.fullmatch(given) else None


def resources(request):
    """The list in its order, narrowed by what the address says."""
    choice = facets.Choice.from_address(request.GET)
    names = choices.Names.read()
    found = facets.counts(choice)
    page = facets.page(choice, after=key_in(request, "after"), before=key_in(request, "before"))
    context = {
        "choice": choice,
        "names": names,
        "groups": choices.groups(choice, found, names),
        "removals": choices.removals(choice, names),
        "total": found.total,
        "page": page,
        "next": choice.query(after=page.after) if page.after else "",
        "previous": choice.query(before=page.before) if page.before else "",
        "ways_out": choices.ways_out(choice, names) if choice and not found.total else [],
        "calls": list(Call.objects.open()[:CALLS]),
    }
    return render(request, "resources/resources.html", context)


def resource(request, slug):
    """One listed resource. Others have no page here, whoever asks."""
    try:
        entry = listed(slug)
    except Http404:
        if was_listed(slug):
            return page_for_reader(request, 410, TAKEN_OFF)
        raise
    found = entry.resource
    names = choices.Names.read()
    title, summary = translated(found, "title"), translated(found, "summary")
    context = about(found) | {
        "entry": entry,
        "names": names,
        "cited": citation.sentence(found),
        "page_address": citation.page_of(found),
        "schema": citation.schema_org(found, about=names.objectives_of(entry), title=title.text, summary=summary.text),
        "related": reading.related(entry),
        "mentions": reading.mentions(found, citation.page_of(found)),
    }
    return render(request, "resources/resource.html", context)


def about(found: Resource) -> dict:
    """What `resources/_about.html` shows of a resource, listed or not."""
    return {
        "resource": found,
        "practice": getattr(found, "practice", None) if found.is_practice else None,
        "files": list(found.files.all()),
        "objectives": list(found.objectives.all()),
        "principles": list(GuidingPrinciple.objects.filter(resources=found)),
        "regions": list(found.regions.all()),
    }


def listed(slug: str) -> ListEntry:
    return get_object_or_404(
        ListEntry.objects.select_related("resource__practice", "resource__call"), resource__slug=slug
    )


def was_listed(slug: str) -> bool:
    """Was something listed at this address that the editors have taken off the list since?"""
    return Resource.objects.filter(slug=slug, state=Resource.State.DECLINED, listed_at__isnull=False).exists()


TAKEN_OFF = (
    gettext_lazy("This resource was taken off the list"),
    gettext_lazy(
        "It was listed at this address, and the editors have taken it off the list since. Write to us if you need to "
        "know more."
    ),
)


def cited_in_bibtex(request, slug):
    return download(citation.bibtex(listed(slug).resource), "application/x-bibtex", f"{slug}.bib")


def cited_in_ris(request, slug):
    return download(citation.ris(listed(slug).resource), "application/x-research-info-systems", f"{slug}.ris")


def download(text: str, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)


def file_for(request, pk) -> ResourceFile:
    """The file, for whoever may read its resource; 404 for all others, who need not know that there is one."""
    found = get_object_or_404(ResourceFile.objects.select_related("resource"), pk=pk)
    if not permissions.can_read(request.user, found.resource):
        raise Http404
    return found


def resource_file(request, pk):
    """A file as a download, whatever is in it: no browser opens it as a page of the portal."""
    found = file_for(request, pk)
    return sent(found.stored, files.TYPES[found.format], found.name, as_attachment=True)


def resource_image(request, pk):
    """An image as the portal drew it again from its pixels; nothing else of the file is left in it."""
    found = file_for(request, pk)
    if not found.shown:
        raise Http404
    return sent(found.shown, files.SHOWN_TYPE, f"{found.pk}.png", as_attachment=False)


def sent(stored: str, kind: str, name: str, *, as_attachment: bool) -> FileResponse:
    try:
        stream = files.open_stored(stored)
    except FileNotFoundError as error:
        # A folder that was not brought back with the database, for one.
        raise Http404 from error
    response = FileResponse(stream, content_type=kind, as_attachment=as_attachment, filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # Whether somebody may have it can change at any time, for everybody.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def calls(request):
    """The calls that are open, then those that will be, then those that have closed."""
    published = Call.objects.published()
    context = {
        "open": list(Call.objects.open()),
        "upcoming": list(published.upcoming()[:50]),
        "closed": list(published.closed()[:50]),
    }
    return render(request, "resources/calls.html", context)


def call(request, slug):
    """A call, and what was listed from what came in under it."""
    found = get_object_or_404(Call.objects.published().prefetch_related("objectives"), slug=slug)
    entries = ListEntry.objects.filter(resource__call=found).select_related("resource").order_by("position")
    context = {"call": found, "entries": list(entries[:100]), "names": choices.Names.read(), "here": get_language()}
    return render(request, "resources/call.html", context)
