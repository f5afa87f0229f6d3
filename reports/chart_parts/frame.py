"""Where years and values lie in a chart of a given size, in pixels from its upper left corner."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from unicodedata import east_asian_width

from reports.chart_parts.choices import value_range, value_ticks
from reports.figure_rows import TargetFigureRows

TEXT, SMALL_TEXT = 13, 12
_RIGHT, _TOP, _BOTTOM = 16, 28, 56
_LEAST_LEFT = 44
# Widths of the drawings that a page offers; the widest that fits is shown.
WIDTHS = (288, 560, 800)


@dataclass(frozen=True)
class Frame:
    """A drawing of these rows; years lie at places from 0, half a place beside its ends."""

    rows: TargetFigureRows
    width: int
    height: int

    @cached_property
    def left(self) -> int:
        """Wide enough for the longest label of a value."""
        longest = max((text_width(text, TEXT) for _tick, text in self.ticks), default=0)
        return max(_LEAST_LEFT, round(longest) + 14)

    @cached_property
    def ticks(self) -> list[tuple[Decimal, str]]:
        return value_ticks(self.rows)

    @property
    def right(self) -> int:
        return self.width - _RIGHT

    @property
    def top(self) -> int:
        return _TOP

    @property
    def bottom(self) -> int:
        return self.height - _BOTTOM

    def x(self, place: float) -> float:
        share = (place + 0.6) / (len(self.rows.years) + 0.2)
        return round(self.left + share * (self.right - self.left), 1)

    def x_of(self, year: int) -> float:
        return self.x(self.rows.place(year))

    def y(self, value: Decimal) -> float:
        low, high = self.range
        share = float((value - low) / (high - low))
        return round(self.bottom - share * (self.bottom - self.top), 1)

    @cached_property
    def range(self) -> tuple[Decimal, Decimal]:
        """Lowest and highest value of the axis."""
        return value_range(self.rows)


def height_for(rows: TargetFigureRows, width: int) -> int:
    """One or two figures need no tall picture, and a narrow one is lower too."""
    is_sparse = len(rows.points) <= 2 and not rows.fan
    if width < 480:
        return 240 if is_sparse else 300
    return 280 if is_sparse else 400


def text_width(text: str, size: float) -> float:
    """In pixels, rather too wide than too narrow: no font is at hand on the server."""
    return sum(_share_of_em(letter) for letter in text) * size


def _share_of_em(letter: str) -> float:
    if east_asian_width(letter) in "WFA":
        return 1.0
    if letter in "%mMwW@":
        return 0.9
    return 0.68 if letter.isupper() else 0.57
