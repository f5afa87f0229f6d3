"""Many rows at once. `bulk_create` takes five times as long for rows of this kind: it makes an
object of each and asks each field of each object anew."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

from django.db import connection, models

CONVERTED = (models.DecimalField, models.DateTimeField, models.JSONField)
# The text format of COPY. Source: PostgreSQL documentation, SQL commands, COPY.
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"

Fields = Sequence["models.Field[Any, Any]"]


def insert(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of values by the fields' attnames; what a row leaves out gets its default, and
    the key the database's next number.

    All rows name the same columns. Nothing is checked but by the database: the rows come from what
    the parser understood. Raises Django's database errors.
    """
    if not rows:
        return
    fields = model._meta.concrete_fields
    given = [field for field in fields if field.attname in rows[0]]
    left_out = fields_left_out(model, rows[0])
    defaults = [field.get_default() for field in left_out]
    values = ([*(row[field.attname] for field in given), *defaults] for row in rows)
    write(model._meta.db_table, [*given, *left_out], values)


def fields_left_out(model: type[models.Model], given: Collection[str]) -> Fields:
    """The fields but the key that are not among these attnames."""
    fields = model._meta.concrete_fields
    return [each for each in fields if each.attname not in given and not each.primary_key]


def write(table: str, fields: Fields, rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of values, in the order of the fields, into any table that has their columns."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    put = _copy if connection.vendor == "postgresql" else _insert
    put(f"{quote(table)} ({columns})", fields, rows)


def _copy(into: str, fields: Fields, rows: Iterable[Sequence[Any]]) -> None:
    are_json = [isinstance(field, models.JSONField) for field in fields]
    text = StringIO()
    for row in rows:
        text.write("\t".join(map(_as_copied, row, are_json)))
        text.write("\n")
    text.seek(0)
    # Django wraps the errors of `execute` only.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {into} FROM STDIN", text)


def _as_copied(value: Any, is_json: bool) -> str:
    if value is None:
        return NULL
    text = json.dumps(value) if is_json else str(value)
    return text.translate(ESCAPES)


def _insert(into: str, fields: Fields, rows: Iterable[Sequence[Any]]) -> None:
    places = f"({', '.join(['%s'] * len(fields))})"
    converted = [field if isinstance(field, CONVERTED) else None for field in fields]
    prepared = [
        [
            value if field is None or value is None else field.get_db_prep_save(value, connection)
            for field, value in zip(converted, row, strict=True)
        ]
        for row in rows
    ]
    with connection.cursor() as cursor:
        # The table and columns of a model, and a placeholder for each value.
        # nosemgrep: sql-from-pieces
        cursor.executemany(f"INSERT INTO {into} VALUES {places}", prepared)
