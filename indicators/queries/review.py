"""What waits, page by page, with what reviewers and signers compare it with."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.db.models import F, Prefetch, QuerySet, Window
from django.db.models.functions import RowNumber

from indicators.comparability import is_sampled
from indicators.enums import Light, Step
from indicators.models import (
    Attachment,
    JudgementVersion,
    Observation,
    ObservationVersion,
    Series,
    Worked,
)
from indicators.queries.differences import (
    Difference,
    differences_of_figures,
    differences_of_judgements,
)
from indicators.queries.figures import in_force_the_year_before, targets_measured_by
from indicators.queries.preview import Preview, Said, previews
from indicators.queries.steps import PEOPLE, TakenStep, steps_of
from indicators.queries.waiting import Key, Waiting, Work
from plans.models import Target
from targets_site.accounts.models import User
from targets_site.places.models import Department

ROWS_A_PAGE = 25
OTHER_AREAS = 5


@dataclass(frozen=True)
class TargetLine:
    """A target that the series measures, with the verdict that the figure would give as of its
    year; None without a figure."""

    target: Target
    preview: Preview | None

    @property
    def status(self) -> str:
        return self.preview.verdict.status if self.preview else ""

    @property
    def light(self) -> Light | None:
        return self.preview.light if self.preview else None


@dataclass(frozen=True)
class FigureRow:
    """A figure that waits, with what one compares it with.

    hand: what the reader did with it himself, so that he cannot decide on it; None where nothing.
    year_before: in force. others: of the same indicator and year in areas of the same level.
    """

    waiting: Waiting
    version: ObservationVersion
    hand: Step | None
    year_before: ObservationVersion | None
    targets: tuple[TargetLine, ...]
    others: tuple[Observation, ...]

    work = Work.FIGURE

    @property
    def key(self) -> Key:
        return self.waiting.key

    @property
    def series(self) -> Series:
        return self.version.observation.series

    @property
    def in_force(self) -> ObservationVersion | None:
        return self.version.observation.in_force

    @property
    def change(self) -> Decimal | None:
        """Since the year before, in the figure's unit; None where one of the two is missing."""
        return change_of(self.version, since=self.year_before)

    @property
    def is_sampled(self) -> bool:
        return is_sampled(self.series.indicator)

    @property
    def differences(self) -> list[Difference]:
        """Of a correction, from what is in force."""
        return differences_of_figures(self.in_force, self.version) if self.in_force else []

    @property
    def steps(self) -> list[TakenStep]:
        return steps_of(self.version)


@dataclass(frozen=True)
class JudgementRow:
    """A judgement that waits; hand as of figures."""

    waiting: Waiting
    version: JudgementVersion
    hand: Step | None

    work = Work.JUDGEMENT

    @property
    def key(self) -> Key:
        return self.waiting.key

    @property
    def target(self) -> Target:
        return self.version.judgement.target

    @property
    def in_force(self) -> JudgementVersion | None:
        return self.version.judgement.in_force

    @property
    def differences(self) -> list[Difference]:
        return differences_of_judgements(self.in_force, self.version) if self.in_force else []

    @property
    def steps(self) -> list[TakenStep]:
        return steps_of(self.version)


Row = FigureRow | JudgementRow


@dataclass(frozen=True)
class Group:
    """What waits of one department; None where a target in words names none."""

    department: Department | None
    rows: list[Row]


@dataclass(frozen=True)
class Queue:
    """One page of what waits, by department."""

    page: "Page[Waiting]"
    groups: list[Group]

    @property
    def keys(self) -> list[Key]:
        """Of what the reader can decide on."""
        return [row.key for group in self.groups for row in group.rows if row.hand is None]


def queue_page(waiting: Sequence[Waiting], *, user: User, number: int) -> Queue:
    """number: which page; the nearest one where there is no such page. The number of queries does
    not grow with the rows."""
    page = Paginator(waiting, ROWS_A_PAGE).get_page(number)
    rows = rows_of(page.object_list, user=user)
    groups = groupby(rows, key=lambda row: row.waiting.department)
    return Queue(page, [Group(department, list(found)) for department, found in groups])


def rows_of(waiting: Iterable[Waiting], *, user: User) -> list[Row]:
    """In the order given; what has gone meanwhile is left out."""
    by_key = {one.key: one for one in waiting}
    files = readable_files(user)
    found: dict[Key, Row] = {
        **_figure_rows(by_key, user=user, files=files),
        **_judgement_rows(by_key, user=user, files=files),
    }
    return [found[key] for key in by_key if key in found]


def change_of(version: ObservationVersion, *, since: ObservationVersion | None) -> Decimal | None:
    """From another version's value to this one's; None where one of the two has none."""
    now, before = version.value, since.value if since else None
    return None if now is None or before is None else now - before


def readable_files(user: User) -> "QuerySet[Attachment]":
    """To prefetch as evidence: not everybody who reads a version may open all of its files."""
    return Attachment.objects.readable_by(user)


def _figure_rows(
    waiting: dict[Key, Waiting], *, user: User, files: "QuerySet[Attachment]"
) -> dict[Key, Row]:
    ids = [key.pk for key in waiting if key.work is Work.FIGURE]
    versions = list(
        ObservationVersion.objects.filter(pk__in=ids)
        .select_related("observation__series__area", "observation__series__indicator", *PEOPLE)
        .select_related("observation__in_force__entered_by", "observation__in_force__reviewed_by")
        .prefetch_related(
            Prefetch("evidence", files), Prefetch("observation__in_force__evidence", files)
        )
    )
    before = in_force_the_year_before(versions)
    targets = _target_lines(versions)
    others = _figures_elsewhere(versions)
    rows: dict[Key, Row] = {}
    for version in versions:
        cell, key = version.observation, Key(Work.FIGURE, version.pk)
        rows[key] = FigureRow(
            waiting=waiting[key],
            version=version,
            hand=_hand(version, user),
            year_before=before.get((cell.series_id, cell.year - 1)),
            targets=targets[cell.series_id, cell.year],
            others=others[version.pk],
        )
    return rows


def _judgement_rows(
    waiting: dict[Key, Waiting], *, user: User, files: "QuerySet[Attachment]"
) -> dict[Key, Row]:
    ids = [key.pk for key in waiting if key.work is Work.JUDGEMENT]
    versions = (
        JudgementVersion.objects.filter(pk__in=ids)
        .select_related("judgement__target__document", *PEOPLE)
        .select_related("judgement__in_force__entered_by", "judgement__in_force__reviewed_by")
        .prefetch_related(
            Prefetch("evidence", files), Prefetch("judgement__in_force__evidence", files)
        )
    )
    rows: dict[Key, Row] = {}
    for version in versions:
        key = Key(Work.JUDGEMENT, version.pk)
        rows[key] = JudgementRow(waiting[key], version, _hand(version, user))
    return rows


def _hand(version: Worked, user: User) -> Step | None:
    steps = [
        (version.entered_by_id, Step.SAVE),
        (version.submitted_by_id, Step.SUBMIT),
        (version.signed_by_id, Step.SIGN),
    ]
    return next((step for who, step in steps if who == user.pk), None)


def _target_lines(
    versions: Collection[ObservationVersion],
) -> dict[tuple[int, int], tuple[TargetLine, ...]]:
    """By series id and year, of the targets whose period holds the year."""
    targets = targets_measured_by({version.observation.series for version in versions})
    found = previews(
        Said(
            each.observation.series, each.observation.year, each.value, each.bound, each.obs_status
        )
        for each in versions
    )
    lines = {}
    for version in versions:
        cell = version.observation
        of_figure = found.get((cell.series_id, cell.year), [])
        by_target = {preview.target.pk: preview for preview in of_figure}
        lines[cell.series_id, cell.year] = tuple(
            TargetLine(target, by_target.get(target.pk))
            for target in targets.get(cell.series_id, ())
            if _in_period(target, cell.year)
        )
    return lines


def _in_period(target: Target, year: int) -> bool:
    end_year = target.target_year or target.document.end_year
    return target.document.start_year <= year <= end_year


def _figures_elsewhere(
    versions: Collection[ObservationVersion],
) -> dict[int, tuple[Observation, ...]]:
    """By version id, a few figures in force of the same indicator and year in other areas of the
    same level, by area. Cut in the database: a nation has thousands of counties."""
    cells = [version.observation for version in versions]
    # The areas themselves are among the first, with two scopes at the most.
    enough = OTHER_AREAS + 2
    found = (
        Observation.objects.filter(
            series__indicator__in={cell.series.indicator_id for cell in cells},
            series__area__level__in={cell.series.area.level for cell in cells},
            year__in={cell.year for cell in cells},
            in_force__value__isnull=False,
        )
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=[F("series__indicator"), F("series__area__level"), F("year")],
                order_by=["series__area__code", "series__code"],
            )
        )
        .filter(place__lte=enough)
        .select_related("in_force", "series__area")
        .order_by("series__code")
    )
    by_measure: dict[tuple[int, str, int], list[Observation]] = defaultdict(list)
    for each in found:
        by_measure[_measure(each)].append(each)
    return {version.pk: _elsewhere(by_measure, version.observation) for version in versions}


def _measure(cell: Observation) -> tuple[int, str, int]:
    return cell.series.indicator_id, cell.series.area.level, cell.year


def _elsewhere(
    by_measure: dict[tuple[int, str, int], list[Observation]], cell: Observation
) -> tuple[Observation, ...]:
    others = [
        each
        for each in by_measure.get(_measure(cell), [])
        if each.series.area_id != cell.series.area_id
    ]
    return tuple(others[:OTHER_AREAS])


def readable_versions(
    keys: Iterable[Key], *, user: User
) -> dict[Key, ObservationVersion | JudgementVersion]:
    """Those of the named versions that the person may read, in the order given."""
    keys = list(dict.fromkeys(keys))
    figures = (
        ObservationVersion.objects.readable_by(user)
        .select_related("observation__series__area", "observation__series__indicator", *PEOPLE)
        .filter(pk__in=[key.pk for key in keys if key.work is Work.FIGURE])
    )
    judgements = (
        JudgementVersion.objects.readable_by(user)
        .select_related("judgement__target__area", *PEOPLE)
        .filter(pk__in=[key.pk for key in keys if key.work is Work.JUDGEMENT])
    )
    found: dict[Key, ObservationVersion | JudgementVersion] = {
        **{Key(Work.FIGURE, each.pk): each for each in figures},
        **{Key(Work.JUDGEMENT, each.pk): each for each in judgements},
    }
    return {key: found[key] for key in keys if key in found}


def newest_readable(
    version: ObservationVersion | JudgementVersion, *, user: User
) -> ObservationVersion | JudgementVersion | None:
    """The newest version of the same cell, as it stands now, among those the person may read."""
    if isinstance(version, ObservationVersion):
        figures = ObservationVersion.objects.readable_by(user).filter(
            observation=version.observation_id
        )
        return figures.select_related("observation__series__indicator", *PEOPLE).last()
    judgements = JudgementVersion.objects.readable_by(user).filter(judgement=version.judgement_id)
    return judgements.select_related("judgement__target", *PEOPLE).last()
