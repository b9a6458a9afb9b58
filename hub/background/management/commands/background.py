"""See what waits, runs and failed in the background, and run it again."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from django.utils import timezone

from hub.background.models import OutgoingMail, ScheduledRun, Task
from hub.background.worker import living_workers

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Lists background tasks and mails that wait, run or were given up. "
        "Those given up, and those that wait for another attempt, can be run again at once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rerun",
            metavar="ID",
            help="run again the task or mail of this ID, as listed; “all” for everything that was given up",
        )

    def handle(self, *, rerun: str | None, **options) -> None:
        if rerun:
            count = run_again(rerun)
            self.say(f"{count} will run again in a moment." if count else "Nothing was given up.")
        else:
            self.list()

    def list(self) -> None:
        workers = living_workers()
        self.say(f"Workers: {workers}" if workers else "No worker runs. script/server starts one, or manage.py work.")
        self.show("Tasks given up", Task.objects.failed(), task_lines)
        self.show("Mails given up", OutgoingMail.objects.dead(), mail_lines)
        self.show("Tasks that run", Task.objects.running(), task_lines)
        self.show("Tasks that wait", Task.objects.waiting(), task_lines)
        self.show("Mails that wait", OutgoingMail.objects.waiting().order_by("is_bulk", "due_at", "pk"), mail_lines)
        self.say("Scheduled:")
        for run in ScheduledRun.objects.order_by("name"):
            self.say(f"    {run.name}, last on {moment(run.last_run_at)}")

    def show(self, title: str, found: QuerySet, lines) -> None:
        count = found.count()
        self.say(f"{title}: {count}")
        for line in lines(found[:SHOWN]):
            self.say(f"    {line}")
        if count > SHOWN:
            self.say(f"    … and {count - SHOWN} more")

    def say(self, line: str) -> None:
        self.stdout.write(line)


def run_again(named: str) -> int:
    """Run again what `named` says; the number of tasks and mails."""
    if named == "all":
        return Task.objects.failed().run_again() + OutgoingMail.objects.dead().run_again()
    kind, _, number = named.partition("-")
    if kind == "mail" and number.isdigit():
        found = OutgoingMail.objects.filter(pk=number)
    else:
        try:
            found = Task.objects.filter(pk=UUID(named))
        except ValueError:
            raise CommandError(f"“{named}” is no ID. Give one as this command lists them, or “all”.") from None
    if not found.exists():
        raise CommandError(f"There is no task or mail {named}.")
    if not (count := found.run_again()):
        raise CommandError(f"{named} cannot be run again: it is done, or running.")
    return count


def task_lines(tasks: Iterable[Task]) -> Iterable[str]:
    for task in tasks:
        yield from described(str(task.pk), task.task_path, task.attempts, task.enqueued_at, task.due_at, task.error)


def mail_lines(mails: Iterable[OutgoingMail]) -> Iterable[str]:
    for mail in mails:
        yield from described(f"mail-{mail.pk}", str(mail), mail.attempts, mail.queued_at, mail.due_at, mail.error)


def described(name: str, what: str, attempts: int, since: datetime, due: datetime | None, error: str) -> Iterable[str]:
    parts = [name, what, f"since {moment(since)}"]
    if attempts:
        parts.append(f"attempts: {attempts}")
    if due and due > timezone.now():
        parts.append(f"next on {moment(due)}")
    yield "  ".join(parts)
    if error:
        yield f"    {error}"


def moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S") if at else "never"
