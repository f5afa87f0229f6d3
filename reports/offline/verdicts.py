"""The verdicts of the bundle against those that its targets and figures give."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from reports.offline.cells import COLUMNS, assess
from reports.offline.said import Said, fault, not_checked, well

METHOD_VERSION = "1"
# A person's judgement, which nothing computes.
JUDGED = {"judged_done": "green", "judged_partly": "yellow", "judged_not": "red"}
FIGURES = frozenset(
    "actual_value gap baseline_value expected_value ratio share required_pace last_pace "
    "side_value".split()
)
Row = Mapping[str, str]


def recompute(targets: list[Row], observations: list[Row], verdicts: list[Row]) -> list[str]:
    """What differs, a text a verdict; each is recomputed from its own as-of year."""
    faults = []
    for as_of in sorted({int(row["as_of"]) for row in verdicts}):
        mine = {row["target_code"]: row for row in assess(targets, observations, as_of=as_of)}
        for row in verdicts:
            if row["as_of"] == str(as_of):
                faults += difference(row, mine.get(row["target_code"]))
    return faults


def difference(row: Row, mine: Row | None) -> list[str]:
    name = f"{row['target_code']} {row['as_of']}"
    if mine is None:
        return [f"{name}: 无此目标 no such target"]
    if row["method_version"] != METHOD_VERSION:
        return [f"{name}: 方法版本 method version {row['method_version']}"]
    if mine["status"] == "not_measurable" and row["status"] in JUDGED:
        return [] if row["light"] == JUDGED[row["status"]] else [f"{name}: light {row['light']}"]
    parts = [
        f"{column} {row[column] or '–'} ≠ {mine[column] or '–'}"
        for column in COLUMNS
        if not is_same(column, row[column], mine[column])
    ]
    return [f"{name}: {'; '.join(parts)}"] if parts else []


def is_same(column: str, one: str, other: str) -> bool:
    """Figures by value, since 63.10 is printed as it was stated."""
    if column in FIGURES and one and other:
        return Fraction(one) == Fraction(other)
    return one == other


def check_verdicts(tables: Mapping[str, Iterable[Row]], *, narrowed: Sequence[str]) -> Said:
    """tables: rows by the name of their table. narrowed: the filters that leave rows out which
    verdicts rest on."""
    if missing := sorted({"targets", "observations", "verdicts"} - set(tables)):
        return not_checked(
            f"缺少 {'、'.join(missing)}，未重算判定",
            f"Verdicts were not recomputed: the bundle has no {', '.join(missing)}",
        )
    if narrowed:
        return not_checked(
            f"数据包经筛选（{'、'.join(narrowed)}），未重算判定",
            f"Verdicts were not recomputed: the bundle is narrowed by {', '.join(narrowed)}",
        )
    verdicts = list(tables["verdicts"])
    faults = recompute(list(tables["targets"]), list(tables["observations"]), verdicts)
    if faults:
        return fault(
            f"{len(verdicts)} 条进度判定中 {len(faults)} 条与重算不符",
            f"{len(faults)} of {len(verdicts)} verdicts are not what the figures give",
            faults,
        )
    return well(
        f"{len(verdicts)} 条进度判定与重算一致",
        f"{len(verdicts)} verdicts recomputed, all the same",
    )
