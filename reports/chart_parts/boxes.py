"""Boxes and straight lines in a picture, in pixels from its upper left corner."""

from dataclasses import dataclass

Segment = tuple[float, float, float, float]


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


def crosses(line: Segment, box: Box) -> bool:
    """Whether any part of the line lies in the box (Liang and Barsky's clipping)."""
    x, y, to_x, to_y = line
    first, last = 0.0, 1.0
    for step, room_before, room_after in (
        (to_x - x, x - box.left, box.right - x),
        (to_y - y, y - box.top, box.bottom - y),
    ):
        if step == 0:
            if room_before < 0 or room_after < 0:
                return False
            continue
        ends = sorted((-room_before / step, room_after / step))
        first, last = max(first, ends[0]), min(last, ends[1])
    return first < last
