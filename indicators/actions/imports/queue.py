"""What the jobs do with imports: the rows are the queue, a message only wakes the worker."""

import datetime
import time

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from indicators.actions.imports.reading import as_json, read
from indicators.actions.imports.steps import UNDER_WAY
from indicators.actions.imports.storing import store
from indicators.enums import ImportState
from indicators.models import Import, ImportLine
from targets_site.sheets import Problem

MAX_ATTEMPTS = 3
SECONDS_BETWEEN_LOOKS = 0.2
# A reader that has not said for so long that it is at work is dead.
LEASE = datetime.timedelta(seconds=60)
# A preview that nobody stores, and the lines of one that was stored, are kept so long.
KEPT = datetime.timedelta(days=1)


def work_off_imports() -> int:
    """Read or store the import that waits longest; returns how many were claimed, 0 or 1.

    Raises OperationalError when the database fails; the import still waits then.
    """
    _forget_old()
    claimed = _claim(_waiting())
    if claimed is not None:
        _work_on(claimed)
    return int(claimed is not None)


def work_off(imported: Import) -> Import:
    """Read or store this import at once, or wait until another job has; returns it as it is then.

    Raises OperationalError as `work_off_imports`.
    """
    while imported.state in UNDER_WAY:
        claimed = _claim(_waiting().filter(pk=imported.pk))
        if claimed is not None:
            _work_on(claimed)
        else:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        imported.refresh_from_db()
    return imported


def _work_on(claimed: Import) -> None:
    with translation.override(claimed.language):
        if claimed.state == ImportState.READING:
            read(claimed)
        elif claimed.state == ImportState.TO_STORE:
            store(claimed)


def _waiting() -> QuerySet[Import]:
    """The oldest first; those among them whose reader was killed."""
    return Import.objects.filter(
        Q(state__in=[ImportState.WAITING, ImportState.TO_STORE])
        | Q(state=ImportState.READING, read_at__lt=timezone.now() - LEASE)
    ).order_by("pk")


def _claim(waiting: QuerySet[Import]) -> Import | None:
    """The next one with one more attempt: as READING or TO_STORE, or REFUSED after too many."""
    if not waiting.exists():
        return None
    with transaction.atomic():
        rows = waiting.all()
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        one = rows.first()
        if one is None:
            return None
        if one.attempts >= MAX_ATTEMPTS:
            _give_up(one)
            return one
        one.attempts += 1
        if one.state != ImportState.TO_STORE:
            one.state, one.lines_done, one.read_at = ImportState.READING, 0, timezone.now()
        one.save(update_fields=["state", "attempts", "lines_done", "read_at"])
    return one


def _give_up(one: Import) -> None:
    with translation.override(one.language):
        message = _("Reading or storing it failed several times; nothing was stored.")
    one.state, one.problems = ImportState.REFUSED, [as_json(Problem(None, "", message))]
    one.save(update_fields=["state", "problems"])
    one.lines.all().delete()


def _forget_old() -> None:
    """Drop previews that nobody stored in time, and the lines of what was stored long ago."""
    before = timezone.now() - KEPT
    with_lines = Import.objects.filter(Exists(ImportLine.objects.filter(imported=OuterRef("pk"))))
    old = with_lines.filter(
        Q(state=ImportState.PREVIEWED, read_at__lt=before)
        | Q(state=ImportState.STORED, stored_at__lt=before)
    )
    for one in old:
        with transaction.atomic():
            unstored = Import.objects.filter(pk=one.pk, state=ImportState.PREVIEWED)
            unstored.update(state=ImportState.DISCARDED)
            one.lines.all().delete()
