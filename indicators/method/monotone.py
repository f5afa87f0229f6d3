"""The verdicts of `monotone`: every year better than the one before (METHOD.md)."""

import numpy as np

from indicators.method.cells import Cells
from indicators.method.columns import NO_YEAR, Columns, Flags, Ints
from indicators.method.judging import NOWHERE, first_of, last, pick
from indicators.method.shared import look, put_actual, put_side_evidence


def judge_monotone(at: Columns) -> Cells:
    view = look(at)
    years = at.years[None, :]
    span = view.seen & (years >= (at.start_year - 1)[:, None])
    columns = np.arange(len(at.years))[None, :]
    pairs = span & (columns >= last(at.breaks & span)[:, None])
    worse, flat, latest = _compare_neighbours(at, pairs)
    of_target_year = last(view.seen & (years == at.target_year[:, None]))
    single = pairs.sum(axis=1) == 1
    latest_worse = pick(worse, latest) & (latest != NOWHERE)
    any_worse, any_flat = worse.any(axis=1), flat.any(axis=1)
    rules = [
        (at.target_year == NO_YEAR, "undetermined"),
        (view.due & ~(span & (years == at.target_year[:, None])).any(axis=1), "not_collected"),
        (~pairs.any(axis=1), "no_data"),
        (single & ~view.due, "too_early"),
        (single, "undetermined"),
        (view.due & ~any_worse & ~any_flat, "kept"),
        (view.due, "missed"),
        (latest_worse, "breached"),
        (any_worse, "recovered"),
        (any_flat, "thin_margin"),
    ]
    status = first_of(rules, otherwise="holding")
    cells = Cells(status)
    actual = np.where(view.due, of_target_year, view.latest)
    put_actual(cells, at, view, actual, with_gap=np.zeros(len(at), bool))
    listed = (at.target_year != NO_YEAR)[:, None]
    in_period = (years >= at.start_year[:, None]) & (years <= view.end[:, None])
    cells.lists["missing_years"] = in_period & ~view.seen & listed
    cells.lists["breached_years"] = worse & listed
    put_side_evidence(cells, at, np.isin(status, ["not_collected", "no_data"]))
    cells.words["side_state"] = np.full(len(at), "")  # one figure neither rises nor falls
    return cells


def _compare_neighbours(at: Columns, pairs: Flags) -> tuple[Flags, Flags, Ints]:
    """Where an observation is worse than or equal to the one before; bounds read as values."""
    worse, flat = np.zeros_like(pairs), np.zeros_like(pairs)
    before = np.zeros(len(at), at.figures.dtype)
    has_before = np.zeros(len(at), bool)
    for column in range(pairs.shape[1]):
        here = pairs[:, column]
        step = at.direction * (at.figures[:, column] - before)
        compared = here & has_before
        worse[:, column] = compared & (step < 0)
        flat[:, column] = compared & (step == 0)
        before = np.where(here, at.figures[:, column], before)
        has_before |= here
    return worse, flat, last(pairs)
