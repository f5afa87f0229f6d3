"""The rows of the files, as METHOD.md, "Inputs", reads them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

T = TypeVar("T")

CHOICES = {
    "kind": ("reach", "hold", "relative", "monotone", "text"),
    "comparator": ("ge", "gt", "le", "lt", "about", "between"),
    "nature": ("level", "cumulative", "flow"),
    "bound": ("exact", "at_least", "at_most", "about"),
}


@dataclass(frozen=True)
class Observation:
    """One yearly figure that has a value, or the sum up to a year for a flow."""

    year: int
    value: Fraction
    bound: str
    is_break: bool = False

    @property
    def is_bounded(self) -> bool:
        return self.bound in ("at_least", "at_most")


class Target:
    """One target row. Raises ValueError for what METHOD.md refuses."""

    def __init__(self, row: Mapping[str, str]) -> None:
        check_choices(row, ["kind", "comparator", "nature"])
        self.code, self.kind = row.get("target_code") or "", row.get("kind") or ""
        self.document, self.series = row.get("document") or "", row.get("series") or ""
        self.comparator, self.unit = row.get("comparator"), row.get("unit") or ""
        self.nature = row.get("nature") or "level"
        self.target_year = year_or_count(row, "target_year")
        self.stated_start_year = year_or_count(row, "start_year")
        self.hold_from = year_or_count(row, "hold_from")
        self.baseline_year = year_or_count(row, "baseline_year")
        self.baseline_value = number(row, "baseline_value")
        self.stated_value, self.tolerance = number(row, "value"), number(row, "tolerance")
        self.decimals_written = len((row.get("value") or "").partition(".")[2])
        # "level only", and "monotone looks at observations, not figures".
        has_frequency = self.nature == "level" and self.kind != "monotone"
        self.frequency = (year_or_count(row, "frequency") or 1) if has_frequency else 1
        self.direction = -1 if self.comparator in ("le", "lt") else 1
        # "in reach and relative every rule uses S(y)"
        self.is_summed = self.nature == "flow" and self.kind in ("reach", "relative")
        self.refuse(row)

    def refuse(self, row: Mapping[str, str]) -> None:
        required = ["target_code", "kind"]
        required += ["comparator", "start_year"] if self.kind != "text" else []
        required += ["value"] if self.kind in ("reach", "hold", "relative") else []
        for field in required:
            if not row.get(field):
                raise ValueError(f"target {self.code!r}: {field} is missing")
        if self.kind == "relative":
            if self.comparator not in ("ge", "le"):
                raise ValueError(f"target {self.code!r}: relative takes ge or le")
        elif (self.baseline_year is None) != (self.baseline_value is None):
            raise ValueError(f"target {self.code!r}: half a named baseline")

    @property
    def value(self) -> Fraction:
        return sure(self.stated_value)

    @property
    def start_year(self) -> int:
        return sure(self.stated_start_year)

    @property
    def due_year(self) -> int:
        return sure(self.target_year)

    @property
    def has_level(self) -> bool:
        """Not for monotone and for relative without a baseline_value."""
        if self.kind == "relative":
            return self.baseline_value is not None
        return self.kind != "monotone"

    @property
    def level(self) -> Fraction:
        """T."""
        if self.kind == "relative":
            return sure(self.baseline_value) * (1 + self.direction * self.value / 100)
        if self.comparator == "about":
            return self.value - (self.half_a_digit if self.tolerance is None else self.tolerance)
        return self.value

    @property
    def half_a_digit(self) -> Fraction:
        """Half a unit of the last digit as written."""
        return Fraction(1, 2 * 10**self.decimals_written)


def sure(value: T | None) -> T:
    """What `refuse` has made sure of."""
    if value is None:
        raise ValueError("a field is missing")
    return value


def check_choices(row: Mapping[str, str], fields: Iterable[str]) -> None:
    for field in fields:
        if row.get(field) and row[field] not in CHOICES[field]:
            choices = ", ".join(CHOICES[field])
            raise ValueError(f"{field}: {row[field]!r} is none of {choices}")


def number(row: Mapping[str, str], field: str) -> Fraction | None:
    """A plain decimal such as 97.20 or -3; None where the cell is empty."""
    text = row.get(field) or ""
    if text and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        raise ValueError(f"{field}: {text!r} is not a plain decimal")
    return Fraction(text) if text else None


def year_or_count(row: Mapping[str, str], field: str) -> int | None:
    text = row.get(field) or ""
    if text and not re.fullmatch(r"[1-9][0-9]*", text):
        raise ValueError(f"{field}: {text!r} is not a year or a count of years")
    return int(text) if text else None


def read_observations(
    rows: Iterable[Mapping[str, str]],
) -> dict[str, list[Observation]]:
    """By series, oldest first; a row without a value is only counted as a row."""
    seen = set()
    by_series: dict[str, list[Observation]] = {}
    for row in rows:
        check_choices(row, ["bound"])
        series, observed = row.get("series"), year_or_count(row, "year")
        value, bound = number(row, "value"), row.get("bound") or "exact"
        if not series or observed is None:
            raise ValueError(f"observation {series!r} {observed}: a field is missing")
        if (series, observed) in seen:
            raise ValueError(f"two observations of series {series!r} in {observed}")
        seen.add((series, observed))
        if value is not None:
            is_break = "B" in (row.get("obs_status") or "")
            observation = Observation(observed, value, bound, is_break)
            by_series.setdefault(series, []).append(observation)
    return {s: sorted(found, key=lambda o: o.year) for s, found in by_series.items()}


def running_sums(known: Sequence[Observation], start: int) -> list[Observation]:
    """S(y) for each y >= start that has an observation ("Nature")."""
    sums: list[Observation] = []
    total = Fraction(0)
    for o in known:
        if o.year >= start:
            total += o.value
            is_complete = len(sums) == o.year - start
            bound = "exact" if is_complete else "at_least"
            sums.append(Observation(o.year, total, bound))
    return sums


def milestones_of(target: Target, targets: Iterable[Target]) -> dict[int, Fraction]:
    """Value by year, the stronger one where two share a year."""
    found: dict[int, Fraction] = {}
    if not target.series or target.target_year is None:
        return found
    same = (target.document, target.series, target.direction)
    for other in targets:
        earlier, d = other.target_year, other.direction
        if (
            other.kind in ("reach", "hold")
            and (other.document, other.series, d) == same
            and earlier is not None
            and earlier < target.target_year
        ):
            rival = found.get(earlier, other.value)
            found[earlier] = max(other.value, rival, key=lambda value: d * value)
    return found
