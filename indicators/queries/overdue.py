"""Targets without the figure that decides, although a round asked for it (逾期未报)."""

import datetime
from collections.abc import Collection

from indicators.models import Observation, Round, RoundYear, SeriesDepartment, TargetReading
from indicators.queries.asked import current_departments
from indicators.queries.deadlines import deadlines
from indicators.queries.owed import state_of
from plans.enums import Kind
from plans.models import Target
from targets_site.places.models import Department
from targets_site.then import now_shown

# Series, area and year; areas by id.
Place = tuple[int, int, int]


def overdue_targets(
    targets: Collection[Target],
    *,
    as_of: int | None = None,
    moment: datetime.datetime | None = None,
) -> set[int]:
    """Ids of the targets beside whose verdict 逾期未报 is said: the newest round that asked their
    area for the year that decides has passed its deadline, a department reports the series in
    that year, and nothing has been submitted or approved.

    as_of: the year that decides where it lies before the target year. Targets in words, without
    a target year, or measured by a survey of every few years are never among them. The number of
    queries does not grow with the targets.

    Source: METHOD.md, "逾期未报 is not a verdict".
    """
    years = {
        each.pk: min(each.target_year, as_of or each.target_year)
        for each in targets
        if each.target_year and each.kind != Kind.TEXT
    }
    if not years:
        return set()
    readings = TargetReading.objects.in_force().filter(target__in=years, series__frequency=1)
    places = {
        target: (series, area, years[target])
        for target, series, area in readings.values_list("target", "series", "series__area")
    }
    late = _late(set(places.values()), moment or now_shown())
    return {target for target, place in places.items() if place in late}


def _late(places: set[Place], moment: datetime.datetime) -> set[Place]:
    rounds = _newest_rounds(places, moment)
    if not rounds:
        return set()
    asked = {place for place in places if place[1:] in rounds}
    reporting = _departments(asked)
    extended = deadlines(rounds.values())
    return {
        (series, area, year)
        for series, area, year in asked - _came_in(asked)
        if any(
            moment >= extended.of(rounds[area, year], department.pk)
            for department in reporting[series, area, year]
        )
    }


def _newest_rounds(places: set[Place], moment: datetime.datetime) -> dict[tuple[int, int], Round]:
    """By area and year, the round that opened last."""
    asked = (
        RoundYear.objects.filter(
            round__area__in={area for _series, area, _year in places},
            year__in={year for *_where, year in places},
            round__opens_at__lte=moment,
        )
        .select_related("round")
        .order_by("round__opens_at", "round")
    )
    return {(each.round.area_id, each.year): each.round for each in asked}


def _departments(places: set[Place]) -> dict[Place, list[Department]]:
    """Those that report, each as the one that does its work today."""
    links = list(
        SeriesDepartment.objects.filter(
            series__in={series for series, _area, _year in places}
        ).select_related("department")
    )
    current = current_departments(each.department for each in links)
    return {
        (series, area, year): [
            current[each.department_id]
            for each in links
            if each.series_id == series and _reports_in(each, year)
        ]
        for series, area, year in places
    }


def _reports_in(link: SeriesDepartment, year: int) -> bool:
    return (link.from_year or year) <= year <= (link.to_year or year)


def _came_in(places: set[Place]) -> set[Place]:
    """Those that are submitted or in force."""
    stored = Observation.objects.filter(
        series__in={series for series, _area, _year in places},
        year__in={year for *_where, year in places},
    ).select_related("working", "series")
    return {
        (each.series_id, each.series.area_id, each.year)
        for each in stored
        if not state_of(each).is_with_department
    }
