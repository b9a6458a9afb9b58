"""What people send after their session has ended waits until they have logged in, and then stands in the form again.

The one way for every form that needs an account and in which people write at length: the template says whose form it is
(`{% whose_form user %}`), the view wears `@keeps_text`, and the page of the form asks `shown`, `begun` or `given_back`.
A text is given only to the person in whose form it was typed; where nobody was logged in, to whoever logs in. It stands
in the form, however often the page is asked for, until the form is sent well or the person discards it.
"""

from dataclasses import dataclass
from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import limits, whose

PARKED = "parked"
# Forms that somebody had open; the oldest gives way to one more.
MOST = 5
# What a form can hold besides its buttons.
TEXT, TICKS, NOTHING = "text", "ticks", "nothing"
NOT_KEPT = {"csrfmiddlewaretoken", whose.FIELD}
# Where several forms are sent to one address, these fields say which one it is.
WHICH = ("act", "comment")


@dataclass(frozen=True)
class Parked:
    """What was typed in a form, and which one of that kind it was: “12”, “12/about”, or nothing."""

    about: str
    typed: QueryDict


def keeps_text(page: str = "", *names: str, holds: str = TEXT, is_read_by_all: bool = False):
    """For views that need an account: what is posted without one is parked.

    Whoever has logged in lands on the page of that name, which takes the arguments `names` of the view; without a
    page it is the address of the view itself. What the form holds, besides its buttons, is said to them. Where
    `is_read_by_all`, visitors get the page from the view, which leaves the form out.

    Who only looks at an address that takes a form, as by the links to other languages on a page that refused it, is led
    to that page as well.
    """

    def wrap(view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            if page and request.method in {"GET", "HEAD"} and (place := page_of(request)) != request.get_full_path():
                return redirect(place)
            if request.user.is_authenticated:
                response = view(request, *args, **kwargs)
                if request.method == "POST":
                    note_sent(request, is_done=300 <= response.status_code < 400)
                return response
            if request.method == "POST":
                return park(request, holds=holds)
            if is_read_by_all:
                return view(request, *args, **kwargs)
            return redirect_to_login(request.get_full_path())

        checked.page_of_form = (page, names) if page else None
        return checked

    return wrap


def page_of(request: HttpRequest) -> str:
    """Where the form stands that was sent, with what had narrowed the page."""
    match = request.resolver_match
    place = getattr(match.func, "page_of_form", None) if match else None
    if not place:
        return request.get_full_path()
    page, names = place
    query = request.META.get("QUERY_STRING", "")
    return reverse(page, kwargs={name: match.kwargs[name] for name in names}) + (f"?{query}" if query else "")


def park(
    request: HttpRequest, *, kind: str = "", about: str | None = None, page: str = "", holds: str = TEXT
) -> HttpResponse:
    """Keep in the session what was sent without one, and ask to log in. Raises TooOften.

    The address says of itself which form it is, unless `kind` and `about` do.
    """
    limits.take(request, "park")
    if about is None:
        about = about_of(request)
    entry = {
        "kind": kind or request.resolver_match.url_name,
        "about": about,
        "typed": typed_in(request),
        "owner": whose.owner_in(request.POST),
        "had_file": bool(request.FILES),
    }
    if holds != NOTHING:
        others = [each for each in request.session.get(PARKED, []) if not is_place(each, entry["kind"], about)]
        request.session[PARKED] = [*others, entry][-MOST:]
    # Who never was logged in reads on the next page that the text is kept, without a session that has ended.
    said = []
    if entry["owner"]:
        said.append(what_is_kept(holds))
    if entry["had_file"]:
        said.append(_("The file could not be kept: choose it again then."))
    if said:
        messages.info(request, " ".join(said))
    return redirect_to_login(page or page_of(request))


def what_is_kept(holds: str) -> str:
    if holds == TEXT:
        return _("Your session had ended. Your text is kept: log in, and it stands in the form again.")
    if holds == TICKS:
        return _("Your session had ended. What you ticked is kept: log in, look at it, and press the button again.")
    return _("Your session had ended, and nothing was changed. Log in, and press the button again.")


def has_ended(request: HttpRequest) -> bool:
    """For forms that visitors may send too: was this one rendered for somebody who is not logged in any more?"""
    return not request.user.is_authenticated and whose.owner_in(request.POST) is not None


def about_of(request: HttpRequest) -> str:
    """Which form of its kind an address is for."""
    return "/".join(str(value) for value in request.resolver_match.kwargs.values() if value is not None)


def typed_in(request: HttpRequest) -> dict[str, list[str]]:
    return {name: values for name, values in request.POST.lists() if name not in NOT_KEPT}


def note_sent(request: HttpRequest, *, is_done: bool) -> None:
    """The form was sent by somebody logged in: what was parked of it has served, or makes way for what was refused."""
    entry = find(request, request.resolver_match.url_name, about_of(request))
    if not entry or not whose.may_have(request.user, entry["owner"]):
        return
    if any(entry["typed"].get(name) != (request.POST.getlist(name) or None) for name in WHICH):
        return
    if is_done:
        forget(request, entry["kind"], entry["about"])
    else:
        entry["typed"] = typed_in(request)
        request.session.modified = True


def is_place(entry: dict, kind: str, about: str | None) -> bool:
    return entry["kind"] == kind and about in (None, entry["about"])


def find(request: HttpRequest, kind: str, about: str | int | None = None) -> dict | None:
    """What was parked last in a form of this kind, or in the one that is about this."""
    kept = request.session.get(PARKED) if request.user.is_authenticated else None
    found = [each for each in kept or [] if is_place(each, kind, None if about is None else str(about))]
    return found[-1] if found else None


def forget(request: HttpRequest, kind: str, about: str | int) -> None:
    """It was sent, it is kept elsewhere, or the person does not want it."""
    if find(request, kind, about):
        kept = request.session[PARKED]
        request.session[PARKED] = [each for each in kept if not is_place(each, kind, str(about))]


def shown(request: HttpRequest, kind: str, about: str | int | None = None) -> Parked | None:
    """What was parked last in a form of this kind, or in the one that is about this; the page says that it is kept."""
    entry = find(request, kind, about)
    if not entry:
        return None
    if not whose.may_have(request.user, entry["owner"]):
        forget(request, kind, entry["about"])
        return None
    if entry["had_file"]:
        messages.info(request, _("The file that you had chosen could not be kept: choose it again."))
        entry["had_file"] = False
        request.session.modified = True
    # For templates/includes/parked.html, which every page includes.
    place = {"kind": kind, "about": entry["about"]}
    request.parked_shown = [*(each for each in getattr(request, "parked_shown", []) if each != place), place]
    typed = QueryDict(mutable=True)
    for name, values in entry["typed"].items():
        typed.setlist(name, values)
    return Parked(entry["about"], typed)


def take(request: HttpRequest, kind: str) -> Parked | None:
    """Like `shown`, for those who keep it themselves from now on."""
    entry = find(request, kind)
    if not entry:
        return None
    parked = shown(request, kind, entry["about"])
    forget(request, kind, entry["about"])
    request.parked_shown = [each for each in getattr(request, "parked_shown", []) if each["kind"] != kind]
    return parked


def fill(form: forms.BaseForm, typed: QueryDict) -> forms.BaseForm:
    """Put what somebody typed into a form that is not sent yet, as it was typed; files cannot be put there."""
    form.is_restored = True
    for name, field in form.fields.items():
        place = form.add_prefix(name)
        if not field.widget.needs_multipart_form and not field.widget.value_omitted_from_data(typed, {}, place):
            form.initial[name] = field.widget.value_from_datadict(typed, {}, place)
    return form


def begun(request: HttpRequest, form: forms.BaseForm, kind: str, about: str | int | None = None) -> forms.BaseForm:
    """The form that a page begins with: with what was parked of it, if anything was."""
    parked = shown(request, kind, about)
    return fill(form, parked.typed) if parked else form


def given_back(request: HttpRequest, kind: str, form: forms.BaseForm) -> tuple[int, forms.BaseForm] | None:
    """For pages with a form for each of many things: the number of the thing, and its form with what was typed."""
    parked = shown(request, kind)
    return (int(parked.about), fill(form, parked.typed)) if parked else None


def left_over(given: tuple[int, forms.BaseForm] | None, shown) -> forms.BaseForm | None:
    """The form that was given back, when what it is about is not among `shown` any more: its text is to be copied."""
    return given[1] if given and given[0] not in {each.pk for each in shown} else None
