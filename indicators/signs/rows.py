"""What the rules read, and what they return. Every number is exact."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from indicators.enums import QuestionRule

ZERO, ONE_HUNDRED = Decimal(0), Decimal(100)


@dataclass(frozen=True)
class Figure:
    """An exact yearly figure in force, in the unit of its series, with the decimals as stated.

    series: its code. measure: code of the indicator. version: id of the version in force.
    """

    series: str
    year: int
    value: Decimal
    decimals: int
    measure: str = ""
    is_break: bool = False
    version: int = 0

    @property
    def step(self) -> Decimal:
        """One unit of the last stated digit."""
        return Decimal(1).scaleb(-self.decimals)


@dataclass(frozen=True)
class Level:
    """What a target asks of a series: at least `value` (direction 1) or at most (-1); more or
    less than it where is_strict. years: those in which a figure is measured against it."""

    target: str
    value: Decimal
    decimals: int
    direction: int
    is_strict: bool
    start_year: int
    years: range

    @property
    def sign(self) -> str:
        if self.direction > 0:
            return ">" if self.is_strict else "≥"
        return "<" if self.is_strict else "≤"

    def is_met(self, value: Decimal) -> bool:
        ahead = self.direction * (value - self.value)
        return ahead > 0 or (ahead == 0 and not self.is_strict)


@dataclass(frozen=True)
class Measured:
    """A figure, and a target that it is measured against."""

    figure: Figure
    level: Level
    in_points: bool


@dataclass(frozen=True)
class Edit:
    """A correction of an approved figure, approved too. level: None where no target is measured.

    days_late: begun days from the deadline of its department to the day it was entered; 0 or less
    where it was in time.
    """

    before: Figure
    after: Figure
    level: Level | None
    days_late: int


@dataclass(frozen=True)
class Sign:
    """What a rule saw. facts: by name, the numbers of the arithmetic as exact texts. figures: those
    concerned, in the order they are shown; the first is what the question hangs on.

    key: tells it from others of the same rule and series or department.
    """

    rule: QuestionRule
    first_year: int
    year: int
    figures: tuple[Figure, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    key: str = ""


def as_text(number: Decimal | Fraction | int) -> str:
    """Exact: a decimal as it is, a fraction as `a/b`."""
    return f"{number:f}" if isinstance(number, Decimal) else str(number)
