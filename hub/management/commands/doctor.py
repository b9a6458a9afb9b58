"""Look whether everything that the portal needs is in order."""

import sys

from django.core.management.base import BaseCommand

from hub import checkup


class Command(BaseCommand):
    help = (
        "Looks at database, migrations, counts, disk, modes of files, mail, background work, translations, static "
        "files and settings. Says one line about each; ends with exit code 1 when something is wrong."
    )
    requires_system_checks = ()

    def handle(self, **options) -> None:
        is_well = True
        for name, finding in checkup.examine():
            is_well &= finding.is_well
            word = self.style.SUCCESS("ok   ") if finding.is_well else self.style.ERROR("WRONG")
            self.stdout.write(f"{word}  {name}: {finding.sentence}")
        if not is_well:
            sys.exit(1)
