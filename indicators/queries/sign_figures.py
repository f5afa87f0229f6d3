"""The figures in force as the rules of `indicators.signs` read them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal

from indicators.enums import Bound, ObsStatus
from indicators.models import Observation
from indicators.signs.rows import Figure

STEPS = [Decimal(1).scaleb(-decimals) for decimals in range(7)]


def figures_by_series(areas: Collection[int]) -> Mapping[int, list[Figure]]:
    """By series id, oldest first. Bounded figures are left out; a break that one of them marks is
    one of the figure after it. One query."""
    found: dict[int, list[Figure]] = defaultdict(list)
    broken: set[int] = set()
    rows = (
        Observation.objects.filter(series__area__in=areas, in_force__value__isnull=False)
        .order_by("series", "year")
        .values_list(
            "series", "series__code", "series__indicator__code", "year", "in_force",
            "in_force__value", "in_force__stated_decimals", "in_force__bound",
            "in_force__obs_status",
        )
    )  # fmt: skip
    for pk, code, measure, year, version, value, decimals, bound, status in rows.iterator(10_000):
        if ObsStatus.BREAK in status:
            broken.add(pk)
        if bound != Bound.EXACT or value is None:
            continue
        exact = as_stated(value, decimals)
        figure = Figure(code, year, exact, decimals, measure, pk in broken, version)
        found[pk].append(figure)
        broken.discard(pk)
    return found


def as_stated(value: Decimal, decimals: int) -> Decimal:
    """With the digits as printed; never fewer than the value has."""
    stated = value.quantize(STEPS[decimals])
    return stated if stated == value else value.normalize()
