"""The views that stand before the tables; each app registers those of its own."""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
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

    def in_force(self, of: str) -> str:
        """Of a table whose rows are superseded: whether one was in force.

        A plain condition: of the views' `superseded_at IS NULL`, an expression, PostgreSQL takes
        it that one row in two hundred fulfils it, and goes through all of a nation one by one.
        """
        superseded = f"({of}.superseded_at IS NULL OR {of}.superseded_at > {self.moment})"
        return f"{of}.recorded_at <= {self.moment} AND {superseded}"

    def by_then(self, column: str) -> str:
        """The time in the column, else NULL where it is later."""
        return f"CASE WHEN {column} <= {self.moment} THEN {column} END"


Select = Callable[[At], str]
Prepare = Callable[[At], list[str]]
_selects: dict[Model, Select] = {}
_prepared: dict[Model, Prepare] = {}


def register_view(model: Model, select: Select, prepare: Prepare | None = None) -> None:
    """Have a view stand before the model's table. select: its SQL, with the columns by name.

    prepare: statements that make, once an opening, what the view reads beside tables, as temporary
    tables; they begin with dropping them, since a savepoint may have taken the view away.
    """
    _selects[model] = select
    if prepare is not None:
        _prepared[model] = prepare


@dataclass(frozen=True)
class Views:
    """The views of one moment. schema: that of the tables, quoted."""

    moment: datetime.datetime
    schema: str
    is_postgresql: bool

    @property
    def all(self) -> list[str]:
        """The names of the tables, in the order of their registration."""
        return list(self._built)

    def named_in(self, sql: str) -> list[str]:
        """Those that the statement names and those that these are made of, which come first."""
        found = set(_names().findall(sql))
        wanted = {inner for name in found for inner in self._built[name].made_of} | found
        return [name for name in self._built if name in wanted] if found else []

    def statements(self, names: Iterable[str]) -> Iterator[str]:
        """What creates these views, also where there is one already."""
        utc = self.moment.astimezone(datetime.UTC).replace(tzinfo=None)
        # SQLite keeps times as texts, and compares them so.
        literal = f"TIMESTAMPTZ '{utc}+00'" if self.is_postgresql else f"'{utc}'"
        for name in names:
            yield self._built[name].statement.replace(_MOMENT, literal)

    @property
    def _built(self) -> "Mapping[str, _Built]":
        return _built(self.schema, is_postgresql=self.is_postgresql)


def views_at(moment: datetime.datetime) -> Views:
    if connection.vendor == "sqlite":
        return Views(moment, "main", is_postgresql=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        return Views(moment, cursor.fetchone()[0], is_postgresql=True)


@dataclass(frozen=True)
class _Built:
    """statement: what creates the view. made_of: names of the views that it reads."""

    statement: str
    made_of: frozenset[str]


# Stands for the moment in what is built once: that takes longer than creating the views.
_MOMENT = "\0moment\0"


@cache
def _built(schema: str, *, is_postgresql: bool) -> Mapping[str, _Built]:
    at = At(_MOMENT, is_postgresql=is_postgresql, schema=schema)
    create = "CREATE OR REPLACE TEMPORARY VIEW" if is_postgresql else "CREATE TEMPORARY VIEW"
    built: dict[str, _Built] = {}
    for model, select in _selects.items():
        name, sql = model._meta.db_table, select(at)
        before = _prepared[model](at) if model in _prepared else []
        # A table that is meant itself is named with its schema.
        text = "; ".join([*before, sql])
        inner = set(_names().findall(text.replace(f'{schema}."', '"of.'))) - {name}
        made_of = inner.union(*(built[each].made_of for each in inner))
        statement = "; ".join([*before, f"{create} {quoted(name)} AS {sql}"])
        built[name] = _Built(statement, frozenset(made_of))
    return built


@cache
def _names() -> "re.Pattern[str]":
    """Finds the tables that a statement names, be it as parts of the names of columns."""
    tables = "|".join(re.escape(model._meta.db_table) for model in _selects)
    return re.compile(rf"(?<!of\.)\b(?:{tables})\b")


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
