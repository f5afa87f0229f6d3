"""What all kinds say of a target: the actual figure, the gap, the last pace, side evidence."""

from dataclasses import dataclass

import numpy as np

from indicators.method.cells import Cells
from indicators.method.columns import NO_YEAR, Columns, Flags, Ints
from indicators.method.judging import (
    MET,
    NOWHERE,
    SHORT,
    in_last_segment,
    judge,
    last,
    pick,
    previous_of,
    rounded,
)

PACE_SCALE = 10**4


@dataclass(frozen=True)
class Seen:
    """What may be looked at: rows with a value up to the as-of year, at most the target year.

    `due`: the target year has come. `end`: the last year that is looked at.
    `latest`: t, the column of the latest observation from start_year on.
    """

    due: Flags
    end: Ints
    seen: Flags
    from_start: Flags
    segment: Flags
    latest: Ints


def look(at: Columns) -> Seen:
    has_year = at.target_year != NO_YEAR
    end = np.where(has_year, np.minimum(at.as_of, at.target_year), at.as_of)
    seen = at.has & (at.years[None, :] <= end[:, None])
    from_start = seen & (at.years[None, :] >= at.start_year[:, None])
    return Seen(
        due=has_year & (at.as_of >= at.target_year),
        end=end,
        seen=seen,
        from_start=from_start,
        segment=in_last_segment(at, seen),
        latest=last(from_start),
    )


def year_at(at: Columns, column: Ints) -> Ints:
    return pick(np.broadcast_to(at.years, at.has.shape), column)


def put_actual(cells: Cells, at: Columns, view: Seen, actual: Ints, *, with_gap: Flags) -> None:
    """Actual year and value, gap and last pace, wherever they exist."""
    stands = actual != NOWHERE
    value, year = pick(at.figures, actual), year_at(at, actual)
    cells.put("actual_year", year, stands)
    cells.put("actual_value", value, stands, scale=at.scale)
    gap = at.direction * (at.level - value)
    cells.put("gap", gap, stands & with_gap, scale=at.scale)
    previous = previous_of(at, view.seen, view.segment, actual, at.bound)
    has_pace = stands & (previous != NOWHERE)
    step = at.direction * (value - pick(at.figures, previous))
    span = np.where(has_pace, year - year_at(at, previous), 1)
    cells.put("last_pace", rounded(step, span * at.scale), has_pace, scale=PACE_SCALE)


def put_side_evidence(cells: Cells, at: Columns, without_figure: Flags) -> None:
    """The nearest figure of another year from start_year - 3 on, the earlier of two; and whether
    it would meet the target (empty where there is no level to meet)."""
    known = at.has & (at.years[None, :] <= at.as_of[:, None])
    known &= at.years[None, :] >= (at.start_year - 3)[:, None]
    known &= at.years[None, :] != at.target_year[:, None]
    distance = np.abs(at.years[None, :] - at.target_year[:, None])
    far = np.where(known, distance, 10_000)
    nearest = (
        np.argmin(far, axis=1) if far.shape[1] else np.zeros(len(at), int)
    )  # the first of equals is the earlier
    stands = without_figure & known.any(axis=1)
    cells.put("side_year", year_at(at, nearest), stands)
    value = pick(at.figures, nearest)
    cells.put("side_value", value, stands, scale=at.scale)
    state = judge(at, value, pick(at.bound, nearest))
    said = np.select([state == MET, state == SHORT], ["met", "short"], default="open")
    cells.words["side_state"] = np.where(stands & at.has_level, said, "")
