"""All observations as CSV over HTTP, against psql's \\copy of the same ordered SELECT.

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/nation REDIS_URL=redis://… SECRET_KEY=x \\
        .venv/bin/python -m tests.benchmarks.export_csv [--pairs 3]

On the database that DATABASE_URL names, migrated and filled (`generate_scale --areas 3221
--indicators 100 --years 2011-2020` for the nation). gunicorn runs with the options of
docker-compose.yml and one worker; curl takes the file over this machine. In each pair psql and the
server take turns; psql writes twice:

- same: the very SELECT that the server runs, its cells made safe and formatted, as psql plans it;
- bare: the same rows in the same order with the columns as they are stored, none made safe.

Prints rows a second of each and the ratios, the seconds to the first byte and to the first row,
and the worker's memory (RSS) idle, highest while it streams, and after. At the end a server is
killed half-way: curl has to say that the file is not whole. Exits with 1 where the best ratio to
`same` is below its limit, the first byte or the memory above it, or the torn file passed for whole.
"""

import argparse
import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

RATIO_LIMIT, MEGABYTES_LIMIT, FIRST_BYTE_LIMIT = 0.9, 8.0, 0.2
ADDRESS = "/exports/observations.csv"
BARE_SQL = """
SELECT s.code, a.code, a.name_zh, i.code, i.name_zh, i.name_en, s.scope, o.year, v.value, i.unit,
 v.bound, v.numerator, v.denominator, v.obs_status, v.missing_reason, v.source_title, v.source_url,
 v.source_grade, v.published_as, v.published_on, v.state, v.number, e.username, v.entered_at,
 r.username, v.reviewed_at, v.remark
FROM indicators_observation o
JOIN indicators_series s ON s.id = o.series_id
JOIN places_area a ON a.id = s.area_id
JOIN indicators_indicator i ON i.id = s.indicator_id
JOIN indicators_observationversion v ON v.id = o.in_force_id
JOIN accounts_user e ON e.id = v.entered_by_id
LEFT JOIN accounts_user r ON r.id = v.reviewed_by_id
ORDER BY s.code, o.year
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "targets_site.settings"
        os.environ.update(OPEN_READING="1", LOG_LEVEL="WARNING", DEBUG="0")
        os.environ.update(REQUESTS_A_MINUTE="1000000", COSTLY_REQUESTS_A_MINUTE="1000000")
        import django

        django.setup()
        return measure(Path(folder), options.pairs)


def measure(folder: Path, pairs: int) -> int:
    import targets_site.wsgi  # noqa: F401 - what a worker needs is compiled before it is measured
    from indicators.models import Observation

    rows = Observation.objects.filter(in_force__isnull=False).count()
    print(f"{rows} rows, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    same = same_sql()
    web = started(folder)
    try:
        first_bytes(web)  # the first request of a process loads what all of them need
        found = [pair(web, same, rows) for _turn in range(pairs)]
        is_torn_noticed = kill_half_way(web)
    finally:
        web.end()
    best = max(ratio for ratio, _more, _first in found)
    more = max(more for _ratio, more, _first in found)
    first = median(first for _ratio, _more, first in found)
    print(
        f"best ratio to the same SELECT {best:.2f} (limit {RATIO_LIMIT}), memory +{more:.1f} MB "
        f"(limit {MEGABYTES_LIMIT:.0f}), first byte {first:.3f} s (limit {FIRST_BYTE_LIMIT}), "
        f"torn file {'noticed' if is_torn_noticed else 'PASSED FOR WHOLE'}"
    )
    fits = best >= RATIO_LIMIT and more <= MEGABYTES_LIMIT and first <= FIRST_BYTE_LIMIT
    return int(not fits or not is_torn_noticed)


def same_sql() -> str:
    """What the server runs, without its COPY."""
    from django.db import connection

    from reports.exports import TABLES, Selection
    from reports.exports.copied import copy_statement

    selection = Selection(TABLES["observations"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        statement = cursor.mogrify(*copy_statement(selection.table, selection.rows()))
    text: str = statement.decode()
    return text[text.index("(") + 1 : text.rindex(") TO STDOUT")]


def started(folder: Path) -> Any:
    from tests.services.servers import Server, command_of, free_port, is_ready, wait_until

    port = free_port()
    own = {"--bind": f"127.0.0.1:{port}", "--workers": "1"}
    server = Server(command_of("web", own), folder / "web.log", dict(os.environ))
    server.start()
    server.url = f"http://127.0.0.1:{port}"  # type: ignore[attr-defined]
    wait_until(lambda: is_ready(server.url), seconds=60)  # type: ignore[attr-defined]
    return server


def pair(web: Any, same: str, rows: int) -> tuple[float, float, float]:
    """Ratio to the same SELECT, megabytes above idle, seconds to the first byte."""
    bare_seconds = by_psql(BARE_SQL)
    same_seconds = by_psql(same)
    [worker] = web.children()
    idle = megabytes(worker)
    with highest(worker) as peak:
        our_seconds, first = by_curl(web)
    first_row = first_bytes(web)
    print(
        f"psql bare {rows / bare_seconds:9,.0f} rows/s, same {rows / same_seconds:9,.0f}, "
        f"ours {rows / our_seconds:9,.0f}: {same_seconds / our_seconds:.2f} × same, "
        f"{bare_seconds / our_seconds:.2f} × bare; first byte {first:.3f} s, first row "
        f"{first_row:.3f} s; worker {idle:.1f} MB idle, {peak.megabytes:.1f} at most, "
        f"{megabytes(worker):.1f} after; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    return same_seconds / our_seconds, peak.megabytes - idle, first


def by_psql(select: str) -> float:
    one = " ".join(select.split("\n"))
    command = ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    started_at = time.monotonic()
    subprocess.run(
        [*command, os.environ["DATABASE_URL"], "--command", f"\\copy ({one}) TO /dev/null CSV"],
        check=True,
        env={**os.environ, "PGTZ": "Asia/Shanghai"},
    )
    return time.monotonic() - started_at


def by_curl(web: Any) -> tuple[float, float]:
    """Seconds to the end and to the first byte of the answer's body."""
    said = subprocess.run(
        ["curl", "--silent", "--fail", "--output", "/dev/null", "--write-out",
         "%{time_total} %{time_starttransfer}", f"{web.url}{ADDRESS}"],
        check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    return float(said[0]), float(said[1])


def first_bytes(web: Any) -> float:
    """Seconds until some rows are there; the line is then cut."""
    line = http.client.HTTPConnection(urlsplit(web.url).netloc, timeout=60)
    started_at = time.monotonic()
    line.request("GET", ADDRESS)
    with line.getresponse() as answer:
        answer.read(20_000)
        taken = time.monotonic() - started_at
    line.close()
    return taken


class highest:
    """The most memory that a process has while something runs."""

    def __init__(self, pid: int) -> None:
        self.pid, self.megabytes, self.is_over = pid, 0.0, False
        self.thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        while not self.is_over:
            self.megabytes = max(self.megabytes, megabytes(self.pid))
            time.sleep(0.05)

    def __enter__(self) -> "highest":
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.is_over = True
        self.thread.join()


def megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    [resident] = [line.split()[1] for line in lines if line.startswith("VmRSS")]
    return int(resident) / 1024


def kill_half_way(web: Any) -> bool:
    """Whether curl fails where the server dies while it sends."""
    curl = subprocess.Popen(
        ["curl", "--silent", "--fail", "--output", "/dev/null", f"{web.url}{ADDRESS}"]
    )
    time.sleep(2)
    web.kill()
    code = curl.wait(30)
    print(f"server killed half-way: curl exits with {code}")
    return code != 0


if __name__ == "__main__":
    sys.exit(main())
