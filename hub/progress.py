"""What an operator sees of a command that takes long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def by_table(what: str, *, shown: bool) -> Iterator[Callable[[int, str], None]]:
    """A bar that is moved on by calling it with the number of tables and the name of the one that was reached."""
    columns = TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}")
    with Progress(*columns, disable=not shown) as bar:
        task = bar.add_task("")

        def reached(tables: int, name: str) -> None:
            bar.update(task, total=tables, description=name, advance=1)

        yield reached
