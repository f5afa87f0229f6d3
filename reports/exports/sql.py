"""The cells of a CSV file as PostgreSQL writes them itself, text for text those of `columns.py`.

An empty cell is NULL, since COPY writes an empty text as a pair of quotes. Three million rows have
fifty million texts: what most of them are is told by one or two comparisons.
"""

from itertools import chain
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, DecimalField, Func, IntegerField
from django.db.models.sql.compiler import SQLCompiler


class _Cell(Func):
    """A template with the places {0} and {1}, each of which may stand there several times."""

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *args: Any, **extra: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        cells = [compiler.compile(each) for each in self.get_source_expressions()]
        places = [int(part[0]) for part in str(self.template).split("{")[1:]]
        texts = [cell for cell, _parameters in cells]
        parameters = chain.from_iterable(cells[place][1] for place in places)
        return str(self.template).format(*texts), tuple(parameters)


class SafeText(_Cell):
    """As `csv_text.safe_text`. What makes a formula sorts before the letters, and what of it does
    not sort before the digits sorts behind them."""

    output_field = CharField()
    template = (
        """CASE WHEN {0} COLLATE "C" >= 'A' THEN {0}"""
        """ WHEN {0} COLLATE "C" >= '0' AND {0} COLLATE "C" < '=' THEN {0}"""
        """ WHEN {0} = '' THEN NULL"""
        r""" WHEN {0} ~ '^''*[-=+@\t\r]' THEN '''' || {0} ELSE {0} END"""
    )


class SafeList(_Cell):
    """The items of an array joined by `;`; the array, a subquery, is asked for once."""

    output_field = CharField()
    template = r"NULLIF(regexp_replace(array_to_string({0}, ';'), '^(''*[-=+@\t\r])', '''\1'), '')"


class EmptyAsNull(_Cell):
    output_field = CharField()
    template = "NULLIF({0}, '')"


class TrimmedFigure(_Cell):
    output_field = DecimalField()
    template = "trim_scale({0})"


class StatedFigure(_Cell):
    """With the decimals of the second expression, and never fewer than the figure has."""

    output_field = DecimalField()
    template = "round({0}, GREATEST({1}, min_scale({0})))"


class Flag(_Cell):
    output_field = IntegerField()
    template = "({0})::int"


class Moment(_Cell):
    """In the time zone of the session, which the export sets to one with whole hours; a third
    faster than to_char."""

    output_field = CharField()
    template = "replace(date_trunc('second', {0})::text, ' ', 'T') || ':00'"
