"""Verdicts of many areas computed anew, as a job that workers share."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.db.models.functions import Coalesce

from indicators.actions.jobs import Claimed, Part, Work, start_job
from indicators.actions.verdicts import recompute_areas
from indicators.enums import JobKind
from indicators.models import Job
from plans.models import Target
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role, User
from targets_site.accounts.rights import holds
from targets_site.places.models import Area

# A part takes seconds at national size, so that a worker that dies costs seconds of work; fewer
# areas would cost a tenth of the time for claiming and settling parts.
MOST_AREAS_A_PART = 100
# Where there are few areas, still something for several workers.
FEWEST_PARTS = 8


class AlreadyUnderWay(Exception):
    """All verdicts are being recomputed already; `job` does it."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.job = job


def start_recompute(*, by: User | None, area: str = "", as_of: int | None = None) -> Job:
    """A job that recomputes the verdicts of one area, or of all, as of one year or of all; whoever
    calls wakes the workers.

    area: a code. by: None where the schedule or a command asks. Raises NotAllowed unless `by` is a
    system administrator today.
    """
    if by is not None and not holds(by, Role.SYSTEM_ADMIN):
        raise NotAllowed("Verdicts are recomputed by the system administrator.")
    areas = _targets(area).order_by("area__code").values_list("area__code", flat=True)
    codes = list(areas.distinct())
    return start_job(
        kind=JobKind.RECOMPUTE,
        by=by,
        parts=[Part({"areas": some}, size=len(some)) for some in _in_parts(codes)],
        parameters=_parameters(area, as_of),
        role=Role.SYSTEM_ADMIN if by else None,
    )


@transaction.atomic
def start_full_recompute(*, by: User | None) -> Job:
    """`start_recompute` for everything. Raises AlreadyUnderWay too, where another one is."""
    # Who asks at the same time waits here, and then sees this job; the first area stands for all.
    Area.objects.select_for_update(no_key=True).order_by("pk").first()
    whole = _parameters("", None)
    for job in Job.objects.open().filter(kind=JobKind.RECOMPUTE):
        if job.parameters == whole:
            raise AlreadyUnderWay(job)
    return start_recompute(by=by)


def years_of_verdicts(*, area: str = "") -> range | None:
    """From the first start of a document to the last year that a target of the area, or of any,
    is judged in; None where there is no target."""
    found = _targets(area).aggregate(
        first=Min("document__start_year"),
        last=Max(Coalesce("target_year", "document__end_year")),
    )
    return None if found["first"] is None else range(found["first"], found["last"] + 1)


def _targets(area: str) -> QuerySet[Target]:
    targets = Target.objects.in_force()
    return targets.filter(area__code=area) if area else targets


def _parameters(area: str, as_of: int | None) -> dict[str, Any]:
    return {"area": area, "as_of": as_of}


def _in_parts(codes: Sequence[str]) -> list[list[str]]:
    size = max(1, min(MOST_AREAS_A_PART, -(-len(codes) // FEWEST_PARTS)))
    return [list(codes[start : start + size]) for start in range(0, len(codes), size)]


def recompute_part(claimed: Claimed) -> None:
    areas: list[str] = claimed.part.content["areas"]
    with claimed.finishing() as counts:
        counts["verdicts"] = recompute_areas(areas, as_of=claimed.job.parameters["as_of"])


WORK = Work(do=recompute_part)
