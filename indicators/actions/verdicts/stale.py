"""The stale rows are the queue: claimed, then computed and deleted in one transaction."""

import datetime
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile

from django.db import Error, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from indicators.actions.verdicts.recomputing import recompute
from indicators.models import StaleRow, TargetReading
from plans.models import Target
from targets_site.database_errors import database_failed

logger = logging.getLogger(__name__)

BATCH = 500
# From the claim to the moment at which the rows are locked; whoever is killed holds them so long.
LEASE = datetime.timedelta(seconds=10)
# As much of an error as people read.
LONGEST_ERROR = 1000
# Stands on a row while it is computed, and stays there where the process was killed.
KILLED = "the process ended while it was computed"


@dataclass(frozen=True)
class _Claimed:
    """Rows (ids) in the hands of one worker; attempts, error: of each of them, before this one."""

    ids: list[int]
    until: datetime.datetime
    attempts: int
    error: str

    def rows(self) -> QuerySet[StaleRow]:
        """Without those that another worker claimed since, because this one was so slow."""
        return StaleRow.objects.filter(pk__in=self.ids, leased_until=self.until)

    def give_back(self) -> None:
        """This was no attempt."""
        self.rows().update(leased_until=None, attempts=self.attempts, error=self.error)

    def fail(self, error: Exception) -> None:
        self.rows().update(leased_until=None, error=repr(error)[:LONGEST_ERROR])


def work_off_stale(*, batch: int = BATCH) -> int:
    """Compute what the oldest stale rows ask for; returns how many rows were claimed.

    Claims rows (others skip them), then computes, stores what changed and deletes the claimed
    rows, all in one transaction: killed half-way, nothing is lost and nothing is done twice. Where
    a batch fails, or takes longer than a statement may, its rows are tried one by one, so that one
    that cannot be computed does not hold up the others; it is left alone after MAX_ATTEMPTS, with
    the reason on it. So is one that kills the process each time.

    Raises OperationalError or InterfaceError when the database fails; the rows are still there
    then.
    """
    claimed = _claim(batch)
    if claimed is None:
        return 0
    try:
        with transaction.atomic():
            _compute(list(_skipping_locked(claimed.rows())))
    except Exception as error:  # whatever it is, the rows after it must not wait for ever
        if database_failed(error):
            # Where it is still away, this costs the rows one attempt.
            with suppress(Error):
                claimed.give_back()
            raise
        if len(claimed.ids) == 1:
            logger.exception("Stale row %s cannot be computed.", claimed.ids[0])
            claimed.fail(error)
            return 1
        logger.exception("A batch of stale rows failed; trying its rows one by one.")
        claimed.give_back()
        return sum(takewhile(bool, (work_off_stale(batch=1) for _ in claimed.ids)))
    return len(claimed.ids)


def _claim(batch: int) -> _Claimed | None:
    """The rows that failed least and wait longest; None where none is free.

    The attempt is committed before anything is computed, since a process that is killed says
    nothing afterwards; the lease keeps others away until the rows are locked. A row that was tried
    before comes alone, or it would take others along.
    """
    now = timezone.now()
    free = StaleRow.objects.free(now=now)
    tried = free.filter(attempts__gt=0).order_by("attempts", "id")
    with transaction.atomic():
        rows = list(_skipping_locked(free.filter(attempts=0).order_by("id")[:batch]))
        rows = rows or list(_skipping_locked(tried[:1]))
        if not rows:
            return None
        claimed = _Claimed([row.pk for row in rows], now + LEASE, rows[0].attempts, rows[0].error)
        StaleRow.objects.filter(pk__in=claimed.ids).update(
            attempts=F("attempts") + 1, leased_until=claimed.until, error=KILLED
        )
    return claimed


def _skipping_locked(rows: QuerySet[StaleRow]) -> QuerySet[StaleRow]:
    """Without what another worker computes now, where the database has such locks."""
    if not connection.features.has_select_for_update_skip_locked:
        return rows
    return rows.select_for_update(skip_locked=True, of=("self",))


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
