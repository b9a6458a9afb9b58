"""Mail backends that fail as servers do."""

import smtplib

from django.conf import settings
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from hub.background.mail import QueuedBackend


class RefusesOne(EmailBackend):
    """Refuses notifications to settings.REFUSED and takes all others."""

    def send_messages(self, messages):
        for message in messages:
            if message.to == [settings.REFUSED] and "Auto-Submitted" in message.extra_headers:
                raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        return super().send_messages(messages)


class DiesAfterHandingOver(QueuedBackend):
    """Stores the mail as the portal does; then the worker's connection is cut, as when it is killed."""

    def send_messages(self, messages):
        super().send_messages(messages)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
