"""The steps of a target to hold a level over years."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from indicators.enums import Status
from reports.sentences import years_in_words
from reports.workings.case import Case
from reports.workings.sums import Step, gap_sum


def hold_steps(case: Case) -> list[Step]:
    """The years that count, then the one that decides; METHOD.md, "Verdicts of hold"."""
    years = case.hold_years
    if case.status == Status.NOT_DUE:
        words = _("The level is to be held from %(first)s on; %(as_of)s is before that.")
        return [Step(words % {"first": years.start, "as_of": case.as_of})]
    kept = [y for y in years if y not in case.missing_years and y not in case.breached_years]
    counted = [
        _("kept: %(years)s") % {"years": _years_or_dash(kept)},
        _("not kept: %(years)s") % {"years": _years_or_dash(case.breached_years)},
        _("without a figure: %(years)s") % {"years": _years_or_dash(case.missing_years)},
        _("%(k)s of %(n)s years kept") % {"k": len(kept), "n": len(years)},
    ]
    found = [
        Step(
            _("Each year from %(first)s to %(last)s is kept, not kept or without a figure.")
            % {"first": years.start, "last": case.last_year},
            counted,
        )
    ]
    decides = (
        _("The target year has come: the figure of %(year)s decides, then the earlier years.")
        if case.is_due
        else _(
            "Before the target year the latest figure, of %(year)s, decides, then the earlier "
            "years; a margin under 0.3 points (counts: 1%% of T) is thin."
        )
    )
    year = case.target_year if case.is_due else case.actual_year
    if case.actual_value is None:
        return [*found, Step(_("The year that decides has no figure."))]
    return [*found, Step(decides % {"year": year}, [gap_sum(case)])]


def _years_or_dash(years: Sequence[int]) -> str:
    return years_in_words(years) or "—"
