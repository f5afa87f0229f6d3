"""Versions on their way into their table: built line by line beside it, moved there by a few
statements.

SQLite has one writer, and everybody who saves waits for it. What is staged lies in temporary tables
of the connection, which nobody waits for; only what `move` and the checks before it do needs the
lock.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import Error, connection, models

from indicators.actions.bulk import Fields, fields_left_out, write
from indicators.actions.entry import EnteredFigure
from indicators.enums import State
from indicators.models import Import, Observation, ObservationVersion
from indicators.queries.imports import StoredCell

# A statement on PostgreSQL may take half a minute; so many lines take a second.
LINES_A_STATEMENT = 10_000
TABLE, EVIDENCE = "import_staged", "import_staged_evidence"

AnyField = TypeVar("AnyField", bound="models.Field[Any, Any]")


def _named(name: str, field: AnyField) -> AnyField:
    field.set_attributes_from_name(name)
    return field


PLACE = _named("place", models.IntegerField())
# Which cell it is, and how that stood when the line was checked; empty where it had no version.
CELL = (
    _named("series_id", models.BigIntegerField()),
    _named("year", models.SmallIntegerField()),
    _named("newest_id", models.BigIntegerField()),
    _named("newest_state", models.CharField(max_length=10)),
    _named("in_force_id", models.BigIntegerField()),
)
_OF_VERSIONS = {field.attname: field for field in ObservationVersion._meta.concrete_fields}
SAID: Fields = [
    _OF_VERSIONS[name] for name in ("number", *ObservationVersion.CONTENT, "source_grade")
]
STAGED: Fields = (PLACE, *CELL, *SAID)
EVIDENCE_FIELDS: Fields = (PLACE, _named("attachment_id", models.BigIntegerField()))

_CELLS = Observation._meta.db_table
_VERSIONS = ObservationVersion._meta.db_table
_LINKS = ObservationVersion.evidence.through._meta.db_table
_THEIR_CELLS = f"{TABLE} s JOIN {_CELLS} c ON c.series_id = s.series_id AND c.year = s.year"
_THEIR_VERSIONS = (
    f"{_THEIR_CELLS} JOIN {_VERSIONS} v ON v.observation_id = c.id AND v.number = s.number"
)
_MOVED = f"""
    SELECT COUNT(*) FROM {TABLE} s
    LEFT JOIN {_CELLS} c ON c.series_id = s.series_id AND c.year = s.year
    LEFT JOIN {_VERSIONS} v ON v.id = COALESCE(c.working_id, c.in_force_id)
    WHERE COALESCE(v.id, 0) <> COALESCE(s.newest_id, 0)
        OR COALESCE(v.state, '') <> COALESCE(s.newest_state, '')
        OR COALESCE(c.in_force_id, 0) <> COALESCE(s.in_force_id, 0)
"""
# In order, so that two imports wait for each other instead of blocking each other.
_MAKE_CELLS = f"""
    INSERT INTO {_CELLS} (series_id, year)
    SELECT series_id, year FROM {TABLE} WHERE newest_id IS NULL
    ORDER BY series_id, year ON CONFLICT (series_id, year) DO NOTHING
"""
_LOCK_CELLS = f"""
    SELECT COUNT(*) FROM (SELECT c.id FROM {_THEIR_CELLS} ORDER BY c.id FOR UPDATE OF c) locked
"""
_POINT_AT_NEWEST = f"""
    UPDATE {_CELLS} SET working_id = v.id FROM {TABLE} s, {_VERSIONS} v
    WHERE {_CELLS}.series_id = s.series_id AND {_CELLS}.year = s.year
        AND v.observation_id = {_CELLS}.id AND v.number = s.number
        AND s.place > %s AND s.place <= %s
"""
_LINK_EVIDENCE = f"""
    INSERT INTO {_LINKS} (observationversion_id, attachment_id)
    SELECT v.id, e.attachment_id FROM {_THEIR_VERSIONS} JOIN {EVIDENCE} e ON e.place = s.place
    ORDER BY e.place, e.attachment_id
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """The next version of a cell. cell: as it stood when this was checked, None without one."""

    series_id: int
    year: int
    cell: StoredCell | None
    figure: EnteredFigure

    def values(self, place: int) -> list[Any]:
        cell, content = self.cell, self.figure.content()
        stood = (cell.newest_id, cell.newest_state, cell.in_force_id) if cell else (None,) * 3
        number = cell.newest_number + 1 if cell else 1
        said = (content[field.attname] for field in SAID[1:])
        return [place, self.series_id, self.year, *stood, number, *said]


@contextmanager
def staging() -> Iterator["Staging"]:
    """Empty tables, which are gone afterwards. Inside, nothing is written that others wait for."""
    _drop()
    _create(TABLE, STAGED)
    _create(EVIDENCE, EVIDENCE_FIELDS)
    try:
        yield Staging()
    finally:
        # Where the database fails, they end with the connection.
        with suppress(Error):
            _drop()


class Staging:
    """Drafts of one import, in the order in which they were added."""

    def __init__(self) -> None:
        self.lines = 0

    def add(self, drafts: Sequence[Draft]) -> None:
        places = range(self.lines + 1, self.lines + 1 + len(drafts))
        placed = list(zip(places, drafts, strict=True))
        write(TABLE, STAGED, [draft.values(place) for place, draft in placed])
        evidence = [(place, each) for place, draft in placed for each in draft.figure.evidence]
        if evidence:
            write(EVIDENCE, EVIDENCE_FIELDS, evidence)
        self.lines += len(drafts)

    def lock_cells(self) -> int:
        """Make the cells that have no row yet and lock all; nobody numbers a version of them until
        the end of the transaction. Returns how many lines stand otherwise now than when they were
        checked."""
        with connection.cursor() as cursor:
            cursor.execute(_MAKE_CELLS)
            if connection.features.has_select_for_update:
                cursor.execute(_LOCK_CELLS)
            cursor.execute(_MOVED)
            return int(cursor.fetchone()[0])

    def move(self, imported: Import, now: datetime.datetime) -> None:
        """Store the versions that `entry.save` would, with their evidence, in locked cells."""
        statement, values = _append_statement(imported, now)
        with connection.cursor() as cursor:
            for first in range(0, self.lines, LINES_A_STATEMENT):
                block = [first, first + LINES_A_STATEMENT]
                cursor.execute(statement, [*values, *block])
                cursor.execute(_POINT_AT_NEWEST, block)
            cursor.execute(_LINK_EVIDENCE)


def _append_statement(imported: Import, now: datetime.datetime) -> tuple[str, list[Any]]:
    """The statement that stores a block of versions, and its values but for the block's ends."""
    same: Mapping[str, Any] = {
        "state": State.DRAFT,
        "entered_by_id": imported.imported_by_id,
        "entered_at": now,
    }
    own = {field.attname for field in SAID} | {"observation_id", "correction_reason"}
    fields = fields_left_out(ObservationVersion, own)
    values = [
        field.get_db_prep_save(same.get(field.attname, field.get_default()), connection)
        for field in fields
    ]
    quote = connection.ops.quote_name
    said = [quote(str(field.column)) for field in SAID]
    others = [quote(str(field.column)) for field in fields]
    columns = ", ".join(["observation_id", "correction_reason", *said, *others])
    # Only what is in force is corrected.
    reason = "CASE WHEN s.in_force_id IS NULL THEN '' ELSE %s END"
    selected = ", ".join(["c.id", reason, *(f"s.{each}" for each in said), *(["%s"] * len(others))])
    statement = (
        f"INSERT INTO {_VERSIONS} ({columns}) SELECT {selected} FROM {_THEIR_CELLS}"
        " WHERE s.place > %s AND s.place <= %s ORDER BY s.place"
    )
    return statement, [imported.correction_reason, *values]


def _create(table: str, fields: Fields) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(str(each.column))} {each.db_type(connection)}" for each in fields)
    with connection.cursor() as cursor:
        # Names of this module's own.
        # nosemgrep: sql-from-pieces
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns})")
        # Names of this module's own.
        # nosemgrep: sql-from-pieces
        cursor.execute(f"CREATE INDEX {table}_place ON {table} (place)")


def _drop() -> None:
    with connection.cursor() as cursor:
        # Names of this module's own.
        # nosemgrep: sql-from-pieces
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        # Names of this module's own.
        # nosemgrep: sql-from-pieces
        cursor.execute(f"DROP TABLE IF EXISTS {EVIDENCE}")
