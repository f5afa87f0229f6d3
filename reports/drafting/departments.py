"""四、部门进展: how the departments stand that lead targets."""

from __future__ import annotations

from collections.abc import Sequence

from reports.drafting.draft import COUNTED, Draft
from reports.drafting.words import LIGHT_COLUMNS, light_cells
from reports.paper.blocks import Cell, Column
from reports.queries.yearly import ReportedTarget, tally_by_lead


def add_departments(draft: Draft, reported: Sequence[ReportedTarget]) -> None:
    draft.heading("部门牵头目标进展情况")
    lines = [each.line for each in reported]
    led = tally_by_lead(lines)
    columns = (
        Column("牵头部门", 6),
        Column("量化目标", 3, is_number=True),
        *LIGHT_COLUMNS,
        Column("定性目标", 3, is_number=True),
    )
    rows = [
        (
            (
                Cell(department.name_zh),
                Cell(str(tally.total)),
                *light_cells(tally),
                Cell(str(tally.in_words.total)),
            ),
            COUNTED,
        )
        for department, tally in led
    ]
    draft.paragraph(_introduction(len(led), without=sum(not line.leads for line in lines)))
    draft.table("各部门牵头目标进度判定情况（单位：项）", columns, rows)


def _introduction(departments: int, *, without: int) -> str:
    """A target may have several leads; so the columns do not add up to the whole."""
    if not departments:
        return "有关文件未明确各项目标的责任部门。"
    said = f"有关文件明确牵头部门{departments}个，一项目标由多个部门牵头的，分别计入。"
    return said + (f"另有{without}项目标，文件未明确责任部门。" if without else "")
