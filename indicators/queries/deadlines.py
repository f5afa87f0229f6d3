"""Until when a department reports for a round: the round's deadline, or a later one by an
exception."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from indicators.models import Round, RoundException
from indicators.queries.asked import current_departments


@dataclass(frozen=True)
class Deadlines:
    """later: by round and department (the one that does the work today), when its exception
    ends."""

    later: Mapping[tuple[int, int], datetime.datetime] = field(default_factory=dict)

    def of(
        self, round: Round, department_id: int, *, due_at: datetime.datetime | None = None
    ) -> datetime.datetime:
        """due_at: the deadline of a material; the round's where left out."""
        own = due_at or round.due_at
        return max(own, self.later.get((round.pk, department_id), own))


def days_late(due_at: datetime.datetime, moment: datetime.datetime) -> int:
    """Begun days since the deadline; 0 before it."""
    return (moment - due_at).days + 1 if moment >= due_at else 0


def deadlines(rounds: Iterable[Round]) -> Deadlines:
    """Of all departments with an exception, ended ones too; the latest counts."""
    return Deadlines(_latest(RoundException.objects.filter(round__in=[one.pk for one in rounds])))


def more_time(rounds: "QuerySet[Round]", *, moment: datetime.datetime) -> dict[int, frozenset[int]]:
    """By round id, the departments (those that do the work today) whose exception runs although
    the round's own deadline has passed."""
    found: dict[int, set[int]] = defaultdict(set)
    running = RoundException.objects.filter(
        round__in=rounds, round__due_at__lte=moment, until__gt=moment
    )
    for round_id, department_id in _latest(running):
        found[round_id].add(department_id)
    return {pk: frozenset(departments) for pk, departments in found.items()}


def _latest(exceptions: "QuerySet[RoundException]") -> dict[tuple[int, int], datetime.datetime]:
    rows = list(exceptions.select_related("department").order_by("until"))
    current = current_departments(each.department for each in rows)
    return {(each.round_id, current[each.department_id].pk): each.until for each in rows}
