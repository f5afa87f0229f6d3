"""Sentences about targets to reach a level, also one relative to a baseline."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.enums import Status
from reports.sentences.facts import VerdictFacts
from reports.sentences.wordings import Wordings, always, by_direction

MISSED = _(
    "The target for %(year)s is %(level)s; the figure of that year is %(actual)s: missed, "
    "%(short)s."
)


def _achieved(facts: VerdictFacts) -> Promise:
    if facts.reached_year is not None and facts.reached_year != facts.target_year:
        return _(
            "The target for %(year)s is %(level)s; it was reached in %(reached_year)s with "
            "%(reached)s: achieved."
        )
    if facts.is_beyond_range:
        return _(
            "The target for %(year)s is %(level)s; the figure of that year is %(actual)s, beyond "
            "the range: achieved."
        )
    return _(
        "The target for %(year)s is %(level)s; the figure of that year is %(actual)s%(beyond)s: "
        "achieved."
    )


def _on_track(facts: VerdictFacts) -> Promise:
    if facts.ratio is None:
        return _(
            "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, %(short)s, where "
            "the path "
            "asks for %(expected)s: on track."
        )
    return _(
        "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, %(short)s, where the "
        "path from "
        "%(base)s (%(base_year)s) asks for %(expected)s: %(share)s%% of the way due, on track."
    )


WORDINGS: Wordings = {
    Status.ACHIEVED: _achieved,
    Status.MISSED: always(MISSED),
    Status.MET_EARLY: always(
        _(
            "The target for %(year)s is %(level)s; %(at)s already stood at %(actual)s%(beyond)s: "
            "met early."
        )
    ),
    Status.SLIPPING: by_direction(
        more=_(
            "The target for %(year)s is %(level)s; %(at)s meets it with %(actual)s%(beyond)s, "
            "but fell by "
            "%(drop)s: another such step would cross it."
        ),
        less=_(
            "The target for %(year)s is %(level)s; %(at)s meets it with %(actual)s%(beyond)s, "
            "but rose by "
            "%(drop)s: another such step would cross it."
        ),
    ),
    Status.ON_TRACK: _on_track,
    Status.BEHIND: always(
        _(
            "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, %(short)s, where "
            "the path "
            "from %(base)s (%(base_year)s) asks for %(expected)s: %(share)s%% of the way due, "
            "behind."
        )
    ),
    Status.FAR_BEHIND: always(
        _(
            "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, %(short)s, where "
            "the path "
            "from %(base)s (%(base_year)s) asks for %(expected)s: %(share)s%% of the way due, "
            "far behind."
        )
    ),
    Status.MOVING_AWAY: by_direction(
        more=_(
            "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, %(short)s and "
            "below the baseline of %(base)s (%(base_year)s): moving away."
        ),
        less=_(
            "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, %(short)s and "
            "above the "
            "baseline of %(base)s (%(base_year)s): moving away."
        ),
    ),
    Status.FELL_BACK: always(
        _(
            "The target for %(year)s is %(level)s; it was met at the start with %(base)s "
            "(%(base_year)s), %(at)s stood at %(actual)s, %(short)s: fell back."
        )
    ),
    Status.NEAR: always(
        _("The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, only %(short)s: near.")
    ),
    Status.SHORT: always(
        _("The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, still %(short)s.")
    ),
}
