"""The whole service mode on one machine without Docker, as the compose file has it:

    python -m tests.services.up [--folder F] [--demo]

Its own PostgreSQL and Redis, the secrets as files, each service as its own role of the database, by
the command lines and environments of the compose file. Ends all of it on Ctrl+C.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "targets_site.settings")

from django.conf import settings

from targets_site.operations import make_secrets
from tests.services.clusters import Cluster
from tests.services.proxies import WEB, Proxy
from tests.services.servers import (
    COMPOSE,
    LOCAL,
    SECONDS_TO_START,
    Server,
    answers,
    collect_static_files,
    free_port,
    is_ready,
    wait_until,
)

SERVICES = COMPOSE["services"]
EXAMPLE = settings.BASE_DIR / ".env.example"
# In the order in which each waits for the one before.
STEPS = ("roles", "migrate", "protect")
# Demo accounts sign in nowhere but in the try-out; by another name they are people of this site.
DEMO = """
from django.core.management import call_command
from targets_site.accounts.models import User
for name in ("load_reference", "demo_accounts", "demo_round", "recompute"):
    call_command(name)
for user in User.objects.all():
    user.full_name = user.full_name.removeprefix("演示")
    user.save(update_fields=["full_name"])
"""
# Unlike the example of `.env`: who tries this out has no second factor. Celery warns of root
# before it writes its log; in a container nobody is root.
HERE = {
    "SECOND_FACTOR_ROLES": "",
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
}


@dataclass
class Deployment:
    """folder: for secrets, logs and what is written. var: with the static files."""

    folder: Path
    var: Path
    port: int = field(default_factory=free_port)
    redis_port: int = field(default_factory=free_port)
    running: dict[str, Server] = field(default_factory=dict)
    cluster: Cluster = field(init=False)
    proxy: Proxy = field(init=False)

    def __post_init__(self) -> None:
        for each in ("tmp", "redis"):
            (self.folder / each).mkdir(parents=True, exist_ok=True)
        make_secrets.make(self.secrets)
        self.cluster = Cluster(password=self.secret(make_secrets.SUPERUSER))
        self.proxy = Proxy(self.folder, self.secrets, self.port)

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    @property
    def url(self) -> str:
        return self.proxy.url

    def secret(self, name: str) -> str:
        return (self.secrets / name).read_text(encoding="utf-8")

    def here(self, text: str) -> str:
        """What the compose file says, with the places of this machine in place of a container's."""
        places = {
            "/run/secrets/redis_users": f"{self.secrets}/{make_secrets.REDIS_USERS}",
            "/run/secrets": str(self.secrets),
            "/srv/targets/var": str(self.var),
            "/tmp/": f"{self.folder}/tmp/",
            "postgres:5432": f"{LOCAL}:{self.cluster.port}",
            "redis:6379": f"{LOCAL}:{self.redis_port}",
            "0.0.0.0:8000": f"{WEB}:{self.port}",
        }
        # At once: our places lie under /tmp themselves.
        return re.sub("|".join(map(re.escape, places)), lambda found: places[found[0]], text)

    def environment(self, service: str) -> dict[str, str]:
        """Of a container: what the example of `.env` and the compose file say, but for HERE."""
        lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
        of_file = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        own = SERVICES[service]["environment"]
        said = {name: self.here(str(each)) for name, each in {**of_file, **own}.items()}
        return {"PATH": os.environ["PATH"], **said, **HERE}

    def command(self, service: str) -> list[str]:
        program, *arguments = map(self.here, SERVICES[service]["command"])
        start = [sys.executable] if program == "python" else [sys.executable, "-m", program]
        return [*start, *arguments]

    def start(self) -> None:
        """Database, Redis, the steps, then the services, and the proxy before them."""
        self.cluster.make()
        self.cluster.start()
        self._start_redis()
        self.proxy.start()
        self.running["proxy"] = self.proxy.nginx
        self.start_services()

    def start_services(self) -> None:
        """The steps first, as `docker compose up` does."""
        for each in STEPS:
            self._run(each, self.command(each))
        for each in ("web", "worker", "beat", "sealer", "backup"):
            self._start(each, self.command(each), self.environment(each))
        wait_until(lambda: is_ready(self.url), seconds=SECONDS_TO_START)

    def demo(self) -> str:
        """The real data, and people with posts; returns their password. As the owner, in what these
        commands take for the try-out."""
        self.manage("migrate", "shell", "--command", DEMO, REDIS_URL="", OPEN_READING="1")
        return (self.var / "demo_password").read_text(encoding="utf-8").strip()

    def manage(self, service: str, *arguments: str, **more: str) -> str:
        """What a command prints that is run as this service, as `docker compose run` does."""
        return self._run(service, [sys.executable, "manage.py", *arguments], **more)

    def end(self) -> None:
        running = list(reversed(self.running.values()))
        # Redis last: the others say goodbye to it.
        for server in running[:-1]:
            server.ask_to_end()
        for server in running:
            server.end()
        self.proxy.end()
        self.cluster.end()

    def logs(self) -> str:
        return "".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))

    def _start_redis(self) -> None:
        # Chosen at the last moment, so that nobody else has taken it meanwhile.
        self.redis_port = free_port()
        own = ["--bind", LOCAL, "--port", str(self.redis_port), "--dir", f"{self.folder}/redis"]
        command = [*map(self.here, SERVICES["redis"]["command"]), *own]
        self._start("redis", command, {"PATH": os.environ["PATH"]})
        wait_until(lambda: answers(self.redis_port), seconds=SECONDS_TO_START)

    def _start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        server = Server(command, self.folder / f"{name}.log", environment)
        server.start()
        self.running[name] = server

    def _run(self, service: str, command: list[str], **more: str) -> str:
        ended = subprocess.run(
            command,
            env={**self.environment(service), **more},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        with (self.folder / f"{service}-commands.log").open("a", encoding="utf-8") as log:
            log.write(ended.stdout + ended.stderr)
        assert ended.returncode == 0, f"{command[2:]}: {ended.stdout}{ended.stderr}"
        return ended.stdout


@contextmanager
def deployment(folder: Path, *, var: Path) -> Iterator[Deployment]:
    """Running; nothing of it stays but the folder."""
    one = Deployment(folder, var)
    try:
        one.start()
        yield one
    finally:
        one.end()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.services.up")
    parser.add_argument("--folder", type=Path, help="for secrets and logs; made where none is")
    parser.add_argument("--demo", action="store_true", help="with the real data and demo accounts")
    asked = parser.parse_args()
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="targets-up-"))
    collect_static_files(folder / "var")
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with deployment(folder, var=folder / "var") as one:
        if asked.demo:
            print(f"official, reviewer, leader …: {one.demo()}")
        print(f"{one.url}/  {folder}  (Ctrl+C)", flush=True)
        stopped.wait()
    if not asked.folder:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
