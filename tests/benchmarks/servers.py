"""The product's own processes on the database of a benchmark: the web server and, in the service
mode, a worker; and what they use."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

SECONDS_TO_START = 60
# One person asks as often as the machine answers.
UNLIMITED = {"REQUESTS_A_MINUTE": "1000000", "COSTLY_REQUESTS_A_MINUTE": "1000000"}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Servers:
    """Running processes. groups: by name (web, worker) the process group."""

    url: str
    groups: dict[str, int]

    def cpu_seconds(self) -> float:
        """Of all of them since they started."""
        return sum(_cpu_ticks(pid) for group in self.groups.values() for pid in _of(group)) / TICKS

    def peak_megabytes(self) -> dict[str, float]:
        """By name, of its largest process."""
        return {name: max(map(_peak, _of(group))) for name, group in self.groups.items()}


@contextmanager
def servers(folder: Path) -> Iterator[Servers]:
    """Start them on the database that the connection stands on now; ended afterwards."""
    from django.conf import settings

    from tests.services.servers import environment_of

    environment = {
        **os.environ,
        "DATABASE_URL": _database_url(),
        # That the worker is up is seen by what it says.
        "LOG_LEVEL": "INFO",
        **UNLIMITED,
        **environment_of("web"),
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    commands = {
        "web": [
            "gunicorn", "targets_site.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1",
            "--threads", "8", "--worker-class", "gthread", "--no-control-socket",
            "--log-level", "warning",
        ],
    }  # fmt: skip
    if not settings.EMBEDDED:
        commands["worker"] = [
            "celery", "-A", "targets_site", "worker", "--concurrency", "1", "--without-gossip",
            "--without-mingle", "--loglevel", "INFO",
        ]  # fmt: skip
    with ExitStack() as stack:
        groups = {
            name: stack.enter_context(_running(command, environment, folder / f"{name}.log"))
            for name, command in commands.items()
        }
        url = f"http://127.0.0.1:{port}"
        _wait_until(lambda: _answers(f"{url}/readyz"))
        if "worker" in groups:
            _wait_until(lambda: "ready" in (folder / "worker.log").read_text(errors="replace"))
        yield Servers(url, groups)


@contextmanager
def _running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[int]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait(30)


def _database_url() -> str:
    from django.db import connection

    one = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{one['NAME']}"
    password = f":{one['PASSWORD']}" if one["PASSWORD"] else ""
    return f"postgres://{one['USER']}{password}@{one['HOST']}:{one['PORT']}/{one['NAME']}"


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _wait_until(holds: Callable[[], bool]) -> None:
    stop_at = time.monotonic() + SECONDS_TO_START
    while not holds():
        if time.monotonic() > stop_at:
            raise TimeoutError("a server did not start")
        time.sleep(0.1)


def _of(group: int) -> list[int]:
    pids = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
    return [pid for pid in pids if _stat(pid)[2:3] == [str(group)]]


def _stat(pid: int) -> list[str]:
    """From the state on; the name before it may hold anything. Empty where it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _cpu_ticks(pid: int) -> int:
    """With its children that have ended."""
    return sum(map(int, _stat(pid)[11:15]))


def _peak(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(each.split()[1]) / 1024 for each in lines if each.startswith("VmHWM")), 0.0)
