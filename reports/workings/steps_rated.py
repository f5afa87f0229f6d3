"""The steps that rate the way already covered: rules 5 to 9."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.enums import Status
from reports.workings.case import Case
from reports.workings.path import case_path
from reports.workings.sums import Step, comparison, distance, in_sum, path_sum


def rated_steps(case: Case) -> Iterable[Step]:
    """The baseline, then the rule that rated the way from there."""
    if case.status == Status.NO_BASELINE:
        words = _("Rule 5: there is no figure from %(first)s to %(start)s to start from.")
        yield Step(words % {"first": case.start_year - 3, "start": case.start_year})
        return
    yield _baseline_step(case)
    if case.status == Status.TOO_EARLY:
        yield Step(_("Rule 6: no figure after the baseline yet."))
    elif case.status == Status.FELL_BACK:
        value = case.baseline_value or Decimal(0)
        yield Step(
            _("Rule 7: the baseline met the target, and it is not met now."),
            [comparison(case, value, name="b")],
        )
    elif case.status in {Status.NEAR, Status.SHORT}:
        yield _little_way_step(case)
    else:
        yield from _path_steps(case)


def _baseline_step(case: Case) -> Step:
    if case.is_summed:
        words = _("Rule 5: a count of the year starts at 0, the year before the period.")
    elif case.is_baseline_named:
        words = _("Rule 5: the baseline is the one that the reading names.")
    else:
        words = _(
            "Rule 5: the baseline is the latest comparable figure before the period, else "
            "the one of its first year."
        )
    return Step(words, [f"b = {in_sum(case.baseline_value)} ({case.baseline_year})"])


def _little_way_step(case: Case) -> Step:
    t, b = case.threshold or Decimal(0), case.baseline_value or Decimal(0)
    gap = case.gap or Decimal(0)
    sign = "≤" if gap <= Decimal("0.3") else ">"
    return Step(
        _(
            "Rule 8: less than 0.5 from baseline to target is too little way to rate; near up to "
            "a gap of 0.3."
        ),
        [
            f"{distance('T', 'b', case, t, b)} < 0.5",
            f"gap = {in_sum(gap)} {sign} 0.3",
        ],
    )


def _path_steps(case: Case) -> Iterable[Step]:
    knots = case_path(case)
    year, v, b = case.actual_year, case.actual_value, case.baseline_value
    if not knots or year is None or v is None or b is None or case.expected is None:
        return
    way = " → ".join(f"({at}, {in_sum(value)})" for at, value in knots)
    yield Step(
        _(
            "Rule 9: the path runs in straight lines from the baseline over the milestones to the "
            "target, and never back."
        ),
        [way, path_sum(knots, year=year, expected=case.expected)],
    )
    if case.ratio is None:
        yield Step(
            _("The path asks for no more than the baseline: not below it is on track."),
            [distance("v", "b", case, v, b)],
        )
        return
    sign = "=" if case.ratio * (case.expected - b) == v - b else "≈"
    yield Step(
        _(
            "The share of the way that is due, against the bands: from 0.95 on track, from 0.60 "
            "behind, from 0 far behind, below 0 moving away."
        ),
        [
            f"R = (v − b) / (e − b) = ({in_sum(v)} − {in_sum(b)}) / "
            f"({in_sum(case.expected)} − {in_sum(b)}) {sign} {in_sum(case.ratio)}"
        ],
    )
