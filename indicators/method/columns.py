"""Rows as columns of integers.

Every figure is multiplied by one power of ten that makes all of them whole, so that sums,
comparisons and cross-multiplied ratios are exact. Columns are int64 where no product can
overflow and Python's own integers otherwise; the code that follows is the same for both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from indicators.method.rows import ObservationRow, TargetRow
from targets_site.figures import decimals_of

Ints = np.ndarray[Any, np.dtype[Any]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

NO_YEAR = -1
# The largest factor a figure meets: twice a difference × a span of years × rounding to 4 places.
_LARGEST_FACTOR = 2 * 2 * 200 * 10**4 * 2
_INT64_LIMIT = 2**63 // _LARGEST_FACTOR


@dataclass(frozen=True)
class Columns:
    """n targets, and what is known of each target's series on a grid of Y years.

    (n,): value, level (T), tolerance …; years are NO_YEAR where there is none.
    (n, Y): figures with `has` (there is one), `bound` (1 at_least, -1 at_most, else 0) and
    `breaks`; milestones with their mask.
    """

    scale: int
    years: Ints
    as_of: Ints
    kind: Ints
    nature: Ints
    direction: Ints
    strict: Flags
    open_about: Flags
    in_points: Flags
    percent: Flags
    value: Ints
    level: Ints
    has_level: Flags
    target_year: Ints
    start_year: Ints
    hold_from: Ints
    baseline_year: Ints
    baseline_value: Ints
    frequency: Ints
    ends_scale: Flags
    has: Flags
    figures: Ints
    bound: Ints
    breaks: Flags
    milestones: Ints
    is_milestone: Flags

    def __len__(self) -> int:
        return len(self.as_of)

    def part(self, rows: Flags) -> "Columns":
        """The same columns for some of the targets."""
        fields = {
            name: column[rows] if name not in {"scale", "years"} else column
            for name, column in vars(self).items()
        }
        return Columns(**fields)


def build_columns(
    targets: Sequence[TargetRow], observations: Sequence[ObservationRow], as_of: Sequence[int]
) -> Columns:
    """Columns of targets (none of kind text) and of the observations that have a value."""
    observed = [row for row in observations if row.value is not None]
    scale = 10 ** _decimals_needed(targets, observed)
    levels = [_level(target) for target in targets]
    dtype = _dtype(targets, observed, levels, scale)
    years = _grid(targets, observed, as_of)
    series_index, has, figures, bound, breaks = _pivot(targets, observed, years, scale, dtype)
    direction = np.array([-1 if row.comparator in {"le", "lt"} else 1 for row in targets], int)
    value = _scaled((row.value for row in targets), scale, dtype)
    target_year = _years_of(row.target_year for row in targets)
    kind = np.array([row.kind for row in targets], dtype="U8")
    group = _groups(targets, direction)
    milestones, is_milestone = _milestones(group, kind, direction, value, target_year, years)
    percent = np.array([row.unit == "%" for row in targets], bool)
    comparator = np.array([row.comparator for row in targets], dtype="U8")
    return Columns(
        scale=scale,
        years=years,
        as_of=np.array(as_of, int),
        kind=kind,
        nature=np.array([row.nature for row in targets], dtype="U10"),
        direction=direction,
        strict=np.isin(comparator, ["gt", "lt"]),
        open_about=(comparator == "about")
        & np.array([row.tolerance is None for row in targets], bool),
        in_points=percent | np.array([row.unit == "index" for row in targets], bool),
        percent=percent,
        value=value,
        level=_scaled(levels, scale, dtype),
        has_level=np.array([level is not None for level in levels], bool),
        target_year=target_year,
        start_year=_years_of(row.start_year for row in targets),
        hold_from=_years_of(row.hold_from for row in targets),
        baseline_year=_years_of(_named_baseline_year(row) for row in targets),
        baseline_value=_scaled((row.baseline_value for row in targets), scale, dtype),
        frequency=np.array([row.frequency if row.nature == "level" else 1 for row in targets], int),
        ends_scale=np.array([_ends_scale(row) for row in targets], bool),
        has=has[series_index],
        figures=figures[series_index],
        bound=bound[series_index],
        breaks=breaks[series_index],
        milestones=milestones,
        is_milestone=is_milestone,
    )


def _level(target: TargetRow) -> Decimal | None:
    """T: the value that an exact figure has to reach; None where a relative one has no base."""
    if target.value is None:
        return None
    if target.kind == "relative":
        if target.baseline_value is None:
            return None
        share = target.value if target.comparator == "ge" else -target.value
        return target.baseline_value * (100 + share) / 100
    if target.comparator == "about":
        half_a_digit = Decimal(5).scaleb(-decimals_of(target.value) - 1)
        tolerance = half_a_digit if target.tolerance is None else target.tolerance
        return target.value - tolerance
    return target.value


def _named_baseline_year(target: TargetRow) -> int | None:
    """A relative target's base without a year counts as the year before the period."""
    if target.baseline_value is None:
        return None
    if target.baseline_year is None and target.start_year is not None:
        return target.start_year - 1
    return target.baseline_year


def _ends_scale(target: TargetRow) -> bool:
    """Whether nothing lies beyond the value: 100 % for ge, 0 for le."""
    if target.comparator == "ge":
        return target.unit == "%" and target.value == 100
    return target.comparator == "le" and target.value == 0


def _decimals_needed(targets: Sequence[TargetRow], observed: Sequence[ObservationRow]) -> int:
    # 63.1 and 63.10 are one member of the set, and either needs no more than its value does.
    distinct = {row.value for row in observed if row.value is not None}
    needed = max((decimals_of(value) for value in distinct), default=0)
    for target in targets:
        given = [target.value, target.tolerance, target.baseline_value]
        written = [decimals_of(value) for value in given if value is not None]
        if target.kind == "relative":
            needed = max(needed, sum(written) + 2)
        else:
            # Half a unit of the last digit has one more.
            needed = max(needed, max(written, default=0) + (target.comparator == "about"))
    return needed


def _dtype(
    targets: Sequence[TargetRow],
    observed: Sequence[ObservationRow],
    levels: Iterable[Decimal | None],
    scale: int,
) -> type:
    figures = [row.value for row in observed]
    for target in targets:
        figures += [target.value, target.baseline_value]
    largest = max((abs(value) for value in (*figures, *levels) if value is not None), default=0)
    # A flow adds up over its years.
    return int if largest * scale * 100 < _INT64_LIMIT else object


def _scaled(values: Iterable[Decimal | None], scale: int, dtype: type) -> Ints:
    return np.array([0 if value is None else int(value * scale) for value in values], dtype)


def _years_of(years: Iterable[int | None]) -> Ints:
    return np.array([NO_YEAR if year is None else year for year in years], int)


def _grid(
    targets: Sequence[TargetRow], observed: Sequence[ObservationRow], as_of: Sequence[int]
) -> Ints:
    """Every year that can matter, without a gap."""
    years = {row.year for row in observed} | {
        year
        for target, seen_from in zip(targets, as_of, strict=True)
        for year in (
            target.target_year,
            target.start_year,
            target.hold_from,
            min(seen_from, target.target_year or seen_from),
        )
        if year is not None
    }
    return np.arange(min(years), max(years) + 1) if years else np.arange(0)


def _pivot(
    targets: Sequence[TargetRow],
    observed: Sequence[ObservationRow],
    years: Ints,
    scale: int,
    dtype: type,
) -> tuple[Ints, Flags, Ints, Ints, Flags]:
    """One line a series, one column a year; line 0 is the empty series."""
    lines: dict[str, int] = {"": 0}
    for target in targets:
        lines.setdefault(target.series, len(lines))
    wanted = [row for row in observed if row.series and row.series in lines]
    shape = (len(lines), len(years))
    has, breaks = np.zeros(shape, bool), np.zeros(shape, bool)
    figures: Ints = np.zeros(shape, dtype)
    bound: Ints = np.zeros(shape, np.int8)
    if wanted:
        line = np.array([lines[row.series] for row in wanted])
        column = np.array([row.year for row in wanted]) - years[0]
        has[line, column] = True
        figures[line, column] = _scaled((row.value for row in wanted), scale, dtype)
        bound[line, column] = [{"at_least": 1, "at_most": -1}.get(row.bound, 0) for row in wanted]
        breaks[line, column] = ["B" in row.obs_status for row in wanted]
    return np.array([lines[row.series] for row in targets], int), has, figures, bound, breaks


def _groups(targets: Sequence[TargetRow], direction: Ints) -> Ints:
    """The same number for targets of one document, series and direction; -1 without a series."""
    numbers: dict[tuple[str, str, int], int] = {}
    return np.array(
        [
            numbers.setdefault((row.document, row.series, int(d)), len(numbers))
            if row.series
            else -1
            for row, d in zip(targets, direction, strict=True)
        ],
        int,
    )


def _milestones(
    group: Ints, kind: Ints, direction: Ints, value: Ints, target_year: Ints, years: Ints
) -> tuple[Ints, Flags]:
    """Earlier values of the same commitment, the stronger one where two share a year."""
    member = (group >= 0) & np.isin(kind, ["reach", "hold"]) & (target_year != NO_YEAR)
    shape = (int(group.max(initial=-1)) + 2, len(years))
    stands = np.zeros(shape, bool)
    strongest = np.zeros(shape, value.dtype)
    order = np.nonzero(member)[0]
    order = order[np.argsort((direction * value)[order], kind="stable")]
    line, column = group[order], target_year[order] - (years[0] if len(years) else 0)
    # The strongest is written last.
    strongest[line, column] = value[order]
    stands[line, column] = True
    earlier = years[None, :] < target_year[:, None]
    return strongest[group], stands[group] & earlier & (group >= 0)[:, None]
