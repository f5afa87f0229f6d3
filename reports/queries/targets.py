"""Everything that the page of one target shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case as SqlCase
from django.db.models import Prefetch, Q, When
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.enums import Nature, ObsStatus, SourceGrade
from indicators.models import (
    Observation,
    ObservationVersion,
    Series,
    SeriesDepartment,
    TargetReading,
    Verdict,
)
from indicators.relations import Relation, relation
from plans.enums import DepartmentPart, Kind
from plans.models import Target, TargetDepartment
from reports.figure_rows import (
    ChartLevel,
    ChartMark,
    ChartPoint,
    HoldBand,
    TargetFigureRows,
)
from reports.sentences import (
    Level,
    amount,
    bounded,
    difference,
    level_in_words,
    verdict_sentence,
)
from reports.workings import Case, Figure, Step, case_path, facts_of, steps, threshold
from targets_site.places.models import Department
from targets_site.templatetags.shown import comparator_sign, with_unit


@dataclass(frozen=True)
class ObservationLine:
    """One observation in force, as its source states it. `counts`: it is of the as-of year or
    earlier; later ones stay out of the verdict."""

    year: int
    version: ObservationVersion
    unit: str
    counts: bool

    @property
    def shown(self) -> str:
        """The value as stated with its bound and unit; empty where there is only a reason."""
        figure = with_unit(self.version.value_as_stated, self.unit)
        return bounded(figure, self.version.bound) if self.version.value is not None else ""

    @property
    def notes(self) -> list[str]:
        """What its status letters say, in words; nothing for a normal figure."""
        words = {
            ObsStatus.BREAK: _("break: not comparable with earlier years"),
            ObsStatus.ESTIMATE: _("estimate"),
            ObsStatus.PROVISIONAL: _("provisional"),
            ObsStatus.MISSING: _("missing"),
        }
        return [word for letter, word in words.items() if letter in self.version.obs_status]

    @property
    def is_hollow(self) -> bool:
        """A figure that is not firm: a reprint, an estimate or provisional."""
        soft = {ObsStatus.ESTIMATE.value, ObsStatus.PROVISIONAL.value}
        return self.version.source_grade == SourceGrade.REPRINT or bool(
            soft & set(self.version.obs_status)
        )


@dataclass(frozen=True)
class Milestone:
    """An earlier target year of the same commitment, with its own verdict where there is one."""

    target: Target
    verdict: Verdict | None


@dataclass(frozen=True)
class RelatedTarget:
    """A target that this one restates, or that restates this one. relation: of the later to the
    original."""

    target: Target
    verdict: Verdict | None
    relation: Relation
    is_original: bool


@dataclass(frozen=True)
class ChartRow:
    """One year of the table beside the chart; texts with their unit, empty where nothing is."""

    year: int
    observed: str
    expected: str
    asked: str
    note: str


@dataclass(frozen=True)
class TargetChart:
    """The big chart without its drawing: the finding, what is measured, where the figure that
    counts was read, rows, table."""

    finding: str
    subtitle: str
    source: str
    rows: TargetFigureRows
    table: Sequence[ChartRow]


@dataclass(frozen=True)
class TargetPage:
    """One target in force, seen from one year. verdicts: all stored as-of years, oldest first.
    owes: who reports the missing figure, else whom the document names."""

    target: Target
    reading: TargetReading | None
    as_of: int
    verdict: Verdict | None
    verdicts: Sequence[Verdict]
    sentence: str
    steps: Sequence[Step]
    leads: Sequence[Department]
    responsible: Sequence[Department]
    owes: Sequence[Department]
    observations: Sequence[ObservationLine]
    milestones: Sequence[Milestone]
    related: Sequence[RelatedTarget]
    chart: TargetChart | None

    @property
    def missing_since(self) -> int | None:
        """The first year without any figure up to the as-of year; None where there is one."""
        has_figure = any(
            line.counts and line.version.value is not None for line in self.observations
        )
        return None if has_figure else self.target.document.start_year


def as_of_years(target: Target) -> range:
    """The years that a verdict of this target can be looked at from."""
    document = target.document
    return range(document.start_year, (target.target_year or document.end_year) + 1)


def target_in_force(code: str) -> Target | None:
    """The row in force with document, area, domain and departments; None where there is none."""
    links = TargetDepartment.objects.select_related("department")
    rows = Target.objects.in_force().select_related("document__area", "area", "domain")
    return rows.prefetch_related(Prefetch("department_links", links)).filter(code=code).first()


def target_page(target: Target, *, as_of: int) -> TargetPage:
    """Reads everything in a number of queries that does not depend on the number of rows.

    as_of: a year of `as_of_years`; where none is stored for it, the latest earlier verdict.
    """
    reading = _reading(target)
    series = reading.series if reading else None
    observations = _observations(series, as_of) if series else []
    same_series = _same_series(target, series)
    earlier, later = _restated(target)
    verdicts = _verdicts([target, *same_series, *earlier, *later])
    own = verdicts.get(target.pk, [])
    verdict = _seen_from(own, as_of)
    case = _case(target, reading, observations, same_series, verdict, as_of=as_of)
    sentence = verdict_sentence(facts_of(case)) if verdict else _not_computed(target)
    series_of = _series_ids([target, *earlier, *later])
    related = [
        *(
            _related(target, other, verdicts, series_of, as_of, is_original=True)
            for other in earlier
        ),
        *(
            _related(target, other, verdicts, series_of, as_of, is_original=False)
            for other in later
        ),
    ]
    return TargetPage(
        target=target,
        reading=reading,
        as_of=as_of,
        verdict=verdict,
        verdicts=own,
        sentence=sentence,
        steps=steps(case) if verdict else [],
        leads=target.departments_as(DepartmentPart.LEAD),
        responsible=target.departments_as(DepartmentPart.RESPONSIBLE),
        owes=_owes(target, series, case),
        observations=observations,
        milestones=[
            Milestone(other, _seen_from(verdicts.get(other.pk, []), as_of)) for other in same_series
        ],
        related=related,
        chart=_chart(target, reading, case, observations),
    )


def _not_computed(target: Target) -> str:
    level = level_in_words(_level(target))
    return _("The target is %(level)s; its verdict has not been computed yet.") % {"level": level}


def _reading(target: Target) -> TargetReading | None:
    rows = TargetReading.objects.in_force().filter(target=target)
    people = ["read_by", "confirmed_by"]
    return rows.select_related("series__indicator", "series__area", *people).first()


def _observations(series: Series, as_of: int) -> list[ObservationLine]:
    """Oldest first; only what is in force."""
    rows = Observation.objects.filter(series=series, in_force__isnull=False)
    return [
        ObservationLine(row.year, row.in_force, series.indicator.unit, row.year <= as_of)
        for row in rows.select_related("in_force").order_by("year")
        if row.in_force
    ]


def _same_series(target: Target, series: Series | None) -> list[Target]:
    """The milestones: reach and hold targets of the same document, series and direction with an
    earlier target year, oldest first."""
    if series is None or target.target_year is None:
        return []
    rows = Target.objects.in_force().filter(
        document=target.document_id,
        kind__in=[Kind.REACH, Kind.HOLD],
        target_year__lt=target.target_year,
        readings__series=series,
        readings__superseded_at__isnull=True,
    )
    found = rows.order_by("target_year", "code")
    return [row for row in found if row.direction == target.direction]


def _restated(target: Target) -> tuple[list[Target], list[Target]]:
    """The targets that this one restates, and those that restate it, in force, by code: a
    correction of either leaves the tie in place."""
    originals = Target.objects.filter(
        replaced_by__code=target.code, replaced_by__superseded_at__isnull=True
    ).values("code")
    restaters = Target.objects.filter(replaces__code=target.code).values("pk")
    rows = Target.objects.in_force().select_related("document", "area")
    found = rows.annotate(
        is_original=SqlCase(When(code__in=originals, then=True), default=False)
    ).filter(Q(is_original=True) | Q(pk__in=restaters))
    return (
        [row for row in found if row.is_original],
        [row for row in found if not row.is_original],
    )


def _verdicts(targets: Sequence[Target]) -> dict[int, list[Verdict]]:
    """Verdicts in force by target id, oldest as-of year first; `verdict.target` is set."""
    by_id = {target.pk: target for target in targets}
    found: dict[int, list[Verdict]] = {}
    for verdict in Verdict.objects.in_force().filter(target__in=by_id).order_by("as_of"):
        verdict.target = by_id[verdict.target_id]
        found.setdefault(verdict.target_id, []).append(verdict)
    return found


def _seen_from(verdicts: Sequence[Verdict], as_of: int) -> Verdict | None:
    """The verdict of the year, else the latest earlier one: a later year shows the last."""
    earlier = [verdict for verdict in verdicts if verdict.as_of <= as_of]
    return earlier[-1] if earlier else None


def _series_ids(targets: Sequence[Target]) -> dict[int, int]:
    """Series id by target id; targets without a reading are left out."""
    if len(targets) < 2:
        return {}
    rows = TargetReading.objects.in_force().filter(target__in=targets)
    return dict(rows.values_list("target_id", "series_id"))


def _related(
    target: Target,
    other: Target,
    verdicts: dict[int, list[Verdict]],
    series_of: dict[int, int],
    as_of: int,
    *,
    is_original: bool,
) -> RelatedTarget:
    original, restated = (other, target) if is_original else (target, other)
    series = series_of.get(target.pk)
    found = verdicts.get(other.pk, [])
    return RelatedTarget(
        target=other,
        # One whose period starts after the as-of year shows its first verdict.
        verdict=_seen_from(found, as_of) or (found[0] if found else None),
        relation=relation(
            original,
            restated,
            same_series=series is not None and series == series_of.get(other.pk),
        ),
        is_original=is_original,
    )


def _owes(target: Target, series: Series | None, case: Case) -> list[Department]:
    """Who reports the figure, else whom the document names; nobody where there is a figure."""
    if case.figures:
        return []
    return (
        _reporting(series, case.last_year)
        or target.departments_as(DepartmentPart.LEAD)
        or target.departments_as(DepartmentPart.RESPONSIBLE)
    )


def _reporting(series: Series | None, year: int) -> list[Department]:
    """The departments that report the series in a year."""
    if series is None:
        return []
    rows = SeriesDepartment.objects.filter(series=series).select_related("department")
    return [
        row.department
        for row in rows
        if (row.from_year or 0) <= year and (row.to_year is None or year <= row.to_year)
    ]


def _level(target: Target) -> Level:
    return Level(
        kind=target.kind,
        comparator=target.comparator,
        value=target.value,
        shown=target.value_as_stated,
        shown_upper=target.value_upper_as_stated,
        unit=target.unit,
    )


def _case(
    target: Target,
    reading: TargetReading | None,
    observations: Sequence[ObservationLine],
    milestones: Sequence[Target],
    verdict: Verdict | None,
    *,
    as_of: int,
) -> Case:
    """The plain values that sentence, working and chart are made of."""
    level = _level(target)
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


# The chart


def _chart(
    target: Target,
    reading: TargetReading | None,
    case: Case,
    observations: Sequence[ObservationLine],
) -> TargetChart | None:
    """None without a figure up to the as-of year: an empty box would say nothing."""
    if reading is None or not case.judged_figures:
        return None
    lines = {line.year: line for line in observations}
    rows = TargetFigureRows(
        points=[_chart_point(case, figure, lines[figure.year]) for figure in case.judged_figures],
        unit=case.unit,
        level=_chart_level(target, case),
        path=case_path(case),
        milestones=[
            ChartMark(year, value, _level_label(target.comparator, value, case.unit, year))
            for year, value in case.milestones
        ],
        band=_hold_band(case),
        breaks=[figure.year for figure in case.figures if figure.is_break][: _breaks_shown(case)],
        y_limits=_limits(reading),
        starts_at_zero=case.unit not in {"%", "index"},
    )
    return TargetChart(
        finding=_finding(case),
        subtitle=_subtitle(reading, case),
        source=_source(lines[case.actual_year or case.judged_figures[-1].year]),
        rows=rows,
        table=_chart_table(case, rows),
    )


def _breaks_shown(case: Case) -> int | None:
    """Sums of a flow ignore breaks (METHOD.md, "Nature")."""
    return 0 if case.is_summed else None


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
    """≥ 98 %，2020"""
    sign = comparator_sign("ge" if comparator == "between" else comparator)
    return _("%(level)s, %(year)s") % {
        "level": f"{sign} {with_unit(value, unit)}".strip(),
        "year": year,
    }


def _chart_level(target: Target, case: Case) -> ChartLevel | None:
    if case.threshold is None or target.target_year is None:
        return None
    # "About" shows its own value; the working says from where on it is met.
    is_about = target.comparator == "about" and target.value is not None
    value = target.value if is_about and target.value is not None else case.threshold
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


def _finding(case: Case) -> str:
    """What the chart shows, in one line: the figure that counts against the level."""
    facts = facts_of(case)
    figure = case.judged_figures[-1]
    words = {
        "level": level_in_words(case.level),
        "at": facts.actual_year or figure.year,
        "actual": facts.actual or case.said_of(figure.year, figure.value),
        "gap": difference(case.gap, case.unit),
    }
    counted = case.figure(case.actual_year)
    if not case.gap or counted is None or counted.is_bounded or case.threshold is None:
        return _("%(actual)s in %(at)s; the target is %(level)s") % words
    is_above = (case.gap < 0) == (case.direction > 0)
    if is_above:
        return _("%(actual)s in %(at)s, %(gap)s above the level of the target") % words
    return _("%(actual)s in %(at)s, %(gap)s below the level of the target") % words


def _subtitle(reading: TargetReading, case: Case) -> str:
    """Measure, scope, unit, area."""
    series = reading.series
    measure = series.indicator.name
    if case.is_summed:
        measure = _("%(measure)s, added up from %(start)s on") % {
            "measure": measure,
            "start": case.start_year,
        }
    parts = [measure, series.scope_name, _unit_words(case.unit), series.area.name]
    return " · ".join(part for part in parts if part)


def _source(line: ObservationLine) -> str:
    """Where the figure that counts was read."""
    words = {"title": line.version.source_title, "grade": line.version.get_source_grade_display()}
    return _("source: %(title)s (%(grade)s)") % words


def _unit_words(unit: str) -> str:
    return _("unit: %(unit)s") % {"unit": _("index points") if unit == "index" else unit}


def _chart_table(case: Case, rows: TargetFigureRows) -> list[ChartRow]:
    """The same numbers as the chart, a row for each year at which it shows one."""
    points = {point.year: point for point in rows.points}
    path = dict(rows.path)
    asked = {mark.year: mark.label for mark in rows.milestones}
    if rows.level:
        asked[rows.level.to_year] = rows.level.label
    return [
        ChartRow(
            year=year,
            observed=points[year].shown if year in points else "",
            expected=with_unit(path[year], case.unit) if year in path else "",
            asked=asked.get(year, ""),
            note=_row_note(points.get(year), year, rows),
        )
        for year in rows.years
        if year in points or year in path or year in asked or year in rows.breaks
    ]


def _row_note(point: ChartPoint | None, year: int, rows: TargetFigureRows) -> str:
    notes = [point.note] if point and point.note else []
    if point and point.is_breach:
        notes.append(_("level not kept"))
    return pgettext("between notes", ", ").join(notes)
