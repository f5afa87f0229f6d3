"""Up to which year an area's verdicts count, where rounds collect its figures."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from indicators.models import RoundYear


@dataclass(frozen=True)
class RoundYears:
    """Years that rounds of one area have asked for, by the round that opened last.

    running: it takes figures yet; closed: it does not any more.
    """

    running: frozenset[int] = frozenset()
    closed: frozenset[int] = frozenset()

    def latest_counted(self, first: int, last: int, *, known: Collection[int] = ()) -> int | None:
        """The latest year from first to last that counts: neither one whose round is running, nor
        a later one that rests on nothing newer. None where there is none.

        known: years of which the target has a figure or a judgement; together with closed ones
        they are what a later year may rest on.

        Source: METHOD.md, "where rounds exist, only years whose round is closed are offered".
        """
        years = range(last, first - 1, -1)
        return next((year for year in years if self._counts(year, self.closed | {*known})), None)

    def _counts(self, year: int, complete: Collection[int]) -> bool:
        collected = max((each for each in self.running if each <= year), default=None)
        return collected is None or any(collected < each <= year for each in complete)


def round_years(areas: Collection[int], *, moment: datetime.datetime) -> Mapping[int, RoundYears]:
    """By area id; one query."""
    rows = RoundYear.objects.filter(round__area__in=areas, round__opens_at__lte=moment)
    is_running = {
        (area, year): closes_at > moment
        for area, year, closes_at in rows.order_by("round__opens_at", "round").values_list(
            "round__area", "year", "round__closes_at"
        )
    }
    found: dict[int, dict[bool, set[int]]] = defaultdict(lambda: {True: set(), False: set()})
    for (area, year), running in is_running.items():
        found[area][running].add(year)
    years = {
        area: RoundYears(frozenset(some[True]), frozenset(some[False]))
        for area, some in found.items()
    }
    return defaultdict(RoundYears, years)
