"""Keeping what visitors write to the secretariat, and telling both sides."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from hub.background.terms import months_ago
from hub.pages.models import ContactMessage

State = ContactMessage.State


@transaction.atomic
def receive(message: ContactMessage, *, from_account: bool, confirms: bool = True) -> None:
    """Keep `message`, send its writer a receipt if it `confirms`, and tell the secretariat: all of it, or nothing.

    The receipt quotes the text only for somebody logged in: anybody can type the address of somebody
    else into the form, and the portal must not carry their words there.
    """
    message.save()
    if confirms:
        send_receipt(message, quotes=from_account)
    if settings.CONTACT_EMAIL:
        notify_secretariat(message)


def mark_as_answered(chosen) -> int:
    """Mark what the queryset `chosen` holds; what was answered already keeps its day. Returns how many are marked."""
    count = chosen.count()
    chosen.exclude(state=State.ANSWERED).update(state=State.ANSWERED, answered_at=timezone.now())
    return count


def forget_answered() -> None:
    """Delete the messages that were answered long enough ago."""
    answered = ContactMessage.objects.filter(state=State.ANSWERED)
    # Those that were marked before the day was kept.
    answered.filter(answered_at=None).update(answered_at=timezone.now())
    answered.filter(answered_at__lt=months_ago(settings.ANSWERED_KEPT_MONTHS)).delete()


def send_receipt(message: ContactMessage, *, quotes: bool) -> None:
    with override(message.language):
        context = mail_context(message) | {"quotes": quotes}
        subject = _("We have received your message № %(number)s") % {"number": message.pk}
        mail = EmailMultiAlternatives(
            subject, render_to_string("mails/contact_receipt.txt", context), to=[message.email]
        )
        mail.attach_alternative(
            render_to_string("mails/contact_receipt.html", context | {"subject": subject}), "text/html"
        )
    mail.send()


def notify_secretariat(message: ContactMessage) -> None:
    with override(settings.LANGUAGE_CODE):
        subject = _("Message № %(number)s: %(topic)s") % {
            "number": message.pk,
            "topic": message.get_topic_display(),
        }
        mail = EmailMultiAlternatives(
            subject,
            render_to_string("mails/contact_notice.txt", mail_context(message)),
            to=[settings.CONTACT_EMAIL],
            reply_to=[message.email],
        )
    mail.send()


def mail_context(message: ContactMessage) -> dict:
    return {
        "message": message,
        "site_name": settings.SITE_NAME,
        "portal_url": settings.PORTAL_URL,
        "demonstration": settings.DEMONSTRATION,
        "language": message.language,
    }
