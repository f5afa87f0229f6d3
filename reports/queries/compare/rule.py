"""What became of a target from one document to another: the rule, on plain values.

Two targets are set side by side where one restates the other; those left over where they share
indicator and target year (`matching`). Then, seen from the first:

- Not the same indicator and scope, unit, kind of level, direction, or period that a sum or a
  baseline counts from: **redefined**. So is a range against a level, and a range that neither
  lies in the other nor holds it.
- Else four parts are set against each other. Level: more where more is better, less where less
  is better, and strictly more against at least, ask for more; of two ranges the narrower does.
  Kind: to hold a level every year asks for more than to reach it once. Target year: sooner asks
  for more, a year more than none, and where both are to be held, longer does. Firmness: stated
  outright asks for more than 力争.
- No part differs: **same**. All that differ ask for more: **stronger**; for less: **weaker**;
  some for more, some for less: **mixed**.
- Without a counterpart: **only in the first**, or **target year had passed** where that year lay
  before the period of a later document of the same area; **only in the second**.
- Targets in words that restate nothing are listed and **not compared**: no rule can tell.

Swapping the documents turns stronger into weaker and leaves same, mixed and redefined.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.relations import Hindrance, Part, hindrance, parts, relation_of
from plans.enums import Kind
from reports.enums import Change


@dataclass(frozen=True)
class Stated:
    """What of a target the rule reads.

    value, value_upper: in `unit`. measure: `<indicator>.<scope>`, empty where nobody has read the
    target. counts_from: the first year of a sum, the base year of a share; None for others.
    """

    kind: str
    comparator: str
    value: Decimal | None
    value_upper: Decimal | None
    unit: str
    target_year: int | None
    firmness: str
    measure: str
    counts_from: int | None = None


@dataclass(frozen=True)
class Comparison:
    """parts: those that differ, 1 where the second asks for more and -1 where for less.
    hindrance: what keeps the two from being compared; None where nothing does."""

    change: Change
    parts: Mapping[Part, int] = field(default_factory=dict)
    hindrance: Hindrance | None = None


def compared(first: Stated, second: Stated) -> Comparison:
    """What the second asks for against the first. Source: the rule above."""
    is_one_measure = bool(first.measure) and first.measure == second.measure
    hinders = hindrance(first, second, same_series=is_one_measure)
    if hinders is None and first.counts_from != second.counts_from:
        hinders = Hindrance.PERIOD
    if hinders is not None:
        return Comparison(Change.REDEFINED, hindrance=hinders)
    differing = parts(first, second)
    return Comparison(Change(relation_of(differing)), parts=differing)


def only_in_first(stated: Stated, *, later_start: int | None) -> Change:
    """later_start: the first year of the second document's period, where that is a later one of
    the same area; None else."""
    if stated.kind == Kind.TEXT:
        return Change.IN_WORDS
    year = stated.target_year
    has_passed = later_start is not None and year is not None and year < later_start
    return Change.ENDED if has_passed else Change.DROPPED


def only_in_second(stated: Stated) -> Change:
    return Change.IN_WORDS if stated.kind == Kind.TEXT else Change.NEW
