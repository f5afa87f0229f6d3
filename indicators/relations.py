"""How a later target relates to the one that it restates."""

from decimal import Decimal
from typing import Any, Protocol

from django.db import models
from django.utils.translation import pgettext_lazy

from plans.enums import Comparator, Kind


class Relation(models.TextChoices):
    """Of the later target, seen from the original."""

    STRONGER = "stronger", pgettext_lazy("relation", "Stronger")
    WEAKER = "weaker", pgettext_lazy("relation", "Weaker")
    SAME = "same", pgettext_lazy("relation", "Same")
    MIXED = "mixed", pgettext_lazy("relation", "Partly stronger, partly weaker")
    REDEFINED = "redefined", pgettext_lazy("relation", "Redefined")


class Commitment(Protocol):
    """What of a target its relation to another depends on."""

    @property
    def kind(self) -> str: ...
    @property
    def comparator(self) -> str: ...
    @property
    def value(self) -> Decimal | None: ...
    @property
    def target_year(self) -> int | None: ...


# Hold is stronger than reach; the other kinds only compare with themselves.
_KIND_RANKS = {Kind.REACH: 0, Kind.HOLD: 1}
_STRICTNESS = {Comparator.ABOUT: 0, Comparator.GT: 2, Comparator.LT: 2}
_LESS_IS_BETTER = {Comparator.LE, Comparator.LT}


def relation(original: Commitment, restated: Commitment, *, same_series: bool) -> Relation:
    """Whether the restated target asks for more or less than the original.

    same_series: both are measured by one series; another indicator or scope, as another way of
    measuring (a share against a number in words), is always redefined. Values are in the unit of
    that series.

    Source: METHOD.md, "Two answers where a later document changed the target".
    """
    if not same_series or not _comparable(original, restated):
        return Relation.REDEFINED
    parts = [
        _order(_level(original), _level(restated)),
        _order(_KIND_RANKS.get(Kind(original.kind), 0), _KIND_RANKS.get(Kind(restated.kind), 0)),
        _year_order(original, restated),
    ]
    if any(part > 0 for part in parts):
        return Relation.MIXED if any(part < 0 for part in parts) else Relation.STRONGER
    return Relation.WEAKER if any(part < 0 for part in parts) else Relation.SAME


def _comparable(original: Commitment, restated: Commitment) -> bool:
    if Kind.TEXT in (original.kind, restated.kind):
        return False
    ranked = original.kind in _KIND_RANKS and restated.kind in _KIND_RANKS
    return (ranked or original.kind == restated.kind) and (
        _direction(original) == _direction(restated)
    )


def _direction(commitment: Commitment) -> int:
    return -1 if commitment.comparator in _LESS_IS_BETTER else 1


def _level(commitment: Commitment) -> tuple[Decimal, int]:
    """Level and strictness, so that 超过97% lies between 97% and 98%."""
    value = _direction(commitment) * (commitment.value or Decimal(0))
    return value, _STRICTNESS.get(Comparator(commitment.comparator), 1)


def _year_order(original: Commitment, restated: Commitment) -> int:
    """Sooner is stronger; where both hold, longer is. A year is stronger than none."""
    if original.target_year is None or restated.target_year is None:
        return _order(original.target_year is not None, restated.target_year is not None)
    longer = _order(original.target_year, restated.target_year)
    return longer if original.kind == restated.kind == Kind.HOLD else -longer


def _order(original: Any, restated: Any) -> int:
    """1 where the restated part is greater, -1 where it is smaller, else 0."""
    return int(restated > original) - int(restated < original)
