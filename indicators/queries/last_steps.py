"""How many years lie behind the last pace of verdicts."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from indicators.enums import Bound, Nature, ObsStatus
from indicators.models import Observation, Verdict
from plans.enums import Kind

_EXACT = frozenset({Bound.EXACT, Bound.ABOUT})


@dataclass(frozen=True)
class _Figure:
    year: int
    bound: str
    is_break: bool


def years_of_last_steps(verdicts: Collection[Verdict]) -> dict[int, int]:
    """By verdict id, the years between the two figures behind `last_pace`; left out where it has
    none. Two queries, whatever their number.

    Source: METHOD.md, "Output cells", and "the previous one being the last before t in the last
    segment", bounded ones being passed over.
    """
    with_pace = (
        Verdict.objects.filter(
            pk__in=[each.pk for each in verdicts],
            last_pace__isnull=False, actual_year__isnull=False, reading__isnull=False,
        ).select_related("target__document", "reading__series__indicator")
    )  # fmt: skip
    found = list(with_pace)
    figures = _figures({each.reading.series_id for each in found if each.reading})
    steps = {each.pk: _years(each, figures) for each in found}
    return {pk: years for pk, years in steps.items() if years}


def _figures(series: Collection[int]) -> dict[int, list[_Figure]]:
    """Of each series, oldest first."""
    rows = Observation.objects.filter(series__in=series, in_force__value__isnull=False)
    found: dict[int, list[_Figure]] = defaultdict(list)
    for pk, year, bound, status in rows.order_by("year").values_list(
        "series", "year", "in_force__bound", "in_force__obs_status"
    ):
        found[pk].append(_Figure(year, bound, ObsStatus.BREAK in status))
    return found


def _years(verdict: Verdict, figures: dict[int, list[_Figure]]) -> int | None:
    if verdict.reading is None or verdict.actual_year is None:
        return None
    end = min(verdict.as_of, verdict.target.target_year or verdict.as_of)
    seen = [each for each in figures[verdict.reading.series_id] if each.year <= end]
    earlier = [year for year in _comparable(verdict, seen) if year < verdict.actual_year]
    return verdict.actual_year - earlier[-1] if earlier else None


def _comparable(verdict: Verdict, seen: Sequence[_Figure]) -> list[int]:
    """The years that may be the previous one, oldest first."""
    nature = verdict.reading and verdict.reading.series.indicator.nature
    if nature == Nature.FLOW and verdict.target.kind in {Kind.REACH, Kind.RELATIVE}:
        return _whole_sums(verdict.target.document.start_year, seen)
    first = max((each.year for each in seen if each.is_break), default=0)
    return [each.year for each in seen if each.year >= first and each.bound in _EXACT]


def _whole_sums(start: int, seen: Sequence[_Figure]) -> list[int]:
    """Years up to which no year lacks its count, so that their sum is exact."""
    years = {each.year for each in seen}
    found: list[int] = []
    while start + len(found) in years:
        found.append(start + len(found))
    return found
