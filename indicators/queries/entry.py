"""What officials work on: the grid of a round, and one cell of it."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.enums import Bound, CellState, ObsStatus, State
from indicators.models import (
    Attachment,
    Observation,
    ObservationVersion,
    Round,
    RoundException,
    Series,
    SeriesDepartment,
    TargetReading,
    returned_by_reviewer,
)
from indicators.queries.asked import AskedFigure, asked_figures, current_departments
from indicators.queries.preview import Preview, Said, previews
from indicators.queries.rounds import is_open, open_rounds
from plans.models import Target
from targets_site.accounts.access import held_by
from targets_site.accounts.models import User
from targets_site.figures import plain
from targets_site.places.models import Department
from targets_site.templatetags.shown import unit_word

RECENT = 5
# Behind every domain's position.
LAST = 100_000
# What a correction says anew: the old source says the old figure.
SOURCE_FIELDS = frozenset({"source_title", "source_url", "published_as", "published_on"})
# What stands in a field that nobody touched.
UNTOUCHED = frozenset({"", Bound.EXACT.value, ObsStatus.NORMAL.value, ObsStatus.MISSING.value})


class Foreseen(NamedTuple):
    """The verdict that a target would get, as a badge shows it.

    document: title of the target's own, where another one would look the same; else empty.
    """

    target: Target
    status: str
    light: str
    document: str = ""


@dataclass(frozen=True)
class EntryCell:
    """One series and year as an official enters it.

    round_id: the round in whose grid it stands; None where a figure is corrected outside of one.
    newest: the version that people work on, else the one in force. is_open: whether a figure can
    be stored now although none is in force. texts: what stands in the fields, by name; a field
    that nobody touched is left out. read_version: number of the version that was read, 0 for none.
    """

    series: Series
    year: int
    round_id: int | None
    newest: ObservationVersion | None
    in_force: ObservationVersion | None
    is_open: bool
    texts: Mapping[str, str]
    read_version: int
    evidence: Sequence[Attachment] = ()
    previews: Sequence[Preview] = ()

    @property
    def key(self) -> str:
        """Its place in the page, for anchors and labels."""
        return f"{self.series.pk}-{self.year}"

    @cached_property
    def label(self) -> str:
        """What a reader who does not see the grid is told: indicator, scope, year and unit."""
        unit = unit_word(self.series.indicator.unit)
        said = [self.series.indicator.name, self.series.scope_name, str(self.year), unit]
        return " ".join(part for part in said if part)

    @property
    def state(self) -> CellState:
        return CellState(self.newest.state) if self.newest else CellState.EMPTY

    @property
    def is_waiting(self) -> bool:
        return self.state in {CellState.TO_SIGN, CellState.SUBMITTED}

    @property
    def is_recallable(self) -> bool:
        """By whoever sent it, as long as it could be sent again."""
        is_correction = self.newest is not None and self.newest.is_correction
        return self.is_waiting and (self.is_open or is_correction)

    @property
    def is_editable(self) -> bool:
        """What is in force can be corrected at any time."""
        return not self.is_waiting and (self.is_open or self.in_force is not None)

    @property
    def is_settled(self) -> bool:
        """In force with nobody at work on it: changed only by a correction."""
        return self.state == CellState.APPROVED

    @property
    def is_correction(self) -> bool:
        return self.in_force is not None

    @property
    def value(self) -> str:
        return self.texts.get("value", "")

    @property
    def further(self) -> list[tuple[str, str]]:
        """The other texts, which go with the value."""
        return [(name, text) for name, text in self.texts.items() if name != "value"]

    @property
    def foreseen(self) -> list[Foreseen]:
        """Each promise with its verdict once, whatever number of documents make it."""
        once: dict[object, Preview] = {}
        for each in self.previews:
            once.setdefault((_promise(each.target), each.verdict.status), each)
        shown = Counter(_level(each.target) for each in once.values())
        return [
            Foreseen(
                each.target,
                each.verdict.status,
                each.light.value,
                document=each.target.document.title if shown[_level(each.target)] > 1 else "",
            )
            for each in once.values()
        ]

    @property
    def wants_reason(self) -> bool:
        """It falls short, and the reason or the next steps are still to be said."""
        if self.texts.get("shortfall_reason") and self.texts.get("next_steps"):
            return False
        return any(each.falls_short for each in self.previews)

    @cached_property
    def address(self) -> str:
        """Its page, and where it is saved."""
        place = [self.series.code, self.year]
        if self.round_id is None:
            return reverse("indicators:correct", args=place)
        return reverse("indicators:cell", args=[self.round_id, *place])

    @property
    def submit_address(self) -> str:
        return f"{self.address}submit/"

    @property
    def recall_address(self) -> str:
        return f"{self.address}recall/"


class PastFigure(NamedTuple):
    """A figure in force of an earlier year as stated; empty where it is missing for a reason."""

    year: int
    text: str
    missing_reason: str


@dataclass(frozen=True)
class GridRow:
    """A series with what stands beside its cells; a cell is None where the department does not
    report the year.

    department: who reports it today. targets: those in force that run in the round's years.
    """

    series: Series
    department: Department
    is_owed: bool
    targets: Sequence[Target]
    past: Sequence[PastFigure]
    cells: Sequence[EntryCell | None]


@dataclass(frozen=True)
class GridGroup:
    """Rows of one department and domain; the title is empty where there is only one group."""

    title: str
    rows: Sequence[GridRow]


@dataclass(frozen=True)
class Grid:
    """The figures that a person enters in a round, in the order of the page.

    extended_until: till when one of his departments may still enter after the round closed.
    """

    round: Round
    groups: Sequence[GridGroup]
    is_open: bool
    extended_until: datetime.datetime | None

    @property
    def years(self) -> list[int]:
        return self.round.years

    @property
    def cells(self) -> list[EntryCell]:
        rows = [row for group in self.groups for row in group.rows]
        return [cell for row in rows for cell in row.cells if cell is not None]

    def number_in(self, *states: CellState) -> int:
        return sum(cell.state in states for cell in self.cells)

    @property
    def empty(self) -> int:
        return self.number_in(CellState.EMPTY)

    @property
    def drafts(self) -> int:
        return self.number_in(CellState.DRAFT)

    @property
    def returned(self) -> int:
        return self.number_in(CellState.RETURNED)

    @property
    def waiting(self) -> int:
        return self.number_in(CellState.TO_SIGN, CellState.SUBMITTED)

    @property
    def approved(self) -> int:
        return self.number_in(CellState.APPROVED)


def grid_of(round: Round, *, user: User) -> Grid:
    """What the person's departments report in the round; prefetch its `year_rows`.

    The number of queries does not grow with series and years.
    """
    entered = held_by(user).entered
    asked = asked_figures([round], departments=entered)
    open_years = _open_years(round.area_id, entered)
    returned = _returned(asked)
    foreseen = previews(
        said
        for each in asked
        for said in _unapproved(each.newest, series=each.series, year=each.year)
    )
    evidence = _evidence([each.newest for each in asked])
    cells = {
        (each.series.pk, each.year): _cell(
            each.series,
            each.year,
            each.observation,
            round_id=round.pk,
            is_open=each.year in open_years or _pk(each.observation) in returned,
            previews=foreseen.get((each.series.pk, each.year), ()),
            evidence=evidence.get(each.newest.pk if each.newest else 0, ()),
        )
        for each in asked
    }
    groups = _groups(_rows(round, asked, cells))
    return Grid(
        round=round,
        groups=groups,
        is_open=bool(set(round.years) & open_years),
        extended_until=extensions([round], departments=entered).get(round.pk),
    )


def bare_cell(series: Series, year: int, *, round_id: int | None) -> EntryCell:
    """The place of a cell, with nothing read: enough to say what is wrong with what was sent."""
    return _cell(series, year, None, round_id=round_id)


def cell_of(series: Series, year: int, *, round_id: int | None, user: User) -> EntryCell:
    """One cell with all that its page shows; select the series' area and indicator before."""
    observation = (
        Observation.objects.filter(series=series, year=year)
        .select_related(
            "working__entered_by", "working__reviewed_by", "working__submitted_by",
            "in_force__entered_by",
        )
        .first()
    )  # fmt: skip
    known = observation or Observation(series=series, year=year)
    known.series = series
    newest = known.working or known.in_force
    foreseen = previews(_unapproved(newest, series=series, year=year))
    return _cell(
        series,
        year,
        observation,
        round_id=round_id,
        is_open=_is_open(known, user=user),
        previews=foreseen.get((series.pk, year), ()),
        evidence=_evidence([newest]).get(newest.pk, ()) if newest else (),
    )


def stored_cell(
    version: ObservationVersion, *, round_id: int | None, has_evidence: bool
) -> EntryCell:
    """The cell of a version that its official has just stored or moved on, without the preview:
    the script asks for that afterwards, so that nobody waits for it while typing."""
    cell = version.observation
    return _cell(
        cell.series,
        cell.year,
        cell,
        round_id=round_id,
        previews=(),
        evidence=_evidence([version])[version.pk] if has_evidence else (),
        newest=version,
    )


def extensions(
    rounds: Collection[Round], *, departments: Collection[int]
) -> dict[int, datetime.datetime]:
    """By id of the round, till when the departments have more time; without those that have none
    or whose time is over."""
    found = RoundException.objects.filter(
        round__in=rounds, department__in=departments, until__gt=timezone.now()
    )
    return dict(found.order_by("until").values_list("round_id", "until"))


def reporting_department(series: Series, year: int, *, user: User) -> Department | None:
    """The person's department that reports the series in the year, as it is named today."""
    links = SeriesDepartment.objects.of_series_in(series.pk, year).filter(
        department__in=held_by(user).entered
    )
    link = links.select_related("department").order_by("department__code").first()
    return current_departments([link.department])[link.department_id] if link else None


def texts_of(version: ObservationVersion, *, for_correction: bool = False) -> dict[str, str]:
    """What stands in the fields, by name, of a version that is mended or corrected; a field that
    nobody touched is left out. A correction says its source and its reason anew, and its remark
    where the one in force came with the reference data."""
    said_anew = {*SOURCE_FIELDS, "correction_reason"} if for_correction else set()
    if for_correction and version.is_loaded:
        said_anew.add("remark")
    texts = {
        name: getattr(version, name)
        for name in (*version.CONTENT, "correction_reason")
        if name not in {"value", "stated_decimals", "numerator", "denominator"}
        and name not in said_anew
    }
    figures = {
        "value": version.value_as_stated,
        "numerator": plain(version.numerator),
        "denominator": plain(version.denominator),
    }
    return {name: text for name, text in {**figures, **texts}.items() if text not in UNTOUCHED}


def _cell(
    series: Series,
    year: int,
    observation: Observation | None,
    *,
    round_id: int | None,
    is_open: bool = True,
    previews: Sequence[Preview] = (),
    evidence: Sequence[Attachment] = (),
    newest: ObservationVersion | None = None,
) -> EntryCell:
    """newest: where it is known better than the observation, which may have been read before."""
    in_force = observation.in_force if observation else None
    newest = newest or (observation.working if observation else None) or in_force
    settled = newest is not None and newest.state == State.APPROVED
    return EntryCell(
        series=series,
        year=year,
        round_id=round_id,
        newest=newest,
        in_force=in_force,
        is_open=is_open,
        texts=texts_of(newest, for_correction=settled) if newest else {},
        read_version=newest.number if newest else 0,
        evidence=() if settled else evidence,
        previews=previews,
    )


def _pk(observation: Observation | None) -> int:
    return observation.pk if observation else 0


def _unapproved(version: ObservationVersion | None, *, series: Series, year: int) -> list[Said]:
    """What is not in force yet: its verdict is foreseen, not stored."""
    if version is None or version.value is None or version.state == State.APPROVED:
        return []
    return [Said(series, year, version.value, version.bound, version.obs_status)]


def _is_open(cell: Observation, *, user: User) -> bool:
    entered = held_by(user).entered
    if cell.pk:
        return is_open(cell, departments=entered)
    rounds = open_rounds(area_id=cell.series.area_id, departments=entered)
    return rounds.filter(year_rows__year=cell.year).exists()


def _open_years(area_id: int, departments: Collection[int]) -> set[int]:
    rounds = open_rounds(area_id=area_id, departments=departments)
    return set(rounds.values_list("year_rows__year", flat=True))


def _returned(asked: Iterable[AskedFigure]) -> set[int]:
    """Ids of the observations that a reviewer gave back since they were last approved."""
    cells = [each.observation for each in asked if each.observation]
    approved = {cell.pk: cell.in_force.number if cell.in_force else 0 for cell in cells}
    versions = ObservationVersion.objects.filter(returned_by_reviewer(), observation__in=approved)
    return {
        cell
        for cell, number in versions.values_list("observation_id", "number")
        if number > approved[cell]
    }


def _evidence(versions: Iterable[ObservationVersion | None]) -> dict[int, list[Attachment]]:
    """By version id, the files that go with it."""
    found: dict[int, list[Attachment]] = defaultdict(list)
    links = ObservationVersion.evidence.through.objects.filter(
        observationversion__in=[version.pk for version in versions if version is not None]
    )
    for link in links.select_related("attachment").order_by("attachment"):
        found[link.observationversion_id].append(link.attachment)
    return found


def _rows(
    round: Round, asked: Sequence[AskedFigure], cells: Mapping[tuple[int, int], EntryCell]
) -> list[GridRow]:
    years = round.years
    series = {each.series.pk: each for each in asked}
    owed = {each.series.pk for each in asked if each.is_owed}
    past = _past_figures(series, years=years)
    targets = _running_targets(series, years=years)
    return [
        GridRow(
            series=each.series,
            department=each.department,
            is_owed=pk in owed,
            targets=targets[pk],
            past=past[pk],
            cells=[cells.get((pk, year)) for year in years],
        )
        for pk, each in series.items()
    ]


def _past_figures(series: Collection[int], *, years: Sequence[int]) -> dict[int, list[PastFigure]]:
    """By series id, the latest figures in force beside the round's years, the newest first."""
    found: dict[int, list[PastFigure]] = defaultdict(list)
    if not years:
        return found
    rows = (
        Observation.objects.filter(series__in=series, in_force__isnull=False, year__lt=max(years))
        .exclude(year__in=years)
        .order_by("-year")
        .values_list(
            "series_id", "year", "in_force__value", "in_force__stated_decimals",
            "in_force__missing_reason",
        )
    )  # fmt: skip
    for pk, year, value, decimals, reason in rows:
        if len(found[pk]) < RECENT:
            found[pk].append(PastFigure(year, plain(value, decimals=decimals), reason))
    return found


def _running_targets(series: Collection[int], *, years: Sequence[int]) -> dict[int, list[Target]]:
    """By series id, the targets in force that are not over before the round's first year, each
    promise once."""
    readings = (
        TargetReading.objects.in_force()
        .filter(series__in=series, target__superseded_at__isnull=True)
        .select_related("target__domain")
        .order_by(F("target__target_year").asc(nulls_last=True), "target__code")
    )
    found: dict[int, list[Target]] = defaultdict(list)
    for reading in readings:
        one, others = reading.target, found[reading.series_id]
        runs = (one.target_year or max(years)) >= min(years)
        if runs and _promise(one) not in [_promise(other) for other in others]:
            others.append(one)
    return found


def _promise(target: Target) -> tuple[object, ...]:
    """What is shown of a target: several documents may promise the same."""
    return (
        target.kind, target.comparator, target.value, target.value_upper, target.target_year,
    )  # fmt: skip


def _level(target: Target) -> tuple[object, ...]:
    """What a reader can tell two promises apart by."""
    return target.comparator, target.value, target.value_upper, target.target_year


def _groups(rows: Sequence[GridRow]) -> list[GridGroup]:
    """By department and by the domain of what the series measures, each where there are several."""
    by_department = len({row.department.pk for row in rows}) > 1
    by_domain = len({_domain(row) for row in rows}) > 1
    groups: dict[tuple[str, ...], list[GridRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.department.code, _domain(row))):
        department = [row.department.name] if by_department else []
        domain = [_domain(row)[1]] if by_domain else []
        groups[(*department, *domain)].append(row)
    return [GridGroup(title=" · ".join(title), rows=rows) for title, rows in groups.items()]


def _domain(row: GridRow) -> tuple[int, str]:
    """Position and name; series that measure no target come last."""
    if not row.targets:
        return (LAST, _("Measuring no target"))
    domain = row.targets[0].domain
    return (domain.position, domain.name)
