"""What the trail says of a figure, a reading or a target."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from indicators.models import ObservationVersion
from plans.models import Target
from reports.queries.trail.lines import Line, lines_of
from targets_site.accounts.models import User
from targets_site.accounts.rights import reads_trail
from targets_site.audit.models import Entry

# What stores many figures at once has one entry for all of them.
WHOLE_JOBS = ("load_reference", "import")
# Of a reading; loaded ones come with their job.
SEEN_OF_READINGS = (*WHOLE_JOBS, "confirm_reading")
# From the time that a figure of a job bears to the job's entry; a job is stored within minutes.
JOB_AT_MOST = timedelta(days=1)


@dataclass(frozen=True)
class TrailPart:
    """The oldest first. is_whole: with what was said before and after, and every attempt; else the
    steps of what the reader may see, without their content."""

    lines: Sequence[Line]
    is_whole: bool


def trail_of_figure(
    about: str, versions: Sequence[ObservationVersion], *, user: User | None
) -> TrailPart:
    """about: the figure as the trail names it. versions: those that the reader may see; entries
    about others, and refused attempts, are only for who reads the whole trail. Four queries."""
    is_whole = reads_trail(user)
    rows = ObservationVersion.objects.filter(pk__in=[version.pk for version in versions])
    found = _of_object_or_job(about, rows, at="entered_at", by="entered_by")
    numbers = {version.number for version in versions}
    seen = found if is_whole else [each for each in found if _is_of(each, numbers, about)]
    return TrailPart(lines_of(seen), is_whole)


def trail_of_target(code: str, *, user: User | None) -> TrailPart:
    """What brought the target and its readings. Four queries."""
    is_whole, about = reads_trail(user), f"reading:{code}"
    rows = Target.objects.filter(code=code)
    found = _of_object_or_job(about, rows, at="recorded_at", by="recorded_by")
    # What was proposed and refused was never in force.
    seen = [each for each in found if is_whole or each.action in SEEN_OF_READINGS]
    return TrailPart(lines_of(seen), is_whole)


def _is_of(entry: Entry, numbers: Collection[int], about: str) -> bool:
    return entry.object != about or (entry.after or {}).get("version") in numbers


def _of_object_or_job(about: str, rows: "QuerySet[Any]", *, at: str, by: str) -> list[Entry]:
    """Oldest first: entries about the object, and those of the loads and imports that brought the
    rows: the first one of the same author at or after the time that the row bears. at, by: the
    row's fields for that."""
    of_job = Entry.objects.filter(
        at__gte=OuterRef(at),
        at__lte=OuterRef(at) + JOB_AT_MOST,
        action__in=WHOLE_JOBS,
        actor=OuterRef(f"{by}__username"),
    )
    jobs = rows.order_by().annotate(job=Subquery(of_job.order_by("seq").values("seq")[:1]))
    found = Entry.objects.filter(Q(object=about) | Q(pk__in=jobs.values("job")))
    return list(found.select_related("link").order_by("seq"))
