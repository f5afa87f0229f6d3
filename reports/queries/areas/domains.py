"""The targets of a domain: those with figures as small multiples, the others as a short list."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from plans.models import Domain, Target
from reports.drawings.shared_scales import RATES, Level, Multiple, SharedScale, shared_scale
from reports.queries import rows
from reports.queries.areas.counted import Seen, tally_of
from reports.queries.areas.lines import Said
from reports.queries.tallies import Tally
from targets_site.templatetags.shown import SIGNS

# A domain's panels are one row on a desk's screen, fewer where many domains have some: a panel of
# ten years weighs as much as ten lines.
PANELS_A_DOMAIN, PANELS_A_PAGE, FEWEST_PANELS = 5, 20, 2
LINES_A_DOMAIN = 5


@dataclass(frozen=True)
class Panel:
    """One target with figures; panels of a domain with the same scale can be compared."""

    line: rows.TargetLine
    multiple: Multiple
    scale: SharedScale


@dataclass(frozen=True)
class DomainPart:
    """A domain's targets of the goal year.

    panels, missing, words: the most urgent ones; the numbers beside them say how many there are.
    is_shared: some panels share a scale; has_own_scales: some do not.
    """

    domain: Domain
    tally: Tally
    panels: list[Panel]
    with_figures: int
    missing: list[rows.TargetLine]
    without_figures: int
    words: list[Said]

    @property
    def is_cut(self) -> bool:
        return len(self.panels) < self.with_figures or len(self.missing) < self.without_figures

    @property
    def has_more_words(self) -> bool:
        return len(self.words) < self.tally.in_words.total

    @property
    def is_shared(self) -> bool:
        return len([each for each in self.panels if each.scale.unit in RATES]) > 1

    @property
    def has_own_scales(self) -> bool:
        return any(each.scale.unit not in RATES for each in self.panels)

    @property
    def starts_above_zero(self) -> bool:
        return any(each.scale.starts_above_zero for each in self.panels)


def domains_of(
    counted: Iterable[Seen], lines: Iterable[rows.TargetLine], said: Iterable[Said]
) -> list[DomainPart]:
    """In their order. counted: rows of the goal year, as seen from the year shown."""
    by_domain: dict[Domain, list[Seen]] = defaultdict(list)
    for each in counted:
        by_domain[each.domain].append(each)
    lines_of: dict[int, list[rows.TargetLine]] = defaultdict(list)
    for line in lines:
        lines_of[line.target.domain_id].append(line)
    words_of: dict[int, list[Said]] = defaultdict(list)
    for word in said:
        words_of[word.domain_id].append(word)
    in_order = sorted(by_domain, key=lambda domain: (domain.position, domain.code))
    most = _panels_a_domain(lines_of.values())
    return [
        _part(domain, by_domain[domain], lines_of[domain.pk], words_of[domain.pk], most)
        for domain in in_order
    ]


def _panels_a_domain(lines_of_domains: Iterable[list[rows.TargetLine]]) -> int:
    with_figures = sum(1 for lines in lines_of_domains if any(line.points for line in lines))
    return min(PANELS_A_DOMAIN, max(FEWEST_PANELS, PANELS_A_PAGE // max(with_figures, 1)))


def _part(
    domain: Domain,
    counted: list[Seen],
    lines: list[rows.TargetLine],
    said: list[Said],
    most: int,
) -> DomainPart:
    """most: panels at most."""
    drawn = [line for line in lines if line.points]
    missing = [line for line in lines if not line.points]
    return DomainPart(
        domain=domain,
        tally=tally_of(counted),
        panels=panels_of(drawn[:most]),
        with_figures=len(drawn),
        missing=missing[:LINES_A_DOMAIN],
        without_figures=len(missing),
        words=said[:LINES_A_DOMAIN],
    )


def panels_of(lines: Sequence[rows.TargetLine]) -> list[Panel]:
    """Rates of one unit share their scale; a count has its own, since a hundred products and
    three cities cannot be compared by height. Panels that share a scale stand together, those
    with the most urgent target first."""
    groups: dict[str, list[tuple[rows.TargetLine, Multiple]]] = defaultdict(list)
    for line in lines:
        group = line.unit if line.unit in RATES else f"count {line.target.code}"
        groups[group].append((line, _multiple(line)))
    return [panel for group in groups.values() for panel in _scaled(group)]


def _scaled(group: Sequence[tuple[rows.TargetLine, Multiple]]) -> Iterator[Panel]:
    scale = shared_scale([multiple for _, multiple in group], unit=group[0][0].unit)
    if scale is not None:
        yield from (Panel(line, multiple, scale) for line, multiple in group)


def _multiple(line: rows.TargetLine) -> Multiple:
    if line.level is None:
        return Multiple(line.points)
    return Multiple(line.points, Level(line.level, _label(line.target), line.target.target_year))


def _label(target: Target) -> str:
    """The level without its unit, as short as it can be said."""
    return f"{SIGNS.get(target.comparator, '')} {target.value_as_stated}".strip()
