"""Series as small multiples: those of a group on one scale, those apart each on its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.drawings.shared_scales import Level, Multiple, SharedScale, shared_scale
from reports.queries.indicators.lines import SeriesLine
from reports.queries.indicators.ranking import level_of
from reports.queries.rows import TargetLine

Targets = Mapping[int, Sequence[TargetLine]]


@dataclass(frozen=True)
class Card:
    """One small multiple with what stands in its head. reasons: why it stands apart."""

    line: SeriesLine
    multiple: Multiple
    scale: SharedScale
    reasons: Sequence[str] = ()


def cards_on_one_scale(lines: Sequence[SeriesLine], targets: Targets, *, unit: str) -> list[Card]:
    """Those of `lines` that have a figure."""
    drawn = {line.series.pk: multiple_of(line, targets) for line in lines if line.points}
    scale = shared_scale(drawn.values(), unit=unit)
    if scale is None:
        return []
    return [Card(line, drawn[line.series.pk], scale) for line in lines if line.points]


def cards_apart(
    lines: Sequence[SeriesLine],
    targets: Targets,
    reasons: Mapping[int, Sequence[str]],
    *,
    unit: str,
) -> list[Card]:
    """Those of `lines` that have a figure. reasons: by series."""
    cards = []
    for line in lines:
        multiple = multiple_of(line, targets)
        scale = shared_scale([multiple], unit=unit)
        if line.points and scale is not None:
            cards.append(Card(line, multiple, scale, reasons[line.series.pk]))
    return cards


def multiple_of(line: SeriesLine, targets: Targets) -> Multiple:
    """With the last target, and the earlier levels as milestones."""
    own = targets.get(line.series.pk, ())
    levels = [level for each in own for level in [level_of(each)] if level is not None]
    target = levels[-1] if levels else None
    earlier = [level for level in levels if target and _is_before(level, target)]
    return Multiple(line.points, target, earlier)


def _is_before(level: Level, target: Level) -> bool:
    return bool(level.year and target.year and level.year < target.year)
