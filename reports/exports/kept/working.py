"""What the job does: the whole file in one snapshot, or no file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from indicators.actions.jobs import Claimed
from indicators.models import Job
from reports.exports import TABLES
from reports.exports.asked import Asked
from reports.exports.counting import counted
from reports.exports.kept import files
from reports.exports.kept.progress import saying
from reports.exports.making import Running, export_of
from reports.exports.rights import check_may_export, held_now
from reports.exports.standing import standing
from reports.forms.exports import ExportForm
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import User
from targets_site.audit.actions import record
from targets_site.audit.context import Actor


def do(claimed: Claimed) -> None:
    """Write the file of a job. Raises NotAllowed where who asked may not have it any more."""
    asked, by = asked_of(claimed.job), _asker(claimed.job)
    _check_may_still(asked, by)
    with standing(asked.at):
        number = counted(asked, by)
    claimed.say(total=None if number.is_more else number.number)
    actor = Actor(name=by.username, ip=claimed.job.parameters.get("ip", ""))
    held = held_now(by)
    export = export_of(asked, actor=actor, reader=by)
    with saying(claimed) as tell:
        stored = files.write(_told(export, tell))
    try:
        with claimed.finishing(lines=export.rows):
            said = {**_about(export, asked, stored), "held": held}
            Job.objects.filter(pk=claimed.job.pk).update(result={"file": said})
    except BaseException:
        files.drop(stored)
        raise


def asked_of(job: Job) -> Asked:
    """What the job was asked for. Raises ValueError where the form of the page understands that
    no more: an area was taken away, or a filter."""
    form = ExportForm(job.parameters, tables=TABLES, strict=True)
    if not form.is_valid():
        raise ValueError(form.errors.as_json())
    return form.asked


def refused(job: Job) -> None:
    """Of a job that was given up: say it in the trail where its right was lost."""
    by = _asker(job)
    try:
        _check_may_still(asked_of(job), by)
    except (NotAllowed, ValueError):
        record("denied", f"export:{job.parameters['table']}", by=by.username, reason="job")


def _asker(job: Job) -> User:
    if job.asked_by is None:
        raise TypeError("an export is asked for by a person")
    return job.asked_by


def _check_may_still(asked: Asked, by: User) -> None:
    if not User.objects.filter(pk=by.pk, is_active=True).exists():
        raise NotAllowed("The account is not in use any more.")
    check_may_export(asked, by)


def _told(export: Running, tell: Callable[[int], None]) -> Iterator[bytes]:
    for block in export:
        tell(export.rows)
        yield block


def _about(export: Running, asked: Asked, stored: str) -> dict[str, Any]:
    path = files.folder() / stored
    return {
        "stored": stored,
        "name": asked.file_name,
        "type": asked.media_type,
        "size": path.stat().st_size,
        "rows": export.rows,
        "sha256": export.sha256,
    }
