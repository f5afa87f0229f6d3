"""Targets, verdicts and figures of an area as of one year, for the report on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indicators.models import Observation, ObservationVersion, TargetReading, Verdict
from plans.models import Target
from reports.queries import rows
from reports.queries.tallies import Tally, tally
from reports.queries.targets.cases import case_of
from reports.queries.targets.charts import TargetChart, target_chart
from reports.queries.targets.figures import ObservationLine
from reports.queries.targets.related import beside
from reports.sentences import verdict_sentence
from reports.workings import Case, facts_of
from targets_site.accounts.access import with_predecessors
from targets_site.places.models import Area, Department

# A line through fewer figures says nothing that the sentence does not.
FEWEST_FIGURES_DRAWN = 3


@dataclass(frozen=True)
class ReportedTarget:
    """A target with its verdict as of the year, in one sentence.

    figure: the version in force that the verdict rests on, of the year that counts or of the one
    beside it. figures: how many figures it has up to the year.
    """

    line: rows.TargetLine
    sentence: str
    figure: ObservationVersion | None
    figure_year: int | None
    case: Case
    observations: Sequence[ObservationLine]

    @property
    def target(self) -> Target:
        return self.line.target

    @property
    def verdict(self) -> Verdict:
        """Never missing: what was not judged up to the year is not reported."""
        if self.line.verdict is None:
            raise TypeError("a reported target has a verdict")
        return self.line.verdict

    @property
    def figures(self) -> int:
        return len(self.case.figures)


def reported_targets(
    area: Area, *, year: int, department: Department | None = None
) -> list[ReportedTarget]:
    """Targets in force with their verdict of the year or the latest before, by domain and code.

    department: only what it leads, or what its predecessors led. Four queries, and those of the
    predecessors.
    """
    lines = rows.lines_of_verdicts(_latest_verdicts(area, year=year))
    if department is not None:
        own = with_predecessors([department.pk])
        lines = [line for line in lines if own & {lead.pk for lead in line.leads}]
    versions = _observations(lines)
    found = [_reported(line, versions) for line in lines]
    return sorted(found, key=lambda each: (each.target.domain.position, each.target.domain.code))


def chart_of(reported: ReportedTarget) -> TargetChart | None:
    """Of a target with enough figures; None of others. One query."""
    if reported.figures < FEWEST_FIGURES_DRAWN or reported.verdict.reading is None:
        return None
    reading = reported.verdict.reading
    milestones = beside(reported.target, reading.series).milestones
    case = _case(reported.line, reading, reported.observations, milestones)
    return target_chart(reported.target, reading, case, reported.observations, None, ())


def _latest_verdicts(area: Area, *, year: int) -> list[Verdict]:
    verdicts = (
        Verdict.objects.in_force()
        .filter(target__area=area, target__superseded_at__isnull=True, as_of__lte=year)
        .select_related(
            "target__document__area",
            "target__area",
            "target__domain",
            "reading__series__indicator",
            "reading__series__area",
        )
        .order_by("target__code", "as_of")
    )
    return list({verdict.target_id: verdict for verdict in verdicts}.values())


def _observations(
    lines: Iterable[rows.TargetLine],
) -> Mapping[int, Sequence[tuple[int, ObservationVersion]]]:
    """Versions in force with their year by series, oldest first."""
    series = {line.verdict.reading.series_id for line in lines if _reading(line)}  # type: ignore[union-attr]
    found: dict[int, list[tuple[int, ObservationVersion]]] = defaultdict(list)
    observations = Observation.objects.filter(series__in=series, in_force__isnull=False)
    for each in observations.select_related("in_force").order_by("series", "year"):
        if each.in_force is not None:
            found[each.series_id].append((each.year, each.in_force))
    return found


def _reading(line: rows.TargetLine) -> TargetReading | None:
    return line.verdict.reading if line.verdict else None


def _reported(
    line: rows.TargetLine, versions: Mapping[int, Sequence[tuple[int, ObservationVersion]]]
) -> ReportedTarget:
    if line.verdict is None:
        raise TypeError("a reported target has a verdict")
    reading, as_of = line.verdict.reading, line.verdict.as_of
    of_series = versions.get(reading.series_id, ()) if reading else ()
    observations = [
        ObservationLine(year, version, line.unit, year <= as_of) for year, version in of_series
    ]
    case = _case(line, reading, observations, [])
    counted = line.verdict.actual_year or line.verdict.side_year
    return ReportedTarget(
        line=line,
        sentence=verdict_sentence(facts_of(case)),
        figure=dict(of_series).get(counted) if counted else None,
        figure_year=counted,
        case=case,
        observations=observations,
    )


def _case(
    line: rows.TargetLine,
    reading: TargetReading | None,
    observations: Sequence[ObservationLine],
    milestones: Sequence[Target],
) -> Case:
    verdict = line.verdict
    as_of = verdict.as_of if verdict else 0
    return case_of(line.target, reading, observations, milestones, verdict, as_of=as_of)


def tally_by_lead(lines: Sequence[rows.TargetLine]) -> list[tuple[Department, Tally]]:
    """Those that lead most come first."""
    led: dict[Department, list[rows.TargetLine]] = defaultdict(list)
    for line in lines:
        for department in line.leads:
            led[department].append(line)
    order = sorted(led, key=lambda each: (-len(led[each]), each.code))
    return [(each, tally(led[each])) for each in order]
