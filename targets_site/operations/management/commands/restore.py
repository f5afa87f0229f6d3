"""Restore a backup into an empty database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from targets_site.operations.backups.errors import BackupError, NotIntact
from targets_site.operations.backups.restoring import restore

NOT_INTACT = 3


class Command(BaseCommand):
    help = (
        "Restore a backup into the EMPTY database that DATABASE_URL names, as the role that shall "
        "own its tables: all of it or nothing; then compare rows, sums and the trail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path)
        parser.add_argument("--key", type=Path, metavar="KEY.pem", help="opens an encrypted backup")
        parser.add_argument(
            "--no-files",
            action="store_false",
            dest="files",
            help="leave out what people handed in",
        )
        parser.epilog = (
            "Exit code 0: restored and compared; 1: nothing was restored; 3: restored as it was "
            "backed up, but its trail had been tampered with before."
        )

    def handle(
        self, *_args: Any, backup: Path, key: Path | None, files: bool, **_options: Any
    ) -> None:
        try:
            restored = restore(backup, key=key, files=files)
        except NotIntact as error:
            raise CommandError(str(error), returncode=NOT_INTACT) from error
        except (BackupError, DatabaseError, OSError) as error:
            raise CommandError(f"未恢复。/ Nothing was restored.\n{error}") from error
        self.stdout.write(
            f"已恢复 {restored.taken_at} 的备份，行数、合计与审计日志一致。还需：/ "
            f"Restored the backup of {restored.taken_at}; rows, sums and the trail are the same. "
            "What remains:\n"
            "  manage.py migrate\n"
            "  manage.py protect_audit --app-role NAME --sealer-role NAME\n"
            "  ALTER ROLE NAME PASSWORD '…'"
        )
