"""Honest figures: series that follow a trend and scatter around it, rounded as officials round.

Nobody here looks at a target before he writes down a figure. Everything follows from the seed.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from indicators.signs.rows import Edit, Figure, Level, Measured

FIRST, LAST = 2011, 2020
YEARS = range(FIRST, LAST + 1)
# One figure in fifty begins anew under another scope; one in fifty is corrected, half of those
# after the deadline: what `generate_scale` makes, and no source knows better.
BREAKS, CORRECTED, LATE = 0.02, 0.02, 0.5


@dataclass(frozen=True)
class HonestSeries:
    """A rate (in_points) or a count, with the target that its department was given in 2011."""

    figures: tuple[Figure, ...]
    level: Level
    in_points: bool
    edits: tuple[Edit, ...]

    def measured(self, year):
        figure = next(each for each in self.figures if each.year == year)
        return Measured(figure, self.level, self.in_points)


def stated(number, decimals):
    """Rounded half up, as by hand."""
    step = Decimal(1).scaleb(-decimals)
    return Decimal(repr(number)).quantize(step, ROUND_HALF_UP)


def honest_department(chance, number, *, is_planned=False):
    """number: how many series, each of another measure. Three in four are rates around 60 to 95
    with 0 to 2 decimals, the others counts that grow. is_planned: the targets were chosen with the
    trend in view, so that many figures come close to them."""
    return [
        _rate(chance, f"s{at}", is_planned) if chance.random() < 0.75 else _count(chance, f"s{at}")
        for at in range(number)
    ]


def _rate(chance, name, is_planned):
    decimals = chance.choices([0, 1, 2], [1, 5, 4])[0]
    start, slope = chance.uniform(60, 95), chance.uniform(-0.2, 0.8)
    scatter = 10 ** chance.uniform(-1, 0.4)
    values = _autoregressive(chance, start, slope, scatter, shift=3 * scatter)
    figures = [_figure(name, year, min(value, 100.0), decimals, is_break)
               for year, value, is_break in values]  # fmt: skip
    expected = slope * chance.uniform(0.7, 1.0) if is_planned else chance.uniform(0, 0.8)
    goal = min(start + 9 * expected, 100.0)
    return _given(chance, figures, goal=stated(goal, chance.choice([0, 0, 1])), in_points=True)


def _count(chance, name):
    size, growth = 10 ** chance.uniform(2, 5), chance.uniform(-0.02, 0.12)
    scatter = 10 ** chance.uniform(-2, -0.8)
    values = _autoregressive(chance, 0.0, growth, scatter, shift=3 * scatter)
    figures = [_figure(name, year, size * 2.718281828 ** value, 0, is_break)
               for year, value, is_break in values]  # fmt: skip
    goal = size * 2.718281828 ** (9 * chance.uniform(0, 0.1))
    return _given(chance, figures, goal=stated(goal, 0), in_points=False)


def _autoregressive(chance, start, slope, scatter, *, shift):
    """A trend with AR(1) errors; a break moves the level to either side."""
    memory, moved = chance.uniform(0, 0.8), 0.0
    error = chance.gauss(0, scatter)
    for since, year in enumerate(YEARS):
        is_break = since > 0 and chance.random() < BREAKS
        moved += chance.gauss(0, shift) if is_break else 0.0
        yield year, start + slope * since + error + moved, is_break
        error = memory * error + chance.gauss(0, scatter * (1 - memory**2) ** 0.5)


def _figure(name, year, value, decimals, is_break):
    return Figure(name, year, stated(value, decimals), decimals, name, is_break)


def _given(chance, figures, *, goal, in_points):
    """The target is to be reached by 2020 or to be kept in every year."""
    years = range(LAST, LAST + 1) if chance.random() < 0.8 else YEARS
    level = Level("t", goal, 0, 1, False, FIRST, years)
    edits = tuple(_edit(chance, each, level) for each in figures if chance.random() < CORRECTED)
    return HonestSeries(tuple(figures), level, in_points, edits)


def _edit(chance, figure, level):
    """What stood before was wrong by chance, to either side."""
    wrong = figure.value * Decimal(repr(1 + chance.gauss(0, 0.03)))
    before = Figure(figure.series, figure.year, wrong.quantize(figure.step), figure.decimals)
    return Edit(before, figure, level, 20 if chance.random() < LATE else -20)


def worlds(seed, number, *, smallest=5, largest=40, is_planned=False):
    """So many departments, each with so many series."""
    chance = Random(seed)
    for _at in range(number):
        size = chance.randint(smallest, largest)
        yield honest_department(chance, size, is_planned=is_planned)
