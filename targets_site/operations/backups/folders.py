"""Folders of files as one file, and back."""

import tarfile
from pathlib import Path

from targets_site.operations.backups.errors import BackupError


def pack(folder: Path, path: Path) -> int:
    """Every file of the folder, which may be missing; returns how many. One that goes away
    meanwhile is left out."""
    number = 0
    with tarfile.open(path, "x") as archive:
        for each in sorted(folder.rglob("*")):
            if not each.is_file():
                continue
            try:
                archive.add(each, arcname=str(each.relative_to(folder)))
            except FileNotFoundError:
                continue
            number += 1
    return number


def unpack(path: Path, folder: Path) -> None:
    """Raises BackupError where it cannot be read; no file comes to lie outside the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(path) as archive:
            archive.extractall(folder, filter="data")
    except (tarfile.TarError, OSError) as error:
        raise BackupError(f"文件包无法读取。/ {path.name} cannot be read: {error}") from error


def is_empty(folder: Path) -> bool:
    return not folder.is_dir() or not any(each.is_file() for each in folder.rglob("*"))
