"""Room for files that are sent while they are made: each takes a thread of the server for as long
as the line needs, and pages must still be answered meanwhile."""

from collections import Counter
from collections.abc import Callable
from threading import Lock

# Of this process, which has eight threads, and of one person or address in it.
MOST_AT_ONCE = 4
MOST_OF_ONE = 2


class NoRoom(Exception):
    """As many files are being sent as may be; somewhat later there is room again."""


class Room:
    """Who is being sent how many files by this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sent: Counter[str] = Counter()

    def enter(self, who: str) -> Callable[[], None]:
        """Returns what must be called at the end, however it ends; twice does no harm.

        Raises NoRoom.
        """
        with self._lock:
            if self._sent[who] >= MOST_OF_ONE or self._sent.total() >= MOST_AT_ONCE:
                raise NoRoom
            self._sent[who] += 1
        return self._once(who)

    def empty(self) -> None:
        """For tests, which leave answers where they are."""
        with self._lock:
            self._sent.clear()

    def _once(self, who: str) -> Callable[[], None]:
        is_over = Lock()

        def leave() -> None:
            if is_over.acquire(blocking=False):
                with self._lock:
                    self._sent[who] -= 1
                    self._sent += Counter()

        return leave


room = Room()
