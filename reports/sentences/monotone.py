"""Sentences about targets to rise or fall every year."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.enums import Status
from reports.sentences.facts import VerdictFacts
from reports.sentences.unrated import WITHOUT_YEAR
from reports.sentences.wordings import Wordings, always


def _missed(facts: VerdictFacts) -> Promise:
    if facts.breached_years:
        return _(
            "The target up to %(year)s is %(level)s; it was not so every year, last in "
            "%(breached)s: missed."
        )
    return _("The target up to %(year)s is %(level)s; there was a year without change: missed.")


def _undetermined(facts: VerdictFacts) -> Promise:
    if facts.target_year is None:
        return WITHOUT_YEAR
    return _(
        "The target up to %(year)s is %(level)s; there is one figure alone, nothing to "
        "compare it with: undetermined."
    )


WORDINGS: Wordings = {
    Status.MISSED: _missed,
    Status.KEPT: always(_("The target up to %(year)s is %(level)s; it was so every time: kept.")),
    Status.HOLDING: always(
        _("The target up to %(year)s is %(level)s; so far it was so every time: holding.")
    ),
    Status.BREACHED: always(
        _(
            "The target up to %(year)s is %(level)s; the latest figure, %(actual)s in %(at)s, "
            "went the other way."
        )
    ),
    Status.RECOVERED: always(
        _(
            "The target up to %(year)s is %(level)s; it was not so in %(breached)s, and is again "
            "since."
        )
    ),
    Status.THIN_MARGIN: always(
        _("The target up to %(year)s is %(level)s; there was a year without change.")
    ),
    Status.TOO_EARLY: always(
        _(
            "The target up to %(year)s is %(level)s; there is one figure so far, too early to "
            "compare."
        )
    ),
    Status.UNDETERMINED: _undetermined,
}
