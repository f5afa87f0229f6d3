"""The big chart of a target without its drawing: its rows and the words around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.amounts import amount
from indicators.enums import SourceGrade
from indicators.models import TargetReading
from indicators.relations import Relation
from plans.enums import Comparator, Kind
from plans.models import Target
from reports.figure_rows import ChartLevel, ChartMark, ChartPoint, HoldBand, TargetFigureRows
from reports.queries.targets.chart_table import ChartTable, chart_table
from reports.queries.targets.chart_words import finding, source, subtitle
from reports.queries.targets.figures import ObservationLine
from reports.queries.targets.forecasts import TargetForecast
from reports.queries.targets.related import RelatedTarget, other_commitment
from reports.sentences import bounded, held_years_sentence
from reports.workings import Case, Figure, case_path, facts_of
from reports.workings.figures import Knot
from targets_site.figures import plain
from targets_site.templatetags.shown import comparator_sign


@dataclass(frozen=True)
class TargetChart:
    """The big chart without its drawing: the finding, what is measured, where the figure that
    counts was read, rows, table. notes: further sentences about what it shows."""

    finding: str
    subtitle: str
    source: str
    rows: TargetFigureRows
    table: ChartTable
    notes: Sequence[str]


def target_chart(
    target: Target,
    reading: TargetReading | None,
    case: Case,
    observations: Sequence[ObservationLine],
    forecast: TargetForecast | None,
    related: Sequence[RelatedTarget],
) -> TargetChart | None:
    """None without a figure up to the as-of year: an empty box would say nothing."""
    if reading is None or not case.judged_figures:
        return None
    lines = {line.year: line for line in observations}
    rows = TargetFigureRows(
        points=[_chart_point(case, figure, lines[figure.year]) for figure in case.judged_figures],
        unit=case.unit,
        level=_chart_level(target, case),
        other_level=_other_level(other_commitment(target, related)),
        path=case_path(case),
        milestones=[
            ChartMark(year, value, _level_label(target.comparator, value, case.unit, year))
            for year, value in case.milestones
        ],
        band=_hold_band(case),
        breaks=_breaks(case),
        fan=forecast.fan if forecast else (),
        y_limits=_limits(reading),
        starts_at_zero=case.unit not in {"%", "index"},
    )
    return TargetChart(
        finding=finding(case),
        subtitle=subtitle(reading, case),
        source=source(lines[case.actual_year or case.judged_figures[-1].year]),
        rows=rows,
        table=chart_table(rows, due=_due(case)),
        notes=_notes(case),
    )


def _due(case: Case) -> Knot | None:
    if case.actual_year is None or case.expected is None:
        return None
    return (case.actual_year, case.expected)


def _notes(case: Case) -> list[str]:
    held = held_years_sentence(facts_of(case))
    return [held] if held else []


def _other_level(other: RelatedTarget | None) -> ChartLevel | None:
    """Where another measure is meant, the label says so."""
    if other is None or other.target.value is None or other.target.target_year is None:
        return None
    of, value, year = other.target, other.target.value, other.target.target_year
    level = _level_label(of.comparator, value, of.unit, year)
    words = _other_words(other)
    return ChartLevel(
        value=value,
        label=_("%(words)s: %(level)s") % {"words": words, "level": level},
        from_year=of.document.start_year,
        to_year=year,
        lines=(words, level),
    )


def _other_words(other: RelatedTarget) -> str:
    if other.relation == Relation.REDEFINED:
        if other.is_original:
            return _("original, another measure")
        return _("restated, another measure")
    if other.is_original:
        return pgettext("target level", "original")
    return pgettext("target level", "restated")


def _breaks(case: Case) -> list[int]:
    """Sums of a flow ignore breaks (METHOD.md, "Nature")."""
    return [] if case.is_summed else [figure.year for figure in case.figures if figure.is_break]


def _chart_point(case: Case, figure: Figure, line: ObservationLine) -> ChartPoint:
    notes = [*line.notes]
    if line.version.source_grade == SourceGrade.REPRINT:
        notes.append(str(SourceGrade.REPRINT.label))
    return ChartPoint(
        year=figure.year,
        value=figure.value,
        shown=bounded(amount(figure.shown, case.unit), figure.bound),
        bound=figure.bound,
        is_hollow=line.is_hollow,
        is_breach=figure.year in case.breached_years,
        note=pgettext("between notes", ", ").join(notes),
    )


def _level_label(comparator: str, value: Decimal, unit: str, year: int) -> str:
    """≥ 98%，2020"""
    sign = comparator_sign(Comparator.GE if comparator == Comparator.BETWEEN else comparator)
    return _("%(level)s, %(year)s") % {
        "level": f"{sign} {amount(plain(value), unit)}".strip(),
        "year": year,
    }


def _chart_level(target: Target, case: Case) -> ChartLevel | None:
    if case.threshold is None or target.target_year is None:
        return None
    value = case.threshold
    if target.comparator == Comparator.ABOUT and target.value is not None:
        # It shows its own value; the working says from where on it is met.
        value = target.value
    return ChartLevel(
        value=value,
        label=_level_label(target.comparator, value, case.unit, target.target_year),
        from_year=case.hold_years.start if case.level.kind == Kind.HOLD else case.start_year,
        to_year=target.target_year,
    )


def _hold_band(case: Case) -> HoldBand | None:
    if case.level.kind != Kind.HOLD or case.threshold is None or case.target_year is None:
        return None
    return HoldBand(
        value=case.threshold,
        from_year=min(case.hold_years.start, case.target_year),
        to_year=case.target_year,
        less_is_better=case.level.less_is_better,
    )


def _limits(reading: TargetReading) -> tuple[Decimal | None, Decimal | None]:
    indicator = reading.series.indicator
    if indicator.unit == "%":
        return indicator.smallest, indicator.largest or Decimal(100)
    return indicator.smallest, indicator.largest
