"""What is stored, as the rows that the method reads."""

from collections.abc import Collection
from decimal import Decimal

from indicators.method import ObservationRow, TargetRow
from indicators.models import Observation, TargetReading
from plans.models import Target
from targets_site.figures import plain


def target_row(target: Target, reading: TargetReading | None) -> TargetRow:
    """A target with its reading; select `document` and `series__indicator` before."""
    return TargetRow(
        target_code=target.code,
        kind=target.kind,
        document=target.document.slug,
        series=reading.series.code if reading else "",
        comparator=target.comparator,
        value=_as_written(target.value, target.stated_decimals),
        value_upper=_as_written(target.value_upper, target.stated_decimals),
        unit=target.unit,
        target_year=target.target_year,
        start_year=target.document.start_year,
        hold_from=reading.hold_from if reading else None,
        baseline_year=reading.baseline_year if reading else None,
        baseline_value=reading.baseline_value if reading else None,
        tolerance=reading.tolerance if reading else None,
        nature=reading.series.indicator.nature if reading else "level",
        frequency=reading.series.frequency if reading else 1,
    )


def _as_written(value: Decimal | None, decimals: int) -> Decimal | None:
    return None if value is None else Decimal(plain(value, decimals=decimals))


def figures_in_force(
    series: Collection[str],
) -> tuple[list[ObservationRow], dict[tuple[str, int], str]]:
    """Figures in force of series (by code), and the grade of each one's source by series and
    year."""
    figures = Observation.objects.filter(
        series__code__in=set(series) - {""}, in_force__value__isnull=False
    ).values_list(
        "series__code",
        "year",
        "in_force__value",
        "in_force__bound",
        "in_force__obs_status",
        "in_force__source_grade",
    )
    rows, grades = [], {}
    for code, year, value, bound, obs_status, grade in figures:
        rows.append(ObservationRow(code, year, value, bound, obs_status))
        grades[code, year] = grade
    return rows, grades
