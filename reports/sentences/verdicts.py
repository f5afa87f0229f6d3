"""The sentence of one verdict, by the kind of its target and its status."""

from django.utils.translation import gettext_lazy as _

from plans.enums import Kind
from reports.sentences import hold, monotone, reach, unrated
from reports.sentences.facts import VerdictFacts
from reports.sentences.wordings import Wording, Wordings, always

_OF_KIND: dict[str, Wordings] = {Kind.HOLD: hold.WORDINGS, Kind.MONOTONE: monotone.WORDINGS}
# Also the words of hold: a verdict may for a while be older than the corrected kind of its target.
_OF_ANY_KIND: Wordings = {**hold.WORDINGS, **reach.WORDINGS, **unrated.WORDINGS}
_OF_ANY_STATUS = always(_("The target for %(year)s is %(level)s."))


def verdict_sentence(facts: VerdictFacts) -> str:
    """One sentence for every status: the promise, the figure, the verdict, the distance."""
    return str(_wording(facts)(facts)) % facts.words()


def _wording(facts: VerdictFacts) -> Wording:
    of_kind = _OF_KIND.get(facts.level.kind, {})
    return of_kind.get(facts.status) or _OF_ANY_KIND.get(facts.status, _OF_ANY_STATUS)
