"""Is the portal well? What `manage.py doctor` looks at, one function for each thing."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.mail import get_connection
from django.db import connection
from django.utils import timezone

from consultations import consistency
from consultations.models import Consultation, Question
from consultations.moderation.record import guards_lacking
from hub import database, operations
from hub.background.models import OutgoingMail, Task
from hub.background.worker import living_workers
from hub.errors import UNAVAILABLE
from hub.management.commands.serve import state_of_static_files
from hub.pages.models import Page
from hub.resources import files, listing
from hub.review import cv
from hub.search import countries

# Below these a database stops writing sooner or later.
LEAST_FREE_BYTES = 1024**3
LEAST_FREE_SHARE = 0.05
# What is due for longer than this waits for a worker that does not come.
LATE = timedelta(minutes=15)
# How many differences of one kind are told.
TOLD = 10
OTHERS_MAY = 0o077


@dataclass(frozen=True)
class Finding:
    is_well: bool
    sentence: str


def well(sentence: str) -> Finding:
    return Finding(True, sentence)


def wrong(sentence: str) -> Finding:
    return Finding(False, sentence)


def examine() -> Iterator[tuple[str, Finding]]:
    """What was looked at, and what was found; what needs the database is left out when it does not answer."""
    can_ask = True
    for name, look, needs_database in LOOKS:
        if needs_database and not can_ask:
            continue
        try:
            for finding in look():
                yield name, finding
                can_ask = can_ask and (name != "database" or finding.is_well)
        except UNAVAILABLE as error:
            can_ask = False
            yield name, wrong(f"The database does not answer: {database.one_line(error)}")


def look_at_database() -> Iterator[Finding]:
    try:
        database.require_usable(connection.settings_dict)
    except database.DatabaseProblem as problem:
        yield wrong(str(problem))
        return
    version = operations.server_version()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        (size,) = cursor.fetchone()
    embedded = database.is_embedded(settings.DATABASES["default"], settings.DATA_DIR)
    yield well(f"PostgreSQL {version} answers, {'embedded' if embedded else 'of your own'}, {size}.")


def look_at_migrations() -> Iterator[Finding]:
    if lacking := operations.to_apply():
        app, name = lacking[0]
        yield wrong(f"{len(lacking)} are not applied, the first is {app}.{name}. Run manage.py migrate.")
    else:
        yield well("All are applied.")


def look_at_counts() -> Iterator[Finding]:
    if operations.to_apply():
        yield wrong("Not compared: the tables are not those of this version.")
        return
    found = []
    for question in Question.objects.select_related("consultation").iterator():
        found += consistency.differences(question)
    for consultation in Consultation.objects.iterator():
        found += consistency.participation_differences(consultation)
    found += listing.differences()
    for sentence in found[:TOLD]:
        yield wrong(sentence)
    if len(found) > TOLD:
        yield wrong(f"… and {len(found) - TOLD} more differences.")
    if not found:
        yield well("What is counted agrees with what is there.")


def look_at_record() -> Iterator[Finding]:
    if operations.to_apply():
        yield wrong("Not looked at: the tables are not those of this version.")
    elif lacking := guards_lacking():
        yield wrong(f"Nothing keeps the record of moderation from being changed: {', '.join(lacking)} is gone or off.")
    else:
        yield well("The database keeps the record of moderation from being changed.")


def look_at_files() -> Iterator[Finding]:
    """Files are kept beside the database: a backup has to hold both."""
    if operations.to_apply():
        yield wrong("Not compared: the tables are not those of this version.")
    elif lost := files.lost() + cv.lost():
        yield wrong(
            f"Files that people sent in and that are missing in {settings.MEDIA_ROOT}: {len(lost)}, such as {lost[0]}."
        )
    else:
        yield well(f"All files that people sent in are in {settings.MEDIA_ROOT}.")


def look_at_disk() -> Iterator[Finding]:
    usage = shutil.disk_usage(settings.DATA_DIR)
    free = f"{usage.free / 1024**3:,.1f} GB of {usage.total / 1024**3:,.1f} GB are free at {settings.DATA_DIR}."
    if usage.free < LEAST_FREE_BYTES or usage.free < LEAST_FREE_SHARE * usage.total:
        yield wrong(f"Only {free}")
    else:
        yield well(free)


def look_at_data_folder() -> Iterator[Finding]:
    """Whether others on the machine can read what is secret: the key, mails with codes, the database itself."""
    open_to_others = [
        path
        for name in ("secret-key", "mails", "media", "locks", "postgresql", "socket")
        if (path := Path(settings.DATA_DIR) / name).exists() and path.stat().st_mode & OTHERS_MAY
    ]
    for path in open_to_others:
        yield wrong(f"Others on this machine can look into {path}. Run chmod go= {path}")
    if not open_to_others:
        yield well(f"What is secret in {settings.DATA_DIR} is closed to others.")


def look_at_mail() -> Iterator[Finding]:
    backend = getattr(settings, "DELIVERY_BACKEND", settings.EMAIL_BACKEND)
    if backend == "hub.mail.ConsoleAndFilesBackend":
        if settings.PRODUCTION:
            yield wrong("No mail server is named, so that nobody gets a code. Set EMAIL_URL or MAIL_PROVIDER.")
        else:
            yield well(f"Mails are printed and kept in {settings.MAILS_DIR}.")
        return
    try:
        line = get_connection(backend, timeout=5) if backend.endswith("smtp.EmailBackend") else get_connection(backend)
        line.open()
        line.close()
    except Exception as error:
        # Each provider has errors of its own, and whatever it is, mails do not leave.
        yield wrong(f"Mails cannot be handed over: {type(error).__name__}: {database.one_line(error)}")
    else:
        yield well("The mail server answers." if backend.endswith("smtp.EmailBackend") else f"Mails go to {backend}.")
    if settings.PRODUCTION and settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("@hub.example"):
        yield wrong("DEFAULT_FROM_EMAIL is the example of the documentation, from which no mail arrives.")


def look_at_background() -> Iterator[Finding]:
    if workers := living_workers():
        yield well("A worker runs." if workers == 1 else f"{workers} workers run.")
    else:
        yield wrong("No worker runs, so that no mail leaves. script/server starts one, or manage.py work.")
    late = timezone.now() - LATE
    waiting = (
        OutgoingMail.objects.waiting().filter(due_at__lt=late).count()
        + Task.objects.ready().filter(enqueued_at__lt=late, run_after__lt=late).count()
    )
    if waiting:
        yield wrong(f"{waiting} tasks and mails have been due for more than a quarter of an hour.")
    dead = Task.objects.failed().count() + OutgoingMail.objects.dead().count()
    if dead:
        yield wrong(f"{dead} tasks and mails were given up. manage.py background shows them and runs them again.")
    if not waiting and not dead:
        yield well("Nothing is late and nothing was given up.")


def look_at_catalogues() -> Iterator[Finding]:
    sources = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po"))
    for source in sources:
        compiled = source.with_suffix(".mo")
        language = source.parent.parent.name
        if not compiled.exists():
            yield wrong(f"The catalogue “{language}” is not compiled. Start the portal, which compiles it.")
        elif compiled.stat().st_mtime_ns < source.stat().st_mtime_ns:
            yield wrong(f"The catalogue “{language}” was changed since it was compiled. Start the portal again.")
        else:
            yield well(f"The catalogue “{language}” is compiled.")


def look_at_static_files() -> Iterator[Finding]:
    if settings.STORAGES["staticfiles"]["BACKEND"] == settings.PLAIN:
        yield well("They are read where they are written, as this mode does.")
        return
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if not stamp.exists():
        yield wrong("They are not collected. Start the portal, which collects them.")
    elif stamp.read_text() != state_of_static_files():
        yield wrong("They were changed since they were collected. Start the portal again.")
    else:
        yield well(f"They are collected in {settings.STATIC_ROOT}.")


def look_at_settings() -> Iterator[Finding]:
    """Whatever is unsafe beyond what the settings refuse by themselves."""
    if not settings.PRODUCTION:
        yield well(f"The mode is “{settings.MODE}”, for this machine alone: PORTAL_MODE=production is for the public.")
        return
    found = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)
    for warning in found:
        yield wrong(f"{warning.id}: {database.one_line(warning.msg)}")
    if not found:
        yield well("Nothing unsafe.")


def look_at_search() -> Iterator[Finding]:
    """Are countries found by the names that they have today?"""
    if operations.to_apply():
        yield wrong("Not compared: the tables are not those of this version.")
    elif codes := countries.outdated():
        names = f"{', '.join(codes[:TOLD])}{' …' if len(codes) > TOLD else ''}"
        yield wrong(f"Names of countries have changed since they were put into the index ({names}). Run refill_search.")
    else:
        yield well("Countries are found by the names that they have.")


def look_at_terms() -> Iterator[Finding]:
    """Does the page about privacy say in each language for how long answered messages are kept?"""
    if operations.to_apply():
        yield wrong("Not compared: the tables are not those of this version.")
        return
    months = settings.ANSWERED_KEPT_MONTHS
    page = Page.objects.filter(slug=Page.Slug.PRIVACY).first()
    texts = {code: getattr(page, f"body_{code}", "") or "" for code, _name in settings.LANGUAGES}
    lacking = [code for code, text in texts.items() if text and not re.search(rf"\b{months}\b", text)]
    if lacking:
        yield wrong(
            f"ANSWERED_KEPT_MONTHS is {months}, which the page about privacy does not name ({', '.join(lacking)}). "
            "Correct its text in the administration."
        )
    else:
        yield well(f"Answered messages and requests are kept for {months} months, as the page about privacy says.")


# Name, function, whether it asks the database.
LOOKS: list[tuple[str, Callable[[], Iterator[Finding]], bool]] = [
    ("database", look_at_database, False),
    ("migrations", look_at_migrations, True),
    ("counts", look_at_counts, True),
    ("record", look_at_record, True),
    ("files", look_at_files, True),
    ("disk", look_at_disk, False),
    ("data folder", look_at_data_folder, False),
    ("mail", look_at_mail, False),
    ("background", look_at_background, True),
    ("catalogues", look_at_catalogues, False),
    ("static files", look_at_static_files, False),
    ("settings", look_at_settings, False),
    ("privacy", look_at_terms, True),
    ("search", look_at_search, True),
]
