"""COPY's binary format as numpy columns: no number becomes a text on its way.

Every field has a fixed width and is never NULL, so that a row has a fixed width too and a file of
rows is one structured array. Source: PostgreSQL documentation, SQL commands, COPY, file formats.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import numpy as np
from django.db import connection

from indicators.method.columns import Ints

_SIGNATURE = b"PGCOPY\n\xff\r\n\0"
# The signature, no flags, no extension.
_HEADER = _SIGNATURE + bytes(8)
_TRAILER = b"\xff\xff"
_WIDTHS = {"int8": 8, "int4": 4, "int2": 2}
_KINDS = {"int8": ">i8", "int4": ">i4", "int2": ">i2"}
_NATIVE = {"int8": np.int64, "int4": np.int32, "int2": np.int16}


def copy_out(
    fields: Mapping[str, tuple[str, str]], source: str, parameters: Sequence[Any] = ()
) -> dict[str, Ints]:
    """The columns of a query.

    fields: by name, the type (int8, int4, int2) and the SQL that gives it, never NULL.
    source: the SQL from FROM on, with `%s` for parameters. Raises Django's database errors.
    """
    columns = ", ".join(f"({sql})::{kind}" for kind, sql in fields.values())
    buffer = BytesIO()
    with connection.cursor() as cursor, connection.wrap_database_errors:
        query = cursor.mogrify(f"SELECT {columns} {source}", parameters).decode()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", buffer)
    kinds = {name: kind for name, (kind, _sql) in fields.items()}
    content = buffer.getbuffer()[len(_HEADER) : -len(_TRAILER)]
    rows = np.frombuffer(content, _row_type(kinds))
    return {name: rows[name].astype(_NATIVE[kind]) for name, kind in kinds.items()}


def copy_in(table: str, kinds: Mapping[str, str], columns: Mapping[str, Ints]) -> bytes:
    """Rows of columns into a table of ours; returns what was sent, without its frame.

    kinds: the type of each column (int8, int4, int2). Raises Django's database errors.
    """
    rows = np.zeros(len(next(iter(columns.values()))), _row_type(kinds))
    rows["fields"] = len(kinds)
    for name, kind in kinds.items():
        rows[f"{name} width"] = _WIDTHS[kind]
        rows[name] = columns[name]
    sent = rows.tobytes()
    names = ", ".join(kinds)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(
            f"COPY {table} ({names}) FROM STDIN (FORMAT binary)",
            BytesIO(b"".join([_HEADER, sent, _TRAILER])),
        )
    return sent


def _row_type(kinds: Mapping[str, str]) -> np.dtype[Any]:
    """Each row says how many fields it has, and each field how wide it is."""
    members: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in kinds.items():
        members += [(f"{name} width", ">i4"), (name, _KINDS[kind])]
    return np.dtype(members)
