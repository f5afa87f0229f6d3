"""One verdict: from the clause to the figures, their versions and the people."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.models import ObservationVersion, TargetReading
from indicators.queries.steps import PEOPLE, TakenStep, steps_of
from plans.models import Target
from reports.enums import FigurePart
from reports.queries.provenance.recorded import RecordedVerdict, recorded_verdicts
from reports.queries.provenance.trail import TrailPart, trail_of_target
from reports.queries.provenance.used import parts_of
from reports.queries.targets import target_page
from reports.queries.targets.cases import case_of
from reports.queries.targets.figures import ObservationLine
from reports.queries.targets.page import TargetPage
from targets_site.accounts.models import User
from targets_site.figures import plain


@dataclass(frozen=True)
class UsedFigure:
    """A figure of the series; parts: what it counts for in the verdict, nothing where it has no
    part in it. steps: who entered, signed and approved it, oldest first."""

    line: ObservationLine
    parts: Sequence[FigurePart]
    steps: Sequence[TakenStep]


@dataclass(frozen=True)
class TargetProvenance:
    """page: what the target's own page shows. rows, readings: all that were ever recorded for the
    code, the newest first. figures: those that the verdict was made of, oldest first; unused: the
    others of the series. recorded: every verdict that was recorded for the as-of year."""

    page: TargetPage
    rows: Sequence[Target]
    readings: Sequence[TargetReading]
    figures: Sequence[UsedFigure]
    unused: Sequence[UsedFigure]
    recorded: Sequence[RecordedVerdict]
    trail: TrailPart

    @property
    def actual(self) -> str:
        """As its source printed it; a sum of several years, which no source printed, as it is."""
        verdict = self.page.verdict
        return self._stated(verdict.actual_year, verdict.actual_value) if verdict else ""

    @property
    def side(self) -> str:
        verdict = self.page.verdict
        return self._stated(verdict.side_year, verdict.side_value) if verdict else ""

    def _stated(self, year: int | None, value: Decimal | None) -> str:
        of_year = (line.version for line in self.page.observations if line.year == year)
        same = (version for version in of_year if version.value == value)
        return next((version.value_as_stated for version in same), plain(value))

    @property
    def earlier_readings(self) -> Sequence[TargetReading]:
        return [each for each in self.readings if each.superseded_at is not None]


def target_provenance(target: Target, *, as_of: int, user: User | None) -> TargetProvenance:
    """As `target_page`; the number of queries does not depend on the number of rows."""
    page = target_page(target, as_of=as_of)
    figures = _figures(page)
    readings = _readings(target.code)
    rows = _rows(target.code)
    return TargetProvenance(
        page=page,
        rows=rows,
        readings=readings,
        figures=[each for each in figures if each.parts],
        unused=[each for each in figures if not each.parts],
        recorded=recorded_verdicts(page, rows=rows, readings=readings),
        trail=trail_of_target(target.code, user=user),
    )


def _figures(page: TargetPage) -> list[UsedFigure]:
    """Oldest first, with their people. One query."""
    milestones = [each.target for each in page.milestones]
    of_page = (page.target, page.reading, page.observations, milestones, page.verdict)
    parts = parts_of(case_of(*of_page, as_of=page.as_of))
    people = ObservationVersion.objects.select_related(*PEOPLE).in_bulk(
        [line.version.pk for line in page.observations]
    )
    return [
        UsedFigure(line, parts.get(line.year, ()), steps_of(people[line.version.pk]))
        for line in page.observations
    ]


def _readings(code: str) -> list[TargetReading]:
    rows = TargetReading.objects.filter(target__code=code)
    of = rows.select_related("series__indicator", "read_by", "confirmed_by")
    return list(of.order_by("-recorded_at", "-pk"))


def _rows(code: str) -> list[Target]:
    rows = Target.objects.filter(code=code).select_related("recorded_by")
    return list(rows.order_by("-recorded_at", "-pk"))
