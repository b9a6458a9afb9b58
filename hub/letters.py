"""Letters of the hub: one mail with a text and an HTML part, in the language that is active."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language

from accounts.models import User
from hub.resources.permissions import EDITORS


def editors() -> list:
    """Those who are told of what waits at the editors' desks."""
    group = Group.objects.filter(name=EDITORS).first()
    return list(group.user_set.filter(is_active=True).order_by("pk")) if group else []


def administrators() -> list:
    return list(User.objects.filter(is_superuser=True, is_active=True).order_by("pk"))


def send(
    email: str, subject: str, *, reply_to: list[str] | None = None, template: str = "mails/letter", **parts
) -> None:
    """Send one letter: name, paragraphs, quote, after, address, link, why; and what another template needs."""
    # Titles and names come from people and from imports; a header is one line.
    subject = " ".join(subject.splitlines())
    context = parts | {
        "subject": subject,
        "language": get_language(),
        "site_name": settings.SITE_NAME,
        "portal_url": settings.PORTAL_URL,
        "demonstration": settings.DEMONSTRATION,
    }
    mail = EmailMultiAlternatives(subject, render_to_string(f"{template}.txt", context), to=[email], reply_to=reply_to)
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    mail.send()
