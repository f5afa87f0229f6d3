"""The one entry of the method."""

from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from typing import Any

import numpy as np

from indicators.enums import LIGHT_OF
from indicators.method.cells import Cell, Cells
from indicators.method.checks import check_observations, check_targets
from indicators.method.columns import Ints, build_columns
from indicators.method.hold import judge_hold
from indicators.method.monotone import judge_monotone
from indicators.method.reach import judge_reach
from indicators.method.reading import read_rows
from indicators.method.rows import ObservationRow, TargetRow, VerdictRow

METHOD_VERSION = "1"
_WIDE = Context(prec=60)
_JUDGES = {
    ("reach", "relative"): judge_reach,
    ("hold",): judge_hold,
    ("monotone",): judge_monotone,
}


def assess(
    targets: Sequence[TargetRow],
    observations: Sequence[ObservationRow],
    *,
    as_of: int | Sequence[int],
) -> list[VerdictRow]:
    """One verdict a target, in the order of the targets.

    observations: one row a series and year, any order; those without a value count for nothing.
    as_of: the year to look from, one for all or one a target.
    Milestones are found among `targets`: pass a document's targets of a series together.

    Raises RefusedInput naming table, row and column.
    Source: METHOD.md.
    """
    check_targets(targets)
    check_observations(observations)
    years = [as_of] * len(targets) if isinstance(as_of, int) else list(as_of)
    verdicts: list[VerdictRow | None] = [None] * len(targets)
    measured = [index for index, target in enumerate(targets) if target.kind != "text"]
    for index, target in enumerate(targets):
        if target.kind == "text":
            verdicts[index] = VerdictRow(target.target_code, years[index], "not_measurable", "none")
    if measured:
        at = build_columns(
            *read_rows(
                [targets[index] for index in measured],
                observations,
                [years[index] for index in measured],
            )
        )
        for kinds, judge in _JUDGES.items():
            chosen = np.isin(at.kind, kinds)
            if not chosen.any():
                continue
            cells = judge(at.part(chosen))
            positions = [measured[i] for i in np.nonzero(chosen)[0]]
            for position, row in zip(
                positions, _rows(cells, at.years, [targets[i] for i in positions],
                                 [years[i] for i in positions]), strict=True
            ):  # fmt: skip
                verdicts[position] = row
    return [verdict for verdict in verdicts if verdict is not None]


def _rows(
    cells: Cells, years: Ints, targets: Sequence[TargetRow], as_of: Sequence[int]
) -> Iterable[VerdictRow]:
    columns: dict[str, list[Any]] = {
        name: _years(cell) if name.endswith("_year") else _decimals(cell)
        for name, cell in cells.figures.items()
    }
    for name, mask in cells.lists.items():
        columns[name] = [tuple(int(year) for year in years[line]) for line in mask]
    columns |= {name: words.tolist() for name, words in cells.words.items()}
    names = list(columns)
    status = cells.status.tolist()
    for index, values in enumerate(zip(*columns.values(), strict=True)):
        yield VerdictRow(
            targets[index].target_code,
            as_of[index],
            status[index],
            LIGHT_OF[status[index]].value,
            **dict(zip(names, values, strict=True)),
        )


def _years(cell: Cell) -> list[int | None]:
    return [
        int(value) if stands else None
        for value, stands in zip(cell.values, cell.stands, strict=True)
    ]


def _decimals(cell: Cell) -> list[Decimal | None]:
    """Integers back to exact figures, without trailing zeros."""
    exponent = 1 - len(str(cell.scale))
    return [
        _WIDE.scaleb(Decimal(int(value)), exponent).normalize(_WIDE) if stands else None
        for value, stands in zip(cell.values, cell.stands, strict=True)
    ]
