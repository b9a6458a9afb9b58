"""Browsers from which somebody has logged in before.

A stranger who tries out passwords, or asks for one code after another, uses up the limits of the account for browsers
that are not known. Its owner, on a known one, has limits of their own and is never locked out.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import User

COOKIE = "known_device"
SALT = "accounts.devices"
SECONDS = 60 * 60 * 24 * 365
# Devices are shared: so many people are remembered, the latest ones first.
PEOPLE = 5


def people_known(request: HttpRequest) -> list[int]:
    """The ids of the people who have logged in from this browser, the latest ones first."""
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return []


def is_known_device(request: HttpRequest, email: str) -> bool:
    """Whether the owner of this e-mail address has logged in from this browser."""
    people = people_known(request)
    return bool(people) and User.objects.filter(pk__in=people, email__iexact=email.strip()).exists()


def remember_device(response: HttpResponse, request: HttpRequest, user: User) -> HttpResponse:
    """Let the browser keep who logged in from it: the id alone, signed, and for nothing else."""
    people = [user.pk, *(pk for pk in people_known(request) if pk != user.pk)][:PEOPLE]
    response.set_cookie(
        COOKIE,
        signing.dumps(people, salt=SALT),
        max_age=SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
