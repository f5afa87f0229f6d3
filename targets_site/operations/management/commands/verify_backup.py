"""Verify a backup by restoring it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from targets_site.operations.backups.errors import BackupError
from targets_site.operations.backups.verifying import verify_backup


class Command(BaseCommand):
    help = (
        "Verify a backup: its digests, then a restore into a scratch database that is made and "
        "dropped again, where rows, sums and the trail are compared with the manifest."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path)
        parser.add_argument("--key", type=Path, metavar="KEY.pem", help="opens an encrypted backup")
        parser.epilog = "Exit code 0: it can be restored; 1: it cannot, with what is wrong."

    def handle(self, *_args: Any, backup: Path, key: Path | None, **_options: Any) -> None:
        try:
            verify_backup(backup, key=key)
        except (BackupError, DatabaseError, OSError) as error:
            raise CommandError(
                f"备份不可用！/ This backup CANNOT be relied on.\n{error}"
            ) from error
        self.stdout.write("备份已通过恢复校验。/ The backup was restored and is whole.")
