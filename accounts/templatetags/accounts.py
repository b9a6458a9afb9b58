"""What the pages about people's accounts need beyond their forms."""

import ipaddress
import re
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts import limits, parking, whose

register = template.Library()


@register.simple_tag
def whose_form(user):
    """The hidden field that says for whom a form was rendered."""
    return format_html('<input type="hidden" name="{}" value="{}">', whose.FIELD, whose.mark_of(user))


# In this order, because most browsers also name the ones from which they descend.
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
SYSTEMS = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
]


@register.filter
def is_too_often(form) -> bool:
    """Whether what was sent was tried too often, so that trying again is not the thing to do."""
    return limits.refusal_in(form) is not None


@register.filter
def browser(user_agent: str) -> str:
    """The browser and system that a session was begun with, in words."""
    program = next((name for mark, name in BROWSERS if re.search(rf"{mark}\w*/", user_agent)), None)
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    if program and system:
        return _("%(browser)s on %(system)s") % {"browser": program, "system": system}
    return program or system or _("Unknown browser")


@register.simple_tag(takes_context=True)
def passkeys_elsewhere(context) -> str:
    """Where this page of the demonstration is found under a name, when its address is in digits; otherwise "".

    The identifier of a relying party is a domain (Web Authentication, “RP ID”), which an address in digits is not.
    """
    request = context["request"]
    here = urlsplit(request.build_absolute_uri())
    if not settings.DEMONSTRATION or not is_in_digits(here.hostname):
        return ""
    return here._replace(netloc=f"localhost:{here.port}" if here.port else "localhost").geturl()


def is_in_digits(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@register.simple_tag(takes_context=True)
def text_is_kept(context) -> bool:
    """Whether somebody who logs in now, or signs up, finds what was typed before. New accounts get nobody else's."""
    request = context["request"]
    parked = request.session.get(parking.PARKED) or []
    is_new = request.resolver_match.url_name in {"account_signup", "account_email_verification_sent"}
    return any(each["owner"] is None or not is_new for each in parked)


@register.simple_tag(takes_context=True)
def coming_back(context) -> str:
    """Where this person wanted to be when they were asked to log in, or ""."""
    request = context["request"]
    pending = request.session.get(LOGIN_SESSION_KEY) or {}
    return get_next_redirect_url(request) or pending.get("redirect_url") or ""


@register.simple_tag(takes_context=True)
def entrance(context, name: str) -> str:
    """The address of the page to log in or sign up, which then leads on to where this person wanted to be."""
    back = coming_back(context)
    return reverse(name) + (f"?{urlencode({'next': back})}" if back else "")
