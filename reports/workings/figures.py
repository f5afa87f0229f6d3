"""The yearly figures that a working looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.enums import Bound
from targets_site.figures import plain

Knot = tuple[int, Decimal]


@dataclass(frozen=True)
class Figure:
    """One yearly figure with a value; `shown` as stated, without unit."""

    year: int
    value: Decimal
    shown: str
    bound: str = Bound.EXACT
    is_break: bool = False

    @property
    def is_bounded(self) -> bool:
        return self.bound in {Bound.AT_LEAST, Bound.AT_MOST}


def running_sums(figures: Sequence[Figure], start_year: int) -> list[Figure]:
    """S(y) for each y from start_year on that has a figure; at least where a year has none."""
    sums: list[Figure] = []
    total = Decimal(0)
    for figure in figures:
        if figure.year >= start_year:
            total += figure.value
            is_complete = len(sums) == figure.year - start_year
            bound = Bound.EXACT if is_complete else Bound.AT_LEAST
            sums.append(Figure(figure.year, total, plain(total), bound))
    return sums
