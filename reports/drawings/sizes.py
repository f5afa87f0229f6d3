"""The big chart in each width that a page may have room for; the style sheet shows one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from reports.chart_parts.frame import WIDTHS
from reports.drawings.trend import trend_drawing
from reports.figure_rows import TargetFigureRows

_NAMES = ("narrow", "medium", "wide")


@dataclass(frozen=True)
class SizedDrawing:
    """name: narrow, medium or wide, as site.css knows them."""

    name: str
    svg: SafeString


def sized_drawings(rows: TargetFigureRows, *, label: str) -> Sequence[SizedDrawing]:
    """The same drawing in each of `WIDTHS`, so that its words keep their size and its room is
    taken before any script runs."""
    return [
        SizedDrawing(name, trend_drawing(rows, width=width, label=label))
        for name, width in zip(_NAMES, WIDTHS, strict=True)
    ]
