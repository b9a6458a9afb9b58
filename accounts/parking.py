"""What people send after their session has ended waits until they have logged in, and then stands in the form again.

The one way for every form that needs an account and in which people write at length: the template says whose form it is
(`{% whose_form user %}`), the view wears `@keeps_text`, and the page of the form asks `take` or `given_back`. A text is
given once, and only to the person in whose form it was typed; where nobody was logged in, to whoever logs in.
"""

from dataclasses import dataclass
from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import limits, whose

PARKED = "parked"
# Forms that somebody had open; the oldest gives way to one more.
MOST = 5
# What a form can hold besides its buttons.
TEXT, TICKS, NOTHING = "text", "ticks", "nothing"
NOT_KEPT = {"csrfmiddlewaretoken", whose.FIELD}


@dataclass(frozen=True)
class Parked:
    """What was typed in a form, and which one of that kind it was: “12”, “12/about”, or nothing."""

    about: str
    typed: QueryDict


def keeps_text(page: str = "", *names: str, holds: str = TEXT):
    """For views that need an account: what is posted without one is parked.

    Whoever has logged in lands on the page of that name, which takes the arguments `names` of the view; without a
    page it is the address of the view itself. What the form holds, besides its buttons, is said to them.
    """

    def wrap(view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            if request.user.is_authenticated:
                return view(request, *args, **kwargs)
            if request.method == "POST":
                return park(request, holds=holds)
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
    match = request.resolver_match
    if about is None:
        about = "/".join(str(value) for value in match.kwargs.values() if value is not None)
    entry = {
        "kind": kind or match.url_name,
        "about": about,
        "typed": {name: values for name, values in request.POST.lists() if name not in NOT_KEPT},
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


def is_place(entry: dict, kind: str, about: str | None) -> bool:
    return entry["kind"] == kind and about in (None, entry["about"])


def take(request: HttpRequest, kind: str, about: str | int | None = None) -> Parked | None:
    """What was parked last in a form of this kind, or in the one that is about this. It is given once."""
    kept = request.session.get(PARKED) if request.user.is_authenticated else None
    if not kept:
        return None
    found = [each for each in kept if is_place(each, kind, None if about is None else str(about))]
    if not found:
        return None
    request.session[PARKED] = [each for each in kept if each != found[-1]]
    if not whose.may_have(request.user, found[-1]["owner"]):
        return None
    if found[-1]["had_file"]:
        messages.info(request, _("The file that you had chosen could not be kept: choose it again."))
    typed = QueryDict(mutable=True)
    for name, values in found[-1]["typed"].items():
        typed.setlist(name, values)
    return Parked(found[-1]["about"], typed)


def fill(form: forms.BaseForm, typed: QueryDict) -> forms.BaseForm:
    """Put what somebody typed into a form that is not sent yet, as it was typed; files cannot be put there."""
    for name, field in form.fields.items():
        place = form.add_prefix(name)
        if not field.widget.needs_multipart_form and not field.widget.value_omitted_from_data(typed, {}, place):
            form.initial[name] = field.widget.value_from_datadict(typed, {}, place)
    return form


def begun(request: HttpRequest, form: forms.BaseForm, kind: str, about: str | int | None = None) -> forms.BaseForm:
    """The form that a page begins with: with what was parked of it, if anything was."""
    parked = take(request, kind, about)
    return fill(form, parked.typed) if parked else form


def given_back(request: HttpRequest, kind: str, form: forms.BaseForm) -> tuple[int, forms.BaseForm] | None:
    """For pages with a form for each of many things: the number of the thing, and its form with what was typed."""
    parked = take(request, kind)
    return (int(parked.about), fill(form, parked.typed)) if parked else None


def left_over(given: tuple[int, forms.BaseForm] | None, shown) -> forms.BaseForm | None:
    """The form that was given back, when what it is about is not among `shown` any more: its text is to be copied."""
    return given[1] if given and given[0] not in {each.pk for each in shown} else None
