"""Connections to PostgreSQL that do not wait for a server that stands still.

A server that is frozen (stopped, out of memory, its machine paused) answers nothing, while its
kernel goes on acknowledging: neither keepalives nor `tcp_user_timeout` end the wait, and
`statement_timeout` is the server's own. So one thread in each process looks at what its connections
have been waiting for, asks the server a question that it answers without logging in, and cuts the
connections where no answer comes. A statement that merely takes long is left alone. Until the
server answers again nobody begins to wait for it.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import psycopg2
from psycopg2 import extensions

logger = logging.getLogger(__name__)

# Seconds that a statement takes before the server is asked whether it is there, seconds that it has
# to answer, and between two looks. Together well below a person's patience of ten.
ASKS_AFTER, ANSWERS_WITHIN, LOOKS_EVERY = 2.0, 2.0, 0.25
# Source: PostgreSQL documentation, "Message Formats", SSLRequest; answered by one byte.
QUESTION = bytes.fromhex("00000008 04d2162f")
FROZEN = "the server stands still"

# Source: the same, appendix "Error codes", the class of operator intervention and shutdown.
SHUT_DOWN = "57P"

Address = tuple[str, int]
T = TypeVar("T")


class CommitUnanswered(psycopg2.OperationalError):  # type: ignore[misc]  # psycopg2 has no types
    """The connection was lost while the server was asked to commit: it may have, or not."""


def answers(server: Address, *, seconds: float = ANSWERS_WITHIN) -> bool:
    """Whether it says anything at all, or is plainly not there: then each connection knows."""
    host, port = server
    try:
        with _reached(host, port, seconds) as asked:
            asked.sendall(QUESTION)
            return len(asked.recv(1)) <= 1
    except TimeoutError:
        return False
    except OSError:
        return True


def _reached(host: str, port: int, seconds: float) -> socket.socket:
    """host: of a network, or the folder of a socket."""
    if not host.startswith("/"):
        return socket.create_connection((host, port), timeout=seconds)
    local = socket.socket(socket.AF_UNIX)
    local.settimeout(seconds)
    local.connect(str(Path(host) / f".s.PGSQL.{port}"))
    return local


@dataclass
class Watch:
    """What the connections of one process wait for, and which servers are known to stand still."""

    waiting: dict["Connection", float] = field(default_factory=dict)
    frozen: set[Address] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)
    thread: threading.Thread | None = None

    def begin(self) -> None:
        """Where no thread looks yet: in a new process, and in one that was forked."""
        with self.lock:
            if self.thread is None:
                self.thread = threading.Thread(target=self._run, name="frozen", daemon=True)
                self.thread.start()

    def _run(self) -> None:
        while True:
            time.sleep(LOOKS_EVERY)
            try:
                self.look()
            except Exception:
                logger.exception("The connections could not be looked at; trying again.")

    def look(self) -> None:
        due = time.monotonic() - ASKS_AFTER
        long = [each for each, since in list(self.waiting.items()) if since < due]
        for server in {each.server for each in long} | self.frozen:
            if answers(server):
                self._thawed(server)
            else:
                self._cut(server)

    def _thawed(self, server: Address) -> None:
        if server in self.frozen:
            logger.warning("PostgreSQL answers again.")
            self.frozen.discard(server)

    def _cut(self, server: Address) -> None:
        if server not in self.frozen:
            logger.error("PostgreSQL stands still: its connections are cut.")
            self.frozen.add(server)
        # Whoever stops waiting takes the lock: no connection is closed, and its number given to
        # another file, while it is cut.
        with self.lock:
            for each in [one for one in self.waiting if one.server == server]:
                each.cut()


watch = Watch()


def _begin_anew() -> None:
    """After a fork: the thread stayed behind, and whatever it held with it."""
    global watch
    watch = Watch()


os.register_at_fork(after_in_child=_begin_anew)


class Connection(extensions.connection):  # type: ignore[misc]
    """As psycopg2's; raises OperationalError where the server stands still."""

    def __init__(self, dsn: str, *arguments: Any) -> None:
        if watch.frozen and address_in(dsn) in watch.frozen:
            raise psycopg2.OperationalError(FROZEN)
        watch.begin()
        super().__init__(dsn, *arguments)
        self.server: Address = (self.info.host, self.info.port)

    def waited_for(self, do: Callable[..., T], *arguments: Any) -> T:
        watch.waiting[self] = time.monotonic()
        try:
            return do(*arguments)
        finally:
            with watch.lock:
                watch.waiting.pop(self, None)

    def commit(self) -> None:
        try:
            self.waited_for(super().commit)
        except psycopg2.OperationalError as error:
            if is_answer(error):
                raise
            raise CommitUnanswered(*error.args) from error

    def rollback(self) -> None:
        self.waited_for(super().rollback)

    def cut(self) -> None:
        """Whoever waits is told that the server closed the connection."""
        try:
            with socket.socket(fileno=os.dup(self.fileno())) as ours:
                ours.shutdown(socket.SHUT_RDWR)
        except (OSError, psycopg2.Error):
            logger.info("A connection was closed before it was cut.")


class Cursor(extensions.cursor):  # type: ignore[misc]
    """Of such a connection; what asks the server is waited for."""

    def execute(self, query: Any, values: Any = None) -> None:
        self.connection.waited_for(super().execute, query, values)

    def executemany(self, query: Any, many: Any) -> None:
        self.connection.waited_for(super().executemany, query, many)

    def copy_expert(self, *arguments: Any, **named: Any) -> None:
        self.connection.waited_for(partial(super().copy_expert, *arguments, **named))

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Of a cursor with a name, asks for more."""
        size = self.arraysize if size is None else size
        fetched: list[Any] = self.connection.waited_for(super().fetchmany, size)
        return fetched


def address_in(dsn: str) -> Address:
    said = extensions.parse_dsn(dsn)
    return said.get("host", ""), int(said.get("port", 5432))


def is_answer(error: psycopg2.OperationalError) -> bool:
    """Whether the server said no; one that was shut down meanwhile may have done it before."""
    code = error.pgcode or ""
    return bool(code) and not code.startswith(SHUT_DOWN)
