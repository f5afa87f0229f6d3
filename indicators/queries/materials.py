"""What a round asks for beside figures, and what was handed in."""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from indicators.enums import MaterialKind
from indicators.models import MaterialFile, Round
from targets_site.accounts.access import Held
from targets_site.places.models import Department


@dataclass(frozen=True)
class MaterialRow:
    """One kind of material of a department in a round; files newest first, the newest counts.

    due_at: of the round, which a department may exceed where it has more time (`Deadlines`); None
    for the stamped form, which goes with the figures.
    """

    round: Round
    department: Department
    kind: MaterialKind
    due_at: datetime.datetime | None
    files: tuple[MaterialFile, ...]


def materials_of(round: Round, departments: Collection[Department]) -> list[MaterialRow]:
    """By department and due date, the stamped form last. Three queries at most."""
    handed_in: dict[tuple[int, str], list[MaterialFile]] = defaultdict(list)
    files = MaterialFile.objects.filter(round=round, department__in=departments)
    for each in files.select_related("attachment__added_by"):
        handed_in[each.department_id, each.kind].append(each)
    asked: list[tuple[MaterialKind, datetime.datetime | None]] = [
        (MaterialKind(each.kind), each.due_at)
        for each in round.materials.all()
        if each.kind != MaterialKind.STAMPED_FORM
    ]
    return [
        MaterialRow(round, one, kind, due_at, tuple(handed_in[one.pk, kind]))
        for one in departments
        for kind, due_at in [*asked, (MaterialKind.STAMPED_FORM, None)]
    ]


def departments_in(round: Round, held: Held) -> list[Department]:
    """The departments of the round's area for which the person enters or signs; of one that was
    succeeded only the last that is the person's."""
    own = Department.objects.filter(pk__in=held.departments, area=round.area_id)
    return list(own.exclude(successor__in=held.departments).order_by("code"))
