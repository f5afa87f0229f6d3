"""存在问题, 下一步工作: what is short or unproven, and room for what officials have to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from indicators.enums import Light
from reports.drafting.domains import MET, SHORT
from reports.drafting.draft import COUNTED, Draft, Facts
from reports.drafting.words import MISSING, badge, departments_cell, facts_of, mark_of
from reports.paper.blocks import Cell, Column
from reports.queries.yearly import ReportedTarget

# Officials write in the place of these.
CAUSES = "（请在此填写：存在的主要问题及原因。）"
STEPS = "（请在此填写：下一步工作安排、完成时限和责任部门。）"

Row = tuple[tuple[Cell, ...], Facts]


def add_problems(draft: Draft, reported: Sequence[ReportedTarget]) -> None:
    computed = [each for each in reported if not each.line.is_in_words]
    short = [each for each in computed if each.verdict.light in SHORT]
    short.sort(key=lambda each: each.verdict.light != Light.RED)
    unproven = [each for each in computed if each.verdict.light not in (*SHORT, *MET)]
    draft.heading("存在问题")
    doubtful = [each for each in unproven if each.line.side_meets is False]
    draft.finding(_introduction(short=len(short), unproven=len(unproven)))
    _add_listed(draft, "未达到要求或存在差距的目标", short)
    _add_listed(draft, "按其他年份旁证不能达到的目标（旁证不作判定）", doubtful)
    _add_unproven(draft, unproven)
    draft.paragraph(CAUSES)
    draft.heading("下一步工作")
    draft.paragraph(STEPS)


def _introduction(*, short: int, unproven: int) -> str:
    said = f"未达到要求或存在差距的量化目标{short}项" if short else "没有判定为未达到的量化目标"
    return f"{said}，尚不能判定的{unproven}项。" if unproven else f"{said}。"


def _add_listed(draft: Draft, caption: str, reported: Sequence[ReportedTarget]) -> None:
    columns = (
        Column("目标", 8),
        Column("目标年", 3),
        Column("实际值", 3, is_number=True),
        Column("年份", 3),
        Column("进度判定", 7),
        Column("牵头或责任部门", 5),
    )
    draft.table(caption, columns, [_listed_row(each) for each in reported])


def _listed_row(reported: ReportedTarget) -> Row:
    cells = (
        Cell(reported.target.statement_zh),
        Cell(str(reported.target.target_year or MISSING)),
        Cell(reported.shown + mark_of(reported)),
        Cell(str(reported.figure_year or MISSING)),
        badge(reported),
        departments_cell(reported),
    )
    return cells, facts_of(reported)


def _add_unproven(draft: Draft, reported: Sequence[ReportedTarget]) -> None:
    """Counted by year and reason: each of them stands in the chapter of its year."""
    columns = (
        Column("目标年", 3),
        Column("不能判定的原因", 6),
        Column("量化目标", 3, is_number=True),
        Column("其中主要指标", 3, is_number=True),
    )
    draft.table("尚不能判定的目标及原因（单位：项）", columns, _unproven_rows(reported))


def _unproven_rows(reported: Sequence[ReportedTarget]) -> list[Row]:
    found = [(each.target.target_year, badge(each), each.target.key) for each in reported]
    counts = Counter((goal, reason) for goal, reason, _key in found)
    headline = Counter((goal, reason) for goal, reason, is_key in found if is_key)
    order = sorted(counts, key=lambda each: (each[0] is None, -(each[0] or 0), -counts[each]))
    return [
        (
            (
                Cell(str(goal or MISSING)),
                reason,
                Cell(str(counts[goal, reason])),
                Cell(str(headline[goal, reason])),
            ),
            COUNTED,
        )
        for goal, reason in order
    ]
