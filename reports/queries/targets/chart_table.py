"""The table beside the chart of a target: the same numbers, year by year."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.amounts import amount
from reports.figure_rows import ChartPoint, TargetFigureRows
from targets_site.figures import plain


@dataclass(frozen=True)
class ChartRow:
    """One year of the table beside the chart; texts with their unit, empty where nothing is."""

    year: int
    observed: str
    expected: str
    asked: str
    note: str
    forecast: str = ""


def chart_table(rows: TargetFigureRows) -> list[ChartRow]:
    """The same numbers as the chart, a row for each year at which it shows one."""
    points = {point.year: point for point in rows.points}
    path = dict(rows.path)
    forecast = {each.year: each.shown for each in rows.fan}
    asked = {mark.year: mark.label for mark in rows.milestones}
    if rows.level:
        asked[rows.level.to_year] = rows.level.label
    return [
        ChartRow(
            year=year,
            observed=points[year].shown if year in points else "",
            expected=amount(plain(path[year]), rows.unit) if year in path else "",
            asked=asked.get(year, ""),
            note=_row_note(points.get(year)),
            forecast=forecast.get(year, ""),
        )
        for year in rows.years
        if year in {*points, *path, *asked, *rows.breaks, *forecast}
    ]


def _row_note(point: ChartPoint | None) -> str:
    if point is None:
        return ""
    notes = [point.note, _("level not kept") if point.is_breach else ""]
    return pgettext("between notes", ", ").join(note for note in notes if note)
