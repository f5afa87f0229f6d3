"""Corrections of approved figures, and how late after the deadline they were entered."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db.models import OuterRef, Subquery

from indicators.enums import Bound, State
from indicators.models import ObservationVersion, Round
from indicators.queries.asked import current_departments
from indicators.queries.deadlines import Deadlines, days_late, deadlines
from indicators.queries.sign_figures import as_stated
from indicators.signs.rows import Edit, Figure, Level
from targets_site.places.models import Department

# By area and year, those that ask for it, the newest first.
Rounds = Mapping[tuple[int, int], Sequence[Round]]


def edits_by_series(
    areas: Collection[int], levels: Mapping[int, Sequence[Level]]
) -> Mapping[int, list[Edit]]:
    """By series id, each approved version with the approved one before it, both exact figures.

    levels: by series id; a correction is given with the level of its year, else with the first, so
    that its direction is known. The deadline is that of the newest round which had opened when the
    correction was entered, or a later one of the department that sent it; where none had, nothing
    is late. A few queries, whatever their number.
    """
    corrections = list(_corrections(areas))
    if not corrections:
        return defaultdict(list)
    before = _versions_before(corrections)
    rounds = _rounds(corrections)
    extended = deadlines({one for some in rounds.values() for one in some})
    senders = current_departments(each.submitted_for for each in corrections if each.submitted_for)
    found: dict[int, list[Edit]] = defaultdict(list)
    for each in corrections:
        old = before.get(each.replaces)  # type: ignore[attr-defined]  # annotated
        if old is None or old.value is None:
            continue
        cell = each.observation
        found[cell.series_id].append(
            Edit(
                before=_figure(old, each),
                after=_figure(each, each),
                level=_level_of(levels.get(cell.series_id, ()), cell.year),
                days_late=_days(each, rounds, extended, senders),
            )
        )
    return found


def _corrections(areas: Collection[int]) -> Collection[ObservationVersion]:
    earlier = ObservationVersion.objects.filter(
        observation=OuterRef("observation"), number__lt=OuterRef("number"), state=State.APPROVED
    )
    return (
        ObservationVersion.objects.filter(
            observation__series__area__in=areas, state=State.APPROVED, number__gt=1,
            value__isnull=False, bound=Bound.EXACT,
        )
        .annotate(replaces=Subquery(earlier.order_by("-number").values("pk")[:1]))
        .filter(replaces__isnull=False)
        .select_related("observation__series__indicator", "submitted_for")
        .order_by("observation", "number")
    )  # fmt: skip


def _versions_before(
    corrections: Collection[ObservationVersion],
) -> dict[int, ObservationVersion]:
    ids = [each.replaces for each in corrections]  # type: ignore[attr-defined]  # annotated
    return ObservationVersion.objects.filter(bound=Bound.EXACT).in_bulk(ids)


def _figure(version: ObservationVersion, of: ObservationVersion) -> Figure:
    assert version.value is not None
    cell = of.observation
    return Figure(
        series=cell.series.code,
        year=cell.year,
        value=as_stated(version.value, version.stated_decimals),
        decimals=version.stated_decimals,
        measure=cell.series.indicator.code,
        is_break=version.is_break,
        version=version.pk,
    )


def _level_of(levels: Sequence[Level], year: int) -> Level | None:
    measured = [each for each in levels if year in each.years]
    return next(iter(measured or levels), None)


def _rounds(corrections: Collection[ObservationVersion]) -> Rounds:
    cells = [each.observation for each in corrections]
    found: dict[tuple[int, int], list[Round]] = defaultdict(list)
    asking = (
        Round.objects.filter(
            area__in={cell.series.area_id for cell in cells},
            year_rows__year__in={cell.year for cell in cells},
        )
        .distinct()
        .prefetch_related("year_rows")
        .order_by("-opens_at")
    )
    for one in asking:
        for year in one.years:
            found[one.area_id, year].append(one)
    return found


def _days(
    version: ObservationVersion,
    rounds: Rounds,
    extended: Deadlines,
    senders: Mapping[int, Department],
) -> int:
    cell = version.observation
    entered: datetime.datetime = version.entered_at
    asked_by = rounds.get((cell.series.area_id, cell.year), ())
    one = next((each for each in asked_by if each.opens_at <= entered), None)
    if one is None:
        return 0
    sender = senders.get(version.submitted_for_id or 0)
    return days_late(extended.of(one, sender.pk) if sender else one.due_at, entered)
