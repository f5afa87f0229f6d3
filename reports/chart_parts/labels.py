"""Where the words of the big chart stand, so that none covers another.

Each has the places where it would be understood, the best one first; the most important one
chooses first. One that finds no free place is left out: the table beside the chart has it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reports.chart_parts.boxes import Box, Segment, crosses
from reports.chart_parts.choices import size_of, with_gaps
from reports.chart_parts.frame import TEXT, Frame, text_width
from reports.chart_parts.marks import INK

_LINE_HEIGHT = 1.25
# What a place costs: its rank among the places of the label, and what it lies over.
_OVER_A_LINE, _OVER_A_MARKER = 3, 40


@dataclass(frozen=True)
class Label:
    """Words to be placed: anchors are (x, y, side) with the side of the point on which they stand:
    two letters, `t`, `m` or `b` and `l`, `m` or `r`. must: rather over a marker than not at
    all."""

    lines: Sequence[str]
    anchors: Sequence[tuple[float, float, str]]
    colour: str = INK
    size: int = TEXT
    weight: int = 400
    must: bool = False


@dataclass(frozen=True)
class PlacedLabel:
    """Words at their place; anchor as in SVG: start, middle or end, at x."""

    lines: Sequence[str]
    box: Box
    x: float
    anchor: str
    colour: str
    size: int
    weight: int

    def baseline(self, line: int) -> float:
        """Of a line of the words, from 0."""
        return round(self.box.top + self.size * (_LINE_HEIGHT * line + 1), 1)


@dataclass
class Board:
    """What is drawn already: words over which nothing may stand, markers and lines."""

    frame: Frame
    words: list[Box] = field(default_factory=list)
    markers: list[Box] = field(default_factory=list)
    lines: list[Segment] = field(default_factory=list)

    def place(self, label: Label) -> PlacedLabel | None:
        """At the cheapest free place; None where there is none."""
        found = [
            (rank + self._cost(placed.box), rank, placed)
            for rank, placed in enumerate(_places(label))
            if self._is_free(placed.box)
        ]
        cost, _rank, best = min(found, default=(0, 0, None), key=lambda each: each[:2])
        if best is None or (cost >= _OVER_A_MARKER and not label.must):
            return None
        self.words.append(best.box)
        return best

    def _is_free(self, box: Box) -> bool:
        frame = self.frame
        inside = Box(frame.left + 1, 2, frame.width - 2, frame.bottom - 1)
        return inside.holds(box) and not any(box.overlaps(word) for word in self.words)

    def _cost(self, box: Box) -> int:
        over_lines = sum(crosses(line, box) for line in self.lines)
        over_markers = sum(box.overlaps(marker) for marker in self.markers)
        return over_lines * _OVER_A_LINE + over_markers * _OVER_A_MARKER


def place_labels(frame: Frame, labels: Iterable[Label]) -> list[PlacedLabel]:
    """Those that found a place, the most important one first."""
    board = Board(frame, markers=list(_markers(frame)), lines=list(_lines(frame)))
    found = [board.place(label) for label in labels]
    return [placed for placed in found if placed]


def fixed_label(label: Label) -> PlacedLabel:
    """At the only place it has."""
    return next(iter(_places(label)))


def _places(label: Label) -> Iterable[PlacedLabel]:
    width = max(text_width(line, label.size) for line in label.lines)
    height = label.size * _LINE_HEIGHT * len(label.lines)
    for x, y, side in label.anchors:
        left = {"l": x - width, "m": x - width / 2, "r": x}[side[1]]
        top = {"t": y - height, "m": y - height / 2, "b": y}[side[0]]
        yield PlacedLabel(
            lines=label.lines,
            box=Box(round(left, 1), round(top, 1), round(left + width, 1), round(top + height, 1)),
            x=round(x, 1),
            anchor={"l": "end", "m": "middle", "r": "start"}[side[1]],
            colour=label.colour,
            size=label.size,
            weight=label.weight,
        )


def _markers(frame: Frame) -> Iterable[Box]:
    for point in frame.rows.points:
        x, y, half = frame.x_of(point.year), frame.y(point.value), size_of(point) / 2 + 1
        yield Box(x - half, y - half, x + half, y + half)


def _lines(frame: Frame) -> Iterable[Segment]:
    """The lines that words should not lie over: figures, path, forecast, levels."""
    rows = frame.rows
    for (year, point), (next_year, following) in pairwise(with_gaps(rows)):
        if point and following:
            yield (
                frame.x_of(year), frame.y(point.value),
                frame.x_of(next_year), frame.y(following.value),
            )  # fmt: skip
    knots = [(frame.x_of(year), frame.y(value)) for year, value in rows.path]
    forecast = [(frame.x_of(each.year), frame.y(each.value)) for each in rows.fan]
    for way in (knots, forecast):
        yield from ((*one, *other) for one, other in pairwise(way))
    for level in (rows.level, rows.other_level):
        if level:
            yield (frame.left, frame.y(level.value), frame.right, frame.y(level.value))
    for mark in rows.milestones:
        place = rows.place(mark.year)
        y = frame.y(mark.value)
        yield (frame.x(place - 0.35), y, frame.x(place + 0.35), y)
