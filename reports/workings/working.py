"""How one verdict comes about, with its numbers, so that it can be recomputed by hand."""

from django.utils.translation import gettext as _

from plans.enums import Comparator, Kind
from reports.sentences import level_in_words
from reports.workings.case import Case
from reports.workings.steps_hold import hold_steps
from reports.workings.steps_monotone import monotone_steps
from reports.workings.steps_reach import reach_steps
from reports.workings.sums import Step, in_sum


def steps(case: Case) -> list[Step]:
    """The rules that led to the verdict, in their order, each with its arithmetic."""
    if case.level.kind == Kind.TEXT:
        return [Step(_("The target is in words: no rule applies until a judgement is approved."))]
    if case.target_year is None:
        return [Step(_("The document names no target year: undetermined, whatever the figures."))]
    rules = {Kind.HOLD: hold_steps, Kind.MONOTONE: monotone_steps}.get(
        Kind(case.level.kind), reach_steps
    )
    return [_level_step(case), *rules(case)]


def _level_step(case: Case) -> Step:
    """What is asked, and T where it is not simply the value as stated."""
    level, t = case.level, case.threshold
    is_held = level.kind == Kind.HOLD
    words = (
        _("The target: hold %(level)s up to %(year)s.")
        if is_held
        else _("The target: %(level)s, %(year)s.")
    ) % {"level": level_in_words(level), "year": case.target_year}
    if t is None or level.value is None:
        return Step(words)
    if level.kind == Kind.RELATIVE and case.baseline_value is not None:
        sign = "−" if level.less_is_better else "+"
        share = f"(1 {sign} {in_sum(level.value)}/100)"
        return Step(words, [f"T = {in_sum(case.baseline_value)} × {share} = {in_sum(t)}"])
    if level.comparator == Comparator.ABOUT:
        tolerance = in_sum(level.value - t)
        return Step(words, [f"T = {in_sum(level.value)} − {tolerance} = {in_sum(t)}"])
    return Step(words, [f"T = {in_sum(t)}"])
