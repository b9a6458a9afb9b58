"""What the list of resources costs with 1,000 and 100,000 of them, measured in one run and side by side.

    .venv/bin/python benchmarks/resources.py [--sizes 1000 100000] [--rounds 15] [--plans]

Times depend on the machine; the ratios should not. Resources are made in a transaction that is rolled back in the end,
so that nothing of them stays. The exit code is 1 when a page takes longer than half a second in the largest list.
"""

import argparse
import os
import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.progress import track  # noqa: E402
from rich.table import Table  # noqa: E402

from hub import database  # noqa: E402
from hub.resources import listing  # noqa: E402
from hub.resources.models import LANGUAGES, ListEntry, Region, Resource  # noqa: E402
from hub.resources.order import position_of  # noqa: E402

SLOWEST = 0.5
BATCH = 2_000
LIST = "/en/resources/"
# Frequent, rare and many values together; {middle} is a place in the middle of the list.
PAGES = {
    "the whole list": LIST,
    "its middle": f"{LIST}?after={{middle}}",
    "one kind": f"{LIST}?kind=report",
    "one kind, in the middle": f"{LIST}?kind=report&after={{middle}}",
    "one objective": f"{LIST}?objective=4",
    "five objectives": f"{LIST}?objective=1&objective=4&objective=7&objective=15&objective=23",
    "a rare language": f"{LIST}?language=uk",
    "a frequent language": f"{LIST}?language=en",
    "a year": f"{LIST}?year=2019",
    "two facets": f"{LIST}?kind=practice&region=africa",
    "four facets": f"{LIST}?kind=practice&kind=toolkit&region=africa&language=en&objective=4",
    "all six facets": f"{LIST}?kind=report&region=asia&language=en&objective=7&scope=global&year=2020",
    "nothing found": f"{LIST}?kind=portal&language=uk&year=1901&objective=3",
    "one resource": f"{LIST}benchmark-0/",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", nargs="+", type=int, default=[1_000, 100_000])
    parser.add_argument("--rounds", type=int, default=15, help="how often to measure each (default: 15)")
    parser.add_argument("--plans", action="store_true", help="print how PostgreSQL carries out the largest list's")
    chosen = parser.parse_args()
    if database.is_embedded(settings.DATABASES["default"], settings.DATA_DIR):
        with database.running(settings.DATA_DIR):
            return measure(chosen)
    return measure(chosen)


def measure(chosen: argparse.Namespace) -> int:
    console = Console()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    sizes = sorted(chosen.sizes)
    with transaction.atomic():
        # Others wait for the list meanwhile: run it where nobody reads.
        ListEntry.objects.all().delete()
        found = {}
        for size in sizes:
            fill(size)
            found[size] = {name: seconds(address, chosen.rounds) for name, address in addresses().items()}
        if chosen.plans:
            print_plans(console)
        transaction.set_rollback(True)
    table = Table("page", *(f"{size:,}" for size in sizes), "ratio")
    for name in PAGES:
        times = [found[size][name] for size in sizes]
        table.add_row(name, *(f"{each * 1000:.1f} ms" for each in times), f"{times[-1] / times[0]:.1f}")
    console.print(table)
    return int(max(found[sizes[-1]].values()) > SLOWEST)


def addresses() -> dict[str, str]:
    middle = ListEntry.objects.order_by("position").values_list("position", flat=True)[ListEntry.objects.count() // 2]
    return {name: address.format(middle=middle) for name, address in PAGES.items()}


def fill(size: int) -> None:
    """List resources until there are `size`, the same for each run."""
    there = ListEntry.objects.count()
    chance = random.Random(there)  # noqa: S311 (nothing secret)
    regions = list(Region.objects.values_list("slug", flat=True))
    codes = [code for code, _name in LANGUAGES]
    weights = [100 // (1 + place) for place in range(len(codes))]
    now = timezone.now()
    for begin in track(range(there, size, BATCH), f"Listing {size - there:,} resources"):
        made = Resource.objects.bulk_create(
            Resource(
                slug=f"benchmark-{number}",
                state=Resource.State.LISTED,
                title_en=f"Papers that travel, part {number}",
                summary_en="Guidance for civil registries that serve people without a fixed address.",
                kind=chance.choice(Resource.Kind.values),
                address=f"https://example.org/{number}",
                normalised_address=f"example.org/{number}",
                publisher="Registries in Motion",
                year=int(chance.triangular(1980, 2027, 2024)),
                languages=sorted(set(chance.choices(codes, weights, k=chance.choice([1, 1, 2, 4])))),
                scope=chance.choice(Resource.Scope.values),
                comprehensiveness=chance.choice(Resource.Comprehensiveness.values),
                listed_at=now,
            )
            for number in range(begin, min(begin + BATCH, size))
        )
        ListEntry.objects.bulk_create(
            ListEntry(
                resource=each,
                position=position_of(each),
                kind=each.kind,
                scope=each.scope,
                year=each.year,
                languages=each.languages,
                objectives=sorted(set(chance.choices(range(1, 24), k=chance.choice([1, 2, 3, 5])))),
                regions=sorted(set(chance.choices(regions, k=chance.choice([1, 1, 2])))),
            )
            for each in made
        )
    listing.count_all()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE resources_listentry, resources_resource, resources_facetcount")


def seconds(address: str, rounds: int) -> float:
    """The median time of a whole page, from its address to its HTML."""
    client = Client()
    times = []
    for _round in range(rounds + 1):
        begin = time.perf_counter()
        response = client.get(address)
        times.append(time.perf_counter() - begin)
        assert response.status_code == 200, address
    return statistics.median(times[1:])


def print_plans(console: Console) -> None:
    for name, address in addresses().items():
        with CaptureQueriesContext(connection) as queries:
            Client().get(address)
        for query in queries:
            if "resources_listentry" in query["sql"] and query["sql"].lstrip("( ").startswith("SELECT"):
                with connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF) {query['sql']}".replace("%", "%%"))
                    plan = "\n".join(line for (line,) in cursor.fetchall())
                console.print(f"{name}\n{plan}\n", markup=False, highlight=False)


if __name__ == "__main__":
    sys.exit(main())
