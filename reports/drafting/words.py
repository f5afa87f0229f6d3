"""Phrases and cells that several sections use."""

from __future__ import annotations

from collections.abc import Sequence

from indicators.enums import Light, SourceGrade
from indicators.templatetags.lights import JUDGED, SHAPES, status_word
from reports.drafting.draft import Facts
from reports.paper.blocks import Cell, Column
from reports.queries.tallies import Tally
from reports.queries.yearly import ReportedTarget

MISSING = "—"
# Some targets are led by fourteen departments; the section on departments counts for each.
MOST_LEADS = 3
LIGHT_WORDS = {
    Light.RED: "红灯",
    Light.YELLOW: "黄灯",
    Light.PALE: "浅绿灯",
    Light.GREEN: "绿灯",
    Light.GREY: "灰灯",
    Light.NONE: "未到期",
}


def _light_heading(light: Light, word: str) -> str:
    """Without a light there is no shape to show either."""
    return word if light == Light.NONE else f"{SHAPES[light]}{word.removesuffix('灯')}"


LIGHT_COLUMNS = tuple(
    Column(_light_heading(light, word), 2, is_number=True) for light, word in LIGHT_WORDS.items()
)


def facts_of(reported: ReportedTarget) -> Facts:
    target, figure = reported.target, reported.figure
    return Facts(
        target=target.code,
        document=target.document.title_zh,
        locator=target.locator,
        unit=reported.line.unit,
        grade=grade_of(reported),
        source=figure.source_title if figure else "",
    )


def grade_of(reported: ReportedTarget) -> str:
    """As people read it; empty without a figure."""
    figure = reported.figure
    return str(SourceGrade(figure.source_grade).label) if figure and figure.source_grade else ""


def badge(reported: ReportedTarget) -> Cell:
    """The verdict in words with its light, whose shape is printed before it."""
    verdict = reported.verdict
    word = status_word(verdict.status, reported.target.direction)
    by_hand = "（人工评价）" if verdict.status in JUDGED else ""
    return Cell(word + by_hand, verdict.light)


def light_cells(tally: Tally) -> tuple[Cell, ...]:
    """How many targets to compute have each light, in the order of LIGHT_COLUMNS."""
    counts = {each.light: each.count for each in tally.lights}
    return tuple(Cell(str(counts.get(light, 0))) for light in LIGHT_WORDS)


def counted_lights(tally: Tally, *, of: Sequence[Light]) -> str:
    """红灯1项、绿灯2项; lights without any are left out."""
    counts = {each.light: each.count for each in tally.lights}
    return "、".join(f"{LIGHT_WORDS[light]}{counts[light]}项" for light in of if light in counts)


def names_of(reported: ReportedTarget) -> str:
    """The first departments, and how many there are where there are more; empty without any."""
    leads = reported.line.leads
    names = "、".join(each.name_zh for each in leads[:MOST_LEADS])
    return f"{names}等{len(leads)}个部门" if len(leads) > MOST_LEADS else names


def departments_cell(reported: ReportedTarget) -> Cell:
    """Whom the document names, and as what."""
    names = names_of(reported)
    return Cell(f"{names}（{part_of(reported)}）" if names else MISSING)


def part_of(reported: ReportedTarget) -> str:
    """As what the document names the departments: not every one that is named leads."""
    return "牵头" if reported.line.has_lead else "责任"


def mark_of(reported: ReportedTarget) -> str:
    """Behind a figure that no verdict rests on; the note below the table says what it means."""
    if reported.is_too_old:
        return "**"
    return "*" if reported.line.side and not reported.line.actual else ""


def quoted(reported: ReportedTarget) -> str:
    return f"“{reported.target.statement_zh}”"
