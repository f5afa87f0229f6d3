"""A request that stands still at a chosen point, until the test lets it go on."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tests.services.servers import wait_until

# Of all advisory locks the one that the trigger waits for.
LOCK = 51501
BEFORE_COMMIT, AT_COMMIT = "before", "at"
FOLDER_VARIABLE = "HELD_AFTER_FOLDER"


class Held:
    """Whoever inserts into the table: with BEFORE_COMMIT as soon as the row is there, with
    AT_COMMIT once all is written and the server has been asked to commit."""

    def __init__(self, table: str = "audit_entry", when: str = BEFORE_COMMIT) -> None:
        self.table, self.when = table, when

    def __enter__(self) -> "Held":
        deferred = "DEFERRABLE INITIALLY DEFERRED" if self.when == AT_COMMIT else ""
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION held() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0"
                f" AS $$ BEGIN PERFORM pg_advisory_xact_lock({LOCK}); RETURN NEW; END $$;"
                f"CREATE CONSTRAINT TRIGGER held AFTER INSERT ON {self.table} {deferred}"
                " FOR EACH ROW EXECUTE FUNCTION held();"
            )
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()
        wait_until(lambda: not self.backends(), seconds=30)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER held ON {self.table}; DROP FUNCTION held();")

    def release(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")

    def backends(self) -> list[int]:
        """Processes of the database whose clients stand there."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE wait_event = 'advisory'"
                " AND datname = current_database()"
            )
            return [pid for (pid,) in cursor.fetchall()]

    def wait(self, *, number: int = 1) -> list[int]:
        """Until so many stand there."""
        wait_until(lambda: len(self.backends()) >= number, seconds=30)
        return self.backends()

    def terminate(self) -> None:
        with connection.cursor() as cursor:
            for each in self.backends():
                cursor.execute("SELECT pg_terminate_backend(%s)", [each])


def waiting_for_locks() -> list[int]:
    """Processes of the database whose clients wait for a lock of whatever kind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database()"
        )
        return [pid for (pid,) in cursor.fetchall()]


class HeldAfterMiddleware:
    """Before the answer leaves, with everything committed: while a file `hold` is in the folder of
    the environment's HELD_AFTER_FOLDER. Says so by a file `held`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.folder = Path(os.environ[FOLDER_VARIABLE])

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "POST":
            while (self.folder / "hold").exists():
                (self.folder / "held").touch()
                time.sleep(0.02)
        return response


@contextmanager
def held_answers(folder: Path) -> Iterator[Callable[[], object]]:
    """Inside, answers to POST stand still; gives a function that waits for the first that does."""
    (folder / "hold").touch()
    try:
        yield lambda: wait_until((folder / "held").exists, seconds=30)
    finally:
        (folder / "hold").unlink()
