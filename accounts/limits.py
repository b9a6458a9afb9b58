"""How often somebody may do something. The counts are in PostgreSQL, so that they hold across all server processes.

A view takes once from each limit of an action before it acts (`take`), or wears `limited`. What is too often raises
TooOften, which a form shows like any other error of its own; where nobody catches it, `hub.errors` answers with a page
that gives the text back. The limits themselves are `settings.LIMITS`.
"""

import datetime
import ipaddress
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy, ngettext
from django_tasks import task

from accounts.models import Usage
from accounts.rates import Rate

# A subscriber of IPv6 has at least this network.
IPV6_PREFIX = 64


class TooOften(ValidationError):
    """It has to wait until `until`; the sentence says for how long."""

    sentence = gettext_lazy("This was done very often in a short time. %(when)s What you wrote is still here.")

    def __init__(self, until: datetime.datetime):
        self.until = until
        self.seconds = max(1, math.ceil((until - timezone.now()).total_seconds()))
        super().__init__(self.sentence % {"when": try_again(self.seconds)}, code="too_often")

    def __str__(self):
        return self.message


def try_again(seconds: int) -> str:
    """When to try again, as a sentence."""
    if seconds <= 60 * 60:
        minutes = math.ceil(seconds / 60)
        return ngettext("Try again in %(number)d minute.", "Try again in %(number)d minutes.", minutes) % {
            "number": minutes
        }
    hours = math.ceil(seconds / 3600)
    return ngettext("Try again in %(number)d hour.", "Try again in %(number)d hours.", hours) % {"number": hours}


@dataclass(frozen=True)
class Taken:
    """What was taken from the limits of one action."""

    keys: tuple[str, ...]

    def rollback(self) -> None:
        """Give it back: it was no attempt of the kind that is limited."""
        # Locked in the order in which they are taken, so that nobody waits for each other.
        with transaction.atomic():
            rows = Usage.objects.filter(key__in=self.keys, used__gt=0).order_by("key").select_for_update()
            for row in rows:
                row.used -= 1
                row.save(update_fields=["used"])


def take(request: HttpRequest, action: str, *, name: str = "", times: int = 1) -> Taken:
    """Take once from each limit of `action`, or from none of them.

    `name` is the e-mail address that a form names; `times` makes the limits so many times as generous.
    What is taken in a transaction that fails is given back. Raises TooOften.
    """
    # In one order, so that two requests never wait for each other.
    counted = sorted(
        (key_of(action, rate, value), rate)
        for rate in settings.LIMITS[action]
        if (value := whose(request, rate.per, name))
    )
    if not counted:
        return Taken(())
    keys = tuple(key for key, _rate in counted)
    now = timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                TAKE,
                {
                    "keys": list(keys),
                    "allowed": [rate.amount * times for _key, rate in counted],
                    "seconds": [rate.seconds for _key, rate in counted],
                    "now": now,
                },
            )
            taken = {key for (key,) in cursor.fetchall()}
        if len(taken) < len(keys):
            full = Usage.objects.filter(key__in=set(keys) - taken)
            raise TooOften(max(full.values_list("until", flat=True), default=now))
    return Taken(keys)


def has_room(request: HttpRequest, action: str, *, name: str = "") -> bool:
    """Take like `take`, where something is left undone without an error when it was done too often."""
    try:
        take(request, action, name=name)
    except TooOften:
        return False
    return True


# One row per limit and whoever it is counted for. A row that is full is left as it is and does not come back, so that
# a flood writes nothing; one whose time is over begins anew.
TAKE = """
    INSERT INTO accounts_usage AS usage (key, used, allowed, until)
    SELECT key, 1, allowed, %(now)s + seconds * interval '1 second'
    FROM unnest(%(keys)s::text[], %(allowed)s::bigint[], %(seconds)s::bigint[]) AS wanted (key, allowed, seconds)
    ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
        used = CASE WHEN usage.until <= %(now)s THEN 1 ELSE usage.used + 1 END,
        until = CASE WHEN usage.until <= %(now)s THEN excluded.until ELSE usage.until END,
        allowed = excluded.allowed
    WHERE usage.until <= %(now)s OR usage.used < excluded.allowed
    RETURNING key
"""


def whose(request: HttpRequest, per: str, name: str) -> str:
    """For whom a limit counts; empty where it does not apply, as a person's does to somebody not logged in."""
    name = name.strip().lower()
    if per == "person":
        return str(request.user.pk) if request.user.is_authenticated else ""
    if per == "address":
        return address_of(request)
    if per == "name":
        return name
    return f"{name} {address_of(request)}" if name else ""


def key_of(action: str, rate: Rate, value: str) -> str:
    """The key of a row. It does not say whose it is, so that no list of addresses and visits comes into being."""
    digest = salted_hmac("accounts.limits", value, algorithm="sha256").hexdigest()[:32]
    return f"{action}:{rate.per}:{rate.seconds}:{digest}"


def address_of(request: HttpRequest) -> str:
    """Where the request comes from: an IPv4 address, or the network of an IPv6 address.

    Each of the trusted proxies appends whom it was asked by to X-Forwarded-For. What stands before those entries was
    sent by the visitor and can be anything; a header that is shorter did not pass all of the proxies.
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    named = passed[-proxies] if 0 < proxies <= len(passed) else ""
    for text in (named, request.META.get("REMOTE_ADDR", "")):
        try:
            address = ipaddress.ip_address(text.partition("%")[0])
        except ValueError:
            continue
        if address.version == 4:
            return str(address)
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False).network_address)
    # A server that listens on a socket knows no address: all that comes that way counts as one.
    return "unknown"


def limited(action: str) -> Callable:
    """A view's decorator: each POST takes once from the limits of `action`."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def within_limits(request, *args, **kwargs):
            if request.method == "POST":
                take(request, action)
            return view(request, *args, **kwargs)

        return within_limits

    return decorate


def refusal_in(form: object) -> TooOften | None:
    """The TooOften among the errors of a form that was checked."""
    if not isinstance(form, Form) or not form.is_bound:
        return None
    errors = [error for of_field in form.errors.as_data().values() for error in of_field]
    return next((error for error in errors if isinstance(error, TooOften)), None)


def say_when(response: HttpResponse, refusal: TooOften) -> HttpResponse:
    """Make `response` say that this was too often, and when to come back."""
    response.status_code = 429
    response.headers["Retry-After"] = str(refusal.seconds)
    return response


@task
def forget_expired() -> None:
    """Delete the counts whose time is over."""
    Usage.objects.filter(until__lt=timezone.now()).delete()
