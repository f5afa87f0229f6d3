"""The figures in force against the versions that they are."""

from collections.abc import Iterable, Iterator, Mapping

from reports.offline.said import Said, fault, not_checked, well

Line = Mapping[str, str]
# What both tables say of a figure.
SHARED = (
    "area_code indicator_code scope version value unit bound numerator denominator obs_status "
    "missing_reason source_title source_url source_grade published_as published_on state "
    "entered_by entered_at"
).split()


def check_versions(observations: Iterable[Line] | None, versions: Iterable[Line] | None) -> Said:
    """None where the bundle does not hold the table."""
    if observations is None or versions is None:
        return not_checked(
            "缺少数据或版本表，未核对现行版本",
            "Figures were not held to their versions: the bundle lacks one of the two tables",
        )
    in_force = {key_of(row): row for row in versions if row["in_force"] == "1"}
    rows = {key_of(row): row for row in observations}
    if faults := list(differences(rows, in_force)):
        return fault(
            f"{len(faults)} 个数据与其现行版本不符",
            f"{len(faults)} figures are not what their version in force says",
            faults,
        )
    return well(
        f"{len(rows)} 个数据与其现行版本一致", f"{len(rows)} figures agree with their versions"
    )


def key_of(row: Line) -> tuple[str, str]:
    return row["series"], row["year"]


def differences(
    rows: Mapping[tuple[str, str], Line], in_force: Mapping[tuple[str, str], Line]
) -> Iterator[str]:
    for key in sorted(rows.keys() ^ in_force.keys()):
        yield f"{' '.join(key)}: 只在一个表中 in one of the two tables only"
    for key in sorted(rows.keys() & in_force.keys()):
        row, version = rows[key], in_force[key]
        parts = [f"{c} {row[c]} ≠ {version[c]}" for c in SHARED if row[c] != version[c]]
        if parts:
            yield f"{' '.join(key)}: {'; '.join(parts)}"
