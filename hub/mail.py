"""Mail while no server is configured: each message is printed and kept as a file."""

import re
import time

from django.conf import settings
from django.core.mail.backends.console import EmailBackend as ConsoleBackend


class ConsoleAndFilesBackend(ConsoleBackend):
    """Print each message, and write it to MAILS_DIR as one `.eml` file that mail programs open."""

    def write_message(self, message):
        super().write_message(message)
        # They hold the codes for logging in.
        settings.MAILS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        whom = re.sub(r"[^\w.@-]", "_", message.to[0] if message.to else "nobody")
        path = settings.MAILS_DIR / f"{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 10**9:09}-{whom}.eml"
        path.write_bytes(message.message().as_bytes())
