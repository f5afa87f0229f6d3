"""The verdicts of `reach` and `relative` (METHOD.md, the first rule that applies)."""

from dataclasses import dataclass, replace
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
    previous_of,
    rounded,
)
from indicators.method.shared import PACE_SCALE, Seen, look, put_actual, put_side_evidence, year_at


@dataclass(frozen=True)
class Baseline:
    value: Ints
    year: Ints
    found: Flags


def judge_reach(at: Columns) -> Cells:
    at = _with_flows_added_up(at)
    view = look(at)
    actual = np.where(view.due, figure_of(at, view.seen, at.target_year), view.latest)
    has_actual = actual != NOWHERE
    state = np.where(has_actual, judge(at, pick(at.figures, actual), pick(at.bound, actual)), 0)
    baseline = _baseline(at, view)
    path = _path(at, baseline, year_at(at, actual))
    status, reached_rule_5, by_path = _first_rule(at, view, actual, state, baseline, path)
    cells = Cells(status)
    put_actual(cells, at, view, actual, with_gap=at.has_level)
    _put_baseline(cells, at, actual, baseline, reached_rule_5)
    _put_path(cells, at, actual, baseline, path, by_path)
    gap = at.direction * (at.level - pick(at.figures, actual))
    years_left = at.target_year - year_at(at, actual)
    wants_pace = has_actual & at.has_level & (gap > 0) & ~view.due & (at.target_year != NO_YEAR)
    cells.put(
        "required_pace",
        rounded(gap, np.where(wants_pace, years_left, 1) * at.scale),
        wants_pace,
        scale=PACE_SCALE,
    )
    without = np.isin(status, ["not_collected", "no_data", "outdated"])
    put_side_evidence(cells, at, without)
    return cells


def _with_flows_added_up(at: Columns) -> Columns:
    """For counts of the year, S(y): the sum from start_year to y; at_least after a gap."""
    flow = (at.nature == "flow")[:, None]
    in_period = at.years[None, :] >= at.start_year[:, None]
    counted = at.has & in_period
    total = np.cumsum(np.where(counted, at.figures, 0), axis=1)
    gaps = np.cumsum(in_period & ~at.has, axis=1) > 0
    return replace(
        at,
        has=np.where(flow, counted, at.has),
        figures=np.where(flow, total, at.figures),
        bound=np.where(flow, gaps.astype(np.int8), at.bound),
        breaks=at.breaks & ~flow,
    )


def _baseline(at: Columns, view: Seen) -> Baseline:
    """Rule 5: the named one; else the latest of the three years before the period; else the one
    of start_year; all but the named one in the last segment. A flow starts from 0."""
    flow = at.nature == "flow"
    usable = view.seen & view.segment & (at.bound == 0)
    years, start = at.years[None, :], at.start_year[:, None]
    before = last(usable & (years >= start - 3) & (years < start))
    column = np.where(before != NOWHERE, before, last(usable & (years == start)))
    named = at.baseline_year != NO_YEAR
    value = np.where(named, at.baseline_value, pick(at.figures, column))
    year = np.where(named, at.baseline_year, year_at(at, column))
    return Baseline(
        value=np.where(flow, 0, value),
        year=np.where(flow, at.start_year - 1, year),
        found=flow | named | (column != NOWHERE),
    )


@dataclass(frozen=True)
class Path:
    """Rule 9 in the direction of the target: e = numerator / span, b, and v to compare."""

    numerator: Ints
    span: Ints


def _path(at: Columns, baseline: Baseline, year: Ints) -> Path:
    """Where the figure of `year` should be: straight lines through baseline, milestones, target.

    The path never gives back and never asks for more than the target.
    """
    goal = at.direction * at.level
    best = at.direction * baseline.value
    low_year, low = baseline.year, best
    high_year, high = at.target_year, goal
    passed = np.zeros(len(at), bool)
    for column, knot_year in enumerate(at.years):
        stands = at.is_milestone[:, column] & (knot_year > baseline.year)
        stands &= knot_year < at.target_year
        knot = np.minimum(np.maximum(at.direction * at.milestones[:, column], best), goal)
        behind = stands & (knot_year <= year)
        ahead = stands & (knot_year > year) & ~passed
        best = np.where(stands, knot, best)
        low_year, low = np.where(behind, knot_year, low_year), np.where(behind, knot, low)
        high_year, high = np.where(ahead, knot_year, high_year), np.where(ahead, knot, high)
        passed |= ahead
    span = np.maximum(high_year - low_year, 1)
    return Path(low * span + (high - low) * (year - low_year), span)


def _first_rule(
    at: Columns, view: Seen, actual: Ints, state: Ints, baseline: Baseline, path: Path
) -> tuple[Ints, Flags, Flags]:
    """Status, whether rule 5 was reached, and whether rule 9 decided."""
    value, year = pick(at.figures, actual), year_at(at, actual)
    bound = pick(at.bound, actual)
    ahead = at.direction * (value - at.level)
    previous = previous_of(at, view.seen, view.segment, actual, at.bound)
    drop = at.direction * (pick(at.figures, previous) - value)
    slips = (bound == 0) & (previous != NOWHERE) & (drop > 0) & (ahead < drop)

    no_year = at.target_year == NO_YEAR
    no_base = (at.kind == "relative") & ~at.has_level
    counts_up = (at.nature != "level") & (at.direction > 0)
    ever_met = (view.from_start & (judge(at, at.figures, at.bound) == MET)).any(axis=1)
    absent = actual == NOWHERE
    old = at.as_of - year > np.maximum(2, at.frequency)

    base = at.direction * baseline.value
    goal = at.direction * at.level
    base_meets = judge(at, baseline.value, np.zeros(len(at), np.int8)) == MET
    short_way = at.in_points & (at.kind != "relative") & (10 * (goal - base) < 5 * at.scale)
    made = (at.direction * value - base) * path.span
    due_by_now = path.numerator - base * path.span
    level_path = due_by_now == 0

    rules: list[tuple[Any, str]] = [
        (no_year, "undetermined"),
        (no_base, "no_baseline"),
        (counts_up & ever_met, "achieved"),
        (view.due & absent, "not_collected"),
        (view.due & (state == MET), "achieved"),
        (view.due & (state == SHORT), "missed"),
        (view.due, "undetermined"),
        (absent & baseline.found, "too_early"),
        (absent, "no_data"),
        (old, "outdated"),
        ((state == MET) & slips, "slipping"),
        (state == MET, "met_early"),
        ((state == OPEN) | (bound != 0), "undetermined"),
    ]
    before_rule_5 = np.any([condition for condition, _ in rules], axis=0)
    rules += [
        (~baseline.found, "no_baseline"),
        (year <= baseline.year, "too_early"),
        (base_meets, "fell_back"),
        (short_way & (-10 * ahead <= 3 * at.scale), "near"),
        (short_way, "short"),
    ]
    before_rule_9 = np.any([condition for condition, _ in rules], axis=0)
    rules += [
        (level_path & (made >= 0), "on_track"),
        (level_path, "moving_away"),
        (100 * made >= 95 * due_by_now, "on_track"),
        (100 * made >= 60 * due_by_now, "behind"),
        (made >= 0, "far_behind"),
    ]
    status = first_of(rules, otherwise="moving_away")
    return status, ~before_rule_5, ~before_rule_9


def _put_baseline(
    cells: Cells, at: Columns, actual: Ints, baseline: Baseline, reached: Flags
) -> None:
    stands = reached & baseline.found
    cells.put("baseline_year", baseline.year, stands)
    cells.put("baseline_value", baseline.value, stands, scale=at.scale)
    way = at.direction * (at.level - baseline.value)
    gone = at.direction * (pick(at.figures, actual) - baseline.value)
    cells.put(
        "share",
        rounded(gone, way),
        stands & (way > 0) & (actual != NOWHERE),
        scale=PACE_SCALE,
    )


def _put_path(
    cells: Cells, at: Columns, actual: Ints, baseline: Baseline, path: Path, by_path: Flags
) -> None:
    cells.put(
        "expected_value",
        rounded(at.direction * path.numerator, path.span * at.scale),
        by_path,
        scale=PACE_SCALE,
    )
    base = at.direction * baseline.value
    made = (at.direction * pick(at.figures, actual) - base) * path.span
    due_by_now = path.numerator - base * path.span
    cells.put("ratio", rounded(made, due_by_now), by_path & (due_by_now != 0), scale=PACE_SCALE)
