"""The plain rows that charts are drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class ChartPoint:
    """One yearly figure. `shown` is the value as stated, with its unit; `note` what the reader
    must know of it (a reprint, provisional …), empty for a plain original."""

    year: int
    value: Decimal
    shown: str
    bound: str = "exact"
    is_hollow: bool = False
    is_breach: bool = False
    note: str = ""


@dataclass(frozen=True)
class ChartMark:
    """A level that holds in one year: a milestone."""

    year: int
    value: Decimal
    label: str


@dataclass(frozen=True)
class ChartLevel:
    """The target's level, from one year to another; label as printed at its right end. lines: the
    label broken up for a drawing that it is too long for; empty where it stays in one piece."""

    value: Decimal
    label: str
    from_year: int
    to_year: int
    lines: Sequence[str] = ()


@dataclass(frozen=True)
class HoldBand:
    """The side of the level on which the figures of these years should stay."""

    value: Decimal
    from_year: int
    to_year: int
    less_is_better: bool = False


@dataclass(frozen=True)
class ChartForecast:
    """One year of the forecast: its line and the ends of its interval. `shown` is all three with
    their unit."""

    year: int
    value: Decimal
    low: Decimal
    high: Decimal
    shown: str


@dataclass(frozen=True)
class TargetFigureRows:
    """Everything that the big chart of one target shows, in one unit.

    points: oldest first, at most one a year, only years with a value. other_level: what the
    target asked for before a later document restated it, or what that one asks for. path: (year,
    value) knots, oldest first. breaks: first years of a new segment. fan: the forecast, one entry
    a year from the one after the last figure on, or none. y_limits: smallest and largest possible
    value, None where there is none.
    """

    points: Sequence[ChartPoint]
    unit: str
    level: ChartLevel | None = None
    other_level: ChartLevel | None = None
    path: Sequence[tuple[int, Decimal]] = ()
    milestones: Sequence[ChartMark] = ()
    band: HoldBand | None = None
    breaks: Sequence[int] = ()
    fan: Sequence[ChartForecast] = ()
    y_limits: tuple[Decimal | None, Decimal | None] = (None, None)
    starts_at_zero: bool = False
    years: Sequence[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "years", _years_of(self))

    def place(self, year: int) -> int:
        """Where a year stands on the category axis, from 0."""
        return year - self.years[0]


def _years_of(rows: TargetFigureRows) -> list[int]:
    """Every year from the first to the last that anything is drawn at."""
    found = {point.year for point in rows.points} | {year for year, _value in rows.path}
    found |= {mark.year for mark in rows.milestones} | set(rows.breaks)
    found |= {each.year for each in rows.fan}
    found |= {level.to_year for level in (rows.level, rows.other_level) if level}
    if rows.band:
        found |= {rows.band.from_year, rows.band.to_year}
    return list(range(min(found), max(found) + 1)) if found else []
