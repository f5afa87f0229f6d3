"""In which order targets stand wherever the most urgent come first."""

from indicators.models import Verdict
from indicators.standings import IN_WORDS, Standing, standing_of
from plans.models import Target
from reports.queries import standings
from reports.queries.rows import TargetLine

# Red, yellow, grey (what side evidence would miss, then what has a figure, then the rest), pale,
# green, words.
URGENCY: tuple[tuple[Standing, ...], ...] = (
    (Standing.RED, Standing.JUDGED_RED),
    (Standing.YELLOW, Standing.JUDGED_YELLOW),
    (Standing.SIDE_SHORT,),
    (Standing.SIDE_OTHER, Standing.OLD_FIGURE, Standing.UNDETERMINED),
    (Standing.NOT_COLLECTED, Standing.UNFOUNDED),
    (Standing.PALE,),
    (Standing.GREEN, Standing.JUDGED_GREEN),
    (Standing.NOT_DUE, Standing.UNJUDGED),
)
# Among equals the headline targets come first.
AMONG_EQUALS = ("-target__key", "target__code")
_RANKS = {standing: rank for rank, group in enumerate(URGENCY) for standing in group}
# Of targets in words, whose light says all.
RANK_IN_WORDS: dict[str, int] = {
    standings.LIGHT_OF[standing].value: _RANKS[standing] for standing in IN_WORDS
}

Urgency = tuple[int, bool, str]


def urgency(verdict: Verdict) -> Urgency:
    """To sort by; its target is loaded."""
    return _urgency(verdict, verdict.target)


def line_urgency(line: TargetLine) -> Urgency:
    return _urgency(line.verdict, line.target)


def _urgency(verdict: Verdict | None, target: Target) -> Urgency:
    """What has no verdict yet comes last."""
    rank = len(URGENCY) if verdict is None else _RANKS[standing_of(verdict)]
    return (rank, not target.key, target.code)
