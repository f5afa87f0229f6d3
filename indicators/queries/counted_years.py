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

    def latest_counted(self, first: int, last: int) -> int | None:
        """The latest year from first to last that counts: neither one whose round is running, nor
        one after a year that is being collected for the first time. None where there is none.

        Source: METHOD.md, "where rounds exist, only years whose round is closed are offered".
        """
        newest_closed = max(self.closed, default=0)
        collected = [year for year in self.running if year > newest_closed]
        end = min([last, *(year - 1 for year in collected)])
        return next((year for year in range(end, first - 1, -1) if year not in self.running), None)


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
