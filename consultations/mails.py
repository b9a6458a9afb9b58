"""Mails about contributions, each in the language of the person who gets it."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from consultations.models import Comment


def send_receipt(comment: Comment) -> None:
    """Send the author the reference number and the full text of what was published.

    The mail is queued in the transaction of the post, so that neither comes without the other.
    """
    with override(comment.author.language):
        context = {
            "comment": comment,
            "question": comment.question,
            "consultation": comment.question.consultation,
            "site_name": settings.SITE_NAME,
            "portal_url": settings.PORTAL_URL,
            "demonstration": settings.DEMONSTRATION,
            "language": comment.author.language,
        }
        if comment.state == Comment.State.HELD:
            subject = _("Your contribution № %(number)s has arrived")
        else:
            subject = _("Your contribution № %(number)s is published")
        subject %= {"number": comment.pk}
        message = EmailMultiAlternatives(
            subject, render_to_string("mails/receipt.txt", context), to=[comment.author.email]
        )
        message.attach_alternative(render_to_string("mails/receipt.html", context | {"subject": subject}), "text/html")
    message.send()
