"""How many targets stand how. Those in words, which people assess, are counted apart."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indicators.enums import Light
from indicators.standings import standing_of
from reports.enums import Coverage
from reports.queries import rows, standings

_UNDECIDED = [part for part in Coverage if part not in {Coverage.DECIDED, Coverage.IN_WORDS}]


@dataclass(frozen=True)
class InWords:
    """total: targets in words. lights: of those that people have assessed, worst first."""

    total: int
    lights: list[rows.LightCount]

    @property
    def assessed(self) -> int:
        return sum(each.count for each in self.lights)


@dataclass(frozen=True)
class CoverageCount:
    """One part of the roll-up; lights: of what is decided or judged in words, worst first."""

    coverage: Coverage
    count: int
    lights: list[rows.LightCount]


def coverage_segments(parts: Sequence[CoverageCount], *, total: int) -> list[tuple[str, int]]:
    """What the targets to compute are made of, by the name of a light or a part; those without a
    verdict yet last. They add up to `total`."""
    decided = [each for part in parts if part.coverage == Coverage.DECIDED for each in part.lights]
    found = [(each.light, each.count) for each in decided]
    found += [(part.coverage.value, part.count) for part in parts if part.coverage in _UNDECIDED]
    rest = total - sum(count for _name, count in found)
    return [(name, count) for name, count in [*found, ("not_computed", rest)] if count]


@dataclass(frozen=True)
class Tally:
    """total: targets to compute. lights: of their verdicts, worst first. coverage: their number
    by the part of the roll-up that they belong to."""

    total: int
    lights: list[rows.LightCount]
    coverage: Mapping[Coverage, int]
    in_words: InWords

    @property
    def decided(self) -> int:
        return self.coverage.get(Coverage.DECIDED, 0)

    @property
    def with_side_evidence(self) -> int:
        return self.coverage.get(Coverage.SIDE, 0)


def red_of(lights: Sequence[rows.LightCount]) -> int:
    return next((each.count for each in lights if each.light == Light.RED), 0)


def tally(lines: Sequence[rows.TargetLine]) -> Tally:
    """Counts targets without a verdict too; they have no light and no coverage."""
    computed = [line for line in lines if not line.is_in_words]
    coverage: dict[Coverage, int] = defaultdict(int)
    for line in computed:
        if line.verdict is not None:
            coverage[standings.COVERAGE_OF[standing_of(line.verdict)]] += 1
    return Tally(
        total=len(computed),
        lights=rows.worst_first(_by_light(computed)),
        coverage=coverage,
        in_words=in_words(
            len(lines) - len(computed), _by_light([line for line in lines if line.is_in_words])
        ),
    )


def in_words(total: int, by_light: Mapping[str, int]) -> InWords:
    """by_light: verdicts of targets in words; without a light nobody has assessed them."""
    assessed = {light: count for light, count in by_light.items() if light != Light.NONE}
    return InWords(total, rows.worst_first(assessed))


def _by_light(lines: Sequence[rows.TargetLine]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for line in lines:
        if line.verdict is not None:
            counts[line.verdict.light] += 1
    return counts
