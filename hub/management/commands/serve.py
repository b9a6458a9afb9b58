"""Prepare everything that the portal needs, then serve it on this machine."""

import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections

from consultations.models import Consultation
from hub import database
from hub.background.supervision import worker_beside
from hub.catalogues import compile_catalogues
from hub.serving import HOST, end_with_parent, serve

# Any fixed number: it keeps two servers that start in one moment from preparing the same tables.
PREPARATION_LOCK = 7_251_836_401
DEMO_ACCOUNTS = (
    "participant@example.org",
    "moderator@example.org",
    "editor@example.org",
    "reviewer@example.org",
    "admin@example.org",
)


class Command(BaseCommand):
    help = "Migrates, compiles translations, collects static files, loads the demo content, then serves on 127.0.0.1."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, port: int, **options) -> None:
        # Django's reloader runs this command once more, as its own child, with everything prepared.
        if os.environ.get("RUN_MAIN") == "true":
            end_with_parent()
        else:
            require_free_port(port)
            database.require_usable(settings.DATABASES["default"])
            self.prepare()
            self.announce(port)
        connections.close_all()
        if not settings.DEBUG:
            with worker_beside(self.say):
                serve(port, workers=2 if settings.PRODUCTION else 1)
        elif os.environ.get("RUN_MAIN") == "true":
            # Begun anew with each change of the code, like the server itself.
            with worker_beside(self.say):
                call_command("runserver", f"{HOST}:{port}")
        else:
            call_command("runserver", f"{HOST}:{port}")

    def prepare(self) -> None:
        compiled = compile_catalogues(Path(settings.LOCALE_PATHS[0]))
        if compiled:
            self.say(f"Compiled {len(compiled)} translation catalogues.")
        with one_at_a_time():
            self.say("Bringing the database up to date …")
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
            if settings.MODE in {"demo", "debug"} and not Consultation.objects.exists():
                self.say("Loading the demo content …")
                call_command("load_demo", verbosity=0)
            if not settings.DEBUG:
                self.collect_static_files()

    def collect_static_files(self) -> None:
        """Collect, hash and compress the static files, unless nothing changed since the last time."""
        state = state_of_static_files()
        stamp = Path(settings.STATIC_ROOT) / ".collected"
        if stamp.exists() and stamp.read_text() == state:
            return
        self.say("Collecting static files …")
        # Files of the version before stay: pages that somebody keeps, or has open, still name them.
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(state)

    def announce(self, port: int) -> None:
        self.say(f"\nThe portal is at http://{HOST}:{port}/  (Ctrl-C stops it.)")
        if settings.MODE in {"demo", "debug"}:
            self.say(f"Demo accounts: {', '.join(DEMO_ACCOUNTS)}; password demo-portal-2026")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def require_free_port(port: int) -> None:
    """Raises CommandError when nothing can listen on `port`."""
    if not 1 <= port <= 65535:
        raise CommandError(f"Port {port} does not exist. Choose one from 1 to 65535.")
    with socket.socket() as probe:
        # Connections of the last run that linger are no obstacle; another server that listens is.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandError(f"Port {port} cannot be used: {error.strerror}. Choose another with --port.") from error


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold a lock in the database, so that of several servers one prepares it and the rest wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARATION_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARATION_LOCK])


def state_of_static_files() -> str:
    """A short text that changes when a static file does."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
