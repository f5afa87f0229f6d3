"""Checking a trail of 100,000 entries, and chaining it.

    .venv/bin/python -m tests.benchmarks.verify_audit [--entries 100000]

Against the database of DATABASE_URL, SQLite in a file unless set. Prints entries per second and
the ratio of the check's time to its limit, beside a bare loop that hashes texts of that size, which
is what a machine can do at all; exits with 1 above the limit.
"""

import argparse
import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

LIMIT_SECONDS = 10.0
FOR_ENTRIES = 100_000


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=FOR_ENTRIES)
    number = parser.parse_args().entries
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "targets_site.settings")
        import django

        django.setup()
        return measure(number, Path(folder))


def measure(number: int, folder: Path) -> int:
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(folder / "benchmark.sqlite3")
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        fill(number)
        return report(number, connection.vendor)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def report(number: int, vendor: str) -> int:
    from targets_site.audit.sealer import Sealer
    from targets_site.audit.verifying import verify

    spent_sealing = seconds_of(Sealer().look)
    found: list[object] = []
    cpu = time.process_time()
    spent = seconds_of(lambda: found.extend(verify()))
    cpu = time.process_time() - cpu
    limit = LIMIT_SECONDS * number / FOR_ENTRIES
    print(
        f"{vendor}, {number} entries: chained {number / spent_sealing:.0f} a second, checked "
        f"{number / spent:.0f} a second in {spent:.1f} s ({cpu:.1f} s CPU), ratio to the "
        f"limit {spent / limit:.2f}; "
        f"bare hashes {number / bare(number):.0f} a second; findings: {len(found)}"
    )
    return int(spent > limit or bool(found))


def fill(number: int) -> None:
    """Entries as saves write them."""
    from targets_site.audit.models import Entry

    values = {"value": "63.10", "stated_decimals": 2, "source_title": "海南省统计年鉴", "note": ""}
    Entry.objects.bulk_create(
        (
            Entry(
                actor="official",
                role="official",
                action="save",
                object=f"observation:460000.forest-cover.all:{each}",
                before=values,
                after={**values, "value": f"{each}.20"},
                ip="10.0.0.7",
            )
            for each in range(number)
        ),
        batch_size=2000,
    )


def bare(number: int) -> float:
    text = b"x" * 500
    return seconds_of(lambda: [hashlib.sha256(text).hexdigest() for _ in range(number)])


def seconds_of(work: object) -> float:
    started = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
