"""Mail backends that fail as servers do."""

import smtplib

from django.conf import settings
from django.core.mail.backends.locmem import EmailBackend


class RefusesOne(EmailBackend):
    """Refuses notifications to settings.REFUSED and takes all others."""

    def send_messages(self, messages):
        for message in messages:
            if message.to == [settings.REFUSED] and "Auto-Submitted" in message.extra_headers:
                raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        return super().send_messages(messages)
