"""The table beside the chart of a target: the same numbers, year by year."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.amounts import amount
from reports.figure_rows import ChartPoint, TargetFigureRows
from reports.workings.figures import Knot
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


@dataclass(frozen=True)
class ChartTable:
    """The table beside the chart, oldest year first, and which of its columns hold anything."""

    rows: Sequence[ChartRow]

    @property
    def has_forecast(self) -> bool:
        return any(row.forecast for row in self.rows)

    @property
    def has_path(self) -> bool:
        return any(row.expected for row in self.rows)

    @property
    def has_notes(self) -> bool:
        return any(row.note for row in self.rows)

    @property
    def is_wide(self) -> bool:
        """Whether it has more columns than find room beside the drawing."""
        return self.has_forecast or (self.has_path and self.has_notes)


def chart_table(rows: TargetFigureRows, *, due: Knot | None = None) -> ChartTable:
    """The same numbers as the chart, a row for each year at which it shows one.

    due: what the path asks for in the year that was rated, which may lie between its corners.
    """
    return ChartTable(_rows(rows, due))


def _rows(rows: TargetFigureRows, due: Knot | None) -> list[ChartRow]:
    points = {point.year: point for point in rows.points}
    path = dict([*rows.path, *([due] if due else [])])
    forecast = {each.year: each.shown for each in rows.fan}
    asked = _asked(rows)
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


def _asked(rows: TargetFigureRows) -> dict[int, str]:
    """What is asked for, by year; two levels of one year stand side by side."""
    found: dict[int, list[str]] = {}
    levels = [level for level in (rows.level, rows.other_level) if level]
    for year, label in [
        *((mark.year, mark.label) for mark in rows.milestones),
        *((level.to_year, level.label) for level in levels),
    ]:
        found.setdefault(year, []).append(label)
    return {year: pgettext("between figures", "; ").join(labels) for year, labels in found.items()}


def _row_note(point: ChartPoint | None) -> str:
    if point is None:
        return ""
    notes = [point.note, _("level not kept") if point.is_breach else ""]
    return pgettext("between notes", ", ").join(note for note in notes if note)
