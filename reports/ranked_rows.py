"""The plain rows that a ranked dot plot is drawn from, by the server and by Plotly."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reports.drawings.shared_scales import Level, SharedScale

# Of the scale, also on a narrow screen.
ROOM_FOR_A_VALUE = Decimal("0.45")


@dataclass(frozen=True)
class RankedPoint:
    """One area's figure of the year. stated: as printed, without the sign of its bound.

    place: in the order of reading, equal for equal figures. target: the level that the area's own
    target asks for; None where it has none in the figures' unit.
    """

    place: int
    name: str
    value: Decimal
    stated: str
    bound: str
    is_hollow: bool
    target: Level | None


@dataclass(frozen=True)
class RankedRows:
    """In the order of reading. scale: holds every figure and level."""

    points: Sequence[RankedPoint]
    year: int
    scale: SharedScale

    def is_labelled_left(self, point: RankedPoint) -> bool:
        """Whether the value of a figure stands before it: where its target's tick follows so close
        that there is no room between them."""
        if point.target is None:
            return False
        ahead = (point.target.value - point.value) / (self.scale.high - self.scale.low)
        return 0 < ahead < ROOM_FOR_A_VALUE


def places_of(values: Sequence[tuple[Decimal, str]]) -> list[int]:
    """For values (with their bounds) in order: equal ones share a place, the next ones follow
    after all of them: 1, 2, 2, 4."""
    places: list[int] = []
    for at, value in enumerate(values):
        same = at > 0 and value == values[at - 1]
        places.append(places[-1] if same else at + 1)
    return places
