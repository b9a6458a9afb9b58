"""Following and being told, in templates."""

from django import template
from django.utils.safestring import mark_safe

from consultations.following import follows, words

register = template.Library()


@register.filter
def indented(text: str) -> str:
    """A quotation in the text part of a mail: each line two columns in."""
    return "\n".join(f"  {line}" if line.strip() else "" for line in str(text).splitlines())


@register.filter
def clean(html: str) -> str:
    """HTML that was cleaned when it was written."""
    return mark_safe(html)


@register.filter
def sentence(told) -> str:
    return words.sentence(told)


@register.inclusion_tag("following/_follow.html", takes_context=True)
def follow_button(context, thing, small=False):
    """A button to follow `thing` or not; for people who have not logged in a link to the page that asks them to.

    All buttons of a page share one query.
    """
    request = context.get("request")
    user = getattr(request, "user", None)
    field = follows.field_of(thing)
    is_known = user is not None and user.is_authenticated
    if is_known and not hasattr(request, "_followed"):
        request._followed = follows.followed_by(user)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token") if is_known else "",
        "what": {field: what for what, field in follows.FIELDS.items()}[field],
        "thing": thing,
        "is_known": is_known,
        "is_followed": is_known and (field, thing.pk) in request._followed,
        "small": small,
    }
