"""From a preview to versions: all of it in one transaction, or nothing."""

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from indicators.actions.bulk import insert
from indicators.actions.imports.steps import STORED_OUTCOMES, about, start_reading
from indicators.actions.jobs import Claimed
from indicators.enums import ImportState, LineOutcome, State
from indicators.imported_lines import figure_of, rule_against
from indicators.models import Import, ImportLine, Observation, ObservationVersion
from indicators.queries.imports import KnownSeries, Stored, StoredCell
from targets_site.accounts.models import Role
from targets_site.audit.actions import record

AT_A_TIME = 1000


class ChangedMeanwhile(Exception):
    """So many lines of a preview would be stored otherwise today."""

    def __init__(self, lines: int) -> None:
        super().__init__(lines)
        self.lines = lines


def store(imported: Import, claimed: Claimed) -> None:
    """Store a preview, all of it or nothing.

    Where a line would be stored otherwise today, because somebody stored a newer version or a
    right or a round ended, nothing is stored and the file is read anew. Raises TakenOver.
    """
    try:
        with claimed.finishing() as result:
            _store_whole(imported, claimed)
            result["stored"] = claimed.part.size
    except ChangedMeanwhile as changed:
        with claimed.finishing() as result:
            result["stale"] = changed.lines
            _read_anew(imported, claimed, changed.lines)


def _store_whole(imported: Import, claimed: Claimed) -> None:
    now = timezone.now()
    _Storing(imported, now).run()
    claimed.wanted()
    counts = {each: imported.counts.get(each, 0) for each in LineOutcome.values}
    record(
        "import",
        about(imported),
        by=imported.imported_by.username,
        role=Role.OFFICIAL,
        after={"file": imported.attachment.name, "sha256": imported.attachment.sha256, **counts},
        reason=imported.correction_reason,
    )
    imported.state, imported.stored_at = ImportState.STORED, now
    imported.save(update_fields=["state", "stored_at"])


def _read_anew(imported: Import, claimed: Claimed, stale: int) -> None:
    claimed.wanted()
    imported.state, imported.counts = ImportState.WAITING, {"stale": stale}
    imported.job = start_reading(imported.attachment, by=imported.imported_by)
    imported.save(update_fields=["state", "counts", "job"])


@dataclass(frozen=True, slots=True)
class _Line:
    """A line to store, with what is stored about its series."""

    number: int
    series_id: int
    year: int
    read_version: int | None
    content: dict[str, Any]
    known: KnownSeries

    @property
    def cell(self) -> StoredCell | None:
        return self.known.cells.get(self.year)


class _Storing:
    """One preview being stored, in the transaction of the caller."""

    def __init__(self, imported: Import, now: datetime.datetime) -> None:
        self.imported, self.now = imported, now
        self.lines = imported.lines.filter(outcome__in=STORED_OUTCOMES).order_by("number")
        self.cells = Observation.objects.filter(
            Exists(self.lines.filter(series=OuterRef("series"), year=OuterRef("year")).order_by())
        )

    def run(self) -> None:
        """Raises ChangedMeanwhile."""
        self._make_cells()
        cells = self._locked_cells()
        self.stored = Stored(self.imported.imported_by)
        self.stored.learn(
            codes=self.lines.order_by().values_list("series__code", flat=True).distinct(), pairs=()
        )
        changed = 0
        for block in self._blocks():
            changed += sum(map(self._is_changed, block))
            if not changed:
                self._write(block, cells)
        if changed:
            raise ChangedMeanwhile(changed)
        self._point_at_newest()

    def _make_cells(self) -> None:
        """Make the cells that have no row yet, by one statement: they may be a hundred thousand.

        In order, so that two imports wait for each other instead of blocking each other.
        """
        quote = connection.ops.quote_name
        cells, lines = quote(Observation._meta.db_table), quote(ImportLine._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {cells} (series_id, year)"
                f" SELECT series_id, year FROM {lines} WHERE imported_id = %s AND outcome = %s"
                " ORDER BY series_id, year ON CONFLICT (series_id, year) DO NOTHING",
                [self.imported.pk, LineOutcome.NEW],
            )

    def _locked_cells(self) -> dict[tuple[int, int], int]:
        """The ids of the cells by series and year; nobody numbers a version of them until the
        end of the transaction."""
        locked = self.cells.select_for_update(of=("self",)).order_by("pk")
        rows = locked.values_list("series_id", "year", "pk")
        return {(series, year): pk for series, year, pk in rows}

    def _blocks(self) -> Iterator[list[_Line]]:
        """The lines with their series, in the order of the file."""
        last = 0
        # Plain values: making objects of them takes longer than all the rest.
        rows = self.lines.values_list("number", "series_id", "year", "read_version", "content")
        while block := list(rows.filter(number__gt=last)[:AT_A_TIME]):
            last = block[-1][0]
            yield [_Line(*row, known=self.stored.of_id(row[1])) for row in block]

    def _is_changed(self, one: _Line) -> bool:
        if (one.cell.newest_number if one.cell else None) != one.read_version:
            return True
        is_reasoned = bool(self.imported.correction_reason)
        return bool(rule_against(one.known, one.year, stored=self.stored, is_reasoned=is_reasoned))

    def _write(self, lines: Sequence[_Line], cells: dict[tuple[int, int], int]) -> None:
        """The versions that `entry.save` would store, with their evidence."""
        figures = [figure_of(one.content) for one in lines]
        insert(
            ObservationVersion,
            [
                {
                    **figure.content(),
                    "observation_id": cells[one.series_id, one.year],
                    "number": (one.read_version or 0) + 1,
                    "state": State.DRAFT,
                    "entered_by_id": self.imported.imported_by_id,
                    "entered_at": self.now,
                    "correction_reason": self._reason(one),
                }
                for one, figure in zip(lines, figures, strict=True)
            ],
        )
        evidence = {
            cells[one.series_id, one.year]: figure.evidence
            for one, figure in zip(lines, figures, strict=True)
            if figure.evidence
        }
        self._add_evidence(evidence)

    def _reason(self, one: _Line) -> str:
        return self.imported.correction_reason if one.cell and one.cell.in_force_id else ""

    def _add_evidence(self, evidence: Mapping[int, Collection[int]]) -> None:
        """evidence: by cell id, of the version just written."""
        written = ObservationVersion.objects.filter(observation__in=evidence, entered_at=self.now)
        through = ObservationVersion.evidence.through
        through._default_manager.bulk_create(
            through(observationversion_id=version, attachment_id=attachment)
            for version, cell in written.values_list("pk", "observation_id")
            for attachment in sorted(evidence[cell])
        )

    def _point_at_newest(self) -> None:
        newest = ObservationVersion.objects.filter(observation=OuterRef("pk")).order_by("-number")
        self.cells.update(working=Subquery(newest.values("pk")[:1]))
