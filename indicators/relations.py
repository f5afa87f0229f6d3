"""How a later target relates to the one that it restates, and what of it makes it so."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plans.enums import Comparator, Firmness, Kind


class Relation(models.TextChoices):
    """Of the later target, seen from the original."""

    STRONGER = "stronger", pgettext_lazy("relation", "Stronger")
    WEAKER = "weaker", pgettext_lazy("relation", "Weaker")
    SAME = "same", pgettext_lazy("relation", "Same")
    MIXED = "mixed", pgettext_lazy("relation", "Partly stronger, partly weaker")
    REDEFINED = "redefined", pgettext_lazy("relation", "Redefined")


class Part(models.TextChoices):
    """What of a commitment may ask for more or for less."""

    LEVEL = "level", _("Target level")
    KIND = "kind", _("Kind")
    YEAR = "year", _("Target year")
    FIRMNESS = "firmness", _("Firmness")


class Hindrance(models.TextChoices):
    """Why two commitments ask for neither more nor less than each other."""

    IN_WORDS = "in_words", _("One of the two is set in words; no figure can be compared.")
    MEASURE = "measure", _("They are not measured by the same indicator and scope.")
    UNIT = "unit", _("Their figures are in different units.")
    KIND = "kind", _("They are of different kinds: a level, a share of a baseline, or a trend.")
    RANGE = "range", _("One is a range that the other does not lie in.")
    DIRECTION = "direction", _("In one more is better, in the other less.")
    PERIOD = "period", _("They do not count from the same year.")


class Commitment(Protocol):
    """What of a target its relation to another depends on."""

    @property
    def kind(self) -> str: ...
    @property
    def comparator(self) -> str: ...
    @property
    def value(self) -> Decimal | None: ...
    @property
    def value_upper(self) -> Decimal | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def target_year(self) -> int | None: ...
    @property
    def firmness(self) -> str: ...


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
    if hindrance(original, restated, same_series=same_series) is not None:
        return Relation.REDEFINED
    return relation_of(parts(original, restated))


def relation_of(differing: Mapping[Part, int]) -> Relation:
    """Stronger if some part is and none is weaker, weaker the other way round, same without any,
    else mixed."""
    if any(order > 0 for order in differing.values()):
        is_mixed = any(order < 0 for order in differing.values())
        return Relation.MIXED if is_mixed else Relation.STRONGER
    return Relation.WEAKER if differing else Relation.SAME


def hindrance(original: Commitment, restated: Commitment, *, same_series: bool) -> Hindrance | None:
    """What keeps the two from being compared; None where nothing does."""
    if Kind.TEXT in (original.kind, restated.kind):
        return Hindrance.IN_WORDS
    ranked = original.kind in _KIND_RANKS and restated.kind in _KIND_RANKS
    hindrances = {
        Hindrance.MEASURE: not same_series,
        Hindrance.UNIT: original.unit != restated.unit,
        Hindrance.KIND: not ranked and original.kind != restated.kind,
        Hindrance.RANGE: not _ranges_compare(original, restated),
        Hindrance.DIRECTION: _direction(original) != _direction(restated),
    }
    return next((each for each, holds in hindrances.items() if holds), None)


def parts(original: Commitment, restated: Commitment) -> dict[Part, int]:
    """The parts that differ: 1 where the restated target asks for more, -1 where for less. Only of
    two that nothing hinders."""
    orders = {
        Part.LEVEL: _level_order(original, restated),
        Part.KIND: _order(_kind_rank(original), _kind_rank(restated)),
        Part.YEAR: _year_order(original, restated),
        Part.FIRMNESS: _order(_is_stated(original), _is_stated(restated)),
    }
    return {part: order for part, order in orders.items() if order}


def _ranges_compare(original: Commitment, restated: Commitment) -> bool:
    """A range compares with a range that it lies in or that lies in it."""
    one, other = _range(original), _range(restated)
    if one is None or other is None:
        return one is other
    return _order(one[0], other[0]) * _order(one[1], other[1]) <= 0


def _range(commitment: Commitment) -> tuple[Decimal, Decimal] | None:
    if commitment.comparator != Comparator.BETWEEN:
        return None
    lower = commitment.value or Decimal(0)
    return lower, commitment.value_upper or lower


def _direction(commitment: Commitment) -> int:
    return -1 if commitment.comparator in _LESS_IS_BETTER else 1


def _level_order(original: Commitment, restated: Commitment) -> int:
    """The narrower of two ranges asks for more."""
    one, other = _range(original), _range(restated)
    if one is None or other is None:
        return _order(_level(original), _level(restated))
    return _order(one[1] - one[0], other[1] - other[0]) * -1


def _level(commitment: Commitment) -> tuple[Decimal, int]:
    """Level and strictness, so that 超过97% lies between 97% and 98%."""
    value = _direction(commitment) * (commitment.value or Decimal(0))
    return value, _STRICTNESS.get(Comparator(commitment.comparator), 1)


def _kind_rank(commitment: Commitment) -> int:
    return _KIND_RANKS.get(Kind(commitment.kind), 0)


def _is_stated(commitment: Commitment) -> bool:
    """力争 asks for less than what is stated outright."""
    return commitment.firmness != Firmness.STRIVE


def _year_order(original: Commitment, restated: Commitment) -> int:
    """Sooner is stronger; where both hold, longer is. A year is stronger than none."""
    if original.target_year is None or restated.target_year is None:
        return _order(original.target_year is not None, restated.target_year is not None)
    longer = _order(original.target_year, restated.target_year)
    return longer if original.kind == restated.kind == Kind.HOLD else -longer


def _order(original: Any, restated: Any) -> int:
    """1 where the restated part is greater, -1 where it is smaller, else 0."""
    return int(restated > original) - int(restated < original)
