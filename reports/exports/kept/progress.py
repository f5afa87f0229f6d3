"""How far a job is, said while its one snapshot is being read.

The snapshot is a transaction that only reads, and what it says must be seen at once: a thread says
it over a connection of its own. It also says so while the last rows are packed, which takes longer
than a lease where the file is large.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import Error, connection

from indicators.actions.jobs import Claimed, TakenOver

logger = logging.getLogger(__name__)

SECONDS_BETWEEN = 1.0


@contextmanager
def saying(claimed: Claimed) -> Iterator[Callable[[int], None]]:
    """A function to be told of how many rows are written, as often as one likes.

    It raises TakenOver once the job was cancelled or somebody else works on it, so that a
    cancelled export ends soon.
    """
    voice = _Voice(claimed)
    voice.start()
    try:
        yield voice.tell
    finally:
        voice.ended.set()
        voice.join()


class _Voice(threading.Thread):
    def __init__(self, claimed: Claimed) -> None:
        super().__init__(name="export", daemon=True)
        self.claimed, self.rows = claimed, 0
        self.ended, self.taken_over = threading.Event(), threading.Event()

    def tell(self, rows: int) -> None:
        self.rows = rows
        if self.taken_over.is_set():
            raise TakenOver

    def run(self) -> None:
        try:
            while not self.ended.wait(SECONDS_BETWEEN) and not self.taken_over.is_set():
                self._say()
        finally:
            connection.close()

    def _say(self) -> None:
        try:
            self.claimed.say(done=self.rows)
        except TakenOver:
            self.taken_over.set()
        except Error:
            logger.warning("How far %s is could not be said.", self.claimed.part, exc_info=True)
            connection.close()
