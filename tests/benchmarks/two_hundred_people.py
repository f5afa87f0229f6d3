"""200 people at work on one machine: entering, deciding, reading.

    DATABASE_URL=postgres://… REDIS_URL=redis://… SECRET_KEY=x \\
        .venv/bin/python -m tests.benchmarks.two_hundred_people [--minutes 10]

The service mode as docker-compose.yml starts it (gunicorn, Celery worker, beat, sealer) with a
Redis of its own, on a new database beside that of DATABASE_URL, which holds the real provinces and
four more with 120 officials, 20 reviewers, 30 leaders and 30 auditors. They come in within some
minutes, reviewers with a code of their second factor, then work for `--minutes`; between two steps
each thinks for 10 s on average. All come from one address, as an office does, and no limit is
raised: before the login it has 300 requests a minute for all of them, and 600 at once. Officials
save by the form and by the API and submit, reviewers approve and return, the others read pages,
search and export. Each save is written down before it is made and when it was answered; afterwards
every one that was called saved must be there once, versions and trail in step, the chain whole,
each decision in force, and no verdict left to compute.

Prints p50, p95 and p99 by kind and over all, logins apart, and the memory of each process after
three, six and ten tenths of the time. Exits with 1 where anything was answered wrongly, a write was
lost or doubled, p95 over all is above its limit, or the memory of a process grew after the first
three tenths by more than its limits, the share and the megabytes.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks.office_day import Notes
    from tests.services.servers import Site

LIMIT_MS = 500.0
# Of the small processes a megabyte more is many percent, and means nothing.
LIMIT_GROWTH, LIMIT_GROWTH_MB = 0.05, 5.0
# The first once every kind of page was asked for in each web process.
LOOKS = (0.3, 0.6, 1.0)
# Verdicts of the last approvals, and the chain's last links.
SECONDS_AFTERWARDS = 60
ERRORS_SHOWN = 20


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--minutes-to-come", type=float, default=4)
    parser.add_argument("--think-seconds", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "targets_site.settings"
        os.environ.update(OPEN_READING="0", LOG_LEVEL="WARNING", DEBUG="0")
        import django

        django.setup()
        return measure(Path(folder), options)


def measure(folder: Path, options: argparse.Namespace) -> int:
    from django.core.management import call_command
    from django.db import connection

    from tests.benchmarks.office_day import made_people
    from tests.services import servers

    if connection.vendor != "postgresql":
        raise SystemExit("This is about the service mode: set DATABASE_URL and REDIS_URL.")
    servers.collect_static_files(folder)
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        for command in ("load_reference", "recompute"):
            call_command(command, verbosity=0)
        names = made_people()
        call_command("recompute", verbosity=0)
        gather_statistics()
        with servers.site(folder, var=folder) as site:
            return work(site, names, options)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def work(site: "Site", names: dict[str, list[str]], options: argparse.Namespace) -> int:
    from django.conf import settings

    from tests.benchmarks.office_day import Notes, Office, seated
    from tests.services.ledger import Ledger

    site.more = {
        "REQUESTS_A_MINUTE": str(settings.REQUESTS_A_MINUTE),
        "COSTLY_REQUESTS_A_MINUTE": str(settings.COSTLY_REQUESTS_A_MINUTE),
    }
    started = {
        "sealer": site.sealer(), "worker": site.worker(), "beat": site.beat(), "web": site.web(),
    }  # fmt: skip
    processes = {
        f"{name} {number}": pid
        for name, server in started.items()
        for number, pid in enumerate([server.process.pid, *server.children()])
    }
    notes = Notes(Ledger(site.folder / "attempts.jsonl"))
    people = seated(names, port=site.port, notes=notes, seed=options.seed)
    office = Office(
        people, think_seconds=options.think_seconds, seconds_to_come=options.minutes_to_come * 60
    )
    print(f"{len(people)} people come in within {options.minutes_to_come:g} min", flush=True)
    with office.at_work():
        office.all_are_in.wait(options.minutes_to_come * 120)
        gather_statistics()
        begun, memory = time.monotonic(), []
        for part in LOOKS:
            time.sleep(max(0.0, begun + part * options.minutes * 60 - time.monotonic()))
            memory.append({name: megabytes(pid) for name, pid in processes.items()})
        ended = time.monotonic()
    slow = report_times(notes, begun, ended)
    grown = report_memory(memory, options.minutes)
    wrong = report_writes(notes)
    return int(slow or grown or wrong)


def gather_statistics() -> None:
    """As autovacuum does within a minute; the server that the benchmark runs on may have it off."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def megabytes(pid: int) -> float:
    """Resident, now; 0 where the process has ended."""
    from tests.benchmarks.pages import resident

    try:
        return resident(pid)
    except (OSError, StopIteration):
        return 0.0


def report_times(notes: "Notes", begun: float, ended: float) -> bool:
    """Whether they were too long."""
    by_kind = defaultdict(list)
    for each in notes.asked:
        if begun <= each.at < ended:
            by_kind[each.kind].append(each.seconds * 1000)
    every = [each for some in by_kind.values() for each in some]
    rate = len(every) / (ended - begun)
    print(f"{len(every)} requests in {ended - begun:.0f} s, {rate:.1f} a second, in ms:")
    for kind, some in sorted(by_kind.items()):
        print(f"  {kind:<14} {line(some)}")
    print(f"  {'over all':<14} {line(every)} (limit of p95 {LIMIT_MS:.0f})")
    print(f"  {'logins':<14} {line([each * 1000 for each in notes.logins])}", flush=True)
    return percentile(every, 95) >= LIMIT_MS


def line(times: Sequence[float]) -> str:
    told = " ".join(f"p{each} {percentile(times, each):6.0f}" for each in (50, 95, 99))
    return f"{len(times):>6} × {told} most {max(times, default=0):6.0f}"


def percentile(times: Sequence[float], number: int) -> float:
    if len(times) < 2:
        return max(times, default=0.0)
    return quantiles(times, n=100, method="inclusive")[number - 1]


def report_memory(looks: list[dict[str, float]], minutes: float) -> bool:
    """Whether a process grew, or ended."""
    at = " → ".join(f"{part * minutes:g}" for part in LOOKS)
    limits = f"{LIMIT_GROWTH:.0%} and {LIMIT_GROWTH_MB:.0f} MB"
    print(f"memory in MB at minute {at} (limit of growth {limits}):")
    is_flat = True
    for name, first in looks[0].items():
        last = looks[-1][name]
        growth = last / first - 1 if first and last else 1.0
        grew = growth >= LIMIT_GROWTH and last - first >= LIMIT_GROWTH_MB
        is_flat = is_flat and bool(last) and not grew
        told = " → ".join(f"{each[name]:.1f}" for each in looks)
        print(f"  {name:<10} {told} ({growth:+.1%})")
    return not is_flat


def report_writes(notes: "Notes") -> bool:
    """Whether anything was answered wrongly, or stands otherwise than it was told."""
    from tests.services.after_fault import assert_stored

    print(f"{notes.ledger}; {', '.join(f'{n} {what}' for what, n in notes.counted.items())}")
    problems = [f"errors: {len(notes.errors)}", *notes.errors] if notes.errors else []
    try:
        wait_for_verdicts()
        assert_stored(notes.ledger)
        assert_decided(notes)
    except AssertionError as error:
        problems.append(f"not as told: {error}")
    for each in problems[: ERRORS_SHOWN + 1]:
        print(f"  {each}")
    print("0 errors, 0 lost writes" if not problems else "NOT as it should be", flush=True)
    return bool(problems)


def wait_for_verdicts() -> None:
    from indicators.models import StaleRow
    from tests.services.servers import wait_until

    took = wait_until(lambda: not StaleRow.objects.exists(), seconds=SECONDS_AFTERWARDS)
    print(f"verdicts of the last approvals after {took:.1f} s")


def assert_decided(notes: "Notes") -> None:
    """What was said to be submitted, approved or returned is, and stands so in the trail."""
    from indicators.models import ObservationVersion
    from targets_site.audit.models import Entry

    versions = ObservationVersion.objects.filter(observation__series__scope__startswith="o")
    for pk, state in notes.decided.items():
        stands = versions.get(pk=pk).state
        assert stands == state, f"version {pk} was {state} and is {stands}"
    moved = versions.exclude(state="draft").count()
    assert moved == notes.counted["submitted"], (moved, notes.counted["submitted"])
    for state, action in (("approved", "approve"), ("returned", "return")):
        stored = versions.filter(state=state).count()
        told = Entry.objects.filter(action=action).count()
        assert stored == told == notes.counted[state], (state, stored, told, notes.counted[state])


if __name__ == "__main__":
    sys.exit(main())
