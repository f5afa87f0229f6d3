"""The programs that a backup needs beside us: pg_dump, pg_restore, openssl, this program itself."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence

from targets_site.operations.backups.errors import BackupError


def run(command: Sequence[str], *, environment: Mapping[str, str], what: str) -> str:
    """What it wrote to its output. what: it was to do, for the error.

    Secrets go into the environment, never on the command line, which everybody on the machine
    reads. Raises BackupError with what it said where it ends with anything but 0.
    """
    if shutil.which(command[0]) is None:
        raise BackupError(f"找不到程序 {command[0]}。/ The program {command[0]} is missing.")
    ended = subprocess.run(
        list(command),
        env=dict(environment),
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if ended.returncode:
        said = (ended.stderr.strip() or ended.stdout.strip())[-2000:]
        raise BackupError(f"{what} (exit {ended.returncode}):\n{said}")
    return ended.stdout
