"""The queue of mails: Django's `send()` stores them, the worker delivers them through `settings.DELIVERY_BACKEND`.

Each mail is sent while its row is locked, and noted as sent in the same transaction. Two workers never send the same
mail, and a worker killed before the server took the mail leaves it waiting. One window cannot be closed by anybody
who speaks SMTP: killed in the milliseconds between the server's “250 OK” and our commit, the worker does not know
that the mail was taken, and it is sent again, because losing it would be worse. Both copies carry one Message-ID,
by which many mail servers and programs drop the second.
"""

import base64
import logging
import smtplib
import time
from datetime import timedelta
from email.utils import formatdate, make_msgid, parseaddr

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from hub.background.models import OutgoingMail

log = logging.getLogger(__name__)

AWAY_DELAY = timedelta(minutes=1)
LONGEST_PAUSE_SECONDS = 60
REFUSED_DELAY = timedelta(minutes=1)
LONGEST_REFUSED_DELAY = timedelta(hours=8)


class QueuedBackend(BaseEmailBackend):
    """Stores messages in the caller's transaction instead of sending them.

    Whoever gives a mail a Message-ID of its own, the same however often they come to send it, has it sent once.
    """

    def send_messages(self, messages: list[EmailMessage]) -> int:
        mails = [queued(message) for message in messages if message.recipients()]
        OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)
        return len(mails)


def queued(message: EmailMessage) -> OutgoingMail:
    """`message` as a mail that waits, not saved yet.

    Raises what Django raises for a message that cannot be written, such as BadHeaderError, and TypeError for
    attachments other than a name with text or bytes.
    """
    headers = {name.lower(): name for name in message.extra_headers}
    fixed = {name: str(value) for name, value in message.extra_headers.items()}
    # The same at each attempt, so that a mail that arrives twice is seen to be one.
    message_id = fixed.setdefault(
        headers.get("message-id", "Message-ID"), make_msgid(domain=settings.PORTAL_HOST.rsplit(":", 1)[0])
    )
    fixed.setdefault(headers.get("date", "Date"), formatdate())
    now = timezone.now()
    mail = OutgoingMail(
        recipients=[parseaddr(address)[1].lower() for address in message.recipients()],
        message_id=message_id,
        is_bulk="list-unsubscribe" in headers,
        queued_at=now,
        due_at=now,
        give_up_at=now + settings.MAIL_GIVE_UP_AFTER,
        content={
            "subject": str(message.subject),
            "body": str(message.body),
            "subtype": message.content_subtype,
            "encoding": message.encoding and str(message.encoding),
            "from": str(message.from_email),
            "to": list(map(str, message.to)),
            "cc": list(map(str, message.cc)),
            "bcc": list(map(str, message.bcc)),
            "reply_to": list(map(str, message.reply_to)),
            "headers": fixed,
            "alternatives": [[str(text), kind] for text, kind in getattr(message, "alternatives", [])],
            "attachments": [attachment_as_json(each) for each in message.attachments],
        },
    )
    # What is wrong with it is told to whoever wrote it, here and now.
    restored(mail).message()
    return mail


def attachment_as_json(attachment: tuple) -> list:
    if not isinstance(attachment, tuple) or not isinstance(attachment[1], str | bytes):
        raise TypeError("Attach a file by its name, its content as text or bytes, and its type.")
    name, content, kind = attachment
    is_text = isinstance(content, str)
    return [name, content if is_text else base64.b64encode(content).decode(), kind, "text" if is_text else "base64"]


def restored(mail: OutgoingMail) -> EmailMultiAlternatives:
    """The message that `mail` was made from."""
    content = mail.content
    message = EmailMultiAlternatives(
        content["subject"],
        content["body"],
        content["from"],
        content["to"],
        content["bcc"],
        headers=content["headers"],
        cc=content["cc"],
        reply_to=content["reply_to"],
    )
    message.content_subtype = content["subtype"]
    message.encoding = content["encoding"]
    for text, kind in content["alternatives"]:
        message.attach_alternative(text, kind)
    for name, stored, kind, form in content["attachments"]:
        message.attach(name, stored if form == "text" else base64.b64decode(stored), kind)
    return message


class Delivery:
    """One worker's line to the mail server, open while there are mails to send."""

    def __init__(self) -> None:
        self.backend: BaseEmailBackend | None = None
        self.troubles = 0
        self.paused_until = 0.0

    def send_due(self) -> int:
        """Send the mails that are due, until none is left or the server is away; the number of attempts."""
        attempts = 0
        while time.monotonic() >= self.paused_until and self.attempt_next():
            attempts += 1
        self.hang_up()
        return attempts

    def attempt_next(self) -> bool:
        """Try to send the mail that comes first; whether there was one."""
        with transaction.atomic():
            mail = OutgoingMail.objects.due().select_for_update(skip_locked=True).first()
            if mail is None:
                return False
            mail.attempts += 1
            try:
                self.backend = self.backend or get_connection(settings.DELIVERY_BACKEND)
                # Opened once for many mails. Backends without a line of their own do nothing here.
                self.backend.open()
                self.backend.send_messages([restored(mail)])
            except Exception as error:
                self.note_failure(mail, error)
            else:
                self.troubles = 0
                mail.state, mail.content, mail.error = OutgoingMail.State.SENT, None, ""
                mail.finished_at = timezone.now()
            mail.save()
        return True

    def note_failure(self, mail: OutgoingMail, error: Exception) -> None:
        """Let `mail` wait for its next attempt, or give it up."""
        now = timezone.now()
        mail.error = f"{type(error).__name__}: {error}"
        self.hang_up(after=error)
        if is_final(error) or now >= mail.give_up_at:
            mail.state, mail.finished_at = OutgoingMail.State.DEAD, now
            log.error("Mail %s is given up: %s", mail.pk, mail.error)
            return
        if is_about_the_server(error):
            # One attempt for all mails, not one for each; another mail comes first next time.
            self.troubles += 1
            self.paused_until = time.monotonic() + min(2**self.troubles, LONGEST_PAUSE_SECONDS)
            mail.due_at = now + AWAY_DELAY
        else:
            mail.due_at = now + min(REFUSED_DELAY * 2 ** min(mail.attempts - 1, 20), LONGEST_REFUSED_DELAY)
        log.warning("Mail %s waits, attempt %s: %s", mail.pk, mail.attempts, mail.error)

    def hang_up(self, after: Exception | None = None) -> None:
        backend, self.backend = self.backend, None
        if backend:
            try:
                backend.close()
            except OSError as error:
                # The line broke on its own. What was sent is sent, and what failed has its reason already.
                log.debug("The line to the mail server ended with %s after %s", error, after)


def is_final(error: Exception) -> bool:
    """Whether the server said that it will never take the mail for any of its recipients."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    return isinstance(error, AnymailRecipientsRefused)


def is_about_the_server(error: Exception) -> bool:
    """Whether it failed for any mail, not for this one: the server is away, busy, or does not know us."""
    if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return False
    if isinstance(error, AnymailError) and error.status_code:
        return error.status_code in {401, 403, 429} or error.status_code >= 500
    return isinstance(error, OSError | ImportError | ImproperlyConfigured)
