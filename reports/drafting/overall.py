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
    mark_of,
    quoted,
)
from reports.enums import Coverage
from reports.paper.blocks import Cell, Column
from reports.queries.rows import COLOURED
from reports.queries.tallies import Tally, tally
from reports.queries.yearly import ReportedTarget
from targets_site.templatetags.shown import target_level

# Named in the first paragraphs; all of them stand in the sections by domain.
MOST_NAMED = 3


def add_overall(
    draft: Draft, reported: Sequence[ReportedTarget], *, subject: str, year: int
) -> None:
    """subject: of whom the report is, as the sentence begins."""
    whole = tally([each.line for each in reported])
    draft.heading("总体情况")
    draft.finding(
        f"截至{year}年，{subject}纳入跟踪的质量发展目标共{len(reported)}项，其中量化目标"
        f"{whole.total}项、定性目标{whole.in_words.total}项。",
    )
    by_goal = goals_of(reported, year=year)
    for goal, of_goal in by_goal:
        draft.finding(_decided(goal, tally([each.line for each in of_goal])))
    _add_in_danger(draft, reported)
    draft.finding(_coverage(reported))
    rows = [_counts(goal_words(goal), of_goal) for goal, of_goal in by_goal]
    _add_counts(draft, "各目标年目标进度判定情况（单位：项）", "目标年", rows, reported)


def add_headline(draft: Draft, reported: Sequence[ReportedTarget]) -> None:
    """The headline targets with their figures; a sentence where the documents name none."""
    draft.heading("主要指标完成情况")
    key = [each for each in reported if each.target.key and not each.line.is_in_words]
    if not key:
        draft.paragraph("有关文件未单列主要指标。")
        return
    columns = (
        Column("主要指标", 7),
        Column("目标年", 3),
        Column("目标值", 4, is_number=True),
        Column("实际值", 3, is_number=True),
        Column("年份", 3),
        Column("进度判定", 9),
        Column("等级", 4),
    )
    draft.table("主要指标完成情况", columns, [_headline_row(each) for each in key])
    draft.paragraph(
        "表中“—”表示截至报告年度没有可用数据；加“*”的为其他年份数据，仅作旁证；"
        "加“**”的为更早年份数据，不在旁证年限之内，仅供了解。"
    )


def _decided(goal: int | None, whole: Tally) -> str:
    """Of one goal year: targets of different years are not measured by one clock."""
    if not whole.total:
        return ""
    year = f"目标年为{goal}年" if goal else "未定目标年"
    named = f"{year}的量化目标{whole.total}项"
    if not whole.decided:
        return f"{named}，目前均不能判定进度。"
    lights = counted_lights(whole, of=COLOURED)
    return f"{named}，能够判定进度的{whole.decided}项（{lights}）。"


def _add_in_danger(draft: Draft, reported: Sequence[ReportedTarget]) -> None:
    short = [each for each in reported if each.verdict.light in {Light.RED, Light.YELLOW}]
    short = sorted(short, key=lambda each: each.verdict.light != Light.RED)
    if short:
        named = "、".join(quoted(each) for each in short[:MOST_NAMED])
        more = "等" if len(short) > MOST_NAMED else ""
        draft.finding(f"未达到要求或存在差距的{len(short)}项，为{named}{more}，须重点推进。")


def _coverage(reported: Sequence[ReportedTarget]) -> str:
    """What is not proven and why; empty where all is."""
    whole = tally([each.line for each in reported])
    open_count = whole.total - whole.decided
    too_old = sum(each.is_too_old for each in reported)
    reasons = [
        ("没有任何数据的", whole.coverage.get(Coverage.NOT_COLLECTED, 0) - too_old),
        ("仅有更早年份数据、不在旁证年限之内的", too_old),
        ("缺少应有年份数据、仅有其他年份旁证的", whole.with_side_evidence),
        ("已有数据尚不足以判定的", whole.coverage.get(Coverage.UNDETERMINED, 0)),
        ("缺基期值或后续数据的", whole.coverage.get(Coverage.UNFOUNDED, 0)),
        ("未到期的", whole.coverage.get(Coverage.NOT_DUE, 0)),
    ]
    said = [f"{words}{count}项" for words, count in reasons if count]
    if not open_count or not said:
        return ""
    return f"尚不能判定的量化目标{open_count}项，其中{'，'.join(said)}。旁证仅供参考，不作判定。"


def add_domains_table(draft: Draft, goal: int | None, reported: Sequence[ReportedTarget]) -> None:
    """How the targets of one goal year stand, by domain."""
    rows = [_counts(domain.name_zh, of_domain) for domain, of_domain in by_domain(reported)]
    caption = f"{goal_words(goal)}各领域进度判定情况（单位：项）"
    _add_counts(draft, caption, "领域", rows, reported)


def _add_counts(
    draft: Draft,
    caption: str,
    heading: str,
    rows: list[tuple[tuple[Cell, ...], Facts]],
    reported: Sequence[ReportedTarget],
) -> None:
    columns = (
        Column(heading, 5),
        Column("量化目标", 3, is_number=True),
        *LIGHT_COLUMNS,
        Column("定性目标", 3, is_number=True),
    )
    if len(rows) > 1:
        rows = [*rows, _counts("合计", reported)]
    draft.table(caption, columns, rows)


def goals_of(
    reported: Sequence[ReportedTarget], *, year: int
) -> list[tuple[int | None, list[ReportedTarget]]]:
    """By goal year: that of the report's year first, then those ahead, then those that passed,
    the latest first, and last the targets without a year."""
    grouped: dict[int | None, list[ReportedTarget]] = {}
    for each in reported:
        grouped.setdefault(each.target.target_year, []).append(each)

    def place(goal: int | None) -> tuple[int, int]:
        if goal is None:
            return 2, 0
        return (0, goal) if goal >= year else (1, -goal)

    return [(goal, grouped[goal]) for goal in sorted(grouped, key=place)]


def goal_words(goal: int | None) -> str:
    return f"{goal}年目标" if goal else "未定目标年的目标"


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
    cells = (
        Cell(reported.target.statement_zh),
        Cell(str(reported.target.target_year or MISSING)),
        Cell(target_level(reported.target)),
        Cell(reported.shown + mark_of(reported)),
        Cell(str(reported.figure_year or MISSING)),
        badge(reported),
        Cell(grade_of(reported) or MISSING),
    )
    return cells, facts_of(reported)
