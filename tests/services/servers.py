"""The product's own processes, as `docker-compose.yml` starts them, on the database of a test; each
can be killed, frozen and started again. And a Redis of their own, so that it can be, too."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import Request, urlopen

import redis
import yaml
from django.conf import settings
from django.db import connection

COMPOSE = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8"))
LOCAL = "127.0.0.1"
SECONDS_TO_START = 90
# Of our own proxies, by address: nobody else has signed them.
CERTIFICATES: dict[str, Path] = {}


def wait_until(holds: Callable[[], object], *, seconds: float, every: float = 0.05) -> float:
    """Returns how many seconds it took."""
    started = time.monotonic()
    while not holds():
        assert time.monotonic() < started + seconds, f"waited {seconds} s in vain"
        time.sleep(every)
    return time.monotonic() - started


@dataclass
class Server:
    """One service with its children: a process group of its own."""

    command: list[str]
    log: Path
    environment: dict[str, str]
    process: "subprocess.Popen[bytes]" = field(init=False)

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=settings.BASE_DIR,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self) -> None:
        """All at once, as where a machine loses its power."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def freeze(self) -> None:
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.killpg(self.process.pid, signal.SIGCONT)

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in listed.read_text().split()]

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def ask_to_end(self) -> None:
        if self.process.poll() is None:
            self.thaw()
            self.process.terminate()

    def end(self) -> None:
        """Asked to first; nothing stays behind."""
        self.ask_to_end()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


class Redis(Server):
    """An own one with the options of the compose file, on a free port, its data in a folder.
    Anybody on this machine comes in: what it keeps is a test's."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder / "redis", free_port()
        self.url = f"redis://{LOCAL}:{self.port}/0"
        own = ["--bind", LOCAL, "--port", str(self.port), "--dir", str(self.folder)]
        command = [*without("--aclfile", COMPOSE["services"]["redis"]["command"]), *own]
        super().__init__(command, folder / "redis.log", {**os.environ})

    def start(self) -> None:
        self.folder.mkdir(exist_ok=True)
        super().start()
        wait_until(lambda: answers(self.port), seconds=SECONDS_TO_START)

    def lose_everything(self) -> None:
        """Killed, its volume gone, and up again."""
        self.kill()
        shutil.rmtree(self.folder)
        self.start()

    def reset_connections(self) -> None:
        with redis.Redis(port=self.port) as client:
            client.client_kill_filter(_type="normal", skipme=True)
            client.client_kill_filter(_type="pubsub", skipme=True)


@dataclass
class Site:
    """The service mode on one machine. Parts are started by who needs them."""

    folder: Path
    var: Path
    broker: Redis
    port: int = field(default_factory=lambda: free_port())
    running: list[Server] = field(default_factory=list)
    # Where another role than the test's is to be used.
    database_url: str = ""
    # Variables for what is started from now on.
    more: dict[str, str] = field(default_factory=dict)
    # Of the proxy, where people come through one.
    proxy_url: str = ""

    @property
    def url(self) -> str:
        return self.proxy_url or f"http://{LOCAL}:{self.port}"

    def web(self, address: str = LOCAL) -> Server:
        place = f"{address}:{self.port}"
        web = self._start("web", {"--bind": place})
        wait_until(lambda: is_ready(f"http://{place}"), seconds=SECONDS_TO_START)
        return web

    def worker(self, name: str = "worker", *, more: Sequence[str] = ()) -> Server:
        """name: of its log, where there are several. more: options beside those of the file."""
        worker = self._start("worker", {}, log=name, more=more)
        wait_until(lambda: " ready." in worker.said(), seconds=SECONDS_TO_START)
        return worker

    def beat(self, name: str = "beat") -> Server:
        schedule = self.folder / f"{name}-schedule"
        beat = self._start("beat", {"--schedule": str(schedule)}, log=name)
        wait_until(lambda: "beat: Starting" in beat.said(), seconds=SECONDS_TO_START)
        return beat

    def sealer(self) -> Server:
        sealer = self._start("sealer", {"--heartbeat": str(self.folder / "sealer-alive")})
        wait_until((self.folder / "sealer-alive").exists, seconds=SECONDS_TO_START)
        return sealer

    def end(self) -> None:
        for server in reversed(self.running):
            server.end()

    def nudge(self, name: str = "nudge") -> None:
        """As after an approval, by a process of its own. name: of one for other work."""
        code = f"import django; django.setup(); from indicators import tasks; tasks.{name}()"
        settings_module = {"DJANGO_SETTINGS_MODULE": "targets_site.settings"}
        subprocess.run(
            [sys.executable, "-c", code],
            env={**self._environment(), **settings_module},
            cwd=settings.BASE_DIR,
            check=True,
        )

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": self.database_url or database_url(),
            # Tests ask oftener than people.
            "REQUESTS_A_MINUTE": "1000000",
            "COSTLY_REQUESTS_A_MINUTE": "1000000",
            "REDIS_URL": self.broker.url,
            "VAR_DIR": str(self.var),
            "TRAIL_HEADS_DIR": str(self.folder / "trail"),
            # Whether a service is up is seen by what it says.
            "LOG_LEVEL": "INFO",
            **self.more,
        }

    def _start(
        self, service: str, own: dict[str, str], *, log: str = "", more: Sequence[str] = ()
    ) -> Server:
        command = [*command_of(service, own), *more]
        environment = {**self._environment(), **environment_of(service)}
        server = Server(command, self.folder / f"{log or service}.log", environment)
        self.running.append(server)
        server.start()
        return server


@contextmanager
def site(folder: Path, *, var: Path) -> Iterator[Site]:
    """With its Redis running and nothing else yet; all of it ends here.

    folder: for logs and what Redis keeps. var: with the static files.
    """
    broker = Redis(folder)
    one = Site(folder, var, broker)
    broker.start()
    try:
        yield one
    finally:
        one.end()
        broker.end()


def command_of(service: str, own: dict[str, str]) -> list[str]:
    """As the compose file says, but for the values of these options."""
    program, *arguments = COMPOSE["services"][service]["command"]
    names = [each.split("=")[0] for each in arguments]
    assert set(own) <= set(names), "what is replaced stands in the compose file"
    replaced = [
        f"{name}={own[name]}" if name in own else argument
        for name, argument in zip(names, arguments, strict=True)
    ]
    # The virtual environment's own, whatever PATH says.
    start = [sys.executable] if program == "python" else [sys.executable, "-m", program]
    return [*start, *replaced]


def environment_of(service: str) -> dict[str, str]:
    """What the compose file sets for it, but for what names places of a container: addresses,
    folders, and the files of secrets."""
    said = COMPOSE["services"][service]["environment"]
    return {name: each for name, each in said.items() if "/" not in each}


def without(option: str, command: Sequence[str]) -> list[str]:
    """Nor the value that follows it."""
    at = command.index(option)
    return [*command[:at], *command[at + 2 :]]


def collect_static_files(var: Path) -> None:
    """As the image does; pages name static files by their hashes."""
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "VAR_DIR": str(var)},
        check=True,
    )


def database_url() -> str:
    """Of the database that the test's connection stands on."""
    one = connection.settings_dict
    password = f":{one['PASSWORD']}" if one["PASSWORD"] else ""
    return f"postgres://{one['USER']}{password}@{one['HOST']}:{one['PORT']}/{one['NAME']}"


def free_port() -> int:
    with socket.socket() as one:
        one.bind((LOCAL, 0))
        return int(one.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with socket.create_connection((LOCAL, port), 1):
            return True
    except OSError:
        return False


def tls(url: str) -> ssl.SSLContext | None:
    """What a client of this address trusts; None where it is no proxy of ours."""
    return ssl.create_default_context(cafile=CERTIFICATES[url]) if url in CERTIFICATES else None


def is_ready(url: str) -> bool:
    """Asked as the proxy asks web: by the site's name, wherever it is, and as by HTTPS."""
    asked = Request(f"{url}/readyz", headers={"Host": LOCAL, "X-Forwarded-Proto": "https"})
    try:
        with urlopen(asked, timeout=5, context=tls(url)) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def tryout(folder: Path) -> Iterator[tuple[str, str]]:
    """The try-out as a visitor starts it, with the real data: its address, and the password of the
    demo accounts."""
    port = free_port()
    ours = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
    environment = {name: each for name, each in os.environ.items() if name not in ours}
    environment["VAR_DIR"] = str(folder / "var")
    command = [sys.executable, "manage.py", "tryout", "--port", str(port)]
    server = Server(command, folder / "tryout.log", environment)
    server.start()
    try:
        wait_until(lambda: is_ready(f"http://{LOCAL}:{port}"), seconds=SECONDS_TO_START)
        yield f"http://{LOCAL}:{port}", (folder / "var" / "demo_password").read_text().strip()
    finally:
        server.end()
