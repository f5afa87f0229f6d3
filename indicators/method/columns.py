"""What is stated and what is observed, as columns of integers.

Every figure is multiplied by one power of ten that makes all of them whole, so that sums,
comparisons and cross-multiplied ratios are exact. Columns are int64 where no product can
overflow and Python's own integers otherwise; the code that follows is the same for both.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

Ints = np.ndarray[Any, np.dtype[Any]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

NO_YEAR = -1
NO_SERIES = 0
# The largest factor a figure meets: twice a difference × a span of years × rounding to 4 places.
_LARGEST_FACTOR = 2 * 2 * 200 * 10**4 * 2
_INT64_LIMIT = 2**63 // _LARGEST_FACTOR


@dataclass(frozen=True)
class Stated:
    """n targets (none of kind text), each with its reading and the year it is seen from.

    `document` and `series` are numbers of any kind, NO_SERIES where there is none; years are
    NO_YEAR where there is none. Figures are integers in 1/`scale` of the target's unit, of which
    `decimals` digits of the value were written; 0 where the flag beside says there is none.
    """

    scale: int
    as_of: Ints
    document: Ints
    series: Ints
    kind: Ints
    comparator: Ints
    unit: Ints
    nature: Ints
    value: Ints
    has_value: Flags
    decimals: Ints
    tolerance: Ints
    has_tolerance: Flags
    baseline_year: Ints
    baseline_value: Ints
    has_baseline: Flags
    target_year: Ints
    start_year: Ints
    hold_from: Ints
    frequency: Ints

    def __len__(self) -> int:
        return len(self.as_of)

    def part(self, rows: Flags | Ints) -> "Stated":
        """Some of the targets, by flags or by positions."""
        fields = {
            name: column[rows] if name != "scale" else column for name, column in vars(self).items()
        }
        return Stated(**fields)


@dataclass(frozen=True)
class Observed:
    """Yearly figures, one a series and year, in the numbers and the scale of `Stated`.

    bound: 1 at_least, -1 at_most, else 0.
    """

    series: Ints
    year: Ints
    value: Ints
    bound: Ints
    is_break: Flags

    def part(self, rows: Flags) -> "Observed":
        return Observed(**{name: column[rows] for name, column in vars(self).items()})


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


def build_columns(stated: Stated, observed: Observed) -> Columns:
    """Targets beside the figures of their series; the scale is fine enough for their levels."""
    level, has_level = _levels(stated)
    dtype = _dtype(observed.value, stated.value, stated.baseline_value, level)
    years = _grid(stated, observed)
    line, has, figures, bound, breaks = _pivot(stated, observed, years, dtype)
    direction = np.where(np.isin(stated.comparator, ["le", "lt"]), -1, 1)
    value: Ints = stated.value.astype(dtype)
    milestones, is_milestone = _milestones(
        _groups(stated, direction), stated.kind, direction, value, stated.target_year, years
    )
    percent = stated.unit == "%"
    return Columns(
        scale=stated.scale,
        years=years,
        as_of=stated.as_of,
        kind=stated.kind,
        nature=stated.nature,
        direction=direction,
        strict=np.isin(stated.comparator, ["gt", "lt"]),
        open_about=(stated.comparator == "about") & ~stated.has_tolerance,
        in_points=percent | (stated.unit == "index"),
        percent=percent,
        value=value,
        level=level.astype(dtype),
        has_level=has_level,
        target_year=stated.target_year,
        start_year=stated.start_year,
        hold_from=stated.hold_from,
        baseline_year=_named_baseline_year(stated),
        baseline_value=stated.baseline_value.astype(dtype),
        frequency=np.where(stated.nature == "level", stated.frequency, 1),
        ends_scale=_ends_scale(stated),
        has=has[line],
        figures=figures[line],
        bound=bound[line],
        breaks=breaks[line],
        milestones=milestones,
        is_milestone=is_milestone,
    )


def _levels(stated: Stated) -> tuple[Ints, Flags]:
    """T, the value that an exact figure has to reach; and where there is one, since a relative
    target may have no base."""
    level = stated.value.astype(object)
    relative = stated.kind == "relative"
    if relative.any():
        # In Python's integers, since the product has twice the digits.
        share = np.where(stated.comparator == "ge", level, -level)[relative]
        base = stated.baseline_value.astype(object)[relative]
        level[relative] = base * (100 * stated.scale + share) // (100 * stated.scale)
    about = (stated.comparator == "about") & ~relative
    if about.any():
        half_a_digit = 5 * stated.scale // 10 ** (stated.decimals[about].astype(object) + 1)
        level[about] -= np.where(
            stated.has_tolerance[about], stated.tolerance.astype(object)[about], half_a_digit
        )
    return level, stated.has_value & (~relative | stated.has_baseline)


def _named_baseline_year(stated: Stated) -> Ints:
    """A relative target's base without a year counts as the year before the period."""
    year = np.where(stated.baseline_year == NO_YEAR, stated.start_year - 1, stated.baseline_year)
    return np.where(stated.has_baseline, year, NO_YEAR)


def _ends_scale(stated: Stated) -> Flags:
    """Whether nothing lies beyond the value: 100 % for ge, 0 for le."""
    full = (stated.comparator == "ge") & (stated.unit == "%") & (stated.value == 100 * stated.scale)
    none = (stated.comparator == "le") & (stated.value == 0)
    ends: Flags = stated.has_value & (full | none)
    return ends


def _dtype(*columns: Ints) -> type:
    largest = max((int(np.abs(column).max()) for column in columns if len(column)), default=0)
    # A flow adds up over its years.
    return int if largest * 100 < _INT64_LIMIT else object


def _grid(stated: Stated, observed: Observed) -> Ints:
    """Every year that can matter, without a gap."""
    end = np.where(
        stated.target_year == NO_YEAR,
        stated.as_of,
        np.minimum(stated.as_of, stated.target_year),
    )
    years = np.concatenate(
        [observed.year, stated.target_year, stated.start_year, stated.hold_from, end]
    )
    years = years[years != NO_YEAR]
    return np.arange(years.min(), years.max() + 1) if len(years) else np.arange(0)


def _pivot(
    stated: Stated, observed: Observed, years: Ints, dtype: type
) -> tuple[Ints, Flags, Ints, Ints, Flags]:
    """The line of each target; one line a series, one column a year; line 0 is the empty series."""
    series, line_of = np.unique(np.concatenate([[NO_SERIES], stated.series]), return_inverse=True)
    shape = (len(series), len(years))
    has, breaks = np.zeros(shape, bool), np.zeros(shape, bool)
    figures: Ints = np.zeros(shape, dtype)
    bound: Ints = np.zeros(shape, np.int8)
    if len(observed.year):
        place = np.searchsorted(series, observed.series), observed.year - years[0]
        has[place] = True
        figures[place] = observed.value
        bound[place] = observed.bound
        breaks[place] = observed.is_break
    return line_of[1:], has, figures, bound, breaks


def _groups(stated: Stated, direction: Ints) -> Ints:
    """The same number for targets of one document, series and direction; -1 without a series."""
    # As one number, since columns that are sorted together take several times as long.
    _documents, document = np.unique(stated.document, return_inverse=True)
    _series, series = np.unique(stated.series, return_inverse=True)
    keys = (document * len(_series) + series) * 2 + (direction > 0)
    _distinct, number = np.unique(keys, return_inverse=True)
    return np.where(stated.series == NO_SERIES, -1, number)


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
