"""Make the search's index anew from the texts as they are."""

from django.core.management.base import BaseCommand
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from hub.search import refilling, words


class Command(BaseCommand):
    help = (
        "Makes the index of the search anew, the names of countries in it included; the portal may go on meanwhile. "
        "Writes only what comes out differently, so that it can be stopped and run again."
    )

    def handle(self, *, verbosity: int, **options) -> None:
        refilling.learn_names()
        different = 0
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        with Progress(*columns, disable=verbosity == 0 or not self.stdout.isatty()) as progress:
            for kind in refilling.kept_kinds():
                task = progress.add_task(kind.name, total=refilling.number_of_rows(kind))
                for rows, changed in refilling.refill(kind):
                    progress.advance(task, rows)
                    different += changed
        if different:
            # The words for “Did you mean” are learnt from what can be found.
            words.learn.enqueue()
        if verbosity:
            self.stdout.write(f"Made {different:,} entries anew; all others were as they should be.")
