"""Rows as columns."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

import numpy as np

from indicators.method.columns import NO_SERIES, NO_YEAR, Flags, Ints, Observed, Stated
from indicators.method.rows import ObservationRow, TargetRow
from targets_site.figures import decimals_of

BOUNDS = {"at_least": 1, "at_most": -1}


def read_rows(
    targets: Sequence[TargetRow], observations: Sequence[ObservationRow], as_of: Sequence[int]
) -> tuple[Stated, Observed]:
    """Columns of targets (none of kind text) and of the observations that have a value."""
    observed = [row for row in observations if row.value is not None]
    scale = 10 ** _decimals_written(targets, observed)
    series = _numbers((row.series for row in targets), first=NO_SERIES)

    def texts(of: Callable[[TargetRow], str]) -> Ints:
        return np.array([of(row) for row in targets], dtype="U10")

    def figures(of: Callable[[TargetRow], Decimal | None]) -> Ints:
        return _scaled((of(row) for row in targets), scale)

    def years(of: Callable[[TargetRow], int | None]) -> Ints:
        given = (of(row) for row in targets)
        return np.array([NO_YEAR if year is None else year for year in given], int)

    def given(of: Callable[[TargetRow], object]) -> Flags:
        return np.array([of(row) is not None for row in targets], bool)

    documents = _numbers(row.document for row in targets)
    return Stated(
        scale=scale,
        as_of=np.array(as_of, int),
        document=np.array([documents[row.document] for row in targets], int),
        series=np.array([series[row.series] for row in targets], int),
        kind=texts(lambda row: row.kind),
        comparator=texts(lambda row: row.comparator),
        unit=texts(lambda row: row.unit),
        nature=texts(lambda row: row.nature),
        value=figures(lambda row: row.value),
        has_value=given(lambda row: row.value),
        decimals=np.array([decimals_of(row.value or Decimal(0)) for row in targets], int),
        tolerance=figures(lambda row: row.tolerance),
        has_tolerance=given(lambda row: row.tolerance),
        baseline_year=years(lambda row: row.baseline_year),
        baseline_value=figures(lambda row: row.baseline_value),
        has_baseline=given(lambda row: row.baseline_value),
        target_year=years(lambda row: row.target_year),
        start_year=years(lambda row: row.start_year),
        hold_from=years(lambda row: row.hold_from),
        frequency=np.array([row.frequency for row in targets], int),
    ), _observed([row for row in observed if series.get(row.series)], series, scale)


def _observed(rows: Sequence[ObservationRow], series: dict[str, int], scale: int) -> Observed:
    return Observed(
        series=np.array([series[row.series] for row in rows], int),
        year=np.array([row.year for row in rows], int),
        value=_scaled((row.value for row in rows), scale),
        bound=np.array([BOUNDS.get(row.bound, 0) for row in rows], np.int8),
        is_break=np.array(["B" in row.obs_status for row in rows], bool),
    )


def _numbers(names: Iterable[str], *, first: int = 1) -> dict[str, int]:
    """A number for each name; `first` is that of the empty one."""
    numbers = {"": first}
    for name in names:
        numbers.setdefault(name, first + len(numbers))
    return numbers


def _decimals_written(targets: Sequence[TargetRow], observed: Sequence[ObservationRow]) -> int:
    # 63.1 and 63.10 are one member of the set, and either needs no more than its value does.
    distinct = {row.value for row in observed}
    for row in targets:
        distinct |= {row.value, row.tolerance, row.baseline_value}
    return max((decimals_of(value) for value in distinct if value is not None), default=0)


def _scaled(values: Iterable[Decimal | None], scale: int) -> Ints:
    whole = [0 if value is None else int(value * scale) for value in values]
    try:
        return np.array(whole, np.int64)
    except OverflowError:  # Python's own integers, of which nothing is lost
        return np.array(whole, object)
