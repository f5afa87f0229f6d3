"""A row a target: SQLite, which knows no COPY, and what has more decimals than columns take."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress

from django.db.models import QuerySet
from django.utils import timezone

from indicators.actions.verdicts.judged import judged
from indicators.actions.verdicts.stored import Stored
from indicators.enums import LIGHT_OF, Status
from indicators.method import METHOD_VERSION, TargetRow, VerdictRow, assess
from indicators.models import TargetReading, Verdict
from indicators.queries.method_rows import figures_in_force, target_row
from plans.models import Target

_FIGURES = (
    "status", "light", "actual_year", "actual_value", "gap", "baseline_year", "baseline_value",
    "expected_value", "ratio", "share", "required_pace", "last_pace", "side_year", "side_value",
    "side_state",
)  # fmt: skip


def recompute(
    documents: Sequence[int], targets: Sequence[int] | None, *, as_of: int | None
) -> Stored:
    """As `copied.recompute`."""
    wanted = Target.objects.in_force().filter(document__in=documents)
    if targets is not None:
        wanted = wanted.filter(pk__in=targets)
    seen_from = _seen_from(_rows_of(wanted), as_of)
    observations, grades = figures_in_force({one.row.series for one in seen_from})
    computed = assess(
        [one.row for one in seen_from], observations, as_of=[one.as_of for one in seen_from]
    )
    # Only now, since what is past its own period still is a milestone of others.
    in_period = [one.is_in_period for one in seen_from]
    verdicts = _with_judgements(list(compress(computed, in_period)))
    changed = _store(list(compress(seen_from, in_period)), verdicts, grades)
    return Stored(len(changed), _digest(verdicts))


def _digest(verdicts: Sequence[VerdictRow]) -> str:
    said = "\n".join(
        ";".join(str(getattr(verdict, name)) for name in ("target_code", "as_of", *_FIGURES))
        for verdict in verdicts
    )
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class _SeenFrom:
    """A target with its reading, to be judged as of one year."""

    target_id: int
    reading_id: int | None
    row: TargetRow
    end_year: int
    as_of: int

    @property
    def last_year(self) -> int:
        """To the document's end where the target has no year."""
        return self.row.target_year or self.end_year

    @property
    def is_in_period(self) -> bool:
        return (self.row.start_year or 0) <= self.as_of <= self.last_year


def _rows_of(targets: QuerySet[Target]) -> list[_SeenFrom]:
    readings = {
        reading.target_id: reading
        for reading in TargetReading.objects.in_force()
        .filter(target__in=targets)
        .select_related("series__indicator")
    }
    return [
        _as_row(target, readings.get(target.pk))
        for target in targets.select_related("document").order_by("code")
    ]


def _as_row(target: Target, reading: TargetReading | None) -> _SeenFrom:
    row = target_row(target, reading)
    return _SeenFrom(target.pk, reading.pk if reading else None, row, target.document.end_year, 0)


def _seen_from(rows: Sequence[_SeenFrom], as_of: int | None) -> list[_SeenFrom]:
    """As of this year all of them, or each as of every year of its period."""
    return [
        replace(one, as_of=year)
        for one in rows
        for year in (
            [as_of] if as_of is not None else range(one.row.start_year or 0, one.last_year + 1)
        )
    ]


def _with_judgements(verdicts: Sequence[VerdictRow]) -> list[VerdictRow]:
    said = judged(row.target_code for row in verdicts if row.status == Status.NOT_MEASURABLE)
    return [_with_judgement(row, said.get(row.target_code, [])) for row in verdicts]


def _with_judgement(row: VerdictRow, said: Sequence[tuple[int, Status]]) -> VerdictRow:
    counts = [status for year, status in said if year <= row.as_of]
    if row.status != Status.NOT_MEASURABLE or not counts:
        return row
    return replace(row, status=counts[-1], light=LIGHT_OF[counts[-1]])


def _store(
    seen_from: Sequence[_SeenFrom],
    verdicts: Sequence[VerdictRow],
    grades: dict[tuple[str, int], str],
) -> list[Verdict]:
    """The verdicts that are new or say something else than those in force, stored."""
    stored = {
        (verdict.target_id, verdict.as_of): verdict
        for verdict in Verdict.objects.in_force().filter(
            target__in={one.target_id for one in seen_from}
        )
    }
    now = timezone.now()
    fresh, superseded = [], []
    for one, row in zip(seen_from, verdicts, strict=True):
        grade = grades.get((one.row.series, row.actual_year or row.side_year or 0), "")
        verdict = _as_model(one, row, grade)
        before = stored.get((one.target_id, row.as_of))
        if before is not None and _says_the_same(before, verdict):
            continue
        if before is not None:
            superseded.append(before.pk)
        verdict.recorded_at = now
        fresh.append(verdict)
    Verdict.objects.filter(pk__in=superseded).update(superseded_at=now)
    return Verdict.objects.bulk_create(fresh, batch_size=1000)


def _as_model(one: _SeenFrom, row: VerdictRow, grade: str) -> Verdict:
    return Verdict(
        target_id=one.target_id,
        reading_id=one.reading_id,
        as_of=row.as_of,
        source_grade=grade,
        method_version=METHOD_VERSION,
        missing_years=";".join(map(str, row.missing_years)),
        breached_years=";".join(map(str, row.breached_years)),
        **{name: getattr(row, name) for name in _FIGURES},
    )


def _says_the_same(before: Verdict, after: Verdict) -> bool:
    return all(
        getattr(before, name) == getattr(after, name)
        for name in (
            *_FIGURES, "reading_id", "source_grade", "method_version", "missing_years",
            "breached_years",
        )
    )  # fmt: skip
