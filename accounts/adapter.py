"""Where the portal differs from allauth's defaults."""

import re
import textwrap

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.forms.models import construct_instance
from django.template.loader import render_to_string
from django.urls import reverse, translate_url
from django.utils.module_loading import import_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from accounts import limits
from accounts.devices import is_known_device, remember_device
from accounts.models import User

WRONG_CODE = _("This is not the code that we sent. Check it, or ask for a new one.")

WAYS_TO_CONFIRM = {
    "reauthenticate": _("With my password"),
    "mfa_reauthenticate": _("With my authenticator app or a recovery code"),
    "mfa_reauthenticate:webauthn": _("With my passkey"),
}


class TooManyLogins(limits.TooOften):
    """Passwords were tried too often; they are not shown again, and a code does not need one."""

    sentence = _("You have tried to log in very often in a short time. %(when)s Or ask for a code by e-mail.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account has been closed. Write to us if you think that this is a mistake."),
        "duplicate_email": _("This is already the e-mail address of your account. Write another one."),
        "email_password_mismatch": _(
            "This e-mail address and password do not belong together. Check both, or ask for a log-in code."
        ),
        "email_taken": _("This e-mail address cannot be used. Write another one."),
        "enter_current_password": _("This is not your current password. Check it and type it again."),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("This is not your password. Check it and type it again."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "same_as_current": _("This is already the e-mail address of your account. Write another one."),
        "rate_limited": _("We have just sent you a code. Wait three minutes before you ask for another one."),
    }

    def is_safe_url(self, url):
        """Say no to addresses that cannot be parsed, such as `http://[::1`, instead of failing."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def save_user(self, request, user, form, commit=True):
        construct_instance(form, user, fields=form.PROFILE)
        return super().save_user(request, user, form, commit)

    # Limits

    def get_client_ip(self, request):
        return limits.address_of(request)

    def pre_authenticate(self, request, **credentials):
        """Count an attempt; allauth gives it back when the password was right. Raises TooOften."""
        email = credentials.get("email", "")
        action = "log_in_known" if is_known_device(request, email) else "log_in"
        try:
            self._login_failed_rl_usage = limits.take(request, action, name=email)
        except limits.TooOften as refusal:
            raise TooManyLogins(refusal.until) from None

    def post_login(self, request, user, **options):
        return remember_device(super().post_login(request, user, **options), request, user)

    # What others keep for an address

    def confirm_email(self, request, email_address):
        """Confirm an address, and tell those in settings.ON_ADDRESS_CONFIRMED who keep something for its owner."""
        is_confirmed = super().confirm_email(request, email_address)
        if is_confirmed:
            for name in settings.ON_ADDRESS_CONFIRMED:
                import_string(name)(email_address.user, email_address.email)
        return is_confirmed

    # After logging in without having been on the way to somewhere: home, in the person's own language.

    def get_login_redirect_url(self, request):
        with override(request.user.language):
            return reverse("home")

    get_signup_redirect_url = get_login_redirect_url

    def get_email_verification_redirect_url(self, email_address):
        """Somebody who changed their address is back on the page where they began."""
        return reverse("account_email")

    def get_password_change_redirect_url(self, request):
        return reverse("profile")

    def get_reauthentication_methods(self, user):
        return [
            method | {"description": WAYS_TO_CONFIRM[method["id"]]}
            for method in super().get_reauthentication_methods(user)
        ]

    # Mail

    def send_mail(self, template_prefix, email, context):
        """Send one message in the language of the person who gets it; strangers get the page's."""
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        language = user.language if user else get_language()
        context = {
            name: translate_url(value, language) if name.endswith("_url") else value for name, value in context.items()
        } | {"email": email, "language": language}
        with override(language):
            message = self.render_mail(template_prefix, email, context)
        message.send()

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Tell of a change, in the language of the person even where it goes to an address that they had before."""
        super().send_notification_mail(template_prefix, user, {"user": user} | (context or {}), email)

    def render_mail(self, template_prefix, email, context, headers=None):
        """The text is written first; the HTML part has the same words.

        In the HTML a paragraph that is an address becomes a link, and the code stands out.
        """
        context = context | {
            "site_name": settings.SITE_NAME,
            "portal_url": settings.PORTAL_URL,
            "demonstration": settings.DEMONSTRATION,
        }
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", context).split())
        text = render_to_string(f"{template_prefix}_message.txt", context)
        body, _line, why = (part.strip() for part in text.partition("\n-- \n"))
        html = render_to_string(
            "account/email/message.html",
            context | {"subject": subject, "paragraphs": paragraphs(body), "reasons": paragraphs(why)},
        )
        wrapped = "\n\n".join(map(wrap, paragraphs(body))) + "\n\n-- \n" + "\n".join(map(wrap, paragraphs(why)))
        message = EmailMultiAlternatives(subject, wrapped + "\n", self.get_from_email(), [email], headers=headers)
        message.attach_alternative(html, "text/html")
        return message


class TwoFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is wrong or too old. Write the code that is shown now, or a recovery code."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def build_totp_svg(self, url):
        """The QR code on white, so that it can also be read in the dark colour scheme."""
        return qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")

    def generate_authenticator_name(self, user, type):  # noqa: A002
        return str(_("My passkey"))

    def get_public_key_credential_rp_entity(self):
        return super().get_public_key_credential_rp_entity() | {"name": settings.SITE_NAME}


def paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def wrap(paragraph: str) -> str:
    """At most 72 columns, each line that was begun by hand kept, addresses never broken."""
    return "\n".join(
        textwrap.fill(line, 72, break_long_words=False, break_on_hyphens=False) for line in paragraph.splitlines()
    )
