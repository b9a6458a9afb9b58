"""What pages cost in discussions of 10, 5,000 and 1,000,000 comments, measured in one run and side by side.

    .venv/bin/python benchmarks/pages.py [SIZE …] [--plans]

Times depend on the machine and on what else it does; the ratios between the columns should not. In brackets
stands how many comments a page shows, for which the ratio has to allow. Discussions that are missing are
synthesized first (a million takes minutes). Then PostgreSQL explains every query of the largest and the
smallest discussion: the exit code is 1 when one reads far more than its page. --plans prints them all.
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
from django.db.models import Max  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from consultations import threads  # noqa: E402
from consultations.models import Comment, Consultation, Question  # noqa: E402
from consultations.threads import Reading  # noqa: E402
from hub import database  # noqa: E402

SIZES = [10, 5_000, 1_000_000]
ROUNDS = 30
# A page's query that reads more rows of comments than this reads more than its page.
MOST_ROWS = 2_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="SIZE")
    parser.add_argument("--plans", action="store_true", help="print the plan of each query")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often to measure each (default: {ROUNDS})")
    chosen = parser.parse_args()
    if database.is_embedded(settings.DATABASES["default"], settings.DATA_DIR):
        with database.running(settings.DATA_DIR):
            return measure(chosen)
    return measure(chosen)


def measure(chosen: argparse.Namespace) -> int:
    console = Console()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    questions = [discussion(size) for size in chosen.sizes]
    works = [reading(question) | views(question) for question in questions]
    table = Table("Milliseconds (median)", *[f"{size:,}" for size in chosen.sizes], "last : first")
    for name in works[0]:
        times = [median(work[name], chosen.rounds) for work in works]
        cells = [f"{each * 1000:.2f}{shown(work[name]())}" for each, work in zip(times, works, strict=True)]
        table.add_row(name, *cells, f"{times[-1] / times[0]:.2f}")
    console.print(table)
    bad = []
    for size, work in {chosen.sizes[-1]: works[-1], chosen.sizes[0]: works[0]}.items():
        bad += check_plans(console, f"{size:,}", work, chosen.plans)
    console.print("\n\n".join(bad) if bad else "Every query reads its page and little more.")
    return 1 if bad else 0


def shown(answer: object) -> str:
    """How many comments are on the page, when it is one of `threads`."""
    if isinstance(answer, dict):
        return f" ({sum(map(len, answer.values()))})"
    return f" ({len(answer.steps)})" if isinstance(answer, threads.Page) else ""


def discussion(size: int) -> Question:
    slug = f"measured-{size}"
    call_command("synthesize_discussion", slug=slug, comments=size, verbosity=0)
    return Consultation.objects.get(slug=slug).questions.select_related("consultation").get(number=1)


def reading(question: Question) -> dict[str, Callable[[], object]]:
    """The readings of a discussion by name, each a function that does the queries of one page."""
    comments = question.comments.published().order_by()
    pks = comments.filter(parent=None).order_by("pk").values_list("pk", flat=True)
    middle = pks[len(pks) // 2]
    longest = comments.filter(parent=None).order_by("-reply_count").first()
    depth = comments.aggregate(depth=Max("path__len"))["depth"]
    deep = question.comments.select_related("question").filter(path__len=depth).first()
    last_in_thread = Comment.objects.under(longest).reverse().select_related("question").first()
    rare = question.language_counts.order_by("comment_count").first().language
    newest, oldest = Reading(), Reading(oldest_first=True)
    return {
        "first page": lambda: threads.page(question, newest),
        "page in the middle": lambda: threads.page(question, newest, after=middle),
        "page before the middle": lambda: threads.page(question, newest, before=middle),
        "last page": lambda: threads.page(question, newest, before=pks[0]),
        "first page, oldest first": lambda: threads.page(question, oldest),
        "page with moderators' answers": lambda: threads.page(question, Reading(answered=True)),
        "page in the rarest language": lambda: threads.page(question, Reading(written=rare)),
        "page around the deepest reply": lambda: threads.page_around(deep, newest),
        "page around the last of the longest thread": lambda: threads.page_around(last_in_thread, newest),
        "the longest thread": lambda: threads.thread_page(longest),
        "the longest thread, its end": lambda: threads.thread_page(longest, before=last_in_thread),
        "latest of the consultation": lambda: threads.latest([question]),
        "latest in the rarest language": lambda: threads.latest([question], rare),
    }


def views(question: Question) -> dict[str, Callable[[], object]]:
    """Whole pages through Django's test client, and the smallest one for comparison."""
    client = Client()
    comment = question.comments.published().order_by("pk").last()

    def get(address: str) -> None:
        if (answer := client.get(address)).status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}.")

    return {
        "GET /healthz": lambda: get("/healthz"),
        "GET home": lambda: get("/en/"),
        "GET question": lambda: get(question.get_absolute_url()),
        "GET question in place of a comment": lambda: get(comment.get_discussion_url().partition("#")[0]),
        "GET consultation": lambda: get(question.consultation.get_absolute_url()),
        "GET comment": lambda: get(comment.get_absolute_url()),
    }


def median(work: Callable[[], object], rounds: int) -> float:
    """Seconds of one call, the first ones left out because they warm up caches."""
    for _warming in range(3):
        work()
    times = []
    for _round in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def check_plans(console: Console, size: str, works: dict[str, Callable[[], object]], is_printed: bool) -> list[str]:
    """A sentence for each query that reads all comments or far more than a page of them."""
    bad = []
    for name, work in works.items():
        with CaptureQueriesContext(connection) as captured:
            work()
        for query in captured.captured_queries:
            if '"consultations_comment"' not in query["sql"] or not query["sql"].startswith("SELECT"):
                continue
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {query['sql']}")
                [(found,)] = cursor.fetchall()
            plan = found[0]["Plan"]
            nodes = list(walk(plan))
            used = sorted({node["Index Name"] for node in nodes if "Index Name" in node})
            read = max(node["Actual Rows"] * node["Actual Loops"] + removed(node) for node in nodes)
            whole = [
                node["Relation Name"]
                for node in nodes
                if node["Node Type"] == "Seq Scan" and node["Relation Name"] == Comment._meta.db_table
            ]
            if whole or read > MOST_ROWS:
                bad.append(
                    f"{name} of {size}: reads {read:,.0f} rows{' of the whole table' if whole else ''}: {query['sql']}"
                )
            if is_printed:
                blocks = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
                console.print(f"{name} of {size}: {read:,.0f} rows at most, {blocks:,} blocks, {', '.join(used)}")
    return bad


def walk(node: dict):
    yield node
    for below in node.get("Plans", []):
        yield from walk(below)


def removed(node: dict) -> int:
    """Rows that a node read and threw away."""
    names = ("Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter")
    return sum(node.get(name, 0) for name in names) * node["Actual Loops"]


if __name__ == "__main__":
    sys.exit(main())
