"""All verdicts of a nation for one as-of year, against a plain INSERT … SELECT of the same rows.

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres \\
        .venv/bin/python -m tests.benchmarks.recompute [--areas 100 1000 3221] [--keep]

For each size a database `bench_<areas>` is made beside that of DATABASE_URL and filled by
`generate_scale` (100 indicators, 2011–2020; kept with --keep and used again). Of each as-of year
two things take turns, the best of three runs of each counts:

- plain: figures pivoted by year and joined to targets, with the latest value, the gap and a linear
  ratio, inserted into a table without index or key. No break, bound, baseline, milestone or hold.
- ours: the job of `manage.py recompute`, the one method, into the product's table with its keys,
  counted for the overview and in the trail; once in a single process and once in a process a core.

Then ours once more, which finds that nothing changed. Prints seconds (of the job; of the whole
command with its start in brackets), ratios, microseconds a verdict and peak memory; exits with 1
where the largest size is above a limit. Small sizes cost more a verdict: what a part costs is paid
for fewer.
"""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg2

INDICATORS, FIRST, LAST = 100, 2011, 2020
RATIO_LIMIT, MEGABYTES_LIMIT = 2.5, 1000
# Of 2015 every target has a verdict; 2020 looks at every figure.
AS_OF = (2015, 2020)
RUNS = 3
CORES = os.cpu_count() or 1


@dataclass(frozen=True)
class Ours:
    """One `manage.py recompute`: seconds of its job, and of the whole command. megabytes: of all
    its processes at their peaks, together."""

    seconds: float
    whole: float
    verdicts: int
    megabytes: float


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--areas", type=int, nargs="+", default=[100, 1000, 3221])
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    print(f"{CORES} cores, {INDICATORS} indicators")
    a_verdict: dict[int, float] = {}
    fits: dict[int, bool] = {}
    for areas in options.areas:
        url = prepare(areas)
        try:
            for as_of in AS_OF:
                measured = measure(url, areas, as_of)
                fits[areas] = fits.get(areas, True) and measured.fits
                if as_of == AS_OF[0]:
                    a_verdict[areas] = measured.microseconds
        finally:
            if not options.keep:
                administer(f'DROP DATABASE "{name_of(areas)}"')
    smallest, largest = min(a_verdict), max(a_verdict)
    growth = a_verdict[largest] / a_verdict[smallest]
    print(f"time a verdict, {largest} areas against {smallest}: {growth:.2f} (limit 1.00)")
    return int(not (fits[largest] and growth <= 1))


@dataclass(frozen=True)
class Measured:
    fits: bool
    microseconds: float


def measure(url: str, areas: int, as_of: int) -> Measured:
    plain: list[float] = []
    alone: list[Ours] = []
    shared: list[Ours] = []
    for _run in range(RUNS):
        plain.append(plain_seconds(url, as_of))
        for found, processes in ((alone, 1), (shared, CORES)):
            execute(url, "TRUNCATE indicators_verdict CASCADE")
            execute(url, "VACUUM ANALYZE plans_target, indicators_verdict")
            found.append(recompute(url, as_of, processes=processes))
    again = recompute(url, as_of, processes=CORES)
    assert again.verdicts == 0, "a second run writes nothing"
    base = min(plain)
    one, many = min(alone, key=_seconds), min(shared, key=_seconds)
    megabytes = max(each.megabytes for each in (*alone, *shared, again))
    microseconds = 1e6 * many.seconds / many.verdicts
    print(
        f"{areas} areas, {areas * INDICATORS * (LAST - FIRST + 1):,} figures, as of {as_of}: "
        f"{many.verdicts:,} verdicts; plain {base:.2f} s; ours in {CORES} processes "
        f"{many.seconds:.2f} s [{many.whole:.2f}], ratio {many.seconds / base:.2f} (limit "
        f"{RATIO_LIMIT}); in one {one.seconds:.2f} s [{one.whole:.2f}], {one.seconds / base:.2f}; "
        f"nothing changed {again.seconds:.2f} s, {again.seconds / base:.2f}; "
        f"{microseconds:.1f} µs a verdict; {megabytes:.0f} MB (limit {MEGABYTES_LIMIT})",
        flush=True,
    )
    fits = many.seconds / base <= RATIO_LIMIT and megabytes <= MEGABYTES_LIMIT
    return Measured(fits, microseconds)


def _seconds(ours: Ours) -> float:
    return ours.seconds


def plain_seconds(url: str, as_of: int) -> float:
    years = range(FIRST, as_of + 1)
    pivoted = ", ".join(
        f"max(version.value) FILTER (WHERE cell.year = {year}) AS y{year}" for year in years
    )
    latest = f"coalesce({', '.join(f'y{year}' for year in reversed(years))})"
    latest_year = " ".join(f"WHEN y{year} IS NOT NULL THEN {year}" for year in reversed(years))
    first = f"y{FIRST}"
    execute(
        url,
        "DROP TABLE IF EXISTS plain; CREATE TABLE plain (target_id bigint, as_of smallint,"
        " actual_year smallint, actual_value numeric, gap numeric, ratio numeric)",
    )
    return execute(
        url,
        f"""
        INSERT INTO plain
        SELECT target.id, {as_of}, CASE {latest_year} END, {latest}, target.value - {latest},
            ({latest} - {first}) / nullif((target.value - {first}) * ({as_of} - {FIRST})
                / nullif(target.target_year - {FIRST}, 0), 0)
        FROM (
            SELECT cell.series_id, {pivoted}
            FROM indicators_observation cell
            JOIN indicators_observationversion version ON version.id = cell.in_force_id
            WHERE cell.year <= {as_of}
            GROUP BY cell.series_id
        ) by_year
        JOIN indicators_targetreading reading ON reading.series_id = by_year.series_id
            AND reading.superseded_at IS NULL
        JOIN plans_target target ON target.id = reading.target_id
            AND target.superseded_at IS NULL AND target.target_year >= {as_of}
        """,
    )


def recompute(url: str, as_of: int, *, processes: int) -> Ours:
    command = manage("recompute", "--as-of", str(as_of), "--processes", str(processes))
    started = time.perf_counter()
    run = subprocess.Popen(
        [sys.executable, "-c", WITH_PEAK, *command],
        env=environment(url), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    said, _nothing = run.communicate()
    whole = time.perf_counter() - started
    assert run.returncode == 0, said
    *_before, changed, kilobytes = said.split()
    # The largest of them, as often as there are.
    return Ours(job_seconds(url), whole, int(changed), int(kilobytes) / 1024 * processes)


def job_seconds(url: str) -> float:
    """From the first part that was claimed to the last that was stored."""
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM finished_at - started_at) FROM indicators_job"
            " ORDER BY id DESC LIMIT 1"
        )
        seconds = float(cursor.fetchone()[0])
    connection.close()
    return seconds


WITH_PEAK = """
import resource, subprocess, sys
code = subprocess.call([sys.executable, *sys.argv[1:]])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def prepare(areas: int) -> str:
    """The address of a database with so many areas, made where it is not there yet."""
    found = administer("SELECT datname FROM pg_database")
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name_of(areas)}").geturl()
    if name_of(areas) not in found:
        administer(f'CREATE DATABASE "{name_of(areas)}"')
        years = f"{FIRST}-{LAST}"
        for command in (
            manage("migrate", "--verbosity", "0"),
            manage("generate_scale", "--areas", str(areas), "--indicators", str(INDICATORS),
                   "--years", years),
        ):  # fmt: skip
            subprocess.run(
                [sys.executable, *command], env=environment(url), check=True,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip
    return url


def name_of(areas: int) -> str:
    return f"bench_{areas}"


def manage(*arguments: str) -> list[str]:
    return ["manage.py", *arguments]


def environment(url: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, "LOG_LEVEL": "WARNING"}


def execute(url: str, sql: str) -> float:
    """Seconds until it is committed."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            started = time.perf_counter()
            cursor.execute(sql)
            return time.perf_counter() - started
    finally:
        connection.close()


def administer(sql: str) -> list[str]:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return [row[0] for row in cursor.fetchall()] if cursor.description else []
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
