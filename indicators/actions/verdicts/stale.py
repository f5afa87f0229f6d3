"""The stale rows are the queue: claimed, then computed and deleted in one transaction."""

import logging
from collections.abc import Sequence
from itertools import takewhile

from django.db import OperationalError, connection, transaction
from django.db.models import F, QuerySet

from indicators.actions.verdicts.recomputing import recompute
from indicators.models import StaleRow, TargetReading
from plans.models import Target

logger = logging.getLogger(__name__)

BATCH = 500
# Stands on a row while it is computed, and stays there where the process was killed.
KILLED = "the process ended while it was computed"


def work_off_stale(*, batch: int = BATCH) -> int:
    """Compute what the oldest stale rows ask for; returns how many rows were claimed.

    Claims rows (others skip them), then computes, stores what changed and deletes the claimed
    rows, all in one transaction: killed half-way, nothing is lost and nothing is done twice. Where
    a batch fails, its rows are tried one by one, so that one that cannot be computed does not
    hold up the others; it is left alone after MAX_ATTEMPTS, with the reason on it. So is one that
    kills the process each time.

    Raises OperationalError when the database fails; the rows are still there then.
    """
    claimed = _claim(batch)
    try:
        with transaction.atomic():
            _compute(list(_skipping_locked(StaleRow.objects.filter(pk__in=_ids(claimed)))))
    except OperationalError:
        _give_back(claimed)
        raise
    except Exception as error:  # whatever it is, the rows after it must not wait for ever
        if len(claimed) == 1:
            logger.exception("Stale row %s cannot be computed.", claimed[0].pk)
            StaleRow.objects.filter(pk=claimed[0].pk).update(error=repr(error)[:1000])
            return 1
        logger.exception("A batch of stale rows failed; trying its rows one by one.")
        _give_back(claimed)
        return sum(takewhile(bool, (work_off_stale(batch=1) for _ in claimed)))
    return len(claimed)


def _claim(batch: int) -> list[StaleRow]:
    """The rows that failed least and wait longest, as they stood before this attempt.

    The attempt is committed before anything is computed, since a process that is killed says
    nothing afterwards. A row that was tried before comes alone, or it would take others along.
    """
    waiting = StaleRow.objects.filter(attempts__lt=StaleRow.MAX_ATTEMPTS)
    with transaction.atomic():
        claimed = list(_skipping_locked(waiting.order_by("attempts", "id"))[:batch])
        claimed = [row for row in claimed if not row.attempts] or claimed[:1]
        StaleRow.objects.filter(pk__in=_ids(claimed)).update(
            attempts=F("attempts") + 1, error=KILLED
        )
    return claimed


def _give_back(claimed: Sequence[StaleRow]) -> None:
    """This was no attempt. Rows that are claimed together were never tried before."""
    for row in claimed[:1]:
        StaleRow.objects.filter(pk__in=_ids(claimed)).update(attempts=row.attempts, error=row.error)


def _skipping_locked(rows: QuerySet[StaleRow]) -> QuerySet[StaleRow]:
    """Without what another worker computes now, where the database has such locks."""
    if not connection.features.has_select_for_update_skip_locked:
        return rows
    return rows.select_for_update(skip_locked=True, of=("self",))


def _ids(rows: Sequence[StaleRow]) -> list[int]:
    return [row.pk for row in rows]


def _compute(claimed: Sequence[StaleRow]) -> None:
    if not claimed:
        return
    of_series = TargetReading.objects.in_force().filter(
        series__in={row.series_id for row in claimed if row.series_id}
    )
    stale = set(of_series.values_list("target_id", flat=True))
    stale |= {row.target_id for row in claimed if row.target_id}
    recompute(Target.objects.in_force().filter(pk__in=stale))
    StaleRow.objects.filter(pk__in=_ids(claimed)).delete()
