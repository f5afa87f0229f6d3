"""Chain the trail, until told to end."""

import logging
import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError

from targets_site.audit.sealer import Sealer
from targets_site.management.migrated import MigratedCommand

logger = logging.getLogger(__name__)


class Command(MigratedCommand):
    chains_the_trail = False
    help = (
        "Chain the entries of the trail by their hashes, twice a second, and append the chain's "
        "head to a file under TRAIL_HEADS_DIR. Runs until SIGTERM; goes on by itself where the "
        "database was away. The embedded mode does this in a thread of the web process."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="chain what is there and end")
        parser.add_argument(
            "--heartbeat", type=Path, metavar="FILE", help="touched after each look that went well"
        )
        parser.epilog = "Exit code 0: ended as asked; 1: the database or the file failed (--once)."

    def handle(self, *_args: Any, once: bool, heartbeat: Path | None, **_options: Any) -> None:
        sealer = Sealer(heartbeat=heartbeat)
        if once:
            self._seal_once(sealer)
            return
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        logger.info("审计日志入链中。/ Chaining the trail.")
        sealer.run_until(stopped)

    def _seal_once(self, sealer: Sealer) -> None:
        try:
            sealed = sealer.look()
        except (OperationalError, InterfaceError) as error:
            raise CommandError(f"数据库出错。/ The database failed: {error}") from error
        except OSError as error:
            raise CommandError(
                f"链尾记录文件无法写入。/ The file of heads cannot be written: {error}"
            ) from error
        self.stdout.write(f"已入链 / chained: {sealed}")
