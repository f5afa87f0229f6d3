"""数据来源, 判定方法说明: what the figures rest on, and how they were judged."""

from __future__ import annotations

from collections.abc import Sequence

from indicators.enums import SourceGrade
from plans.models import Document
from reports.drafting.draft import Draft, Facts
from reports.drafting.words import MISSING, facts_of, grade_of
from reports.paper.blocks import Cell, Column
from reports.queries.yearly import ReportedTarget


def add_sources(draft: Draft, reported: Sequence[ReportedTarget]) -> None:
    """The documents, and the source of each figure that is said above."""
    draft.heading("数据来源")
    documents = {each.target.document_id: each.target.document for each in reported}
    if documents:
        titles = "、".join(_named(each) for each in documents.values())
        draft.finding(f"目标依据：{titles}。")
    columns = (
        Column("指标", 5),
        Column("年份", 2),
        Column("数值", 3, is_number=True),
        Column("来源", 8),
        Column("等级", 4),
        Column("发布时间", 4),
    )
    said = {each.figure.pk: each for each in reported if each.figure is not None}
    if not said:
        draft.paragraph("截至报告年度，没有可用于判定的数据。")
    draft.table("所用数据及其来源", columns, [_row(each) for each in said.values()])


def add_method(draft: Draft, *, method_version: str) -> None:
    # 转载，待核 has a comma of its own.
    grades = "、".join(f"“{grade.label}”" for grade in SourceGrade)
    draft.heading("判定方法说明")
    draft.finding(
        f"本报告的进度判定由系统按统一的判定方法（版本{method_version}）逐项计算，"
        "不含人工调整，各项判定不作平均。"
    )
    draft.finding(
        "●绿灯：已完成、保持达到目标或达到预期进度；◐浅绿灯：已有数据均达到要求，但期间缺数；"
        "▲黄灯：进度滞后、仍有差距或临近目标值；■红灯：未完成、低于目标值或严重滞后；"
        "○灰灯：缺少数据等，尚不能判定。"
    )
    draft.finding(
        f"数据按来源分为{grades}，各项数据的等级随文注明。没有数据不等于零，也不推定为完成。"
    )
    draft.finding(
        "报告中的数字自起草之时起冻结，编辑文字时不得改动；数据更正的，重新起草，形成新的版次。"
    )


def _named(document: Document) -> str:
    number = f"（{document.number}）" if document.number else ""
    return f"《{document.title_zh}》{number}"


def _row(reported: ReportedTarget) -> tuple[tuple[Cell, ...], Facts]:
    line, figure = reported.line, reported.figure
    indicator = line.indicator.name_zh if line.indicator else reported.target.statement_zh
    cells = (
        Cell(indicator),
        Cell(str(reported.figure_year or MISSING)),
        Cell(reported.shown),
        Cell((figure.source_title if figure else "") or MISSING),
        Cell(grade_of(reported) or MISSING),
        Cell((figure.published_on if figure else "") or MISSING),
    )
    return cells, facts_of(reported)
