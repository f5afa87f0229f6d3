"""The targets of an area for one goal year, as seen from one year."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Least

from indicators.enums import Light
from indicators.models import Verdict
from plans.enums import DepartmentPart, Kind
from plans.models import TargetDepartment
from reports.queries import rows
from reports.queries.areas.counted import Seen
from reports.queries.urgency import RANK_IN_WORDS, line_urgency
from targets_site.localized import localized
from targets_site.places.models import Area, Department

Leads = Mapping[int, rows.Leads]
_SAID = (
    "target_id",
    "target__code",
    "target__domain_id",
    "target__key",
    "target__statement_zh",
    "target__statement_en",
    "status",
    "light",
)
_DEPARTMENT = ("id", "code", "name_zh", "name_en")


@dataclass(frozen=True)
class Said:
    """A target in words with how people judged it; light: none while nobody has.
    last: the last year that it is looked at from."""

    target_id: int
    code: str
    domain_id: int
    key: bool
    statement_zh: str
    statement_en: str
    status: str
    light: str
    as_of: int
    last: int

    @property
    def as_of_query(self) -> str:
        return rows.as_of_query(self.as_of, last=self.last)

    @property
    def statement(self) -> str:
        return localized(self, "statement")

    @property
    def is_assessed(self) -> bool:
        return self.light != Light.NONE


def computed_lines(
    area: Area, goal: int, as_of: int, counted: Iterable[Seen], leads: Leads
) -> list[rows.TargetLine]:
    """Those with a verdict, the most urgent first, with the figures up to the year that they are
    seen from. Two queries.

    counted: rows of the roll-up, which their documents and domains are taken from; what was
    stored after they were read is left out.
    """
    documents = {each.document.pk: each.document for each in counted}
    domains = {each.domain.pk: each.domain for each in counted}
    verdicts = [
        verdict for verdict in _verdicts(area, goal, as_of).exclude(target__kind=Kind.TEXT)
        .select_related("target", "reading__series__indicator").order_by()
        if verdict.target.document_id in documents and verdict.target.domain_id in domains
    ]  # fmt: skip
    for verdict in verdicts:
        verdict.target.area = area
        verdict.target.document = documents[verdict.target.document_id]
        verdict.target.domain = domains[verdict.target.domain_id]
    return sorted(rows.lines_led(verdicts, leads), key=line_urgency)


def said_of(area: Area, goal: int, as_of: int) -> list[Said]:
    """Targets in words that have a verdict, the most urgent first. One query."""
    found = _verdicts(area, goal, as_of).filter(target__kind=Kind.TEXT).order_by()
    last = F("target__document__end_year") if goal == 0 else Value(goal)
    said = [Said(*row) for row in found.values_list(*_SAID, "as_of", last)]
    return sorted(said, key=lambda each: (RANK_IN_WORDS[each.light], not each.key, each.code))


def leads_of(area: Area, goal: int) -> Leads:
    """Who leads each target, or is responsible for it where the document names no lead; by the
    target's id, in the document's order. One query."""
    found = (
        TargetDepartment.objects.filter(_of_goal(goal, "target__"), target__area=area)
        .order_by("position")
        .values_list("target_id", "part", *[f"department__{name}" for name in _DEPARTMENT])
    )
    departments: dict[int, Department] = {}
    by_part: dict[str, dict[int, list[Department]]] = defaultdict(lambda: defaultdict(list))
    for target_id, part, *values in found:
        named = departments.get(values[0])
        if named is None:
            named = Department(**dict(zip(_DEPARTMENT, values, strict=True)))
            departments[named.pk] = named
        by_part[part][target_id].append(named)
    lead, responsible = by_part[DepartmentPart.LEAD], by_part[DepartmentPart.RESPONSIBLE]
    return {
        target: rows.Leads(tuple(lead.get(target) or responsible[target]), has_lead=target in lead)
        for target in {**responsible, **lead}
    }


def _verdicts(area: Area, goal: int, as_of: int) -> "QuerySet[Verdict, Any]":
    """As of the year, or of the last one that the targets are looked at from."""
    last = F("target__document__end_year") if goal == 0 else Value(goal)
    of_goal = _of_goal(goal, "target__")
    return Verdict.objects.in_force().filter(
        of_goal, target__area=area, as_of=Least(last, Value(as_of))
    )


def _of_goal(goal: int, path: str) -> Q:
    """Targets in force of the goal year; goal: 0 for those without one."""
    year = {f"{path}target_year": goal} if goal else {f"{path}target_year__isnull": True}
    return Q(**year, **{f"{path}superseded_at__isnull": True})


def of_department(lines: Sequence[rows.TargetLine], code: str) -> list[rows.TargetLine]:
    return [line for line in lines if any(each.code == code for each in line.leads)]
