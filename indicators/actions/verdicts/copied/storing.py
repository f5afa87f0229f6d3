"""What changed, stored: verdicts go into a table of this connection's own, and statements compare
them with those in force."""

import datetime
import hashlib
from typing import Any

from django.db import connection

from indicators.actions.verdicts.copied.binary import copy_in
from indicators.actions.verdicts.copied.reading import GRADES, SCALE
from indicators.actions.verdicts.copied.verdicts import (
    ABSENT,
    EXACT,
    LISTS,
    NONE,
    ROUNDED,
    ROUNDED_SCALE,
    SIDE_STATES,
    STATUSES,
    YEARS,
    Verdicts,
    YearLists,
)
from indicators.enums import LIGHT_OF
from indicators.method import METHOD_VERSION

_KINDS = {
    "target": "int8", "reading": "int8", "as_of": "int2", "status": "int2", "side_state": "int2",
    "source_grade": "int2",
    **dict.fromkeys(YEARS, "int2"), **dict.fromkeys(LISTS, "int4"),
    **dict.fromkeys((*EXACT, *ROUNDED), "int8"),
}  # fmt: skip
_TABLE = "staged_verdicts"


def _figure(name: str, scale: int) -> str:
    """By a product, since the quotient of two numerics takes five times as long."""
    return f"NULLIF({name}, {ABSENT}) * {1 / scale:.{len(str(scale)) - 1}f}"


def _text(name: str, parameter: str) -> str:
    return f"(%({parameter})s::varchar[])[{name} + 1]"


# What each column of a verdict is made of.
_SAYS = {
    "reading_id": f"NULLIF(reading, {NONE})",
    "status": _text("status", "statuses"),
    "light": _text("status", "lights"),
    "side_state": _text("side_state", "side_states"),
    "source_grade": _text("source_grade", "grades"),
    **{name: f"NULLIF({name}, {NONE})" for name in YEARS},
    **{name: _figure(name, SCALE) for name in EXACT},
    **{name: _figure(name, ROUNDED_SCALE) for name in ROUNDED},
    **{name: _text(name, "lists") for name in LISTS},
    "method_version": "%(method_version)s",
}
_SELECTED = ", ".join(f"{sql} AS {name}" for name, sql in _SAYS.items())
_FRESH = f"SELECT target AS target_id, as_of, {_SELECTED} FROM {_TABLE}"
# OFFSET 0 as in reading.py: each verdict is looked up by the index of those in force.
_SUPERSEDE = f"""
    UPDATE indicators_verdict SET superseded_at = %(now)s WHERE id IN (
        SELECT verdict.id FROM ({_FRESH}) fresh CROSS JOIN LATERAL (
            SELECT * FROM indicators_verdict
            WHERE target_id = fresh.target_id AND as_of = fresh.as_of AND superseded_at IS NULL
            OFFSET 0
        ) verdict
        WHERE ({", ".join(f"verdict.{name}" for name in _SAYS)})
            IS DISTINCT FROM ({", ".join(f"fresh.{name}" for name in _SAYS)})
    )
"""
# What is in force already is left alone.
_APPEND = f"""
    INSERT INTO indicators_verdict (recorded_at, target_id, as_of, {", ".join(_SAYS)})
    SELECT %(now)s, target_id, as_of, {", ".join(_SAYS)} FROM ({_FRESH}) fresh
    ON CONFLICT (target_id, as_of) WHERE superseded_at IS NULL DO NOTHING
"""


class Staging:
    """Verdicts of one transaction on their way into the table."""

    def __init__(self, now: datetime.datetime) -> None:
        self.now, self.lists, self.rows = now, YearLists(), 0
        self.sha256 = hashlib.sha256()
        columns = ", ".join(f"{name} {kind}" for name, kind in _KINDS.items())
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMPORARY TABLE IF NOT EXISTS {_TABLE} ({columns})"
                f" ON COMMIT DELETE ROWS; TRUNCATE {_TABLE}"
            )

    def add(self, verdicts: Verdicts) -> None:
        self.sha256.update(copy_in(_TABLE, _KINDS, verdicts.columns))
        self.rows += len(verdicts.columns["target"])

    def store(self) -> int:
        """Append what has no verdict in force, then what says something else than the one in
        force, which is superseded; returns how many were appended."""
        parameters: dict[str, Any] = {
            "now": self.now,
            "statuses": list(STATUSES),
            "lights": [LIGHT_OF[status].value for status in STATUSES],
            "side_states": list(SIDE_STATES),
            "grades": list(GRADES),
            "lists": list(self.lists.texts),
            "method_version": METHOD_VERSION,
        }
        with connection.cursor() as cursor:

            def rows(statement: str) -> int:
                cursor.execute(statement, parameters)
                return int(cursor.rowcount)

            appended = rows(_APPEND)
            if appended < self.rows and rows(_SUPERSEDE):
                appended += rows(_APPEND)
            return appended
