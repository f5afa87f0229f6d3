"""All that was said of one figure or judgement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Prefetch

from indicators.enums import State
from indicators.models import (
    Attachment,
    Judgement,
    JudgementVersion,
    Observation,
    ObservationVersion,
    Series,
)
from indicators.queries.asked import current_departments
from indicators.queries.differences import (
    Difference,
    differences_of_figures,
    differences_of_judgements,
)
from indicators.queries.review import readable_files
from indicators.queries.steps import PEOPLE, TakenStep, steps_of
from plans.models import Target
from targets_site.accounts.models import User
from targets_site.places.models import Department

NOBODY: Mapping[int, Department] = {}
AnyVersion = TypeVar("AnyVersion", ObservationVersion, JudgementVersion)


@dataclass(frozen=True)
class Past:
    """A version in a history.

    before: the version that `differences` are measured from, the one before among those that the
    reader may see; None for the first. sender: who does the work of the department that submitted
    it today; None where nobody did, and of judgements.
    """

    version: ObservationVersion | JudgementVersion
    is_in_force: bool
    before: ObservationVersion | JudgementVersion | None
    differences: list[Difference]
    sender: Department | None = None

    @property
    def was_replaced(self) -> bool:
        """It counted once and no longer does."""
        return self.version.state == State.APPROVED and not self.is_in_force

    @property
    def steps(self) -> list[TakenStep]:
        """Oldest first."""
        return steps_of(self.version)


def figure_history(series: Series, year: int, *, user: User | None) -> list[Past]:
    """All versions that the person may read, the newest first; empty where there are none.

    user: None for somebody who is not signed in, where reading is open: he sees what was ever
    approved, and no files."""
    every = ObservationVersion.objects
    readable = every.readable_by(user) if user else every.filter(state=State.APPROVED)
    files = readable_files(user) if user else Attachment.objects.none()
    versions = (
        readable.filter(observation__series=series, observation__year=year)
        .select_related("observation__series__indicator", "submitted_for", *PEOPLE)
        .prefetch_related(Prefetch("evidence", files))
        .order_by("-number")
    )
    in_force = Observation.objects.filter(series=series, year=year).values_list(
        "in_force", flat=True
    )
    found = list(versions)
    # A series may be linked to an office that others have succeeded since; registers name today's.
    senders = current_departments(each.submitted_for for each in found if each.submitted_for)
    compare = differences_of_figures
    return _history(found, in_force=in_force.first(), compare=compare, senders=senders)


def judgement_history(target: Target, year: int, *, user: User) -> list[Past]:
    """As of figures; of all rows that state the target."""
    versions = (
        JudgementVersion.objects.readable_by(user)
        .filter(judgement__target_code=target.code, judgement__year=year)
        .select_related("judgement", *PEOPLE)
        .prefetch_related(Prefetch("evidence", readable_files(user)))
        .order_by("-number")
    )
    in_force = Judgement.objects.filter(target_code=target.code, year=year).values_list(
        "in_force", flat=True
    )
    return _history(list(versions), in_force=in_force.first(), compare=differences_of_judgements)


def _history(
    versions: Sequence[AnyVersion],
    *,
    in_force: int | None,
    compare: Callable[[AnyVersion, AnyVersion], list[Difference]],
    senders: Mapping[int, Department] = NOBODY,
) -> list[Past]:
    """versions: the newest first."""
    rows = []
    for position, version in enumerate(versions):
        earlier = versions[position + 1] if position + 1 < len(versions) else None
        rows.append(
            Past(
                version=version,
                is_in_force=version.pk == in_force,
                before=earlier,
                differences=compare(earlier, version) if earlier is not None else [],
                sender=senders.get(version.submitted_for_id or 0),
            )
        )
    return rows
