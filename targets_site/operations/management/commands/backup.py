"""Take a backup of the running product."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError

from targets_site.management.migrated import MigratedCommand
from targets_site.operations.backups.errors import BackupError
from targets_site.operations.backups.taking import take


class Command(MigratedCommand):
    chains_the_trail = False
    help = (
        "Take a backup of the running product: the database in one state, the files that people "
        "handed in, the heads of the trail, and a manifest with counts, sums and digests. Nobody "
        "has to stop working."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", nargs="?", type=Path, help="where backups lie (default: BACKUPS_DIR)"
        )
        parser.add_argument(
            "--encrypt-for",
            type=Path,
            default=settings.BACKUP_CERTIFICATE,
            metavar="CERT.pem",
            help="also write a copy that only the holder of the key can read, to be carried away",
        )
        parser.epilog = "Exit code 0: it is there; 1: nothing was taken."

    def handle(
        self, *_args: Any, folder: Path | None, encrypt_for: Path | None, **_options: Any
    ) -> None:
        try:
            taken = take(folder or settings.BACKUPS_DIR, certificate=encrypt_for)
        except (BackupError, DatabaseError, OSError) as error:
            raise CommandError(f"未完成备份。/ No backup was taken.\n{error}") from error
        self.stdout.write(str(taken))
