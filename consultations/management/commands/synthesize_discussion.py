"""Make a discussion of any size, for measurements and trials."""

import argparse

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from consultations import synthesis


class Command(BaseCommand):
    help = (
        "Makes consultation S with one question holding N invented comments, the same for the same N and seed. "
        "Does nothing when it is there already."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--slug", required=True, metavar="S", help="the consultation's name in the address")
        parser.add_argument("--comments", required=True, type=whole_number, metavar="N", help="how many, 1 or more")
        parser.add_argument("--seed", type=int, default=1, metavar="K", help="another number makes another discussion")
        parser.add_argument(
            "--replace", action="store_true", help="delete a synthetic discussion S of another size or seed first"
        )

    def handle(self, *, slug: str, comments: int, seed: int, replace: bool, verbosity: int, **options) -> None:
        if settings.PRODUCTION:
            raise CommandError("This portal is in production mode, where invented people and texts do not belong.")
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, disable=verbosity == 0 or not self.stdout.isatty()) as progress:
            task = progress.add_task("Writing comments", total=comments)
            try:
                made = synthesis.synthesize(
                    slug, comments, seed, replace=replace, advance=lambda written: progress.advance(task, written)
                )
            except synthesis.SynthesisRefused as refusal:
                raise CommandError(str(refusal)) from refusal
        if verbosity:
            what = f"“{slug}” with {comments:,} comments, seed {seed}"
            self.stdout.write(f"Made {what}." if made else f"{what} is there already.")


def whole_number(value: str) -> int:
    """A number as typed, in which 1_000_000 and 1,000,000 are the same."""
    try:
        return int(value.replace(",", ""))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{value}” is no whole number.") from error
