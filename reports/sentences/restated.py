"""What a later document made of a target, in one sentence."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.relations import Relation


@dataclass(frozen=True)
class RestatedFacts:
    """The original and what it became; levels in words, without a year where there is none."""

    document: str
    level: str
    year: int | None
    later_document: str
    later_level: str
    later_year: int | None
    relation: str


def restated_sentence(facts: RestatedFacts) -> str:
    """《…》提出2020年95%以上，《…》调整为2020年98%以上：重新定义，指标或口径不同，不能直接比较。"""
    words = {
        "document": facts.document,
        "level": _level(facts.level, facts.year),
        "later_document": facts.later_document,
        "later_level": _level(facts.later_level, facts.later_year),
    }
    return _endings()[facts.relation] % words


def _level(level: str, year: int | None) -> str:
    if year is None:
        return level
    return _("%(level)s by %(year)s") % {"level": level, "year": year}


def _endings() -> dict[str, str]:
    return {
        Relation.STRONGER: _(
            "%(document)s asks for %(level)s, %(later_document)s for %(later_level)s: stronger."
        ),
        Relation.WEAKER: _(
            "%(document)s asks for %(level)s, %(later_document)s for %(later_level)s: weaker."
        ),
        Relation.SAME: _(
            "%(document)s asks for %(level)s, %(later_document)s for %(later_level)s: the same."
        ),
        Relation.MIXED: _(
            "%(document)s asks for %(level)s, %(later_document)s for %(later_level)s: partly "
            "stronger, partly weaker."
        ),
        Relation.REDEFINED: _(
            "%(document)s asks for %(level)s, %(later_document)s for %(later_level)s: redefined; "
            "measure or scope differ, so the two levels cannot be compared."
        ),
    }
