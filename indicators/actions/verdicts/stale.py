"""The stale rows are the queue: claimed, computed and deleted in one transaction."""

import logging
from collections.abc import Sequence
from itertools import takewhile

from django.db import OperationalError, connection, transaction
from django.db.models import F

from indicators.actions.verdicts.recomputing import recompute
from indicators.models import StaleRow, TargetReading
from plans.models import Target

logger = logging.getLogger(__name__)

BATCH = 500


def work_off_stale(*, batch: int = BATCH) -> int:
    """Compute what the oldest stale rows ask for; returns how many rows were claimed.

    Claims rows (others skip them), computes, stores what changed and deletes the claimed rows,
    all in one transaction: killed half-way, nothing is lost and nothing is done twice. Where a
    batch fails, its rows are tried one by one, so that one that cannot be computed does not
    hold up the others; it is left alone after MAX_ATTEMPTS, with the reason on it.

    Raises OperationalError when the database fails; the rows are still there then.
    """
    try:
        with transaction.atomic():
            claimed = _claim(batch)
            _compute(claimed)
        return len(claimed)
    except OperationalError:
        raise
    except Exception:  # whatever the batch holds, the rows after it must not wait for ever
        logger.exception("A batch of stale rows failed; trying its rows one by one.")
    return sum(takewhile(bool, (_work_off_one() for _ in range(batch))))


def _work_off_one() -> int:
    with transaction.atomic():
        claimed = _claim(1)
        try:
            with transaction.atomic():
                _compute(claimed)
        except OperationalError:
            raise
        except Exception as error:
            logger.exception("Stale row %s cannot be computed.", claimed[0].pk)
            StaleRow.objects.filter(pk=claimed[0].pk).update(
                attempts=F("attempts") + 1, error=repr(error)[:1000]
            )
    return len(claimed)


def _claim(batch: int) -> list[StaleRow]:
    """The rows that failed least and wait longest, locked for this transaction."""
    rows = StaleRow.objects.filter(attempts__lt=StaleRow.MAX_ATTEMPTS).order_by("attempts", "id")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return list(rows[:batch])


def _compute(claimed: Sequence[StaleRow]) -> None:
    if not claimed:
        return
    of_series = TargetReading.objects.in_force().filter(
        series__in={row.series_id for row in claimed if row.series_id}
    )
    stale = set(of_series.values_list("target_id", flat=True))
    stale |= {row.target_id for row in claimed if row.target_id}
    recompute(Target.objects.in_force().filter(pk__in=stale))
    StaleRow.objects.filter(pk__in=[row.pk for row in claimed]).delete()
