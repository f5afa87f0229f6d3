"""一、总体情况: how the area stands on the whole; 二、主要指标: its headline figures."""

from __future__ import annotations

from collections.abc import Sequence

from indicators.enums import Light
from plans.models import Domain
from reports.drafting.draft import COUNTED, Draft, Facts
from reports.drafting.words import (
    LIGHT_COLUMNS,
    MISSING,
    badge,
    counted_lights,
    facts_of,
    grade_of,
    light_cells,
    quoted,
)
from reports.enums import Coverage
from reports.paper.blocks import Cell, Column
from reports.queries.rows import COLOURED
from reports.queries.tallies import Tally, tally
from reports.queries.yearly import ReportedTarget
from targets_site.templatetags.shown import target_level, with_unit

# Named in the first paragraphs; all of them stand in the sections by domain.
MOST_NAMED = 3


def add_overall(
    draft: Draft, reported: Sequence[ReportedTarget], *, subject: str, year: int
) -> None:
    """subject: of whom the report is, as the sentence begins."""
    whole = tally([each.line for each in reported])
    draft.heading("总体情况")
    draft.paragraph(
        f"截至{year}年，{subject}纳入跟踪的质量发展目标共{len(reported)}项，其中量化目标"
        f"{whole.total}项、定性目标{whole.in_words.total}项。",
        _decided(whole),
    )
    _add_in_danger(draft, reported)
    draft.paragraph(_coverage(whole))
    _add_domains_table(draft, reported)


def add_headline(draft: Draft, reported: Sequence[ReportedTarget]) -> None:
    """The headline targets with their figures; a sentence where the documents name none."""
    draft.heading("主要指标完成情况")
    key = [each for each in reported if each.target.key and not each.line.is_in_words]
    if not key:
        draft.paragraph("有关文件未单列主要指标。")
        return
    columns = (
        Column("主要指标", 8),
        Column("目标值", 4),
        Column("实际值", 3, is_number=True),
        Column("年份", 2),
        Column("进度判定", 7),
        Column("等级", 4),
    )
    draft.table("主要指标完成情况", columns, [_headline_row(each) for each in key])
    draft.paragraph("表中“—”表示截至报告年度没有可用数据；加“*”的为其他年份数据，仅作旁证。")


def _decided(whole: Tally) -> str:
    if not whole.total:
        return ""
    if not whole.decided:
        return "量化目标目前均缺少可供判定的数据，尚不能判定进度。"
    lights = counted_lights(whole, of=COLOURED)
    return f"量化目标中，能够判定进度的{whole.decided}项（{lights}）。"


def _add_in_danger(draft: Draft, reported: Sequence[ReportedTarget]) -> None:
    short = [each for each in reported if each.verdict.light in {Light.RED, Light.YELLOW}]
    short = sorted(short, key=lambda each: each.verdict.light != Light.RED)
    if short:
        named = "、".join(quoted(each) for each in short[:MOST_NAMED])
        more = "等" if len(short) > MOST_NAMED else ""
        draft.paragraph(f"未达到要求或存在差距的{len(short)}项，为{named}{more}，须重点推进。")


def _coverage(whole: Tally) -> str:
    """What is not proven and why; empty where all is."""
    open_count = whole.total - whole.decided
    reasons = [
        ("没有任何可用数据的", Coverage.NOT_COLLECTED),
        ("缺少应有年份数据、仅有其他年份旁证的", Coverage.SIDE),
        ("已有数据尚不足以判定的", Coverage.UNDETERMINED),
        ("缺基期值或后续数据的", Coverage.UNFOUNDED),
        ("未到期的", Coverage.NOT_DUE),
    ]
    said = [
        f"{words}{whole.coverage[part]}项" for words, part in reasons if whole.coverage.get(part)
    ]
    if not open_count or not said:
        return ""
    return f"尚不能判定的量化目标{open_count}项，其中{'，'.join(said)}。旁证仅供参考，不作判定。"


def _add_domains_table(draft: Draft, reported: Sequence[ReportedTarget]) -> None:
    columns = (
        Column("领域", 5),
        Column("量化目标", 3, is_number=True),
        *LIGHT_COLUMNS,
        Column("定性目标", 3, is_number=True),
    )
    rows = [_counts(domain.name_zh, of_domain) for domain, of_domain in by_domain(reported)]
    if len(rows) > 1:
        rows.append(_counts("合计", reported))
    draft.table("各领域目标进度判定情况（单位：项）", columns, rows)


def by_domain(
    reported: Sequence[ReportedTarget],
) -> list[tuple[Domain, list[ReportedTarget]]]:
    """In the order of `reported`."""
    grouped: dict[Domain, list[ReportedTarget]] = {}
    for each in reported:
        grouped.setdefault(each.target.domain, []).append(each)
    return list(grouped.items())


def _counts(name: str, reported: Sequence[ReportedTarget]) -> tuple[tuple[Cell, ...], Facts]:
    counted = tally([each.line for each in reported])
    cells = (Cell(name), Cell(str(counted.total)), *light_cells(counted))
    return (*cells, Cell(str(counted.in_words.total))), COUNTED


def _headline_row(reported: ReportedTarget) -> tuple[tuple[Cell, ...], Facts]:
    line = reported.line
    figure = with_unit(line.actual or line.side, line.unit)
    beside = "" if line.actual or not line.side else "*"
    cells = (
        Cell(reported.target.statement_zh),
        Cell(target_level(reported.target)),
        Cell(figure + beside),
        Cell(str(reported.figure_year or MISSING)),
        badge(reported),
        Cell(grade_of(reported) or MISSING),
    )
    return cells, facts_of(reported)
