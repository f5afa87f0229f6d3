"""The rows of an area: its document, series, targets, readings and figures.

The same area has the same figures at any size: they follow from its code alone.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from indicators.enums import ObsStatus, SourceGrade, State
from indicators.scale.measures import FLOW, Measure

Row = dict[str, Any]
MADE_ZH, MADE_EN = "生成数据，非真实", "made data, not real"


@dataclass(frozen=True)
class Known:
    """What the rows of every area refer to, by id; first, last: years with figures."""

    user: int
    domains: Sequence[int]
    indicators: Sequence[int]
    measures: Sequence[Measure]
    first: int
    last: int

    @property
    def years(self) -> range:
        return range(self.first, self.last + 1)

    @property
    def goals(self) -> tuple[int, int]:
        """The middle of the period and its end."""
        return (self.first + self.last) // 2, self.last


def hundredths(number: int) -> str:
    """8 003 as 80.03: exact, and never a float."""
    sign = "-" if number < 0 else ""
    return f"{sign}{abs(number) // 100}.{abs(number) % 100:02}"


def document(at: int, area: int, known: Known) -> Row:
    return {
        "id": at,
        "slug": f"made-{at}",
        "area_id": area,
        "title_zh": f"{MADE_ZH}：规划{at}",
        "title_en": f"{MADE_EN}: plan {at}",
        "start_year": known.first,
        "end_year": known.last,
    }


def series(at: int, area: int, code: str, known: Known) -> Iterator[Row]:
    """at: the document's id, from which the ids of all that follows are counted."""
    for place, measure in enumerate(known.measures):
        yield {
            "id": _series_id(at, place, known),
            "code": f"{code}.{measure.code}.all",
            "area_id": area,
            "indicator_id": known.indicators[place],
            "scope": "all",
        }


def targets(at: int, area: int, known: Known) -> Iterator[Row]:
    for place, measure in enumerate(known.measures):
        for which, (year, goal) in enumerate(zip(known.goals, measure.goals, strict=True)):
            number = 2 * place + which + 1
            has_value = measure.kind != "monotone"
            yield {
                "id": _target_id(at, place, which, known),
                "code": f"made-{at}-{number:03}",
                "document_id": at,
                "area_id": area,
                "domain_id": known.domains[place % len(known.domains)],
                "statement_zh": f"{MADE_ZH}：目标{number}",
                "statement_en": f"{MADE_EN}: target {number}",
                "stated": hundredths(goal) if has_value else "逐年提高",
                "locator": MADE_ZH,
                "kind": measure.kind,
                "comparator": measure.comparator,
                "value": hundredths(goal) if has_value else None,
                "stated_decimals": 2 if has_value else 0,
                "unit": measure.unit,
                "target_year": year,
                "key": place < 10,
                "recorded_by_id": known.user,
            }


def readings(at: int, known: Known) -> Iterator[Row]:
    for place, measure in enumerate(known.measures):
        # Some targets name their baseline, the others start from the first figure.
        is_named = place % 4 == 0 and measure.kind == "reach" and measure.nature != FLOW
        for which in range(2):
            target = _target_id(at, place, which, known)
            yield {
                "id": target,
                "target_id": target,
                "series_id": _series_id(at, place, known),
                "baseline_year": known.first - 1 if is_named else None,
                "baseline_value": hundredths(measure.start - measure.pace) if is_named else None,
                "note_zh": MADE_ZH,
                "read_by_id": known.user,
            }


def figures(at: int, code: str, known: Known) -> tuple[list[Row], list[Row]]:
    """Cells and the versions in force: every year of every series has a figure."""
    chance = random.Random(code)
    cells, versions = [], []
    for place, measure in enumerate(known.measures):
        own_start, own_pace = chance.randint(-400, 400), chance.randint(-40, 60)
        for since, year in enumerate(known.years):
            pk = _figure_id(at, place, since, known)
            value = measure.start + own_start + since * (measure.pace + own_pace)
            value += chance.randint(-60, 60)
            value = min(value, 10_000) if measure.is_rate else value // 100 * 100
            cells.append(
                {
                    "id": pk,
                    "series_id": _series_id(at, place, known),
                    "year": year,
                    "in_force_id": pk,
                    "working_id": pk,
                }
            )
            versions.append(_version(pk, max(value, 0), chance.random(), known))
    return cells, versions


def _version(pk: int, value: int, luck: float, known: Known) -> Row:
    """One figure in fifty is a break in its series, one in a hundred says "at least"."""
    return {
        "id": pk,
        "number": 1,
        "state": State.APPROVED,
        "entered_by_id": known.user,
        "observation_id": pk,
        "value": hundredths(value),
        "stated_decimals": 2,
        "bound": "at_least" if luck > 0.99 else "exact",
        "obs_status": ObsStatus.BREAK if luck < 0.02 else ObsStatus.NORMAL,
        "source_title": MADE_ZH,
        "source_grade": SourceGrade.REPORTED,
    }


def _series_id(at: int, place: int, known: Known) -> int:
    return (at - 1) * len(known.measures) + place + 1


def _target_id(at: int, place: int, which: int, known: Known) -> int:
    return 2 * (_series_id(at, place, known) - 1) + which + 1


def _figure_id(at: int, place: int, since: int, known: Known) -> int:
    return (_series_id(at, place, known) - 1) * len(known.years) + since + 1
