"""The method on CSV files: targets and observations in, verdicts out, no database.

    cells.py     the columns of the input, and how a cell is read
    reading.py   a file as rows, or refused with line and column

What `export` writes can be read as it is.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _

from indicators.assess_files.cells import OBSERVATION_COLUMNS, TARGET_COLUMNS
from indicators.assess_files.reading import RefusedFile, Source, Table, read
from indicators.method import METHOD_VERSION, RefusedInput, assess
from indicators.method.rows import ObservationRow, TargetRow, VerdictRow
from targets_site.csv_text import as_csv, safe_text
from targets_site.figures import decimals_of, plain

__all__ = ["RefusedFile", "Source", "assess_files"]

# Carried over from the targets file where it has them, as text.
CARRIED = ("area_code", "indicator_code", "statement_zh")
_FROM_TARGET: dict[str, Callable[[TargetRow], str]] = {
    "document": lambda target: safe_text(target.document),
    "target_code": lambda target: safe_text(target.target_code),
    "area_code": lambda target: "",
    "series": lambda target: safe_text(target.series),
    "indicator_code": lambda target: "",
    "statement_zh": lambda target: "",
    "target_year": lambda target: _cell(target.target_year),
    "kind": lambda target: target.kind,
    "comparator": lambda target: target.comparator,
    "value": lambda target: _as_written(target.value),
    "unit": lambda target: safe_text(target.unit),
}
_FROM_VERDICT = (
    "as_of", "status", "light", "actual_year", "actual_value", "gap", "baseline_year",
    "baseline_value", "expected_value", "ratio", "share", "required_pace", "last_pace",
    "missing_years", "breached_years", "side_year", "side_value",
)  # fmt: skip


def assess_files(targets: Source, observations: Source, *, as_of: int) -> str:
    """Verdicts as CSV text with headings: one row a target, in the order of the targets file.

    The columns are those of `export verdicts`, less the ones that need a database. Figures are in
    the units of the targets. Raises RefusedFile.
    """
    target_table = _read_targets(targets)
    observation_table = read(observations, OBSERVATION_COLUMNS, ObservationRow)
    try:
        verdicts = assess(target_table.rows, observation_table.rows, as_of=as_of)
    except RefusedInput as error:
        tables: dict[str, Table[Any]] = {
            "targets": target_table,
            "observations": observation_table,
        }
        raise tables[error.table].refused(error.row, error.column, str(error)) from error
    return as_csv(_lines(target_table, verdicts))


def _read_targets(source: Source) -> Table[TargetRow]:
    names = list(TARGET_COLUMNS)
    table = read(
        source,
        TARGET_COLUMNS,
        lambda *cells: TargetRow(**dict(zip(names, cells, strict=True))),
        carry=CARRIED,
    )
    seen: set[tuple[str, str]] = set()
    for index, row in enumerate(table.rows):
        key = (row.document, row.target_code)
        if key in seen:
            raise table.refused(index, "target_code", _("The target stands in the file twice."))
        seen.add(key)
    return table


def _lines(table: Table[TargetRow], verdicts: list[VerdictRow]) -> Iterator[Sequence[str]]:
    of_target = [name for name in _FROM_TARGET if name not in CARRIED or name in table.carried]
    yield [*of_target, *_FROM_VERDICT, "method_version"]
    columns: list[Iterable[str]] = [
        map(safe_text, table.carried[name])
        if name in table.carried
        else map(_FROM_TARGET[name], table.rows)
        for name in of_target
    ]
    columns += [map(_cell, map(attrgetter(name), verdicts)) for name in _FROM_VERDICT]
    yield from zip(*columns, [METHOD_VERSION] * len(verdicts), strict=True)


def _as_written(value: Decimal | None) -> str:
    return "" if value is None else plain(value, decimals=decimals_of(value))


def _cell(value: str | int | Decimal | tuple[int, ...] | None) -> str:
    """Years joined by `;`; figures without exponent and trailing zeros; empty for None."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain(value)
    return ";".join(map(str, value)) if isinstance(value, tuple) else str(value)
