"""What says of a backup what it holds: `manifest.json`, written last."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from targets_site.operations.backups.errors import BackupError
from targets_site.whole_file import write_whole

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """contents: see `contents()`. files: by name, bytes and SHA-256. handed_in: how many files of
    people are in it."""

    format: int
    taken_at: str
    product_version: str
    database: str
    server_version: str
    handed_in: int
    contents: dict[str, Any]
    files: dict[str, dict[str, Any]]


def described(folder: Path) -> dict[str, dict[str, Any]]:
    """The files of the folder, as the manifest names them."""
    return {
        each.name: {"bytes": each.stat().st_size, "sha256": sha256_of(each)}
        for each in sorted(folder.iterdir())
        if each.name != NAME
    }


def write(folder: Path, manifest: Manifest) -> None:
    said = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    write_whole(folder / NAME, [said.encode()])


def read(folder: Path) -> Manifest:
    """Raises BackupError where there is none, or one that is not ours."""
    try:
        return Manifest(**json.loads((folder / NAME).read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(
            f"不是完整的备份：{NAME} 无法读取。/ Not a whole backup, {NAME} cannot be read: {error}"
        ) from error


def check(folder: Path) -> Manifest:
    """Whether every file is the one that was written. Raises BackupError with all that are not."""
    manifest = read(folder)
    if manifest.format != FORMAT:
        raise BackupError(f"备份格式不符。/ Unknown format of a backup: {manifest.format}")
    wrong = [
        f"{name}: {said}"
        for name, facts in manifest.files.items()
        if (said := _wrong_with(folder / name, facts))
    ]
    if wrong:
        raise BackupError("备份已损坏。/ The backup is damaged:\n" + "\n".join(wrong))
    return manifest


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _wrong_with(path: Path, facts: dict[str, Any]) -> str:
    if not path.is_file():
        return "缺失 / missing"
    size = path.stat().st_size
    if size != facts["bytes"]:
        return f"大小 / bytes: {facts['bytes']} ≠ {size}"
    if (found := sha256_of(path)) != facts["sha256"]:
        return f"SHA-256: {facts['sha256']} ≠ {found}"
    return ""
