"""The entries of the method: rows, and columns of any number of them."""

from collections.abc import Iterator, Sequence
from decimal import Context, Decimal
from typing import Any

import numpy as np

from indicators.enums import LIGHT_OF
from indicators.method.cells import Cell, Judged
from indicators.method.checks import check_observations, check_targets
from indicators.method.columns import Observed, Stated, build_columns
from indicators.method.hold import judge_hold
from indicators.method.monotone import judge_monotone
from indicators.method.reach import judge_reach
from indicators.method.reading import read_rows
from indicators.method.rows import ObservationRow, TargetRow, VerdictRow
from indicators.method.scaling import by_decimals

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
    verdicts: list[VerdictRow | None] = [
        VerdictRow(target.target_code, year, "not_measurable", "none")
        if target.kind == "text"
        else None
        for target, year in zip(targets, years, strict=True)
    ]
    measured = [index for index, target in enumerate(targets) if target.kind != "text"]
    stated, observed = read_rows(
        [targets[index] for index in measured], observations, [years[index] for index in measured]
    )
    for judged in judge_columns(stated, observed):
        positions = [measured[place] for place in judged.positions]
        for position, cells in zip(positions, _as_rows(judged), strict=True):
            verdicts[position] = VerdictRow(targets[position].target_code, years[position], **cells)
    return [verdict for verdict in verdicts if verdict is not None]


def judge_columns(stated: Stated, observed: Observed) -> Iterator[Judged]:
    """The verdicts of targets that are columns already; together they hold each target once.

    Nothing is refused: whoever builds columns checks what `check_targets` and
    `check_observations` do. Source: METHOD.md.
    """
    for positions, part, figures in by_decimals(stated, observed):
        at = build_columns(part, figures)
        for kinds, judge in _JUDGES.items():
            chosen = np.isin(at.kind, kinds)
            if chosen.any():
                yield Judged(positions[chosen], at.years, judge(at.part(chosen)))


def _as_rows(judged: Judged) -> Iterator[dict[str, Any]]:
    """The fields of a verdict from its status on."""
    columns: dict[str, list[Any]] = {
        "status": judged.cells.status.tolist(),
        "light": [LIGHT_OF[status].value for status in judged.cells.status.tolist()],
    }
    for name, cell in judged.cells.figures.items():
        columns[name] = _years(cell) if name.endswith("_year") else _decimals(cell)
    for name, mask in judged.cells.lists.items():
        columns[name] = [tuple(int(year) for year in judged.years[line]) for line in mask]
    columns |= {name: words.tolist() for name, words in judged.cells.words.items()}
    names = list(columns)
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(names, values, strict=True))


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
