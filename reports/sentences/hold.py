"""Sentences about targets to hold a level over years."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.enums import Status
from reports.sentences import unrated
from reports.sentences.facts import VerdictFacts
from reports.sentences.reach import MISSED
from reports.sentences.wordings import Wordings, always, by_direction


def _kept(facts: VerdictFacts) -> Promise:
    if len(facts.hold_years) == 1:
        return _(
            "The target is to hold %(level)s; the figure of %(year)s is %(actual)s%(beyond)s: kept."
        )
    return _(
        "The target is to hold %(level)s up to %(year)s; all %(n)s years from %(from)s on met it, "
        "%(year)s with %(actual)s%(beyond)s: kept."
    )


def _holding(facts: VerdictFacts) -> Promise:
    if len(facts.hold_years) == 1:
        return _(
            "The target is to hold %(level)s up to %(year)s; %(at)s stood at "
            "%(actual)s%(beyond)s: holding."
        )
    return _(
        "The target is to hold %(level)s up to %(year)s; all %(n)s years from %(from)s on met it, "
        "%(at)s with %(actual)s%(beyond)s: holding."
    )


def _missed(facts: VerdictFacts) -> Promise:
    if len(facts.hold_years) > 1:
        return _(
            "The target is to hold %(level)s up to %(year)s; the figure of %(year)s is "
            "%(actual)s: missed, %(short)s; %(k)s of %(n)s years were met, %(breached)s not."
        )
    return MISSED


def _not_collected(facts: VerdictFacts) -> Promise:
    if facts.kept_years or facts.breached_years:
        return _(
            "The target is to hold %(level)s up to %(year)s; there is no figure for %(year)s, "
            "%(k)s of %(n)s years are known to be met."
        )
    if facts.side_year is not None:
        return unrated.NOT_COLLECTED(facts)
    return _("The target is to hold %(level)s up to %(year)s; there is no figure for %(year)s.")


WORDINGS: Wordings = {
    Status.MISSED: _missed,
    Status.KEPT: _kept,
    Status.KEPT_GAPS: always(
        _(
            "The target is to hold %(level)s up to %(year)s; %(year)s meets it with "
            "%(actual)s%(beyond)s; "
            "%(k)s of %(n)s years are met, %(missing)s without a figure."
        )
    ),
    Status.HOLDING: _holding,
    Status.HOLDING_GAPS: always(
        _(
            "The target is to hold %(level)s up to %(year)s; %(k)s of %(n)s years have a figure "
            "and meet it, the latest %(actual)s in %(at)s%(beyond)s; %(missing)s without a figure."
        )
    ),
    Status.BREACHED: by_direction(
        more=_(
            "The target is to hold %(level)s up to %(year)s; %(at)s stood at %(actual)s: below "
            "the "
            "level, %(short)s; %(k)s of %(n)s years met it, %(breached)s did not."
        ),
        less=_(
            "The target is to hold %(level)s up to %(year)s; %(at)s stood at %(actual)s: above "
            "the level, %(short)s; %(k)s of %(n)s years met it, %(breached)s did not."
        ),
    ),
    Status.RECOVERED: always(
        _(
            "The target is to hold %(level)s up to %(year)s; %(at)s meets it again with "
            "%(actual)s%(beyond)s, after %(breached)s did not: recovered."
        )
    ),
    Status.THIN_MARGIN: always(
        _(
            "The target is to hold %(level)s up to %(year)s; %(at)s stood at %(actual)s: met with "
            "only %(gap)s to spare."
        )
    ),
    Status.NOT_COLLECTED: _not_collected,
    Status.NOT_DUE: always(
        _("The target is to hold %(level)s from %(from)s on; in %(as_of)s it is not due.")
    ),
}
