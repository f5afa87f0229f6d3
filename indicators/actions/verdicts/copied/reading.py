"""Targets with their readings, and the figures of their series, as columns of integers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from indicators.actions.verdicts.copied.binary import copy_out
from indicators.enums import SourceGrade
from indicators.method.checks import COMPARATORS, KINDS, NATURES
from indicators.method.columns import NO_YEAR, Flags, Ints, Observed, Stated
from plans.validators import DECIMALS

# Figures have six decimals at most, so that these are whole.
SCALE = 10**DECIMALS
NO_ROW = 0
GRADES = ("", *SourceGrade.values)
UNITS = ("", "%", "index")
IN_WORDS = KINDS.index("text")


def _code(column: str, choices: Sequence[str]) -> str:
    """The place of a text among the choices; 0 for any other."""
    cases = " ".join(f"WHEN '{each}' THEN {place}" for place, each in enumerate(choices) if each)
    return f"CASE {column} {cases} ELSE 0 END"


def _figure(column: str) -> tuple[str, str]:
    return "int8", f"COALESCE({column} * {SCALE}, 0)"


def _given(column: str) -> tuple[str, str]:
    return "int2", f"({column} IS NOT NULL)::int"


def _year(column: str) -> tuple[str, str]:
    return "int2", f"COALESCE({column}, {NO_YEAR})"


# The percent sign of a parameter is doubled.
_TARGET_FIELDS = {
    "target": ("int8", "target.id"),
    "reading": ("int8", f"COALESCE(reading.id, {NO_ROW})"),
    "document": ("int8", "target.document_id"),
    "series": ("int8", f"COALESCE(reading.series_id, {NO_ROW})"),
    "kind": ("int2", _code("target.kind", KINDS)),
    "comparator": ("int2", _code("target.comparator", COMPARATORS)),
    "unit": ("int2", _code("target.unit", UNITS).replace("%", "%%")),
    "nature": ("int2", _code("indicator.nature", NATURES)),
    "value": _figure("target.value"),
    "has_value": _given("target.value"),
    "decimals": ("int2", "target.stated_decimals"),
    "tolerance": _figure("reading.tolerance"),
    "has_tolerance": _given("reading.tolerance"),
    "baseline_year": _year("reading.baseline_year"),
    "baseline_value": _figure("reading.baseline_value"),
    "has_baseline": _given("reading.baseline_value"),
    "target_year": _year("target.target_year"),
    "start_year": ("int2", "document.start_year"),
    "hold_from": _year("reading.hold_from"),
    "frequency": ("int2", "COALESCE(series.frequency, 1)"),
    "last_year": ("int2", "COALESCE(target.target_year, document.end_year)"),
}
# OFFSET 0 keeps the planner from reading whole tables for each block of documents, which it does
# where it joins: of a nation's 644,200 readings a block needs 30,000.
_TARGETS = """
    FROM plans_target target
    JOIN plans_document document ON document.id = target.document_id
    LEFT JOIN LATERAL (
        SELECT * FROM indicators_targetreading
        WHERE target_id = target.id AND superseded_at IS NULL OFFSET 0
    ) reading ON TRUE
    LEFT JOIN LATERAL (
        SELECT * FROM indicators_series WHERE id = reading.series_id OFFSET 0
    ) series ON TRUE
    LEFT JOIN indicators_indicator indicator ON indicator.id = series.indicator_id
    WHERE target.superseded_at IS NULL AND target.document_id = ANY(%s)
      AND (%s::bigint[] IS NULL OR target.id = ANY(%s::bigint[]))
    ORDER BY target.id
"""
_FIGURE_FIELDS = {
    "series": ("int8", "cell.series_id"),
    "year": ("int2", "cell.year"),
    "value": _figure("version.value"),
    "bound": (
        "int2",
        "CASE version.bound WHEN 'at_least' THEN 1 WHEN 'at_most' THEN -1 ELSE 0 END",
    ),
    "is_break": ("int2", "(version.obs_status LIKE '%%B%%')::int"),
    "grade": ("int2", _code("version.source_grade", GRADES)),
}
# As a table the numbers are looked up one after another; as a list they are compared with all.
_FIGURES = """
    FROM unnest(%s::bigint[]) AS measured(series_id)
    JOIN indicators_observation cell ON cell.series_id = measured.series_id
    JOIN indicators_observationversion version ON version.id = cell.in_force_id
    WHERE cell.year <= %s AND version.value IS NOT NULL
"""


@dataclass(frozen=True)
class Seen:
    """n targets in force with their readings, each seen from the year in `stated.as_of`.

    target, reading: ids, NO_ROW without a reading. last_year: the last one it is seen from.
    """

    target: Ints
    reading: Ints
    last_year: Ints
    stated: Stated

    def __len__(self) -> int:
        return len(self.target)

    @property
    def in_words(self) -> Flags:
        flags: Flags = self.stated.kind == "text"
        return flags

    @property
    def years(self) -> range:
        """Every year that one of them is seen from."""
        if not len(self):
            return range(0)
        return range(int(self.stated.start_year.min()), int(self.last_year.max()) + 1)

    @property
    def in_period(self) -> Flags:
        """Whether the year is one that the target is seen from."""
        as_of = self.stated.as_of
        flags: Flags = (self.stated.start_year <= as_of) & (as_of <= self.last_year)
        return flags

    def as_of(self, years: Sequence[int]) -> "Seen":
        """Each of them once for each of the years, also those that are not in its period: what is
        past its own period still is a milestone of others."""
        row = np.tile(np.arange(len(self)), len(years))
        return self.part(row, as_of=np.repeat(np.array(years, int), len(self)))

    def part(self, rows: Flags | Ints, **stated: Any) -> "Seen":
        return Seen(
            self.target[rows],
            self.reading[rows],
            self.last_year[rows],
            replace(self.stated.part(rows), **stated),
        )


@dataclass(frozen=True)
class Figures:
    """Figures in force; grade: the place of each one's source grade in GRADES."""

    observed: Observed
    grade: Ints


def read_targets(documents: Sequence[int], targets: Sequence[int] | None) -> Seen:
    """The targets in force of documents, or those named of them, in the order of their ids; one
    query. The year they are seen from is still open."""
    ids = None if targets is None else list(targets)
    found = copy_out(_TARGET_FIELDS, _TARGETS, [list(documents), ids, ids])
    names = {"kind": KINDS, "comparator": COMPARATORS, "unit": UNITS, "nature": NATURES}
    texts = {name: np.array(choices)[found[name]] for name, choices in names.items()}
    flags = {name: found[name] == 1 for name in ("has_value", "has_tolerance", "has_baseline")}
    target, reading = found.pop("target"), found.pop("reading")
    last_year = found.pop("last_year").astype(int)
    whole = {name: column.astype(int) for name, column in found.items()}
    stated = Stated(scale=SCALE, as_of=np.zeros(len(target), int), **{**whole, **texts, **flags})
    return Seen(target, reading, last_year, stated)


def read_figures(seen: Seen, *, up_to: int) -> Figures:
    """The figures in force of their series up to a year, since no later one counts; one query."""
    series = np.unique(seen.stated.series[seen.stated.series != NO_ROW])
    found = copy_out(_FIGURE_FIELDS, _FIGURES, [series.tolist(), up_to])
    return Figures(
        Observed(
            series=found["series"],
            year=found["year"].astype(int),
            value=found["value"],
            bound=found["bound"].astype(np.int8),
            is_break=found["is_break"] == 1,
        ),
        found["grade"],
    )
