"""The case of a target: the plain values that sentence, working and chart are made of."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from indicators.enums import Nature
from indicators.models import TargetReading, Verdict
from plans.models import Target
from reports.queries.targets.figures import ObservationLine
from reports.sentences import Level
from reports.workings import Case, Figure, threshold
from targets_site.templatetags.shown import target_level


def level_of(target: Target) -> Level:
    return Level(
        kind=target.kind,
        comparator=target.comparator,
        value=target.value,
        shown=target.value_as_stated,
        shown_upper=target.value_upper_as_stated,
        unit=target.unit,
    )


def short_level(target: Target) -> str:
    """≥ 98%, with the unit as the figures of the page have it."""
    return target_level(target).replace(" %", "%")


def case_of(
    target: Target,
    reading: TargetReading | None,
    observations: Sequence[ObservationLine],
    milestones: Sequence[Target],
    verdict: Verdict | None,
    *,
    as_of: int,
) -> Case:
    """The plain values that sentence, working and chart are made of."""
    level = level_of(target)
    indicator = reading.series.indicator if reading else None
    tolerance = reading.tolerance if reading else None
    return Case(
        level=level,
        direction=target.direction,
        threshold=threshold(
            level,
            stated_decimals=target.stated_decimals,
            tolerance=tolerance,
            baseline_value=reading.baseline_value if reading else None,
        ),
        target_year=target.target_year,
        start_year=target.document.start_year,
        as_of=as_of,
        unit=indicator.unit if indicator else target.unit,
        figures=[_figure(line) for line in observations if line.counts and _has_value(line)],
        status=verdict.status if verdict else "",
        tolerance=tolerance,
        hold_from=reading.hold_from if reading else None,
        milestones=_stronger_by_year(milestones),
        nature=indicator.nature if indicator else Nature.LEVEL,
        frequency=reading.series.frequency if reading else 1,
        is_baseline_named=reading is not None and reading.baseline_value is not None,
        **(_stored(verdict) if verdict else {}),
    )


def _has_value(line: ObservationLine) -> bool:
    return line.version.value is not None


def _figure(line: ObservationLine) -> Figure:
    version = line.version
    return Figure(
        year=line.year,
        value=version.value or Decimal(0),
        shown=version.value_as_stated,
        bound=version.bound,
        is_break=version.is_break,
    )


def _stronger_by_year(milestones: Sequence[Target]) -> list[tuple[int, Decimal]]:
    found: dict[int, Decimal] = {}
    for milestone in milestones:
        year, value = milestone.target_year, milestone.value
        if year is None or value is None:
            continue
        best = max if milestone.direction > 0 else min
        found[year] = best(found.get(year, value), value)
    return sorted(found.items())


def _stored(verdict: Verdict) -> dict[str, Any]:
    """The cells of a verdict that its working shows."""
    return {
        "actual_year": verdict.actual_year,
        "actual_value": verdict.actual_value,
        "gap": verdict.gap,
        "baseline_year": verdict.baseline_year,
        "baseline_value": verdict.baseline_value,
        "expected": verdict.expected_value,
        "ratio": verdict.ratio,
        "required_pace": verdict.required_pace,
        "last_pace": verdict.last_pace,
        "missing_years": years_of(verdict.missing_years),
        "breached_years": years_of(verdict.breached_years),
        "side_year": verdict.side_year,
        "side_value": verdict.side_value,
        "side_state": verdict.side_state,
    }


def years_of(text: str) -> tuple[int, ...]:
    """The years of a stored list, `2012;2014`."""
    return tuple(int(year) for year in text.split(";") if year)
