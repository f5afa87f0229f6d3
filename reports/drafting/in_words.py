"""定性目标: those that people assess."""

from __future__ import annotations

from collections.abc import Sequence

from reports.drafting.draft import Draft, Facts
from reports.drafting.overall import by_domain
from reports.drafting.words import badge, departments_cell, facts_of
from reports.paper.blocks import Cell, Column
from reports.queries.yearly import ReportedTarget


def add_in_words(draft: Draft, reported: Sequence[ReportedTarget]) -> None:
    """Those assessed one by one; of the others only how many, by domain."""
    in_words = [each for each in reported if each.line.is_in_words]
    draft.heading("定性目标评价情况")
    if not in_words:
        draft.paragraph("没有定性目标。")
        return
    assessed = [each for each in in_words if each.line.is_assessed]
    waiting = [each for each in in_words if not each.line.is_assessed]
    draft.finding(f"定性目标共{len(in_words)}项，由审核部门人工评价，已评价{len(assessed)}项。")
    if waiting:
        counts = "，".join(f"{domain.name_zh}{len(each)}项" for domain, each in by_domain(waiting))
        draft.finding(f"待评价的{len(waiting)}项，按领域分：{counts}。")
    columns = (Column("定性目标", 9), Column("评价", 4), Column("牵头或责任部门", 4))
    draft.table("定性目标评价情况", columns, [_row(each) for each in assessed])


def _row(reported: ReportedTarget) -> tuple[tuple[Cell, ...], Facts]:
    cells = (
        Cell(reported.target.statement_zh),
        badge(reported),
        departments_cell(reported),
    )
    return cells, facts_of(reported)
