"""The one that chains: a process of its own in the service mode, a thread in the embedded one."""

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import close_old_connections, connection

from targets_site.audit.heads import note_head
from targets_site.audit.sealing import seal

logger = logging.getLogger(__name__)

LOOKS_EVERY_SECONDS = 0.5
SWEEPS_EVERY_SECONDS = 3600.0
TRIES_AGAIN_AFTER_SECONDS = 1.0


@dataclass
class Sealer:
    """What it has to remember between two looks.

    heartbeat: a file that is touched after each look that went well, for a health check.
    """

    heartbeat: Path | None = None
    swept_at: float | None = None
    is_noted: bool = False

    def run_until(self, stopped: threading.Event) -> None:
        """Whatever fails is tried again a second later: the entries are still there."""
        while not stopped.is_set():
            try:
                close_old_connections()
                self.look()
            except Exception:
                logger.exception("The trail could not be chained; trying again.")
                connection.close()
                stopped.wait(TRIES_AGAIN_AFTER_SECONDS)
            else:
                stopped.wait(LOOKS_EVERY_SECONDS)

    def look(self) -> int:
        """Chain what is new and note the head; returns how many entries were chained. Raises what
        the database raises, and OSError where the head cannot be noted."""
        sealed = self._seal()
        if sealed:
            self.is_noted = False
        if not self.is_noted:
            note_head()
            self.is_noted = True
        if self.heartbeat is not None:
            self.heartbeat.touch()
        return sealed

    def _seal(self) -> int:
        """A sweep first, and one an hour."""
        now = time.monotonic()
        sweeps = self.swept_at is None or now - self.swept_at >= SWEEPS_EVERY_SECONDS
        sealed = seal(sweep=sweeps)
        if sweeps:
            self.swept_at = now
        return sealed
