"""What a meeting has to settle, in words: the matter, how it stands, and what is asked for."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indicators.enums import Status

MOST_NAMES = 2


@dataclass(frozen=True)
class TargetFacts:
    """statement: what one target promises; its figures as said with their unit, empty where
    there is none; gap: how far it is short, as said."""

    statement: str
    goal: int
    status: str = ""
    actual_year: int | None = None
    actual: str = ""
    gap: str = ""
    side_year: int | None = None
    side: str = ""


@dataclass(frozen=True)
class MatterWords:
    """what: the matter; state: how it stands; ask: what the meeting is asked for."""

    what: str
    state: str
    ask: str


def short_of(facts: TargetFacts) -> MatterWords:
    """Red or yellow."""
    state = _("%(actual)s in %(year)s, %(gap)s") if facts.gap else _("%(actual)s in %(year)s")
    return MatterWords(
        facts.statement,
        state % {"year": facts.actual_year, "actual": facts.actual, "gap": facts.gap},
        _("Say why, and by when and with what the target is reached."),
    )


def spoken_against(facts: TargetFacts) -> MatterWords:
    """No figure of the year, and that of another year falls short."""
    return MatterWords(
        facts.statement,
        _("No figure for %(goal)s; %(side)s in %(side_year)s falls short of the target.")
        % {"goal": facts.goal, "side": facts.side, "side_year": facts.side_year},
        _("Report the figure of %(goal)s, and say why the earlier one fell short.")
        % {"goal": facts.goal},
    )


def undecided(facts: TargetFacts) -> MatterWords:
    """What no verdict can be drawn from: a figure, or its lack of a baseline."""
    if facts.actual:
        said = _("%(actual)s in %(year)s, which decides nothing")
        said %= {"actual": facts.actual, "year": facts.actual_year}
    elif facts.status == Status.NO_BASELINE:
        said = _("The baseline that it is measured from is not known.")
    else:
        said = _("The figures there are decide nothing.")
    if facts.status == Status.NO_BASELINE:
        asked = _("Supply the baseline and the figure of %(goal)s with their sources.")
        return MatterWords(facts.statement, said, asked % {"goal": facts.goal})
    asked = _("Confirm scope, baseline or source, so that the target can be decided.")
    return MatterWords(facts.statement, said, asked)


def missing(names: list[str], *, total: int, headline: int, goal: int, named: bool) -> MatterWords:
    """names: of the targets, headline ones first. named: whether somebody is known to owe them."""
    of_these = _(" (%(headline)s of them headline)") % {"headline": headline} if headline else ""
    if named:
        ask = _("Report the figures, or say why there are none.")
    else:
        ask = _("Settle which department leads and reports them: the document names none.")
    what = ngettext(
        "%(total)s target without a figure for %(goal)s%(headline)s",
        "%(total)s targets without a figure for %(goal)s%(headline)s",
        total,
    ) % {"total": total, "goal": goal, "headline": of_these}
    return MatterWords(what, _listed(names, total), ask)


def unassessed(*, total: int) -> MatterWords:
    """Targets in words that nobody has assessed."""
    what = ngettext(
        "%(total)s target in words not assessed",
        "%(total)s targets in words not assessed",
        total,
    )
    return MatterWords(
        what % {"total": total},
        _("They have no figure; people have to judge them."),
        _("Have them assessed, each with its grounds."),
    )


def _listed(names: list[str], total: int) -> str:
    said = pgettext("between names", ", ").join(names[:MOST_NAMES])
    if total <= MOST_NAMES:
        return said
    return _("%(names)s and others") % {"names": said}
