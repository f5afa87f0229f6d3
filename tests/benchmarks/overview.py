"""The overview, from the nation down to a county, on whatever database DATABASE_URL names.

    DATABASE_URL=postgres://… .venv/bin/python -m tests.benchmarks.overview [--turns 50]

Pages are asked for in this process with the product's settings, as a reader who is not signed in:
middleware, queries and templates, no network. Prints for each page p50 and p95 in milliseconds, its
queries and its size, and what the roll-up holds and the memory of the process. Reads only. Exits
with 1 where the p50 of a page is above the limit; pages far down a long list, which walk through
what stands before them, are printed and not held to it.
"""

import argparse
import os
import resource
import sys
import time
from statistics import median, quantiles
from typing import Any

LIMIT_MS = 60.0
QUERIES_AT_MOST = 8


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=50)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "targets_site.settings")
    os.environ["DEBUG"] = "0"
    os.environ["OPEN_READING"] = "1"
    import django

    django.setup()
    from django.test.utils import override_settings

    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ALLOWED_HOSTS=["*"], STORAGES=plain):
        return measure(options.turns)


def measure(turns: int) -> int:
    from django.db import connection

    from indicators.models import Verdict, VerdictTally
    from targets_site.places.models import Area

    print(
        f"{connection.vendor}: {Area.objects.count()} areas, {Verdict.objects.count()} verdicts, "
        f"{VerdictTally.objects.count()} rows of the roll-up"
    )
    slowest, most = 0.0, 0
    for name, address in pages():
        milliseconds, queries, size = ask(address, turns)
        if "&page=" not in address:
            slowest, most = max(slowest, median(milliseconds)), max(most, queries)
        print(
            f"{name:<28} p50 {median(milliseconds):6.1f} ms  "
            f"p95 {quantiles(milliseconds, n=20)[-1]:6.1f} ms  "
            f"{queries} queries  {size / 1024:.0f} KiB  {address}",
            flush=True,
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process {peak:.0f} MB")
    print(f"slowest p50 {slowest:.1f} ms (limit {LIMIT_MS:.0f} ms), {most} queries at most")
    return int(slowest > LIMIT_MS or most > QUERIES_AT_MOST)


def pages() -> list[tuple[str, str]]:
    """Name and address: the nation, the first of each level below, and the list in every use."""
    from indicators.standings import Standing
    from reports.queries.overview import goal_years
    from reports.queries.scopes import Scope
    from reports.queries.standings import counted, domains_of, total
    from reports.queries.standpoints import Standpoint, last_as_of
    from reports.queries.worst_first import TARGETS_A_PAGE
    from targets_site.places.models import Area

    goal = goal_years(Scope()).default
    if goal is None:
        raise SystemExit("the database holds no targets")
    counts = counted(Standpoint(Scope(), goal, last_as_of(goal)))
    nation, domain = f"/?goal={goal}", domains_of(counts)[0].code
    last = -(-total(counts, Standing) // TARGETS_A_PAGE)
    found = [("nation", "/")]
    area = Area.objects.filter(parent=None).first()
    while area is not None:
        address = f"{nation}&area={area.code}"
        found.append((area.level, address))
        found.append((f"{area.level}, in a domain", f"{address}&domain={domain}"))
        area = area.parts.first()
    found += [(f"nation, {light}", f"{nation}&light={light}") for light in ("red", "grey", "none")]
    return [
        *found,
        ("nation, three years before", f"{nation}&as_of={last_as_of(goal) - 3}"),
        ("nation, side evidence", f"{nation}&coverage=side"),
        ("nation, in a domain", f"{nation}&domain={domain}"),
        ("nation, headline", f"{nation}&key=1"),
        ("nation, page 100", f"{nation}&page=100"),
        ("nation, last page", f"{nation}&page={last}"),
    ]


def ask(address: str, turns: int) -> tuple[list[float], int, int]:
    """Milliseconds of each turn, warm; queries; bytes."""
    from django.db import connection
    from django.test import Client

    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    client = Client()
    client.get(address)
    with connection.execute_wrapper(note):
        response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address} answers {response.status_code}")
    milliseconds = []
    for _turn in range(turns):
        started = time.perf_counter()
        client.get(address)
        milliseconds.append((time.perf_counter() - started) * 1000)
    return milliseconds, len(asked), len(response.content)


if __name__ == "__main__":
    sys.exit(main())
