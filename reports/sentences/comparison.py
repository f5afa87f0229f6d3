"""Why a target is set above or below another: one short sentence for each part that differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.amounts import difference
from indicators.relations import Hindrance, Part
from plans.enums import Kind


@dataclass(frozen=True)
class Promised:
    """One of the two, as it is said. level: with sign and unit, as everywhere. value: in `unit`.
    measured_by: name of indicator and scope, empty where nobody has read it."""

    kind: str
    level: str
    value: Decimal | None
    unit: str
    target_year: int | None
    measured_by: str


def difference_in_words(
    first: Promised, second: Promised, differing: Mapping[Part, int]
) -> list[str]:
    """In the order level, kind, target year, firmness; one sentence where nothing differs.

    differing: 1 where the second asks for more, -1 where for less.
    """
    say = {
        Part.LEVEL: _level,
        Part.KIND: _kind,
        Part.YEAR: _year,
        Part.FIRMNESS: _firmness,
    }
    said = [say[part](first, second, order) for part, order in differing.items()]
    return said or [_("Level, kind, target year and firmness are the same.")]


def hindrance_in_words(first: Promised, second: Promised, hindrance: Hindrance) -> list[str]:
    """Names both measures where they differ; then how far the two figures are apart, where they
    have one unit."""
    apart = _apart(first, second)
    if hindrance != Hindrance.MEASURE:
        return [str(hindrance.label), *apart]
    nobody = _("not read by anybody")
    measures = _("Other measure: %(first)s → %(second)s") % {
        "first": first.measured_by or nobody,
        "second": second.measured_by or nobody,
    }
    return [measures, *apart]


def _apart(first: Promised, second: Promised) -> list[str]:
    if first.value is None or second.value is None or first.unit != second.unit:
        return []
    distance = second.value - first.value
    if not distance:
        return []
    form = (
        _("The figure is %(distance)s higher, but not of the same thing.")
        if distance > 0
        else _("The figure is %(distance)s lower, but not of the same thing.")
    )
    return [form % {"distance": difference(distance, first.unit)}]


def _level(first: Promised, second: Promised, order: int) -> str:
    levels = {"first": first.level, "second": second.level}
    if first.value is None or second.value is None or first.value == second.value:
        return _("Level: %(first)s → %(second)s") % levels
    form = (
        _("Level: %(first)s → %(second)s, %(distance)s higher")
        if second.value > first.value
        else _("Level: %(first)s → %(second)s, %(distance)s lower")
    )
    return form % {**levels, "distance": difference(second.value - first.value, first.unit)}


def _kind(first: Promised, second: Promised, order: int) -> str:
    if order > 0:
        return _("Kind: to be reached → to be held every year")
    return _("Kind: to be held every year → to be reached")


def _year(first: Promised, second: Promised, order: int) -> str:
    none = pgettext("target year", "none")
    years = {"first": first.target_year or none, "second": second.target_year or none}
    if first.target_year is None or second.target_year is None:
        return _("Target year: %(first)s → %(second)s") % years
    if first.kind == second.kind == Kind.HOLD:
        longer = _("Target year: %(first)s → %(second)s, to be held longer")
        shorter = _("Target year: %(first)s → %(second)s, to be held for less time")
        return (longer if order > 0 else shorter) % years
    sooner = _("Target year: %(first)s → %(second)s, sooner")
    later = _("Target year: %(first)s → %(second)s, later")
    return (sooner if order > 0 else later) % years


def _firmness(first: Promised, second: Promised, order: int) -> str:
    if order > 0:
        return _("Firmness: to strive for → stated outright")
    return _("Firmness: stated outright → to strive for")
