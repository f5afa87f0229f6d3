"""What the page of one question shows beside its words: its figures with their origin, and the
series they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import Resolver404, resolve, reverse

from indicators.enums import Bound
from indicators.models import Finding, Observation, ObservationVersion, Question, Series
from targets_site.figures import plain
from targets_site.templatetags.shown import with_unit


@dataclass(frozen=True)
class FigureLine:
    """A figure that a question is about, as it stood when it was found."""

    series: Series
    year: int
    value: str
    published_scope: str

    @property
    def history(self) -> str:
        return reverse("indicators:figure_history", args=[self.series.code, self.year])

    @property
    def provenance(self) -> str:
        """Empty where the installation has no such page."""
        address = f"/provenance/{self.series.code}/{self.year}/"
        try:
            resolve(address)
        except Resolver404:
            return ""
        return address


@dataclass(frozen=True)
class DrawnPoint:
    """A figure in force for the small picture."""

    year: int
    value: Decimal | None
    stated: str
    is_break: bool


def figure_lines(finding: Finding) -> list[FigureLine]:
    """In the order of the finding; two queries."""
    said = finding.figures
    codes = {each["series"] for each in said}
    rows = Series.objects.filter(code__in=codes).select_related("indicator", "area")
    series = {each.code: each for each in rows}
    versions = ObservationVersion.objects.in_bulk([each["version"] for each in said])
    return [_line(each, series[each["series"]], versions) for each in said]


def _line(said: dict[str, Any], series: Series, versions: dict[int, Any]) -> FigureLine:
    version = versions.get(said["version"])
    value = plain(Decimal(said["value"]), decimals=said["decimals"])
    return FigureLine(
        series=series,
        year=said["year"],
        value=with_unit(value, series.indicator.unit),
        published_scope=version.published_scope if version else "",
    )


def drawn_points(question: Question) -> Sequence[DrawnPoint]:
    """The exact figures in force of the question's series, oldest first; none of a department."""
    if question.series_id is None:
        return []
    cells = Observation.objects.filter(
        series=question.series_id, in_force__value__isnull=False, in_force__bound=Bound.EXACT
    )
    drawn = cells.select_related("in_force").order_by("year")
    return [
        DrawnPoint(cell.year, version.value, version.value_as_stated, version.is_break)
        for cell in drawn
        if (version := cell.in_force) is not None
    ]


def level_of(finding: Finding) -> Decimal | None:
    """Of the target that the finding is about, for the picture."""
    level = finding.facts.get("level")
    return Decimal(level) if level else None
