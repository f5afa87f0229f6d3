"""The words of the verdicts, each with what it says; METHOD.md, "Lights and words"."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.enums import LIGHT_OF, Light, Status

_MEANINGS: dict[str, Promise] = {
    Status.ACHIEVED: _("The figure that decides meets the target."),
    Status.KEPT: _("Met in the target year and in every year that counts."),
    Status.MET_EARLY: _("The latest figure meets the target before its year."),
    Status.HOLDING: _("Met so far in every year that counts."),
    Status.ON_TRACK: _("At least 95 per cent of the way that the path asks for by now is covered."),
    Status.KEPT_GAPS: _("Met in the target year; some year in between has no figure."),
    Status.HOLDING_GAPS: _("Met in every year that has a figure; some year has none."),
    Status.SLIPPING: _("Met, but the last step down was so large that another one would miss it."),
    Status.THIN_MARGIN: _(
        "The level is met by less than 0.3 points (for counts: less than 1 per cent), or a figure"
        " that must improve every year stood still."
    ),
    Status.RECOVERED: _("Met now; it was missed in an earlier year."),
    Status.BEHIND: _("Between 60 and 95 per cent of the way that the path asks for is covered."),
    Status.NEAR: _("At most 0.3 points short; the whole way was too short to rate."),
    Status.SHORT: _("More than 0.3 points short; the whole way was too short to rate."),
    Status.MISSED: _("The figure of the target year misses the target, by however little."),
    Status.BREACHED: _("The latest figure misses the level to keep, or went the wrong way."),
    Status.FAR_BEHIND: _("Less than 60 per cent of the way that the path asks for is covered."),
    Status.MOVING_AWAY: _("The figure is farther from the target than at the start."),
    Status.FELL_BACK: _("Met at the start, missed now."),
    Status.NO_DATA: _("No figure since the document's period began."),
    Status.NOT_COLLECTED: _("The target year has no figure; this is no failure of the target."),
    Status.OUTDATED: _("The latest figure is too old to say anything about today."),
    Status.NO_BASELINE: _("Without a figure from the start no way can be measured."),
    Status.TOO_EARLY: _("There is a figure from the start and none after it."),
    Status.UNDETERMINED: _("The figure or the target leaves both answers open; people decide."),
    Status.NOT_MEASURABLE: _("The target promises no figure; it waits for a judgement by people."),
    Status.NOT_DUE: _("The first year that counts has not come."),
    Status.JUDGED_DONE: _("People judged it, with their reason; never computed."),
    Status.JUDGED_PARTLY: _("People judged it, with their reason; never computed."),
    Status.JUDGED_NOT: _("People judged it, with their reason; never computed."),
}


@dataclass(frozen=True)
class StatusRow:
    """One word with its light and what it says."""

    status: str
    light: Light
    meaning: Promise


def status_rows() -> list[StatusRow]:
    """Every status once, the worst light first."""
    order = list(Light)
    statuses = sorted(Status.values, key=lambda status: order.index(LIGHT_OF[status]))
    return [StatusRow(each, LIGHT_OF[each], _MEANINGS[each]) for each in statuses]
