"""The steps of a target to reach a level: rules 0 to 4, and the pace beside them."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.enums import Status
from plans.enums import Kind
from reports.workings.case import Case
from reports.workings.facts import drop_of, first_reached
from reports.workings.steps_rated import rated_steps
from reports.workings.sums import Step, comparison, gap_sum, in_sum


def reach_steps(case: Case) -> list[Step]:
    """The rules in their order; METHOD.md, "Verdicts of reach, relative"."""
    if case.level.kind == Kind.RELATIVE and case.threshold is None:
        return [Step(_("No figure of the baseline is known, so T cannot be worked out."))]
    reached = first_reached(case)
    if reached:
        words = _("Rule 0: a count upward cannot be lost again; %(year)s reached the target.")
        return [
            *_sum_step(case),
            Step(words % {"year": reached.year}, [comparison(case, reached.value)]),
        ]
    if case.is_due:
        return [*_sum_step(case), _due_step(case), *_pace_step(case)]
    return [*_sum_step(case), *_before_due_steps(case), *_pace_step(case)]


def _sum_step(case: Case) -> list[Step]:
    """How a flow adds up to the year that is looked at."""
    counted = [f for f in case.figures if case.start_year <= f.year <= case.last_year]
    if not case.is_summed or not counted:
        return []
    total = in_sum(sum((f.value for f in counted), Decimal(0)))
    added = " + ".join(in_sum(f.value) for f in counted)
    words = _("The yearly counts add up from %(start)s on.") % {"start": case.start_year}
    return [Step(words, [f"v = S({counted[-1].year}) = {added} = {total}"])]


def _due_step(case: Case) -> Step:
    words = _("Rule 1: the target year has come; the figure of %(year)s alone decides.") % {
        "year": case.target_year
    }
    if case.actual_value is None:
        return Step(words, [_("There is none.")])
    return Step(words, [gap_sum(case)])


def _before_due_steps(case: Case) -> list[Step]:
    if case.actual_value is None or case.actual_year is None:
        words = _("Rule 2: up to %(as_of)s there is no figure from %(start)s on.")
        return [Step(words % {"start": case.start_year, "as_of": case.as_of})]
    if case.status == Status.OUTDATED:
        words = _("Rule 2: the latest figure is too old; at most %(years)s years are allowed.")
        return [
            Step(
                words % {"years": max(2, case.frequency)},
                [f"{case.as_of} − {case.actual_year} = {case.as_of - case.actual_year}"],
            )
        ]
    if case.status in {Status.MET_EARLY, Status.SLIPPING}:
        return [Step(_("Rule 3: the latest figure meets the target."), _slip_sums(case))]
    if case.status == Status.UNDETERMINED:
        words = _("Rule 4: the latest figure leaves open whether it meets the target.")
        return [Step(words, [gap_sum(case)])]
    return [
        Step(_("Rules 1 to 4: the latest figure counts, and is short."), [gap_sum(case)]),
        *rated_steps(case),
    ]


def _slip_sums(case: Case) -> list[str]:
    sums = [gap_sum(case)]
    before = case.figure_before(case.actual_year or 0)
    drop = drop_of(case, before)
    if before is None or drop is None or case.actual_value is None or case.threshold is None:
        return sums
    left, right = before.value, case.actual_value
    if case.direction < 0:
        left, right = right, left
    sums.append(
        pgettext("working", "drop") + f" = {in_sum(left)} − {in_sum(right)} = {in_sum(drop)}"
    )
    margin = case.direction * (case.actual_value - case.threshold)
    sign = "<" if margin < drop else "≥"
    sums.append(pgettext("working", "margin") + f" = {in_sum(margin)} {sign} {in_sum(drop)}")
    return sums


def _pace_step(case: Case) -> list[Step]:
    """What is needed each year against what the last step was; no part of the verdict."""
    if case.required_pace is None or case.actual_year is None or case.target_year is None:
        return []
    left = case.target_year - case.actual_year
    sums = [
        pgettext("working", "needed a year")
        + f" = {in_sum(case.gap)} / ({case.target_year} − {case.actual_year}) "
        + ("=" if (case.gap or 0) == case.required_pace * left else "≈")
        + f" {in_sum(case.required_pace)}"
    ]
    if case.last_pace is not None:
        sums.append(pgettext("working", "last step a year") + f" = {in_sum(case.last_pace)}")
    return [Step(_("Beside the verdict: the pace that is needed against the last one."), sums)]
