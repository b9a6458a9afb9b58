"""Render all contributions again from their source, after a change of the markup."""

from django.core.management.base import BaseCommand, CommandParser
from django.db import models, transaction
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from consultations import markup
from consultations.models import Comment, CommentVersion

# Rows are locked while a batch is rendered; a person who edits one of them waits that long.
BATCH = 200
# What is made from `body`, by model.
MADE = {Comment: ["html", "fold_at", "words"], CommentVersion: ["html"]}


class Command(BaseCommand):
    help = "Renders all contributions and their earlier versions again; writes only those that come out differently."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count what would change")

    def handle(self, *, dry_run: bool, verbosity: int, **options) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        with Progress(*columns, disable=verbosity == 0 or not self.stdout.isatty()) as progress:
            changed = {model: rerender(model, dry_run, progress) for model in MADE}
        if verbosity:
            what = f"{changed[Comment]:,} contributions and {changed[CommentVersion]:,} versions"
            self.stdout.write(f"{what} would change." if dry_run else f"Rendered {what} anew.")


def rerender(model: type[models.Model], dry_run: bool, progress: Progress) -> int:
    """Render every row of `model` again; returns how many came out differently."""
    task = progress.add_task(str(model._meta.verbose_name_plural), total=model.objects.count())
    changed, reached = 0, 0
    while True:
        with transaction.atomic():
            rows = model.objects.order_by("pk").filter(pk__gt=reached)
            if not dry_run:
                rows = rows.select_for_update(no_key=True)
            batch = list(rows.only("body", *MADE[model])[:BATCH])
            if not batch:
                return changed
            different = [row for row in batch if render_again(row)]
            if not dry_run:
                model.objects.bulk_update(different, MADE[model])
        changed += len(different)
        reached = batch[-1].pk
        progress.advance(task, len(batch))


def render_again(row: Comment | CommentVersion) -> bool:
    """Set what is made from the body; returns whether anything of it is different."""
    rendered = markup.render(row.body)
    is_different = False
    for name in MADE[type(row)]:
        is_different |= getattr(row, name) != getattr(rendered, name)
        setattr(row, name, getattr(rendered, name))
    return is_different
