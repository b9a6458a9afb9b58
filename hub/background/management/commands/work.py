"""Run background tasks and deliver mails; see hub/background."""

import os
import signal
import threading
import time

from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from hub.background.worker import Worker, work_until_idle


class Command(BaseCommand):
    help = "Runs background tasks and delivers mails until stopped. script/server starts one; more are welcome."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-idle", action="store_true", help="end when nothing is due any more")
        parser.add_argument(
            "--parent", type=int, metavar="PID", help="end together with this process, which started it"
        )

    def handle(self, *, until_idle: bool, parent: int | None, **options) -> None:
        # The lock that shows that this worker lives must not end with an ageing connection.
        connections.settings["default"]["CONN_MAX_AGE"] = None
        connections.close_all()
        if parent:
            threading.Thread(target=stop_with, args=[parent], daemon=True).start()
        if until_idle:
            work_until_idle()
        else:
            Worker().run()


def stop_with(parent: int) -> None:
    """Ask this process to stop, in order, as soon as `parent` is gone in whatever way."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGTERM)
