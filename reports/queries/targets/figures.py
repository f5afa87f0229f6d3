"""The yearly figures of a target's series, and the departments that report them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.amounts import amount
from indicators.enums import ObsStatus, SourceGrade
from indicators.models import Observation, ObservationVersion, Series, SeriesDepartment
from reports.sentences import bounded
from targets_site.places.models import Department


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
        figure = amount(self.version.value_as_stated, self.unit)
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


def observation_lines(series: Series, as_of: int) -> list[ObservationLine]:
    """Oldest first; only what is in force."""
    rows = Observation.objects.filter(series=series, in_force__isnull=False)
    return [
        ObservationLine(row.year, row.in_force, series.indicator.unit, row.year <= as_of)
        for row in rows.select_related("in_force").order_by("year")
        if row.in_force
    ]


def reporting_departments(series: Series | None, year: int) -> list[Department]:
    """The departments that report the series in a year."""
    if series is None:
        return []
    rows = SeriesDepartment.objects.filter(series=series).select_related("department")
    return [
        row.department
        for row in rows
        if (row.from_year or 0) <= year and (row.to_year is None or year <= row.to_year)
    ]
