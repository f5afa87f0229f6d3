"""Queries that are built once.

Of a small query, Django's building takes five to ten times as long as the database's answer. What
is asked at every save of a figure is therefore built at its first use and kept, with the rules of
the querysets that it is made of.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler


class Given(Expression):
    """A value that is not known before the query runs; `field` says of which kind."""

    def __init__(self, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        return "%s", (self,)


class BuiltOnce:
    """Rows of a queryset whose values are `Given`.

    build: a queryset by `values_list`, which depends on nothing but its Givens.
    """

    def __init__(self, build: "Callable[[], QuerySet[Any, Any]]") -> None:
        self.build = build

    def rows(self, **given: Any) -> list[tuple[Any, ...]]:
        """As the queryset would give them. given: a value for each name."""
        built = self._built
        with connection.cursor() as cursor:
            cursor.execute(built.sql, [_value(each, given) for each in built.parameters])
            rows = cursor.fetchall()
        return [tuple(row) for row in built.compiler.apply_converters(rows, built.converters)]

    @cached_property
    def _built(self) -> "Built":
        compiler = self.build().query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select]
        return Built(compiler, sql, tuple(parameters), compiler.get_converters(columns))


class Built(NamedTuple):
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    converters: dict[int, Any]


def _value(parameter: Any, given: Mapping[str, Any]) -> Any:
    if not isinstance(parameter, Given):
        return parameter
    return parameter.output_field.get_db_prep_value(given[parameter.name], connection)
