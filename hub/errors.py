"""The portal's own error pages, and the one place where exceptions become answers."""

import logging
import sys

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language_from_path, get_language_from_request, override
from django.utils.translation import gettext_lazy as _

from accounts import limits, parking
from hub.context import surroundings

log = logging.getLogger(__name__)

UNAVAILABLE = (OperationalError, InterfaceError)

# Heading and explanation of each: what happened, what is safe, what to do.
TEXTS = {
    400: (
        _("This request could not be understood"),
        _(
            "Something in the address or the form was not as the portal expects it. "
            "Nothing you posted before is lost. Go back one page and try again."
        ),
    ),
    403: (
        _("This page is for others"),
        _("Your account does not open this page."),
    ),
    404: (
        _("This page is not here"),
        _(
            "The address may be incomplete, or the page has moved. Contributions keep their address for good: "
            "if you followed a link to one, check its number."
        ),
    ),
    405: (
        _("This address takes no such request"),
        _("It was opened in a way that only a form uses. Nothing was changed. Go to the page and use its buttons."),
    ),
    413: (
        _("This is more than we can take"),
        _(
            "The form held more than the portal accepts at once; a contribution may have up to 20,000 characters. "
            "Go back one page: your text is still in the form. Shorten it, or post it in two parts."
        ),
    ),
    429: (
        _("Too many attempts for the moment"),
        _(
            "This was tried very often in a short time. Wait a few minutes, then go back one page: "
            "your text is still in the form."
        ),
    ),
    500: (
        _("Something broke on our side"),
        _(
            "Nothing you posted before this is lost. If you were writing, go back one page: your text is still "
            "in the form. We have been told and are looking into it."
        ),
    ),
    503: (
        _("The portal is resting for a moment"),
        _(
            "We cannot reach our records just now. Nothing you posted before this is lost. If you were writing, "
            "go back one page in a minute: your text is still in the form."
        ),
    ),
}
FORM_EXPIRED = (
    _("This form has expired"),
    _(
        "The page was open for a long time, or the browser refused our cookie, so that we could not be sure that "
        "the form came from you. Nothing was sent or published. Open the page again and paste your text."
    ),
)


def error_page(request, status: int, texts=None, **context) -> HttpResponse:
    """The error page in the reader's language.

    It is rendered without the request. Where `context` has no `user`, it asks neither database nor session who is
    reading, and its head leaves out who is logged in.
    """
    language = get_language_from_path(request.path_info) or get_language_from_request(request)
    with override(language):
        heading, explanation = texts or TEXTS[status]
        context |= surroundings(request)
        context |= {"status": status, "heading": heading, "explanation": explanation, "now": timezone.now()}
        return HttpResponse(render_to_string("error.html", context), status=status)


def page_for_reader(request, status: int, texts=None, **context) -> HttpResponse:
    """The error page with the head of every other page, so that nobody thinks they were logged out.

    The head is bare where the database cannot say who is reading.
    """
    user = getattr(request, "user", AnonymousUser())
    try:
        # Only whoever has a session costs a query.
        return error_page(request, status, texts, **context, user=user if user.is_authenticated else AnonymousUser())
    except DatabaseError:
        return error_page(request, status, texts, **context)


def bad_request(request, exception):
    too_big = isinstance(exception, (RequestDataTooBig, TooManyFieldsSent))
    return error_page(request, 413 if too_big else 400)


def permission_denied(request, exception):
    """Say for whom the page is, if the refusal knows. Whoever may no longer write there gets their text back."""
    texts = TEXTS[403][0], str(exception) or TEXTS[403][1]
    return page_for_reader(request, 403, texts, text_typed=text_typed(request), asks_for_role=True)


def not_found(request, exception):
    """What somebody was writing for is gone: they get their text back."""
    return page_for_reader(request, 404, text_typed=text_typed(request) if request.resolver_match else "")


def too_many_requests(request, exception=None):
    """Say when to try again, if that is known, and give back the text that was sent."""
    if not isinstance(exception, limits.TooOften):
        return error_page(request, 429, text_typed=text_typed(request))
    texts = TEXTS[429][0], str(exception)
    return limits.say_when(error_page(request, 429, texts, text_typed=text_typed(request)), exception)


def text_typed(request) -> str:
    """What people wrote in a form that is refused: all that has a blank in it, or a letter that no code or key has."""
    typed = [value for name, values in request.POST.lists() if "password" not in name for value in values]
    return "\n\n".join(value for value in typed if " " in value.strip() or not value.isascii())


def server_error(request):
    """Also sees the database errors that other middleware raised before any view ran."""
    if isinstance(sys.exception(), UNAVAILABLE):
        return unavailable(request)
    return error_page(request, 500)


def unavailable(request):
    response = error_page(request, 503)
    response["Retry-After"] = "30"
    return response


def csrf_failure(request, reason=""):
    """The form's proof of origin is missing or old: refuse, and give the text back."""
    return page_for_reader(request, 403, FORM_EXPIRED, text_typed=text_typed(request), back=parking.page_of(request))


class UnavailableMiddleware:
    """Answer 503 when the database cannot be reached, and give 405, which Django leaves blank, its page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            answer = error_page(request, 405)
            answer["Allow"] = response["Allow"]
            return answer
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, UNAVAILABLE):
            log.error("The database does not answer", exc_info=exception)
            return unavailable(request)
        return None


class TooOftenMiddleware:
    """Answer 429 to what was done too often: with the page of a form that says so itself, or else with an error page.

    It is the innermost, so that both are in the reader's language.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return too_many_requests(request, exception) if isinstance(exception, limits.TooOften) else None

    def process_template_response(self, request, response):
        if refusal := limits.refusal_in((response.context_data or {}).get("form")):
            limits.say_when(response, refusal)
        return response
