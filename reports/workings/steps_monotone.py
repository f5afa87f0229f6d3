"""The steps of a target to rise or fall every year."""

from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.workings.case import Case
from reports.workings.sums import Step, in_sum, sign_of


def monotone_steps(case: Case) -> list[Step]:
    """Neighbouring figures from the year before the period on, after the latest break."""
    span = [f for f in case.figures if case.start_year - 1 <= f.year <= case.last_year]
    first = max((f.year for f in span if f.is_break), default=0)
    pairs = pairwise([f for f in span if f.year >= first])
    words = {
        1: pgettext("working", "better"),
        0: pgettext("working", "the same"),
        -1: pgettext("working", "worse"),
    }
    sums = [
        f"{a.year} {in_sum(a.value)} → {b.year} {in_sum(b.value)}: "
        + words[sign_of(case.direction * (b.value - a.value))]
        for a, b in pairs
    ]
    return [Step(_("Each figure is compared with the one before."), sums or [_("No pair yet.")])]
