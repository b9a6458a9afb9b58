"""Bring a backup back."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub import operations
from hub.progress import by_table


class Command(BaseCommand):
    help = (
        "Brings a backup back, in one transaction, after checking the file. Stop the portal first. A database that "
        "holds something is left alone unless you add --replace."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a file that manage.py backup has written")
        parser.add_argument("--replace", action="store_true", help="delete what is in the database now")

    def handle(self, *, file: Path, replace: bool, verbosity: int, **options) -> None:
        try:
            with by_table("Restoring", shown=verbosity > 0 and self.stdout.isatty()) as progress:
                lacking = operations.restore(file, replace=replace, progress=progress)
        except operations.OperationProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{file} is restored.")
        if lacking:
            self.stdout.write(
                f"It is from an earlier version of the portal: {lacking} migrations follow at the next start, or with "
                "manage.py migrate."
            )
