"""The page of one target: what it consists of, and the reads that fill it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from indicators.enums import Status
from indicators.models import JudgementVersion, TargetReading, Verdict
from indicators.queries.judgements import judged
from indicators.queries.overdue import overdue_targets
from plans.enums import DepartmentPart, Kind
from plans.models import Target, TargetDepartment
from reports.queries.targets.cases import case_of, level_of, short_level
from reports.queries.targets.charts import TargetChart, target_chart
from reports.queries.targets.figures import (
    ObservationLine,
    observation_lines,
    reporting_departments,
)
from reports.queries.targets.forecasts import (
    TargetForecast,
    pace_sentence,
    target_forecast,
)
from reports.queries.targets.related import (
    Milestone,
    RelatedTarget,
    beside,
    related_targets,
)
from reports.queries.targets.verdicts import seen_from, verdicts_of
from reports.sentences import Owner, level_in_words, spoken_sentence, verdict_sentence
from reports.workings import Case, Step, facts_of, steps
from targets_site.places.models import Department
from targets_site.then import today_shown

# METHOD.md: 逾期未报 stands beside these verdicts and no other.
SAID_WHERE_OVERDUE = (Status.NOT_COLLECTED, Status.NO_DATA)


@dataclass(frozen=True)
class TargetPage:
    """One target in force, seen from one year. verdicts: one for each stored year of
    `as_of_years`, oldest first.
    owes: who reports the missing figure, else whom the document names. pace: what is needed a year
    against the last step, empty where nothing is."""

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
    forecast: TargetForecast | None
    pace: str
    judgements: Sequence[JudgementVersion]
    is_overdue: bool

    @property
    def says_the_same(self) -> bool:
        """Whether it is in words and every year says so; then it is said once."""
        return self.target.kind == Kind.TEXT and len({each.status for each in self.verdicts}) < 2

    @property
    def area_query(self) -> str:
        """What the addresses of the area and of the overview need to keep the years."""
        goal = self.target.target_year
        return f"?goal={goal}&as_of={self.as_of}" if goal else ""

    @property
    def level(self) -> str:
        return short_level(self.target)

    @property
    def rests_on(self) -> ObservationLine | None:
        """The figure that decided, else the one of another year that stands beside a verdict
        without one."""
        year = self.verdict and (self.verdict.actual_year or self.verdict.side_year)
        return next((line for line in self.observations if line.year == year), None)

    @property
    def missing_since(self) -> int | None:
        """The first year without any figure up to the as-of year; None where there is one."""
        has_figure = any(
            line.counts and line.version.value is not None for line in self.observations
        )
        return None if has_figure else self.target.document.start_year


def as_of_years(target: Target) -> range:
    """The years that a verdict of this target can be looked at from: none that has not begun,
    but always the first one."""
    document = target.document
    last = min(target.target_year or document.end_year, today_shown().year)
    return range(document.start_year, max(last, document.start_year) + 1)


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
    observations = observation_lines(series, as_of) if series else []
    around = beside(target, series)
    milestones = around.milestones
    verdicts = verdicts_of([target, *milestones, *around.originals, *around.restaters])
    own = verdicts.get(target.pk, [])
    verdict = seen_from(own, as_of)
    case = case_of(target, reading, observations, milestones, verdict, as_of=as_of)
    forecast = target_forecast(case, series.indicator) if series else None
    related = related_targets(target, series, around, verdicts, as_of=as_of)
    leads = target.departments_as(DepartmentPart.LEAD)
    reports = [] if leads and case.figures else reporting_departments(series, case.last_year)
    return TargetPage(
        target=target,
        reading=reading,
        as_of=as_of,
        verdict=verdict,
        verdicts=[verdict for verdict in own if verdict.as_of in as_of_years(target)],
        sentence=_spoken(
            verdict_sentence(facts_of(case)) if verdict else _not_computed(target),
            reading,
            leads,
            reports,
        ),
        steps=steps(case) if verdict else [],
        leads=leads,
        responsible=target.departments_as(DepartmentPart.RESPONSIBLE),
        owes=_owes(target, case, leads, reports),
        observations=observations,
        milestones=[
            Milestone(other, seen_from(verdicts.get(other.pk, []), as_of)) for other in milestones
        ],
        related=related,
        chart=target_chart(target, reading, case, observations, forecast, related),
        forecast=forecast,
        pace=pace_sentence(case),
        judgements=judged(target.code) if target.kind == Kind.TEXT else [],
        is_overdue=_is_overdue(target, verdict),
    )


def _is_overdue(target: Target, verdict: Verdict | None) -> bool:
    if verdict is None or verdict.status not in SAID_WHERE_OVERDUE:
        return False
    return bool(overdue_targets([target], as_of=verdict.as_of))


def _not_computed(target: Target) -> str:
    level = level_in_words(level_of(target))
    return _("The target is %(level)s; its verdict has not been computed yet.") % {"level": level}


def _reading(target: Target) -> TargetReading | None:
    rows = TargetReading.objects.in_force().filter(target=target)
    people = ["read_by", "confirmed_by"]
    return rows.select_related("series__indicator", "series__area", *people).first()


def _owes(
    target: Target, case: Case, leads: Sequence[Department], reports: Sequence[Department]
) -> Sequence[Department]:
    """Who reports the figure, else whom the document names; nobody where there is a figure."""
    if case.figures:
        return []
    return reports or leads or target.departments_as(DepartmentPart.RESPONSIBLE)


def _spoken(
    sentence: str,
    reading: TargetReading | None,
    leads: Sequence[Department],
    reports: Sequence[Department],
) -> str:
    return spoken_sentence(
        sentence,
        measure=reading.series.indicator.name if reading else "",
        owner=Owner(
            leads=[department.name for department in leads],
            reports=[department.name for department in reports],
        ),
    )
