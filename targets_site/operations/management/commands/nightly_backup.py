"""Take and verify a backup each night, until told to end."""

import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from targets_site.management.migrated import MigratedCommand
from targets_site.operations.backups import nightly


class Command(MigratedCommand):
    chains_the_trail = False
    help = (
        "Take a backup into BACKUPS_DIR each night, verify it by restoring it, remove what is "
        "older than BACKUP_KEEP_DAYS, and write the outcome to status.json; each week, where the "
        "server archives its log, a base backup, too. Runs until SIGTERM."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="now, and end")
        parser.add_argument("--heartbeat", type=Path, metavar="FILE", help="touched twice a minute")
        parser.epilog = "Exit code 0: ended as asked; 1: no verified backup was taken (--once)."

    def handle(self, *_args: Any, once: bool, heartbeat: Path | None, **_options: Any) -> None:
        if once:
            if not nightly.once():
                raise CommandError("备份失败，详见日志。/ The backup failed; see the log.")
            return
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        nightly.run_until(stopped, heartbeat=heartbeat)
