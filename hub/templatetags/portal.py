"""Template tags that any page of the portal may use."""

from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.utils.safestring import mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def current(context, *names):
    """Mark the navigation's link to the part of the portal in which the reader is."""
    match = getattr(context.get("request"), "resolver_match", None)
    return mark_safe(' aria-current="page"') if match and match.url_name in names else ""


@register.simple_tag
def kept_months():
    """For how many months messages and requests are kept after they were answered."""
    return settings.ANSWERED_KEPT_MONTHS


@register.simple_tag(takes_context=True)
def next_here(context):
    """The query string that brings somebody back to this page after logging in."""
    request = context.get("request")
    if not request or "/accounts/" in request.path:
        return ""
    return "?" + urlencode({"next": request.get_full_path()})
