"""The reading pages by one web process, as it is deployed: time, queries, weight and memory.

    .venv/bin/python -m tests.benchmarks.pages [--turns 200]
    DATABASE_URL=postgres://… REDIS_URL=redis://… SECRET_KEY=x .venv/bin/python -m …

On the real provinces in a new SQLite file, or on whatever database DATABASE_URL names. gunicorn
runs with the options of docker-compose.yml and one worker; pages are asked for over one connection
on this machine, as a reader who is not signed in, compressed. Of each kind of page up to 20
addresses (areas, targets … spread over the table) are asked for once, which is cold, and then in
turns, which is warm. In the same run: a bare Django page behind login with three queries, and our
overview signed in. Prints p50 and p95 in milliseconds, queries, kB and the memory of the worker
after it served all that. Writes nothing but a session and its user, which go again. Exits with 1
where warm the p50 of overview or area, a number of queries or the memory is above its limit, or
a page is not answered at all.
"""

import argparse
import gzip
import http.client
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

FEW_AREAS = 100
LIMIT_MS, LIMIT_MS_NATION = 10.0, 60.0
QUERIES_AT_MOST, MEGABYTES_AT_MOST = 8, 140
ADDRESSES = 20
# Seconds that a page may take, and all cold pages of a kind; what is left then is not asked for.
PATIENCE = 30.0
HELD_TO_IT = ("overview", "area")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # Static files by hashed names, and the database where none is named.
        os.environ["VAR_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "targets_site.settings"
        os.environ.update(OPEN_READING="1", LOG_LEVEL="WARNING", DEBUG="0")
        os.environ.update(REQUESTS_A_MINUTE="1000000", COSTLY_REQUESTS_A_MINUTE="1000000")
        import django

        django.setup()
        prepare(is_new="DATABASE_URL" not in os.environ)
        return measure(Path(folder), options.turns)


def prepare(*, is_new: bool) -> None:
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    if is_new:
        for command in ("migrate", "load_reference", "recompute"):
            call_command(command, **({"verbosity": 0} if command == "migrate" else {}))


def measure(folder: Path, turns: int) -> int:
    from django.db import connection

    from targets_site.places.models import Area

    areas = Area.objects.count()
    limit = LIMIT_MS if areas <= FEW_AREAS else LIMIT_MS_NATION
    print(f"{connection.vendor}, {areas} areas, one worker, {turns} turns", flush=True)
    with (
        signed_in() as cookie,
        web(folder, "tests.benchmarks.bare_site") as bare,
        web(folder, "targets_site.wsgi") as ours,
    ):
        # Twice, since a busy machine may be slow just then.
        before = bare.measured("bare", ["/page/"], turns, cookie)
        after = bare.measured("bare again", ["/page/"], turns, cookie)
        ours.measured("overview, signed in", ["/"], turns, cookie)
        found = [ours.measured(kind, some, turns) for kind, some in addresses().items()]
        megabytes, of_bare = ours.megabytes(), bare.megabytes()
    asked = queries({each.kind: each.address for each in found if each.is_answered})
    slowest = max(each.warm for each in found if each.kind in HELD_TO_IT)
    base = min(before.warm, after.warm)
    print(
        f"slowest p50 of {' and '.join(HELD_TO_IT)} {slowest:.1f} ms (limit {limit:.0f}), "
        f"{slowest / base:.1f} × a bare page; at most {asked} queries (limit {QUERIES_AT_MOST}); "
        f"worker {megabytes:.0f} MB (limit {MEGABYTES_AT_MOST}; bare {of_bare:.0f})"
    )
    fits = slowest <= limit and asked <= QUERIES_AT_MOST and megabytes <= MEGABYTES_AT_MOST
    return int(not fits or not all(each.is_answered for each in found))


def addresses() -> dict[str, list[str]]:
    """By kind of page; the overview of all areas and of each of some."""
    from indicators.models import Indicator
    from plans.models import Document, Target
    from targets_site.places.models import Area

    areas = spread(Area.objects.order_by("code"), "code")
    targets = Target.objects.in_force().exclude(kind="text").order_by("pk")
    return {
        "overview": ["/", *(f"/?area={code}" for code in areas)][:ADDRESSES],
        "area": [f"/areas/{code}/" for code in areas],
        "target": [f"/targets/{code}/" for code in spread(targets, "code")],
        "document": [f"/documents/{slug}/" for slug in spread(Document.objects.all(), "slug")],
        "indicator": [f"/indicators/{code}/" for code in spread(Indicator.objects.all(), "code")],
    }


def spread(rows: Any, name: str) -> list[str]:
    values = list(rows.values_list(name, flat=True))
    return values[:: max(1, len(values) // ADDRESSES)][:ADDRESSES]


def queries(pages: dict[str, str]) -> int:
    """The most that a page asks while it is kept, asked for right here; prints those of a page that
    is built, too."""
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.get("/")

    def count(address: str) -> int:
        asked: list[str] = []

        def note(execute: Any, sql: str, *rest: Any) -> Any:
            asked.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            client.get(address)
        return len(asked)

    caches["pages"].clear()
    counted = {kind: (count(address), count(address)) for kind, address in pages.items()}
    told = (f"{kind} {built}, kept {kept}" for kind, (built, kept) in counted.items())
    print("queries:", "; ".join(told), flush=True)
    return max(kept for _built, kept in counted.values())


@contextmanager
def signed_in() -> Iterator[str]:
    """The cookie of a session of a new user; both go at the end."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from targets_site.accounts.models import User
    from targets_site.accounts.sessions import SessionStore

    person = User.objects.create_user("benchmark")
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    try:
        yield f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    finally:
        session.delete()
        person.delete()


@dataclass(frozen=True)
class Measured:
    """warm: p50 in milliseconds; infinite where no page was answered in time."""

    kind: str
    address: str
    warm: float = float("inf")

    @property
    def is_answered(self) -> bool:
        return self.warm < float("inf")


@dataclass(frozen=True)
class Web:
    port: int
    pids: list[int]

    def measured(self, kind: str, some: list[str], turns: int, cookie: str = "") -> Measured:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Accept-Encoding": "gzip", **({"Cookie": cookie} if cookie else {})}
        started, cold = time.monotonic(), []
        try:
            while some[len(cold) :] and time.monotonic() < started + PATIENCE:
                cold.append(get(line, some[len(cold)], headers))
        except TimeoutError:
            print(f"{kind:<20} {some[len(cold)]} takes more than {PATIENCE:.0f} s", flush=True)
            return Measured(kind, some[0])
        some = some[: len(cold)]
        warm = [get(line, some[turn % len(some)], headers) for turn in range(turns)]
        times = [each.milliseconds for each in warm]
        largest = max(cold, key=lambda each: each.size)
        print(
            f"{kind:<20} warm p50 {median(times):5.1f} p95 {quantiles(times, n=20)[-1]:5.1f} ms, "
            f"cold p50 {median([each.milliseconds for each in cold]):6.1f} ms, largest "
            f"{largest.size / 1024:3.0f} kB ({largest.unpacked / 1024:3.0f} unpacked), "
            f"then the worker has {self.megabytes():.0f} MB",
            flush=True,
        )
        return Measured(kind, some[0], median(times))

    def megabytes(self) -> float:
        """Of the largest process, now."""
        return max(map(resident, self.pids))


@dataclass(frozen=True)
class Got:
    milliseconds: float
    size: int
    unpacked: int


def get(line: http.client.HTTPConnection, address: str, headers: dict[str, str]) -> Got:
    started = time.perf_counter()
    line.request("GET", address, headers=headers)
    response = line.getresponse()
    body = response.read()
    milliseconds = (time.perf_counter() - started) * 1000
    if response.status != 200:
        raise SystemExit(f"{address} answers {response.status}")
    is_packed = response.headers.get("Content-Encoding") == "gzip"
    return Got(milliseconds, len(body), len(gzip.decompress(body)) if is_packed else len(body))


def resident(pid: int) -> float:
    """Megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(each.split()[1]) / 1024 for each in lines if each.startswith("VmRSS"))


@contextmanager
def web(folder: Path, application: str) -> Iterator[Web]:
    """gunicorn as the compose file starts it, with one worker."""
    from tests.services.servers import (
        Server,
        command_of,
        environment_of,
        free_port,
        wait_until,
    )

    port = free_port()
    own = {"--bind": f"127.0.0.1:{port}", "--workers": "1"}
    command = [
        each.replace("targets_site.wsgi:", f"{application}:") for each in command_of("web", own)
    ]
    environment = {**os.environ, **environment_of("web")}
    server = Server(command, folder / f"{application}.log", environment)
    server.start()
    try:
        wait_until(lambda: listens(port) and server.children(), seconds=90)
        yield Web(port, server.children())
    finally:
        server.end()


def listens(port: int) -> bool:
    try:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        line.request("GET", "/")
        return line.getresponse().status > 0
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
