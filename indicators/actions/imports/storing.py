"""From a preview to versions: all of it in one transaction, or nothing.

What takes long is done before that transaction (preparing.py). Within it is looked whether all that
was checked stands still as it did, and the versions are moved into their table.
"""

from django.utils import timezone

from indicators.actions.imports.preparing import ChangedMeanwhile, prepare
from indicators.actions.imports.staging import Staging, staging
from indicators.actions.imports.steps import about, lines_to_store, start_reading
from indicators.actions.jobs import Claimed
from indicators.enums import ImportState, LineOutcome
from indicators.models import Import
from indicators.queries.imports import Stored
from targets_site.accounts.models import Role
from targets_site.audit.actions import record

# So often is it prepared where what was checked has changed before all was locked.
MOST_TURNS = 3


class MovedMeanwhile(ChangedMeanwhile):
    """Something changed after the lines were checked; whether for them is to be checked again."""


def store(imported: Import, claimed: Claimed) -> None:
    """Store a preview, all of it or nothing.

    Where a line would be stored otherwise today, because somebody stored a newer version or a
    right or a round ended, nothing is stored and the file is read anew. Raises TakenOver.
    """
    try:
        for turn in range(1, MOST_TURNS + 1):
            try:
                _prepare_and_store(imported, claimed)
                return
            except MovedMeanwhile:
                if turn == MOST_TURNS:
                    raise
    except ChangedMeanwhile as changed:
        with claimed.finishing(lines=claimed.part.size) as result:
            result["stale"] = changed.lines
            _read_anew(imported, claimed, changed.lines)


def _prepare_and_store(imported: Import, claimed: Claimed) -> None:
    with staging() as staged:
        known = prepare(imported, claimed, staged)
        with claimed.finishing(lines=claimed.part.size) as result:
            _check_again(imported, staged, known)
            _store_whole(imported, claimed, staged)
            result["stored"] = claimed.part.size


def _check_again(imported: Import, staged: Staging, known: Stored) -> None:
    """Raises MovedMeanwhile."""
    if moved := staged.lock_cells():
        raise MovedMeanwhile(moved)
    if not known.rules_still_hold(lines_to_store(imported).order_by().values("series")):
        raise MovedMeanwhile(staged.lines)


def _store_whole(imported: Import, claimed: Claimed, staged: Staging) -> None:
    now = timezone.now()
    staged.move(imported, now)
    claimed.wanted()
    counts = {each: imported.counts.get(each, 0) for each in LineOutcome.values}
    record(
        "import",
        about(imported),
        by=imported.imported_by.username,
        role=Role.OFFICIAL,
        after={"file": imported.attachment.name, "sha256": imported.attachment.sha256, **counts},
        reason=imported.correction_reason,
    )
    imported.state, imported.stored_at = ImportState.STORED, now
    imported.save(update_fields=["state", "stored_at"])


def _read_anew(imported: Import, claimed: Claimed, stale: int) -> None:
    claimed.wanted()
    imported.state, imported.counts = ImportState.WAITING, {"stale": stale}
    imported.job = start_reading(imported.attachment, by=imported.imported_by)
    imported.save(update_fields=["state", "counts", "job"])
