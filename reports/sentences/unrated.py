"""Sentences where no rule could rate the figures, and where a person judges words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.enums import SideState, Status
from plans.enums import Kind
from reports.sentences.facts import VerdictFacts
from reports.sentences.wordings import Wording, Wordings, always

WITHOUT_YEAR = _("The document names no year for %(level)s, so there is no verdict.")


def _by_side(*, without: Promise, meets: Promise, misses: Promise, leaves_open: Promise) -> Wording:
    """By what the figure of another year would say; `without`: there is none."""

    def wording(facts: VerdictFacts) -> Promise:
        if facts.side_year is None:
            return without
        said: dict[str, Promise] = {SideState.MET: meets, SideState.SHORT: misses}
        return said.get(facts.side_word, leaves_open)

    return wording


def _no_baseline(facts: VerdictFacts) -> Promise:
    if facts.level.kind == Kind.RELATIVE and facts.gap is None:
        return _(
            "The target for %(year)s is %(level)s, and no figure of the baseline is known: "
            "progress cannot be rated."
        )
    return _(
        "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, %(short)s; without a "
        "baseline the progress cannot be rated."
    )


def _too_early(facts: VerdictFacts) -> Promise:
    if facts.actual_year is None or facts.baseline_year is None:
        return _(
            "The target for %(year)s is %(level)s; up to %(as_of)s there is no figure after the "
            "baseline: too early to tell."
        )
    return _(
        "The target for %(year)s is %(level)s; the only figure so far is the baseline, %(base)s "
        "in %(base_year)s: too early to tell."
    )


def _undetermined(facts: VerdictFacts) -> Promise:
    if facts.target_year is None:
        return WITHOUT_YEAR
    if facts.is_about_open:
        return _(
            "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, and nobody has "
            "said yet how far “about” reaches: undetermined."
        )
    return _(
        "The target for %(year)s is %(level)s; %(at)s is given as %(actual)s, which leaves open "
        "whether it is met: undetermined."
    )


NOT_COLLECTED = _by_side(
    without=_("The target for %(year)s is %(level)s; there is no figure for that year."),
    meets=_(
        "There is no figure for %(year)s (target: %(level)s); the nearest published one is "
        "%(side)s in %(side_year)s, which would meet the target (side evidence, no verdict)."
    ),
    misses=_(
        "There is no figure for %(year)s (target: %(level)s); the nearest published one is "
        "%(side)s in %(side_year)s, which would not meet the target (side evidence, no "
        "verdict)."
    ),
    leaves_open=_(
        "There is no figure for %(year)s (target: %(level)s); the nearest published one is "
        "%(side)s in %(side_year)s, which leaves open whether it would meet the target (side "
        "evidence, no verdict)."
    ),
)

WORDINGS: Wordings = {
    Status.NO_DATA: _by_side(
        without=_(
            "The target for %(year)s is %(level)s; up to %(as_of)s no figure from %(from)s on has "
            "been published."
        ),
        meets=_(
            "Up to %(as_of)s there is no figure from %(from)s on (target for %(year)s: "
            "%(level)s); %(side_year)s stood at %(side)s, which would meet it (side evidence, no "
            "verdict)."
        ),
        misses=_(
            "Up to %(as_of)s there is no figure from %(from)s on (target for %(year)s: "
            "%(level)s); %(side_year)s stood at %(side)s, which would not meet it (side evidence, "
            "no verdict)."
        ),
        leaves_open=_(
            "Up to %(as_of)s there is no figure from %(from)s on (target for %(year)s: "
            "%(level)s); %(side_year)s stood at %(side)s, which leaves open whether it would meet "
            "it (side evidence, no verdict)."
        ),
    ),
    Status.NOT_COLLECTED: NOT_COLLECTED,
    Status.OUTDATED: always(
        _(
            "The target for %(year)s is %(level)s; the latest figure, %(actual)s, is of %(at)s "
            "and too old to speak for %(as_of)s."
        )
    ),
    Status.NO_BASELINE: _no_baseline,
    Status.TOO_EARLY: _too_early,
    Status.UNDETERMINED: _undetermined,
    Status.NOT_MEASURABLE: always(_("The target is set in words; a person has to judge it.")),
    Status.JUDGED_DONE: always(_("The target is set in words; judged by a person: done.")),
    Status.JUDGED_PARTLY: always(_("The target is set in words; judged by a person: partly done.")),
    Status.JUDGED_NOT: always(_("The target is set in words; judged by a person: not done.")),
}
