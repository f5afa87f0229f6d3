"""The verdicts of `hold` (METHOD.md)."""

from typing import Any

import numpy as np

from indicators.method.cells import Cells
from indicators.method.columns import NO_YEAR, Columns, Flags, Ints
from indicators.method.judging import (
    MET,
    NOWHERE,
    OPEN,
    SHORT,
    figure_of,
    first_of,
    judge,
    last,
    pick,
)
from indicators.method.shared import look, put_actual, put_side_evidence


def judge_hold(at: Columns) -> Cells:
    view = look(at)
    figure = _figure_of_each_year(at, view.seen)
    years = at.years[None, :]
    hold_from = _hold_from(at)
    window = (years >= hold_from[:, None]) & (years <= view.end[:, None])
    column = np.maximum(figure, 0)
    state = np.where(
        figure != NOWHERE,
        judge(
            at,
            np.take_along_axis(at.figures, column, axis=1),
            np.take_along_axis(at.bound, column, axis=1),
        ),
        0,
    )
    breached = window & (state == SHORT)
    missing = window & (state != SHORT) & (state != MET)
    latest_year = last(window & (figure != NOWHERE))
    latest = np.where(latest_year == NOWHERE, NOWHERE, pick(figure, latest_year))
    decider = np.where(view.due, figure_of(at, view.seen, at.target_year), latest)
    status = _status(at, view.due, hold_from, decider, latest_year, breached, missing)
    cells = Cells(status)
    actual = np.where(view.due | (decider != NOWHERE), decider, view.latest)
    put_actual(cells, at, view, actual, with_gap=np.ones(len(at), bool))
    listed = (status != "not_due") & (at.target_year != NO_YEAR)
    cells.lists["missing_years"] = missing & listed[:, None]
    cells.lists["breached_years"] = breached & listed[:, None]
    put_side_evidence(cells, at, np.isin(status, ["not_collected", "no_data"]))
    return cells


def _hold_from(at: Columns) -> Ints:
    """As given, else the year after the latest milestone, else start_year."""
    milestone = last(at.is_milestone)
    after = np.where(
        milestone != NOWHERE, pick(np.broadcast_to(at.years, at.has.shape), milestone) + 1, 0
    )
    derived = np.where(milestone != NOWHERE, after, at.start_year)
    return np.where(at.hold_from != NO_YEAR, at.hold_from, derived)


def _figure_of_each_year(at: Columns, seen: Flags) -> Ints:
    """Column of the figure of every year of the grid: its own, else within the frequency."""
    columns = np.arange(len(at.years))[None, :]
    latest = np.maximum.accumulate(np.where(seen, columns, NOWHERE), axis=1)
    in_time = columns - latest < at.frequency[:, None]
    return np.where((latest != NOWHERE) & in_time, latest, NOWHERE)


def _status(
    at: Columns,
    due: Flags,
    hold_from: Ints,
    decider: Ints,
    latest_year: Ints,
    breached: Flags,
    missing: Flags,
) -> Ints:
    value, bound = pick(at.figures, decider), pick(at.bound, decider)
    state = judge(at, value, bound)
    absent = decider == NOWHERE
    columns = np.arange(len(at.years))[None, :]
    decided_at = np.where(due, last(at.years[None, :] <= at.target_year[:, None]), latest_year)
    earlier_breach = (breached & (columns < decided_at[:, None])).any(axis=1)
    some_missing = missing.any(axis=1)
    margin = at.direction * (value - at.level)
    thin = np.where(at.in_points, 10 * margin < 3 * at.scale, 100 * margin < at.level)
    thin &= (bound == 0) & ~at.ends_scale
    rules: list[tuple[Any, str]] = [
        (at.target_year == NO_YEAR, "undetermined"),
        (at.as_of < hold_from, "not_due"),
        (due & absent, "not_collected"),
        (absent, "no_data"),
        (state == OPEN, "undetermined"),
        (due & (state == SHORT), "missed"),
        (state == SHORT, "breached"),
        (earlier_breach, "recovered"),
        (due & some_missing, "kept_gaps"),
        (due, "kept"),
        (thin, "thin_margin"),
        (some_missing, "holding_gaps"),
    ]
    return first_of(rules, otherwise="holding")
