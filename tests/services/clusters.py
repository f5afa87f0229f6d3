"""A PostgreSQL of a test's own, so that it can be stopped, frozen, filled and killed."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg2
from django.conf import settings

from tests.services.servers import COMPOSE, LOCAL, free_port, wait_until

COMPOSE_COMMAND = COMPOSE["services"]["postgres"]["command"]
# Who may connect, as the compose file mounts it. The server reads its own copy of it.
HBA = settings.BASE_DIR / "targets_site" / "operations" / "pg_hba.conf"
MOUNTED_HBA = f"/etc/postgresql/{HBA.name}"
PROGRAMS = Path("/usr/lib/postgresql/15/bin")
SECONDS_TO_START = 30
SUPERUSER = "postgres"


def unprivileged() -> str:
    """Whom the server runs as: it refuses root."""
    return "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


@dataclass
class Cluster:
    """On a free port, with the settings of the compose file. Passwords are asked for, as there.

    more: settings beside those. folder: ours to delete; made where none is given. It must be open
    to an unprivileged user, which pytest's own folders are not.
    """

    more: Mapping[str, str] = field(default_factory=dict)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="cluster-")))
    port: int = field(default_factory=free_port)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    def url(self, *, name: str = "postgres", user: str = SUPERUSER, password: str = "") -> str:
        """user, password: the superuser's unless named."""
        word = quote(password or self.password, safe="")
        return f"postgres://{user}:{word}@{LOCAL}:{self.port}/{name}"

    def make(self) -> None:
        """Once, before the first start."""
        self.folder.mkdir(exist_ok=True)
        file = self.folder / "password"
        file.touch(0o600)
        file.write_text(self.password)
        self._hand_over(self.folder, file)
        self._run(
            PROGRAMS / "initdb",
            f"--pgdata={self.data}",
            f"--username={SUPERUSER}",
            f"--pwfile={file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        )
        file.unlink()
        (self.folder / HBA.name).write_bytes(HBA.read_bytes())

    def start(self) -> None:
        """Returns once it takes connections. After a crash it recovers first."""
        own = {"listen_addresses": LOCAL, "port": str(self.port)}
        own |= {"unix_socket_directories": str(self.folder)}
        # The compose file's archive is a volume.
        own |= {"archive_mode": "off", **self.more}
        settings = [f"-c{name}={value}" for name, value in own.items()]
        command = [PROGRAMS / "postgres", "-D", self.data, *compose_settings(), *settings]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command, stdout=output, stderr=output, cwd=self.folder, **_as_unprivileged()
            )
        wait_until(self.answers, seconds=SECONDS_TO_START)

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.said()[-2000:]
        try:
            psycopg2.connect(self.url(), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def run(self, *statements: str, name: str = "postgres") -> list[tuple[object, ...]]:
        """As superuser, each on its own; the rows of the last, if it has any."""
        connection = psycopg2.connect(self.url(name=name))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                for each in statements:
                    cursor.execute(each)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def stop_immediately(self) -> None:
        """As `pg_ctl --mode immediate stop`: connections are cut, the next start recovers."""
        self._signal_and_wait(signal.SIGQUIT)

    def kill(self) -> None:
        """-9 to all of it at once, as where the machine loses its power."""
        self._signal_all(signal.SIGKILL)
        self._wait()

    def stop(self) -> None:
        """As `pg_ctl --mode fast stop`: what is under way is rolled back."""
        self._signal_and_wait(signal.SIGINT)

    def freeze(self) -> None:
        """Takes connections, by the kernel, and answers nothing."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def end(self) -> None:
        """Nothing stays behind."""
        if self.process and self.process.poll() is None:
            self.thaw()
            self.stop_immediately()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _signal_all(self, number: int) -> None:
        """The postmaster first, so that it makes no more; its backends lead groups of their own."""
        assert self.process
        os.kill(self.process.pid, number)
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for pid in listed.read_text().split():
            try:
                os.kill(int(pid), number)
            except ProcessLookupError:  # it ended by itself
                continue

    def _signal_and_wait(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)
        self._wait()

    def _wait(self) -> None:
        assert self.process
        self.process.wait(SECONDS_TO_START)
        # Backends that outlive the postmaster by a moment hold its lock and its shared memory.
        time.sleep(0.1)

    def _run(self, *command: object) -> None:
        subprocess.run(
            [str(each) for each in command],
            check=True,
            capture_output=True,
            cwd=self.folder,
            **_as_unprivileged(),
        )

    def _hand_over(self, *paths: Path) -> None:
        for each in paths:
            shutil.chown(each, user=unprivileged())


@contextmanager
def cluster(**more: str) -> Iterator[Cluster]:
    """Made and running; all of it is gone afterwards. more: settings beside the compose file's."""
    one = Cluster(more)
    try:
        one.make()
        one.start()
        yield one
    finally:
        one.end()


def compose_settings() -> list[str]:
    """What the compose file has its server started with, without its program."""
    return [each.replace(MOUNTED_HBA, HBA.name) for each in COMPOSE_COMMAND[1:]]


def _as_unprivileged() -> dict[str, object]:
    """What a root's child is started as. LC_ALL: messages in English, whatever the machine's."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    if os.geteuid() != 0:
        return {"env": environment}
    user = pwd.getpwnam(unprivileged())
    own = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return {"env": environment, **own}
