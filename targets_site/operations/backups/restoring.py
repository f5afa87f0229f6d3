"""Restoring a backup: into an empty place only, and looked at before it counts as restored."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from targets_site.audit.heads import files as files_of_heads
from targets_site.audit.sealer import Sealer
from targets_site.audit.verifying import say, verify
from targets_site.checks import Finding
from targets_site.localized import in_each_language
from targets_site.operations.backups import encrypted, manifest
from targets_site.operations.backups.contents import contents, differences, tables
from targets_site.operations.backups.databases import this_database
from targets_site.operations.backups.errors import BackupError, NotEmpty, NotIntact
from targets_site.operations.backups.folders import is_empty, unpack
from targets_site.operations.backups.manifest import Manifest
from targets_site.operations.backups.taking import FILES, HEADS
from targets_site.snapshot import snapshot

MOST_NAMED = 20


def restore(backup: Path, *, key: Path | None = None, files: bool = True) -> Manifest:
    """What the backup says it holds, once it is all there.

    backup: a folder, or an encrypted one with the key that opens it. files: whether also what
    people handed in. Raises NotEmpty before anything is touched; BackupError where it is damaged or
    what came back is not what was backed up, and the database is empty again then; NotIntact where
    it is, and the trail was tampered with before. After NotIntact everything stays restored.
    """
    _refuse_unless_empty(files=files)
    with opened(backup, key=key) as folder:
        checked = manifest.check(folder)
        _refuse_other_versions(checked)
        _load(folder, checked)
        try:
            _bring_files(folder, files=files)
        except (BackupError, OSError):
            this_database().clear()
            raise
    _check_trail()
    return checked


@contextmanager
def opened(backup: Path, *, key: Path | None) -> Iterator[Path]:
    """The folder itself, or what is encrypted in it for as long as the context lasts."""
    if not backup.is_dir():
        raise BackupError(f"没有此备份。/ No such backup: {backup}")
    if not encrypted.is_encrypted(backup):
        yield backup
        return
    if key is None:
        raise BackupError(
            "备份已加密，请用 --key 指定私钥。/ The backup is encrypted: name the --key."
        )
    with tempfile.TemporaryDirectory(prefix="targets-restore-") as folder:
        encrypted.decrypt(backup, Path(folder), key=key)
        yield Path(folder)


def _refuse_unless_empty(*, files: bool) -> None:
    if found := tables():
        raise NotEmpty(
            f"目标数据库不为空（{len(found)} 张表），未作任何改动。恢复只写入空库。/ "
            f"The database is not empty ({len(found)} tables); nothing was touched. Restore into "
            "an empty one."
        )
    if files and not is_empty(Path(settings.MEDIA_ROOT)):
        raise NotEmpty(
            "附件目录不为空，未作任何改动。/ "
            f"{settings.MEDIA_ROOT} is not empty; nothing was touched."
        )


def _refuse_other_versions(checked: Manifest) -> None:
    if checked.database != connection.vendor:
        raise BackupError(
            f"备份来自 {checked.database}，不能恢复到 {connection.vendor}。/ A backup of "
            f"{checked.database} cannot be restored into {connection.vendor}."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    ours = {label.split(".")[0] for label in known}
    unknown = [
        each
        for each in checked.contents["migrations"]
        if each.split(".")[0] in ours and each not in known
    ]
    if unknown:
        raise BackupError(
            f"备份来自较新的版本，请使用该版本恢复。/ The backup is of a newer version "
            f"({checked.product_version}); restore it with that. Unknown here: {unknown[0]}"
        )


def _load(folder: Path, checked: Manifest) -> None:
    database = this_database()
    database.load(folder / database.file)
    try:
        with snapshot():
            differing = differences(checked.contents, contents())
    except Exception as error:
        database.clear()
        raise BackupError(
            f"恢复的内容无法核对，数据库已清空。/ What came back cannot be read; the database is "
            f"empty again: {error}"
        ) from error
    if differing:
        database.clear()
        raise BackupError(
            "恢复的内容与清单不符，数据库已清空。/ What came back is not what was backed up; the "
            "database is empty again:\n" + "\n".join(differing[:MOST_NAMED])
        )


def _bring_files(folder: Path, *, files: bool) -> None:
    """Heads that lie here already know more than the backup's: they stay."""
    if not files_of_heads():
        unpack(folder / HEADS, settings.TRAIL_HEADS_DIR)
    if files:
        unpack(folder / FILES, Path(settings.MEDIA_ROOT))


def _check_trail() -> None:
    """What was written in the last half second before the backup is not chained yet; the rest must
    be what it was."""
    findings = [each for each in verify(patience_seconds=0) if not _is_of_the_last_moment(each)]
    if not findings:
        Sealer().look()
        findings = verify()
    if findings:
        said = "\n".join(in_each_language(partial(say, each)) for each in findings[:MOST_NAMED])
        raise NotIntact(
            "已恢复，但审计日志不完整。/ All of it is restored, but its trail is not intact:\n"
            f"{said}"
        )


def _is_of_the_last_moment(finding: Finding) -> bool:
    """The lowest numbers are named, so where one of the others lies between what was chained, all
    named ones do, and are told."""
    return finding.kind in {"unchained", "unchained_more", "heads_behind", "heads_missing"}
