"""Computing verdicts from what is in force, and storing those that changed."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from django.db import OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from indicators.enums import JUDGED_AS, LIGHT_OF, Outcome, Status
from indicators.method import METHOD_VERSION, TargetRow, VerdictRow, assess
from indicators.models import Judgement, StaleRow, TargetReading, Verdict
from indicators.queries.method_rows import figures_in_force, target_row
from plans.models import Document, Target
from targets_site.audit.actions import record

logger = logging.getLogger(__name__)

BATCH = 500
# The trail's name for what no person did.
BY_THE_METHOD = "method"
_FIGURES = (
    "status", "light", "actual_year", "actual_value", "gap", "baseline_year", "baseline_value",
    "expected_value", "ratio", "share", "required_pace", "last_pace", "side_year", "side_value",
    "side_state",
)  # fmt: skip


def work_off_stale(*, batch: int = BATCH) -> int:
    """Compute what the oldest stale rows ask for; returns how many rows were claimed.

    Claims rows (others skip them), computes, stores what changed and deletes the claimed rows,
    all in one transaction: killed half-way, nothing is lost and nothing is done twice. Where a
    batch fails, its rows are tried one by one, so that one that cannot be computed does not
    hold up the others; it is left alone after MAX_ATTEMPTS, with the reason on it.

    Raises OperationalError when the database fails; the rows are still there then.
    """
    try:
        with transaction.atomic():
            claimed = _claim(batch)
            _compute(claimed)
        return len(claimed)
    except OperationalError:
        raise
    except Exception:  # whatever the batch holds, the rows after it must not wait for ever
        logger.exception("A batch of stale rows failed; trying its rows one by one.")
    return sum(takewhile(bool, (_work_off_one() for _ in range(batch))))


def _work_off_one() -> int:
    with transaction.atomic():
        claimed = _claim(1)
        try:
            with transaction.atomic():
                _compute(claimed)
        except OperationalError:
            raise
        except Exception as error:
            logger.exception("Stale row %s cannot be computed.", claimed[0].pk)
            StaleRow.objects.filter(pk=claimed[0].pk).update(
                attempts=F("attempts") + 1, error=repr(error)[:1000]
            )
    return len(claimed)


def _claim(batch: int) -> list[StaleRow]:
    """The rows that failed least and wait longest, locked for this transaction."""
    rows = StaleRow.objects.filter(attempts__lt=StaleRow.MAX_ATTEMPTS).order_by("attempts", "id")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return list(rows[:batch])


def _compute(claimed: Sequence[StaleRow]) -> None:
    if not claimed:
        return
    of_series = TargetReading.objects.in_force().filter(
        series__in={row.series_id for row in claimed if row.series_id}
    )
    stale = set(of_series.values_list("target_id", flat=True))
    stale |= {row.target_id for row in claimed if row.target_id}
    recompute(Target.objects.in_force().filter(pk__in=stale))
    StaleRow.objects.filter(pk__in=[row.pk for row in claimed]).delete()


def recompute(targets: QuerySet[Target], *, as_of: int | None = None) -> int:
    """Store the verdicts of these targets, of every year from start to target year or of one,
    that differ from those in force; returns how many.

    One transaction and one trail entry a document. Targets of the same document and series
    come along, since milestones are among them.
    """
    documents = Document.objects.filter(targets__in=targets).distinct().order_by("pk")
    return sum(_recompute_document(document, targets, as_of=as_of) for document in list(documents))


@transaction.atomic
def _recompute_document(document: Document, targets: QuerySet[Target], *, as_of: int | None) -> int:
    # One job a document at a time, or two would store the same verdict.
    Document.objects.select_for_update().get(pk=document.pk)
    in_document = Target.objects.in_force().filter(document=document)
    asked = in_document.filter(pk__in=targets.values("pk"))
    readings = TargetReading.objects.in_force()
    measured_alike = readings.filter(
        series__in=readings.filter(target__in=asked).values("series"),
        target__in=in_document,
    )
    wanted = in_document.filter(
        Q(pk__in=asked.values("pk")) | Q(pk__in=measured_alike.values("target"))
    )
    seen_from = [
        one for one in _every_as_of(_rows_of(wanted)) if as_of is None or one.as_of == as_of
    ]
    observations, grades = figures_in_force({one.row.series for one in seen_from})
    computed = assess(
        [one.row for one in seen_from], observations, as_of=[one.as_of for one in seen_from]
    )
    verdicts = _with_judgements(computed)
    changed = _store(seen_from, verdicts, grades, every_year=as_of is None)
    if changed:
        record(
            "recompute",
            f"document:{document.slug}",
            by=BY_THE_METHOD,
            after={"verdicts": len(changed), "sha256": _digest(changed)},
        )
    return len(changed)


def _digest(verdicts: Sequence[Verdict]) -> str:
    """SHA-256 over what the verdicts say, in their order."""
    said = "\n".join(
        ";".join(str(getattr(verdict, name)) for name in ("target_id", "as_of", *_FIGURES))
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


def _every_as_of(rows: Sequence[_SeenFrom]) -> list[_SeenFrom]:
    """Every year from start_year to target_year, to the document's end where there is none."""
    return [
        _SeenFrom(one.target_id, one.reading_id, one.row, one.end_year, year)
        for one in rows
        for year in range(one.row.start_year or 0, (one.row.target_year or one.end_year) + 1)
    ]


def _with_judgements(verdicts: Sequence[VerdictRow]) -> list[VerdictRow]:
    """Of targets in words the latest judgement in force up to the as-of year; METHOD.md: never
    computed, said by people."""
    in_words = {row.target_code for row in verdicts if row.status == Status.NOT_MEASURABLE}
    judged: dict[str, list[tuple[int, str]]] = defaultdict(list)
    rows = Judgement.objects.filter(target_code__in=in_words, in_force__isnull=False)
    for code, year, outcome in rows.order_by("year").values_list(
        "target_code", "year", "in_force__outcome"
    ):
        judged[code].append((year, outcome))
    return [_with_judgement(row, judged.get(row.target_code, [])) for row in verdicts]


def _with_judgement(row: VerdictRow, judged: Sequence[tuple[int, str]]) -> VerdictRow:
    said = [(year, outcome) for year, outcome in judged if year <= row.as_of]
    if row.status != Status.NOT_MEASURABLE or not said:
        return row
    status = JUDGED_AS[Outcome(said[-1][1])]
    return replace(row, status=status, light=LIGHT_OF[status])


def _store(
    seen_from: Sequence[_SeenFrom],
    verdicts: Sequence[VerdictRow],
    grades: dict[tuple[str, int], str],
    *,
    every_year: bool,
) -> list[Verdict]:
    """The verdicts that are new or say something else than those in force, stored.

    every_year: all years of the targets were computed, so that a verdict in force of another
    year lies outside the period and is superseded too.
    """
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
        before = stored.pop((one.target_id, row.as_of), None)
        if before is not None and _says_the_same(before, verdict):
            continue
        if before is not None:
            superseded.append(before.pk)
        verdict.recorded_at = now
        fresh.append(verdict)
    if every_year:
        superseded += [verdict.pk for verdict in stored.values()]
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
