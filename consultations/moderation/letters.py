"""Mails about what moderators did with a person, or posted for one, each in the language of whoever gets it."""

import logging
import smtplib

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from consultations.models import Comment, Pause
from consultations.moderation.models import FocalRequest
from consultations.templatetags.discussion import in_zone, translated

log = logging.getLogger(__name__)


def tell_of_pause(pause: Pause) -> None:
    """Who is paused hears until when, and the moderators' reason."""
    with override(pause.user.language):
        consultation = pause.consultation
        values = {"title": str(translated(consultation, "title")), "until": in_zone(pause.until, consultation)}
        send(
            pause.user.email,
            pause.user.language,
            _("Your participation in “%(title)s” is paused") % values,
            name=pause.user.name,
            paragraphs=[
                _("The moderators of “%(title)s” have paused your participation until %(until)s.") % values,
                _("You can read everything meanwhile. What you posted before stays where it is."),
                _("Their reason:"),
            ],
            quote=pause.reason,
            address=consultation.get_absolute_url(),
            link=_("Go to the consultation"),
            why=_("You get this e-mail because it concerns your account. To ask about it, use the contact form."),
        )


def tell_of_lifted_pause(pause: Pause) -> None:
    with override(pause.user.language):
        values = {"title": str(translated(pause.consultation, "title"))}
        send(
            pause.user.email,
            pause.user.language,
            _("You can contribute to “%(title)s” again") % values,
            name=pause.user.name,
            paragraphs=[_("The moderators of “%(title)s” have ended the pause of your participation.") % values],
            address=pause.consultation.get_absolute_url(),
            link=_("Go to the consultation"),
            why=_("You get this e-mail because it concerns your account. To ask about it, use the contact form."),
        )


def tell_of_posting(comment: Comment, email: str, language: str, code: str) -> None:
    """Whose text was posted for them gets the text, its number, and the code with which it becomes theirs."""
    with override(language):
        consultation = comment.question.consultation
        values = {
            "title": str(translated(consultation, "title")),
            "number": comment.pk,
            "code": code,
            "until": date_format(comment.received.code_expires_at, "DATE_FORMAT"),
        }
        said = {
            Comment.Origin.EMAIL: _("the secretariat has posted your e-mail to the consultation “%(title)s”."),
            Comment.Origin.LETTER: _("the secretariat has posted your letter to the consultation “%(title)s”."),
            Comment.Origin.TRANSCRIPTION: _("what you said has been posted to the consultation “%(title)s”."),
        }[Comment.Origin(comment.origin)]
        send(
            email,
            language,
            _("Your contribution № %(number)s was posted") % values,
            name=comment.author_name,
            paragraphs=[
                said % values,
                _("Your contribution has the number № %(number)s. This is the text that was posted:") % values,
            ],
            quote=comment.body,
            after=[
                _(
                    "To change or withdraw it yourself, sign up in the portal with this e-mail address. Once you have "
                    "confirmed the address, the contribution is yours."
                ),
                _(
                    "Or sign up with another address, and type the number № %(number)s and this code, "
                    "until %(until)s: %(code)s"
                )
                % values,
            ],
            address=f"{reverse('claim')}?number={comment.pk}",
            link=_("Make the contribution mine"),
            why=_(
                "You get this e-mail because this address was given with the text. If you did not write it, "
                "tell us through the contact form."
            ),
        )


def ask_focal_point(asked: FocalRequest, *, moderator: str, token: str, until, language: str, name: str) -> None:
    """Whoever owns the address hears what a focal point does, and how to begin, with an account or without one."""
    with override(language):
        consultation = asked.consultation
        values = {
            "name": moderator,
            "title": str(translated(consultation, "title")),
            "until": date_format(until, "DATE_FORMAT"),
        }
        send(
            asked.email,
            language,
            _("Would you be a focal point of “%(title)s”?") % values,
            name=name,
            paragraphs=[
                _(
                    "%(name)s, who moderates the consultation “%(title)s”, asks you to be a focal point: somebody who "
                    "writes down what people without a computer say, and posts it for them with their consent."
                )
                % values,
                _(
                    "Follow the link, log in with this e-mail address or sign up with it, and press the button there. "
                    "Nothing happens before that, and nobody is told whether you have an account."
                ),
                _("The link holds until %(until)s. Without your answer the address is then forgotten.") % values,
            ],
            address=reverse("focal_point", args=[token]),
            link=_("Read what it is, and answer"),
            why=_(
                "You get this e-mail because a moderator of a consultation named this address. If you do not want to, "
                "do nothing. To ask about it, use the contact form."
            ),
        )


def send(email: str, language: str, subject: str, **parts) -> None:
    """Send one letter: name, paragraphs, quote, after, address, link, why.

    What it is about is safe in the portal by then: a mail server that fails is logged, and undoes nothing.
    """
    context = parts | {
        "subject": subject,
        "language": language,
        "site_name": settings.SITE_NAME,
        "portal_url": settings.PORTAL_URL,
        "demonstration": settings.DEMONSTRATION,
    }
    message = EmailMultiAlternatives(subject, render_to_string("mails/letter.txt", context), to=[email])
    message.attach_alternative(render_to_string("mails/letter.html", context), "text/html")
    try:
        message.send()
    except (OSError, smtplib.SMTPException, AnymailError):
        log.exception("The letter “%s” could not be sent", subject)
