"""What is kept for a while only: previews that nobody stored, files and parts of jobs that serve
nobody, and sessions that are over."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from indicators.actions.imports import about
from indicators.enums import ImportState, JobState
from indicators.models import Attachment, Import, ImportLine, JobPart
from targets_site.accounts.actions.locks import forget_old_failures
from targets_site.accounts.actions.sessions import forget_sessions
from targets_site.audit.actions import record

# A preview that nobody stores, the lines of one that was stored, and the file of one that will not
# be, are kept so long.
KEPT = datetime.timedelta(days=1)
AT_A_TIME = 500
FOLDER = "attachments"

# Drops what is older than the moment; returns how much.
Forget = Callable[[datetime.datetime], int]
_registered: dict[str, Forget] = {}


def register(kind: str, forget: Forget) -> None:
    """Have `forget_old` drop more: what an app keeps for a while. Apps register when they are
    ready, since nothing here may import them; the last word of a kind counts."""
    _registered[kind] = forget


def forget_old(*, moment: datetime.datetime) -> dict[str, int]:
    """Drop what was kept long enough; running it twice does no harm. Returns how much, by kind."""
    before = moment - KEPT
    return {
        "previews": _forget_previews(before),
        "files": _forget_files_of_imports(before),
        "stray_files": _forget_stray_files(before),
        "parts": _forget_parts(before),
        "sessions": forget_sessions(before),
        "failed_logins": forget_old_failures(before),
        **{kind: forget(before) for kind, forget in _registered.items()},
    }


def _forget_previews(before: datetime.datetime) -> int:
    """Drop previews that nobody stored in time, and the lines of what was stored long ago."""
    with_lines = Import.objects.filter(Exists(ImportLine.objects.filter(imported=OuterRef("pk"))))
    old = with_lines.filter(
        Q(state=ImportState.PREVIEWED, read_at__lt=before)
        | Q(state=ImportState.STORED, stored_at__lt=before)
    )
    for one in old:
        with transaction.atomic():
            unstored = Import.objects.filter(pk=one.pk, state=ImportState.PREVIEWED)
            if unstored.update(state=ImportState.DISCARDED):
                record("discard", about(one), by="schedule")
            elif one.state != ImportState.STORED:
                continue  # somebody has just had it stored
            one.lines.all().delete()
    return len(old)


def _forget_files_of_imports(before: datetime.datetime) -> int:
    """Of what was refused or discarded the file goes; its name and checksum stay in the row."""
    over = Import.objects.filter(
        ~Q(attachment__file=""),
        state__in=[ImportState.REFUSED, ImportState.DISCARDED],
        job__finished_at__lt=before,
    )
    attachments = [one.attachment for one in over.select_related("attachment")]
    for each in attachments:
        Attachment.objects.filter(pk=each.pk).update(file="")
        each.file.delete(save=False)
    return len(attachments)


def _forget_stray_files(before: datetime.datetime) -> int:
    """Files whose row was never stored: their process was killed between the two."""
    stray = 0
    for names in _old_files(before):
        known = set(Attachment.objects.filter(file__in=names).values_list("file", flat=True))
        for name in sorted(set(names) - known):
            default_storage.delete(name)
            stray += 1
    return stray


def _forget_parts(before: datetime.datetime) -> int:
    """Parts of cancelled jobs, whose workers were killed before they heard of it."""
    over = JobPart.objects.filter(job__state=JobState.CANCELLED, job__finished_at__lt=before)
    return over.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=before)).delete()[0]


def _old_files(before: datetime.datetime) -> Iterator[list[str]]:
    """Names of files that were written before then, some at a time."""
    root = Path(default_storage.path(""))
    some: list[str] = []
    for path in (root / FOLDER).glob("*/*"):
        if path.is_file() and path.stat().st_mtime < before.timestamp():
            some.append(path.relative_to(root).as_posix())
        if len(some) == AT_A_TIME:
            yield some
            some = []
    if some:
        yield some
