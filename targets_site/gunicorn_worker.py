"""How a web process ends, so that a proxy can ask another at once."""

import select
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class SiteWorker(ThreadWorker):  # type: ignore[misc]
    """Told to end it refuses who comes, while it answers what it was asked. gunicorn's own leaves
    its port open until then: the kernel goes on taking connections that nobody ever accepts."""

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                self._accept_who_waits(listener)
                listener.close()

    def _accept_who_waits(self, listener: Any) -> None:
        """They are connected already, and may have sent what they want."""
        for _waiting in range(self.cfg.backlog):
            if not select.select([listener], [], [], 0)[0]:
                return
            self.accept(listener)
