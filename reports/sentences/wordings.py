"""What a table of sentences is made of: a wording picks the sentence that fits the facts.

Sentences stay untranslated, with the placeholders of VerdictFacts.words, until one is said.
"""

from collections.abc import Callable, Mapping

from django.utils.functional import Promise

from reports.sentences.facts import VerdictFacts

Wording = Callable[[VerdictFacts], Promise]
Wordings = Mapping[str, Wording]


def always(sentence: Promise) -> Wording:
    """The same sentence, whatever the facts."""
    return lambda _facts: sentence


def by_direction(*, more: Promise, less: Promise) -> Wording:
    """One sentence where more is better, another where less is."""
    return lambda facts: less if facts.level.less_is_better else more
