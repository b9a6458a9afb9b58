"""What searches cost in a discussion of 1,000,000 comments, as multiples of its question page in the same run.

    .venv/bin/python benchmarks/search.py [--size 1000000] [--rounds 9] [--plans]

A discussion that is missing is synthesized first (a million takes minutes). Times depend on the machine; the last
column should not. The exit code is 1 when a search takes longer than the search itself is willing to wait.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from consultations import threads  # noqa: E402
from consultations.models import Consultation, Question  # noqa: E402
from consultations.threads import Reading  # noqa: E402
from hub import database  # noqa: E402
from hub.search import asking, finding  # noqa: E402
from hub.search.finding import Narrowed  # noqa: E402
from hub.search.models import Entry  # noqa: E402

SEARCHES = {
    "a word in very many texts": "people",
    "a word in some texts": "interpreter",
    "a word in no text": "zymurgy",
    "a name": "Ximena Wanjiru",
    "two frequent words": "office people",
    "three words together": "register paper line",
    "five words together": "interpreter flood stamp leaflets court",
    "a sentence in quotation marks": '"permits are not people"',
    "either of two words": "flood OR stamp",
    "a word left out": "people -wait",
    "in French, without accents": "interprete telephone",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9, help="how often to measure each (default: 9)")
    parser.add_argument("--plans", action="store_true", help="print how PostgreSQL carries out each search")
    chosen = parser.parse_args()
    if database.is_embedded(settings.DATABASES["default"], settings.DATA_DIR):
        with database.running(settings.DATA_DIR):
            return measure(chosen)
    return measure(chosen)


def measure(chosen: argparse.Namespace) -> int:
    console = Console()
    call_command("migrate", verbosity=0)
    slug = f"measured-{chosen.size}"
    call_command("synthesize_discussion", slug=slug, comments=chosen.size, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {Entry._meta.db_table}")
    consultation = Consultation.objects.get(slug=slug)
    question = Question.objects.get(consultation=consultation, number=1)
    page = median(lambda: threads.page(question, Reading()), chosen.rounds)
    table = Table("Search", "found", "milliseconds (median)", "question pages")
    slowest = 0.0
    for name, words in SEARCHES.items():
        for label, narrowed in {name: Narrowed(), f"{name}, in French": Narrowed(language="fr")}.items():
            asked = asking.understand(words)
            try:
                found = finding.find(asked, narrowed, None)
            except finding.TooSlow:
                table.add_row(label, "given up", f"> {finding.PATIENCE_MS}", "")
                slowest = float("inf")
                continue
            took = median(lambda asked=asked, narrowed=narrowed: finding.find(asked, narrowed, None), chosen.rounds)
            slowest = max(slowest, took * 1000)
            count = f"{sum(found.counts.values()):,}{'+' if found.more else ''}"
            table.add_row(label, count, f"{took * 1000:.1f}", f"{took / page:.1f}")
            if chosen.plans:
                explain(console, label, asked, narrowed)
    console.print(table)
    return 1 if slowest > finding.PATIENCE_MS else 0


def explain(console: Console, label: str, asked: asking.Asked, narrowed: Narrowed) -> None:
    with CaptureQueriesContext(connection) as captured:
        finding.ranked(asked, narrowed)
    statement = next(each["sql"] for each in captured.captured_queries if "ts_rank" in each["sql"])
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + statement.replace("%", "%%"), [])
        console.print(f"\n{label}\n" + "\n".join(line for (line,) in cursor.fetchall()), markup=False)


def median(work: Callable[[], object], rounds: int) -> float:
    """Seconds, after one round to warm up."""
    times = []
    for number in range(rounds + 1):
        began = time.perf_counter()
        work()
        if number:
            times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
