"""Verifying a backup by restoring it, with the very command that is meant for the bad day."""

import os
import sys
import tempfile
from pathlib import Path

from django.conf import settings

from targets_site.operations.backups import manifest
from targets_site.operations.backups.databases import this_database
from targets_site.operations.backups.programs import run
from targets_site.operations.backups.restoring import opened


def verify_backup(backup: Path, *, key: Path | None = None) -> None:
    """Restored into a scratch database, which is dropped again; beside the running product.

    What people handed in is compared by its digest and not unpacked. Raises BackupError with what
    is wrong.
    """
    with opened(backup, key=key) as folder:
        manifest.check(folder)
        with this_database().scratch() as url, tempfile.TemporaryDirectory() as room:
            run(
                [
                    sys.executable,
                    str(settings.BASE_DIR / "manage.py"),
                    "restore",
                    str(folder.resolve()),
                    "--no-files",
                ],
                environment={**os.environ, **_of_its_own(url, Path(room))},
                what="备份未通过恢复校验。/ The backup cannot be restored",
            )


def _of_its_own(url: str, room: Path) -> dict[str, str]:
    """What keeps the restoring process away from the running product's database and files."""
    return {
        "DATABASE_URL": url,
        "VAR_DIR": str(room),
        "TRAIL_HEADS_DIR": str(room / "trail"),
        "SECRET_KEY": settings.SECRET_KEY,
    }
