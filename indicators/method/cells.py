"""The figures of verdicts while they are columns."""

from dataclasses import dataclass, field

import numpy as np

from indicators.method.columns import Flags, Ints


@dataclass
class Cell:
    """A column of figures and where they stand. `scale` turns an integer into the figure."""

    values: Ints
    stands: Flags
    scale: int = 1


@dataclass
class Cells:
    """Status, figures and words of n verdicts; `lists` are masks over the years."""

    status: Ints
    figures: dict[str, Cell] = field(default_factory=dict)
    lists: dict[str, Flags] = field(default_factory=dict)
    words: dict[str, Ints] = field(default_factory=dict)

    def put(self, name: str, values: Ints, stands: Flags, *, scale: int = 1) -> None:
        self.figures[name] = Cell(values, np.asarray(stands, bool), scale)


@dataclass(frozen=True)
class Judged:
    """Verdicts of targets that take the same rules in the same scale: their positions among all
    that were asked for, and the years that the lists are masks over."""

    positions: Ints
    years: Ints
    cells: Cells
