"""What is measured and promised, so that every rule of the method has its cases.

Of each hundred indicators 60 are rates to reach, 15 rates to hold, 10 rates to bring down, 5 to
better every year, 5 running totals and 5 counts of the year. Each has a target for the middle of
the period and one for its end, so that every series has its milestone.
"""

from dataclasses import dataclass

LEVEL, CUMULATIVE, FLOW = "level", "cumulative", "flow"


@dataclass(frozen=True)
class Measure:
    """start, pace: what a figure is about in the first year and what a year adds, in hundredths
    of the unit. goals: the values of the two targets, in hundredths."""

    number: int
    unit: str
    nature: str
    kind: str
    comparator: str
    start: int
    pace: int
    goals: tuple[int, int]

    @property
    def code(self) -> str:
        return f"made-{self.number:03}"

    @property
    def is_rate(self) -> bool:
        return self.unit == "%"


def measures(number: int) -> list[Measure]:
    return [_measure(at) for at in range(number)]


def _measure(at: int) -> Measure:
    place, turn = at % 20, at // 20 % 5
    start = 8_000 + 200 * turn
    if place < 12:
        comparator = "gt" if place == 11 else "about" if place == 10 else "ge"
        return Measure(at, "%", LEVEL, "reach", comparator, start, 100, (start + 400, start + 900))
    if place < 15:
        return Measure(at, "%", LEVEL, "hold", "ge", start + 300, 0, (start + 280, start + 300))
    if place < 17:
        falls = 2_000 + 100 * turn
        return Measure(at, "%", LEVEL, "reach", "le", falls, -90, (falls - 400, falls - 900))
    if place == 17:
        return Measure(at, "%", LEVEL, "monotone", "ge", start, 60, (0, 0))
    if place == 18:
        return Measure(at, "个", CUMULATIVE, "reach", "ge", 2_000, 1_000, (6_000, 12_000))
    return Measure(at, "项", FLOW, "reach", "ge", 4_000, 100, (20_000, 45_000))
