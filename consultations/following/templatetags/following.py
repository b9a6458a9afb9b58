"""Following and being told, in templates."""

from django import template
from django.utils.safestring import mark_safe

from consultations.following import follows, visits, words
from consultations.following.models import Notification

# More are said to be many.
COUNTED = 100

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


@register.filter
def see(told) -> tuple[str, str, str]:
    return words.see(told)


@register.filter
def place_address(told) -> str:
    return words.place_address(told)


@register.filter
def words_by(told) -> str:
    return words.words_by(told)


@register.simple_tag
def unread_notifications(user) -> int:
    """How many there are, up to COUNTED: one short look into an index, on every page of somebody logged in."""
    unread = Notification.objects.filter(user=user).unread().readable().order_by()
    return unread[:COUNTED].count()


@register.simple_tag
def answers_since_last_visit(user, written) -> dict[int, int]:
    """By contribution, how many answers are new to its author on the page “My contributions”. Notes the visit."""
    since = visits.since(user, "contributions")
    return visits.answers_since(list(written), since, user) if since else {}


@register.inclusion_tag("following/_follow.html", takes_context=True)
def follow_button(context, what, pk, small=False):
    """A button to follow something or not; for people who have not logged in a link to the page that asks them to.

    All buttons of a page share one query.
    """
    request = context.get("request")
    user = getattr(request, "user", None)
    is_known = user is not None and user.is_authenticated
    if is_known and not hasattr(request, "_followed"):
        request._followed = follows.followed_by(user)
    return {
        "request": request,
        "what": what,
        "pk": pk,
        "is_known": is_known,
        "is_followed": is_known and (follows.FIELDS[what], pk) in request._followed,
        "small": small,
    }
