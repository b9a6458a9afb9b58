#!/usr/bin/env python
"""Django's commands. Starts the embedded database when nothing else has, and stops it again."""

import os
import signal
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

from hub import database

WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "update_catalogues",
    "version",
}
# Commands that go on for days; of others a dead database is the least trouble.
LONG_RUNNING = {"serve", "runserver", "work"}


def needs_database(arguments: list[str]) -> bool:
    if not arguments or arguments[0] in WITHOUT_DATABASE or arguments[0].startswith("-"):
        return False
    return not {"-h", "--help"} & set(arguments)


def run(argv: list[str]) -> None:
    from django.conf import settings

    if needs_database(argv[1:]) and database.is_embedded(settings.DATABASES["default"], settings.DATA_DIR):
        durable = settings.MODE != "test"
        with database.running(settings.DATA_DIR, durable=durable, revive=argv[1] in LONG_RUNNING):
            execute_from_command_line(argv)
    else:
        execute_from_command_line(argv)


def end_in_order(number: int, frame: object) -> None:
    """Turn a request to end into an exception, so that everything started is stopped."""
    raise SystemExit(128 + number)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    for number in (signal.SIGTERM, signal.SIGHUP):
        # `nohup` ignores the end of the terminal, and that should stay so.
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, end_in_order)
    try:
        run(sys.argv)
    except (ImproperlyConfigured, database.DatabaseProblem, OperationalError) as problem:
        sys.exit(database.one_line(problem))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
