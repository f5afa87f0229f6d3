"""What a ranking says in one sentence, and what decides in an indicator."""

from collections.abc import Sequence

from django.utils.translation import gettext, ngettext

from indicators.enums import Nature
from indicators.models import Indicator
from reports.drawings.shared_scales import stated_with_bound
from reports.queries.indicators.ranking import Order
from reports.queries.indicators.series import Known
from targets_site.templatetags.shown import with_unit


def finding(order: Order, *, unit: str) -> str:
    """How many areas, and between which figures; of the whole order, not of its page."""
    lowest, highest = order.ends
    count = len(order.ranked)
    words = {"year": order.year, "count": count, "level": _figure(lowest[0], unit)}
    if lowest == highest:
        return gettext("%(year)s: all %(count)s areas at %(level)s") % words
    said = gettext("%(year)s: %(count)s areas, from %(lowest)s to %(highest)s")
    ends = {"lowest": _end(lowest, unit), "highest": _end(highest, unit)}
    return said % {**words, **ends}


def _end(series: Sequence[Known], unit: str) -> str:
    more = len(series) - 1
    words = {"level": _figure(series[0], unit), "area": series[0].area_name, "more": more}
    if not more:
        return gettext("%(level)s (%(area)s)") % words
    form = ngettext(
        "%(level)s (%(area)s and %(more)s other)", "%(level)s (%(area)s and %(more)s others)", more
    )
    return form % words


def _figure(series: Known, unit: str) -> str:
    return with_unit(stated_with_bound(series), unit)


def what_decides(indicator: Indicator) -> str:
    """Which figure a target is held against, by the indicator's nature.

    Source: METHOD.md, natures of figures.
    """
    return {
        Nature.LEVEL: gettext(
            "The figure of the goal year, for a promise to hold that of each year."
        ),
        Nature.CUMULATIVE: gettext("The total reached by the end of the goal year."),
        Nature.FLOW: gettext("The sum of the years from the start of the document's period."),
    }[Nature(indicator.nature)]
