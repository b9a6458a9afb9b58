"""Write the whole database into one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub import operations
from hub.progress import by_table


class Command(BaseCommand):
    help = (
        "Writes the whole database into one file, readable for its owner alone. The portal may go on meanwhile: the "
        "file holds one moment. It does not hold SECRET_KEY: keep that beside it."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="where to write; an earlier backup is replaced")

    def handle(self, *, file: Path, verbosity: int, **options) -> None:
        try:
            with by_table("Backing up", shown=verbosity > 0 and self.stdout.isatty()) as progress:
                backup = operations.back_up(file, progress)
        except operations.OperationProblem as problem:
            raise CommandError(str(problem)) from problem
        size = file.stat().st_size
        self.stdout.write(
            f"{file}: {len(backup.tables)} tables, {size:,} bytes, PostgreSQL {backup.server_version}; read back whole."
        )
