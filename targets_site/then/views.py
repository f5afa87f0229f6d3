"""The views that stand before the tables; each app registers those of its own."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

Model = type[models.Model]


@dataclass(frozen=True)
class At:
    """What the text of a view needs: the moment as SQL, and the names of tables.

    moment: a literal, since a view takes no parameters.
    """

    moment: str
    is_postgresql: bool
    schema: str

    def real(self, model: Model) -> str:
        """The table itself."""
        return f"{self.schema}.{quoted(model._meta.db_table)}"

    def then(self, model: Model) -> str:
        """The view that stands before it; an error where it was not registered earlier."""
        return f"{'pg_temp' if self.is_postgresql else 'temp'}.{quoted(model._meta.db_table)}"

    def by_then(self, column: str) -> str:
        """The time in the column, else NULL where it is later."""
        return f"CASE WHEN {column} <= {self.moment} THEN {column} END"


Select = Callable[[At], str]
_selects: dict[Model, Select] = {}


def register_view(model: Model, select: Select) -> None:
    """Have a view stand before the model's table. select: its SQL, with the columns by name."""
    _selects[model] = select


def views_at(moment: datetime.datetime) -> Iterator[str]:
    """The statements that create them, in the order of their registration."""
    at = _at(moment)
    for model, select in _selects.items():
        yield f"CREATE TEMPORARY VIEW {quoted(model._meta.db_table)} AS {select(at)}"


def _at(moment: datetime.datetime) -> At:
    utc = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT quote_ident(current_schema())")
            schema = cursor.fetchone()[0]
        return At(f"TIMESTAMPTZ '{utc}+00'", is_postgresql=True, schema=schema)
    # SQLite keeps times as texts, and compares them so.
    return At(f"'{utc}'", is_postgresql=False, schema="main")


def columns(model: Model, of: str, **instead: str) -> str:
    """All columns of the model's table, from `of`; instead: SQL by the name of a column."""
    names = [str(field.column) for field in model._meta.concrete_fields]
    unknown = set(instead) - set(names)
    if unknown:
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    return ", ".join(
        f"{instead[name]} AS {quoted(name)}" if name in instead else f"{of}.{quoted(name)}"
        for name in names
    )


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def recorded_by_then(model: Model) -> Select:
    """Of a table whose rows are superseded: those recorded by then, superseded only if they were
    then."""

    def select(at: At) -> str:
        shown = columns(model, "own", superseded_at=at.by_then("own.superseded_at"))
        return f"SELECT {shown} FROM {at.real(model)} own WHERE own.recorded_at <= {at.moment}"

    return select


def made_by_then(model: Model, column: str) -> Select:
    """Of a table whose rows stay as they were made: those that were made by then."""

    def select(at: At) -> str:
        where = f"own.{quoted(column)} <= {at.moment}"
        return f"SELECT {columns(model, 'own')} FROM {at.real(model)} own WHERE {where}"

    return select


def of_those_there(model: Model, **links: Model) -> Select:
    """Of a table whose rows come and go with others: those whose others were there.

    links: registered models, by the column that leads to them.
    """

    def select(at: At) -> str:
        there = " AND ".join(
            f"EXISTS (SELECT 1 FROM {at.then(other)} other WHERE other.id = own.{quoted(column)})"
            for column, other in links.items()
        )
        return f"SELECT {columns(model, 'own')} FROM {at.real(model)} own WHERE {there}"

    return select


def as_literal(sql: str, parameters: tuple[Any, ...]) -> str:
    """SQL as Django gives it, with its parameters (numbers and our own codes) in the text."""
    return sql % tuple(_literal(each) for each in parameters)


def _literal(value: Any) -> str:
    if isinstance(value, bool | int):
        return str(value).upper() if isinstance(value, bool) else str(value)
    return "'" + str(value).replace("'", "''") + "'"
