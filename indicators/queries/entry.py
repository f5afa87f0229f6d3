"""What the people who enter and review figures look at."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from indicators.enums import State
from indicators.models import (
    Observation,
    ObservationVersion,
    Series,
    SeriesDepartment,
    TargetReading,
)
from plans.models import Target
from targets_site.accounts.access import areas_reviewed_by, departments_entered_by
from targets_site.accounts.models import User

REVIEWS_A_PAGE = 25
OPEN_STATES = [State.SUBMITTED, State.RETURNED]


@dataclass(frozen=True)
class YearState:
    """A year whose newest version is not in force yet."""

    year: int
    state: str


@dataclass(frozen=True)
class SeriesRow:
    """A series with its latest figure in force and the years still on their way, oldest first."""

    series: Series
    last_year: int | None
    last: ObservationVersion | None
    open: tuple[YearState, ...]


@dataclass(frozen=True)
class YearFigure:
    """A year and the version of it that is in force."""

    year: int
    version: ObservationVersion


@dataclass(frozen=True)
class ReviewRow:
    """A submitted version with what a reviewer compares it with.

    year_before: the figure in force of the year before, None where there is none.
    own: the reader entered it and so cannot decide on it.
    """

    version: ObservationVersion
    in_force: ObservationVersion | None
    year_before: ObservationVersion | None
    targets: tuple[Target, ...]
    own: bool

    @property
    def series(self) -> Series:
        return self.version.observation.series

    @property
    def year(self) -> int:
        return self.version.observation.year


@dataclass(frozen=True)
class ReviewQueue:
    """One page of what waits for a decision, the oldest first."""

    page: "Page[ObservationVersion]"
    rows: list[ReviewRow]


def reports_series(*, user: User, series: Series) -> bool:
    """Whether the person enters figures of the series for some year, by a post held today."""
    return _links(user).filter(series=series).exists()


def reports_series_in(*, user: User, series: Series, year: int) -> bool:
    """Whether the person's department reports the series in that year, by a post held today."""
    in_time = Q(from_year__isnull=True) | Q(from_year__lte=year)
    in_time &= Q(to_year__isnull=True) | Q(to_year__gte=year)
    return _links(user).filter(in_time, series=series).exists()


def series_of(user: User) -> list[SeriesRow]:
    """The series that the person's departments report, by area, indicator and scope."""
    found = list(
        Series.objects.filter(pk__in=_links(user).values("series"))
        .select_related("area", "indicator")
        .order_by("code")
    )
    observations = _by_series(
        Observation.objects.filter(series__in=found)
        .select_related("in_force", "working")
        .order_by("year")
    )
    return [_series_row(each, observations[each.pk]) for each in found]


def newest_version(series: Series, year: int) -> ObservationVersion | None:
    return (
        ObservationVersion.objects.filter(observation__series=series, observation__year=year)
        .select_related("observation", "entered_by", "reviewed_by")
        .order_by("-number")
        .first()
    )


def recent_figures(series: Series, *, limit: int = 5) -> list[YearFigure]:
    """The latest figures in force, newest year first; a year may be missing for a reason."""
    rows = (
        Observation.objects.filter(series=series, in_force__isnull=False)
        .select_related("in_force")
        .order_by("-year")[:limit]
    )
    return [YearFigure(row.year, row.in_force) for row in rows if row.in_force]


def next_year_to_enter(series: Series) -> int:
    """The year after the latest one with any version, but none that has not begun yet."""
    this_year = timezone.localdate().year
    last = Observation.objects.filter(series=series).order_by("-year").first()
    return min(last.year + 1, this_year) if last else this_year - 1


def targets_measured_by(series: Iterable[Series]) -> dict[int, tuple[Target, ...]]:
    """By series id, the targets in force that it measures, by target year."""
    readings = (
        TargetReading.objects.in_force()
        .filter(series__in=series, target__superseded_at__isnull=True)
        .select_related("target__document")
        .order_by(F("target__target_year").asc(nulls_last=True), "target__code")
    )
    found: dict[int, list[Target]] = defaultdict(list)
    for reading in readings:
        found[reading.series_id].append(reading.target)
    return {key: tuple(targets) for key, targets in found.items()}


def review_queue(user: User, *, number: int) -> ReviewQueue:
    """Submitted versions of the areas whose figures the person reviews, oldest first.

    number: which page; the nearest one where there is no such page.
    """
    versions = (
        ObservationVersion.objects.filter(
            state=State.SUBMITTED,
            observation__working=F("pk"),
            observation__series__area__in=areas_reviewed_by(user),
        )
        .select_related("observation__series__area", "observation__series__indicator")
        .select_related("observation__in_force", "entered_by")
        .order_by("submitted_at", "pk")
    )
    page = Paginator(versions, REVIEWS_A_PAGE).get_page(number)
    before = _in_force_the_year_before(page)
    targets = targets_measured_by({version.observation.series for version in page})
    rows = [_review_row(each, user=user, before=before, targets=targets) for each in page]
    return ReviewQueue(page, rows)


def _in_force_the_year_before(
    versions: Iterable[ObservationVersion],
) -> dict[tuple[int, int], ObservationVersion | None]:
    """By series id and year."""
    cells = [version.observation for version in versions]
    rows = Observation.objects.filter(
        series__in={cell.series_id for cell in cells}, year__in={cell.year - 1 for cell in cells}
    )
    return {(row.series_id, row.year): row.in_force for row in rows.select_related("in_force")}


def _links(user: User) -> QuerySet[SeriesDepartment]:
    return SeriesDepartment.objects.filter(department__in=departments_entered_by(user))


def _by_series(observations: Iterable[Observation]) -> dict[int, list[Observation]]:
    found: dict[int, list[Observation]] = defaultdict(list)
    for observation in observations:
        found[observation.series_id].append(observation)
    return found


def _series_row(series: Series, observations: list[Observation]) -> SeriesRow:
    last = next((each for each in reversed(observations) if each.in_force), None)
    return SeriesRow(
        series=series,
        last_year=last.year if last else None,
        last=last.in_force if last else None,
        open=tuple(
            YearState(each.year, each.working.state)
            for each in observations
            if each.working and each.working.state in OPEN_STATES
        ),
    )


def _review_row(
    version: ObservationVersion,
    *,
    user: User,
    before: dict[tuple[int, int], ObservationVersion | None],
    targets: dict[int, tuple[Target, ...]],
) -> ReviewRow:
    cell = version.observation
    return ReviewRow(
        version=version,
        in_force=cell.in_force,
        year_before=before.get((cell.series_id, cell.year - 1)),
        targets=targets.get(cell.series_id, ()),
        own=version.entered_by_id == user.pk,
    )
