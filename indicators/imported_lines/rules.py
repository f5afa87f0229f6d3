"""Who may store the next version of a figure, and when."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from indicators.enums import State
from indicators.queries.imports import KnownSeries, Stored

NOT_YOURS = gettext_noop("Your department does not report this in that year.")
NO_ROUND = gettext_noop("No round asks your department for this year now.")


def rule_against(known: KnownSeries, year: int, *, stored: Stored | None, is_reasoned: bool) -> str:
    """Why the next version of a figure may not be stored; empty where it may.

    stored: None where rights and rounds are not asked for. is_reasoned: whether the file says why
    it corrects. The same rules as `workflow.append_draft`.
    """
    cell = known.cells.get(year)
    departments = stored.entering(known, year) if stored is not None else frozenset()
    if stored is not None and not departments:
        return _(NOT_YOURS)
    if cell is not None and cell.newest_state in State.waiting():
        return _("The figure is submitted and waits for a decision; recall it first.")
    if cell is not None and cell.in_force_id:
        if is_reasoned:
            return ""
        return _("The figure is approved: it is corrected only with a reason, given for the file.")
    is_asked_back = cell is not None and cell.was_returned
    if stored is None or is_asked_back:
        return ""
    if not stored.is_open(known.series, year, departments=departments):
        return _(NO_ROUND)
    return ""
