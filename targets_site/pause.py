"""A service that has just failed is left alone for a while."""

import time


class Pause:
    """Of this process. Its first failure may have cost a whole time limit; the requests that come
    right after it need not wait for the same."""

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        self._until = 0.0

    @property
    def is_on(self) -> bool:
        return time.monotonic() < self._until

    def start(self) -> None:
        self._until = time.monotonic() + self._seconds
