"""部门责任目标: how the departments stand that the documents name, those that lead apart."""

from __future__ import annotations

from collections.abc import Sequence

from reports.drafting.draft import COUNTED, Draft, Facts
from reports.drafting.words import LIGHT_COLUMNS, light_cells
from reports.paper.blocks import Cell, Column
from reports.queries.rows import TargetLine
from reports.queries.tallies import Tally
from reports.queries.yearly import ReportedTarget, tally_by_department
from targets_site.places.models import Department

Led = Sequence[tuple[Department, Tally]]


def add_departments(draft: Draft, reported: Sequence[ReportedTarget]) -> None:
    draft.heading("部门责任目标进展情况")
    lines = [each.line for each in reported]
    led = tally_by_department(line for line in lines if line.has_lead)
    named = [line for line in lines if line.leads and not line.has_lead]
    shared = tally_by_department(named)
    draft.paragraph(_introduction(lines, led=len(led), named=len(named), shared=len(shared)))
    _add_table(draft, "各部门牵头目标进度判定情况（单位：项）", "牵头部门", led)
    _add_table(draft, "未明确牵头、列为责任部门的目标（单位：项）", "责任部门", shared)


def _add_table(draft: Draft, caption: str, heading: str, led: Led) -> None:
    columns = (
        Column(heading, 6),
        Column("量化目标", 3, is_number=True),
        *LIGHT_COLUMNS,
        Column("定性目标", 3, is_number=True),
    )
    draft.table(caption, columns, [_row(department, tally) for department, tally in led])


def _row(department: Department, tally: Tally) -> tuple[tuple[Cell, ...], Facts]:
    counts = (Cell(str(tally.total)), *light_cells(tally), Cell(str(tally.in_words.total)))
    return (Cell(department.name_zh), *counts), COUNTED


def _introduction(lines: Sequence[TargetLine], *, led: int, named: int, shared: int) -> str:
    """A target may have several departments; so the columns do not add up to the whole."""
    without = sum(not line.leads for line in lines)
    if not led and not shared:
        return "有关文件未明确各项目标的责任部门。"
    said = [
        f"有关文件明确由{led}个部门牵头{sum(line.has_lead for line in lines)}项目标" if led else "",
        f"未明确牵头、列出责任部门{shared}个的{named}项" if named else "",
        f"未列部门的{without}项" if without else "",
    ]
    return f"{'；'.join(filter(None, said))}。一项目标涉及多个部门的，分别计入。"
