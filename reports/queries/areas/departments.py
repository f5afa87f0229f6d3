"""How what each department leads stands (部门履责情况)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indicators.enums import Light
from reports.queries import rows, tallies
from reports.queries.areas.lines import Leads, Said
from reports.queries.tallies import Tally
from targets_site.places.models import Department

WORST_SHOWN = 2


@dataclass(frozen=True)
class LeadDepartment:
    """lines: targets to compute that it leads, the most urgent first; said: those in words."""

    department: Department
    lines: list[rows.TargetLine]
    said: list[Said]
    tally: Tally

    @property
    def without_figure(self) -> int:
        return sum(1 for line in self.lines if not line.actual)

    @property
    def with_figures(self) -> list[rows.TargetLine]:
        return [line for line in self.lines if line.points]

    @property
    def missing(self) -> list[rows.TargetLine]:
        return [line for line in self.lines if not line.points]

    @property
    def worst(self) -> list[rows.TargetLine]:
        """Red and yellow ones and those that side evidence would miss, a few."""
        return [line for line in self.lines if _is_bad(line)][:WORST_SHOWN]


def departments_of(
    lines: Sequence[rows.TargetLine], said: Iterable[Said], leads: Leads
) -> list[LeadDepartment]:
    """Those with most red targets first, then most yellow, then most targets to compute."""
    led: dict[Department, list[rows.TargetLine]] = defaultdict(list)
    for line in lines:
        for department in line.leads:
            led[department].append(line)
    in_words: dict[Department, list[Said]] = defaultdict(list)
    for each in said:
        for department in leads.get(each.target_id, rows.Leads()).departments:
            in_words[department].append(each)
    found = [_department(each, led[each], in_words[each]) for each in {**led, **in_words}]
    return sorted(found, key=_urgency)


def _department(
    department: Department, lines: list[rows.TargetLine], said: list[Said]
) -> LeadDepartment:
    lights: dict[str, int] = defaultdict(int)
    for each in said:
        lights[each.light] += 1
    computed = tallies.tally(lines)
    in_words = tallies.in_words(len(said), lights)
    tally = Tally(computed.total, computed.lights, computed.coverage, in_words)
    return LeadDepartment(department, lines, said, tally)


def _urgency(each: LeadDepartment) -> tuple[int, int, int, int, str]:
    count = {found.light: found.count for found in each.tally.lights}
    return (
        -count.get(Light.RED, 0),
        -count.get(Light.YELLOW, 0),
        -each.tally.total,
        -each.tally.in_words.total,
        each.department.code,
    )


def _is_bad(line: rows.TargetLine) -> bool:
    light = line.verdict.light if line.verdict else ""
    return light in {Light.RED, Light.YELLOW} or line.side_meets is False
