"""What a line says of its figure, beside what is stored."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from indicators.actions.entry import EnteredFigure
from indicators.enums import LineOutcome
from indicators.import_columns import PROSE, SAID
from indicators.imported_lines.judged import JudgedLine
from indicators.imported_lines.places import readings
from indicators.models import Series
from indicators.queries.imports import DEFAULTS, QUESTIONS, KnownSeries
from indicators.typed_figures import Understood, understand
from targets_site.figures import decimals_of, plain
from targets_site.sheets import Line, Problem
from targets_site.typed_text import strip_ends

FIGURES = ("value", "numerator", "denominator")


def texts_of(figure: EnteredFigure) -> dict[str, str]:
    """What a version of the figure would say, as `stored_texts` has it."""
    content = figure.content()
    said = {key: str(content[key]) for key in SAID if key not in FIGURES}
    said |= {key: plain(content[key]) for key in FIGURES}
    return said | {"value": figure.value_as_stated}


def figure_of(content: Mapping[str, Any]) -> EnteredFigure:
    """The figure that the content of a line stands for."""
    said: dict[str, Any] = {**DEFAULTS, **content["figure"]}
    for key in FIGURES:
        said[key] = Decimal(said[key]) if said.get(key) else None
    return EnteredFigure(
        **said,
        stated_decimals=decimals_of(said["value"]) if said["value"] is not None else 0,
        evidence=frozenset(content.get("evidence", ())),
    )


def restore(typed: dict[str, str], stored: Mapping[str, str]) -> None:
    """Undo what a file does to texts on its way: the apostrophe of `readings`, and the zeros
    that a spreadsheet drops at the end of 63.10."""
    for key, text in typed.items():
        if text[:1] == "'" and key in PROSE and text != stored.get(key):
            typed[key] = readings(text)[-1]
    if _lost_zeros(typed["value"], stored.get("value", "")):
        typed["value"] = stored["value"]


def _lost_zeros(text: str, stored: str) -> bool:
    if len(text) >= len(stored) or "." not in stored:
        return False
    kept = text.rstrip("0").rstrip(".") if "." in text else text
    return kept == stored.rstrip("0").rstrip(".")


def says_nothing(
    typed: Mapping[str, str], stored: Mapping[str, str] | None, series: Series, year: int
) -> bool:
    """Whether a line was not filled in: neither a figure nor why there is none, and beside it
    nothing that is not stored already."""
    if any(strip_ends(typed.get(key, "")) for key in (*FIGURES, "missing_reason")):
        return False
    said = {key: text for key, text in typed.items() if strip_ends(text)}
    if stored is None or not said:
        return not said
    understood = understand({**stored, **said}, indicator=series.indicator, year=year)
    return understood.figure is not None and texts_of(understood.figure) == stored


def left_out(
    line: Line, known: KnownSeries, year: int, number: int | None, stored: Mapping[str, str] | None
) -> JudgedLine:
    """A line that was not filled in never empties what is stored."""
    if stored is None:
        return JudgedLine(line.number, known.series, year, LineOutcome.UNCHANGED, {}, number)
    note = _("Nothing was filled in: what is stored stays.")
    return replace(unchanged(line, known, year, number, stored), note=note)


def unchanged(
    line: Line, known: KnownSeries, year: int, number: int | None, stored: Mapping[str, str]
) -> JudgedLine:
    said = {key: stored[key] for key in ("value", "missing_reason") if stored[key]}
    return JudgedLine(
        line.number, known.series, year, LineOutcome.UNCHANGED, {"figure": said}, number
    )


def content(
    said: Mapping[str, str],
    stored: Mapping[str, str] | None,
    questions: list[str],
    evidence: list[int],
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "figure": {key: text for key, text in said.items() if text != DEFAULTS.get(key, "")}
    }
    if stored is not None:
        found["before"] = {key: stored[key] for key in said if said[key] != stored[key]}
    if questions:
        found[QUESTIONS] = questions
    if evidence:
        found["evidence"] = evidence
    return found


def questions(line: Line, understood: Understood) -> list[str]:
    asked = [each for each in line.notes if each.needs_confirmation]
    return [*_about(asked), *understood.questions]


def notes(line: Line) -> list[str]:
    return _about(each for each in line.notes if not each.needs_confirmation)


def _about(notes: Iterable[Problem]) -> list[str]:
    return [
        without_controls(
            _("%(column)s: %(message)s") % {"column": each.column, "message": each.message}
            if each.column
            else each.message
        )
        for each in notes
    ]


def without_controls(text: str) -> str:
    """A message that quotes a file: a control character in it says nothing, and PostgreSQL takes
    no NUL."""
    return "".join(
        "\ufffd" if unicodedata.category(each) in {"Cc", "Cs"} else each for each in text
    )
