"""分领域进展, a chapter a goal year: what was met, what is short and whose, what is not proven."""

from __future__ import annotations

from collections.abc import Sequence

from indicators.enums import Light
from reports.drafting.draft import Draft, Facts
from reports.drafting.overall import add_domains_table, by_domain, goal_words, goals_of
from reports.drafting.words import (
    MISSING,
    badge,
    departments_cell,
    facts_of,
    grade_of,
    names_of,
    part_of,
    quoted,
)
from reports.drawings.trend import spoken, trend_drawing
from reports.paper.blocks import Cell, Column
from reports.queries.tallies import tally
from reports.queries.yearly import ReportedTarget, chart_of

MOST_PICTURES = 6
PICTURE_WIDTH = 640
MET = (Light.GREEN, Light.PALE)
SHORT = (Light.RED, Light.YELLOW)
_RANK = {light: rank for rank, light in enumerate((*SHORT, *MET, Light.GREY, Light.NONE))}


def add_domains(draft: Draft, reported: Sequence[ReportedTarget], *, year: int) -> None:
    """A chapter for each goal year, a section for each domain, of targets to compute; those in
    words have a chapter of their own."""
    computed = [each for each in reported if not each.line.is_in_words]
    drawn = _drawn(computed)
    if not computed:
        draft.heading("分领域进展情况")
        draft.paragraph("有关文件未提出量化目标。")
    for goal, of_goal in goals_of(computed, year=year):
        draft.heading(f"{goal_words(goal)}分领域进展情况")
        add_domains_table(draft, goal, of_goal)
        for domain, of_domain in by_domain(of_goal):
            _add_domain(draft, domain.name_zh, of_domain, drawn=drawn)


def _add_domain(
    draft: Draft, name: str, reported: Sequence[ReportedTarget], *, drawn: set[str]
) -> None:
    draft.heading(name, level=2)
    met = [each for each in reported if each.verdict.light in MET]
    short = sorted(
        (each for each in reported if each.verdict.light in SHORT),
        key=lambda each: _RANK[Light(each.verdict.light)],
    )
    unproven = [each for each in reported if each not in met and each not in short]
    said = [each for each in unproven if each.figure is not None]
    draft.finding(_summary(reported, met=len(met), short=len(short), unproven=len(unproven)))
    for each in (*short, *met, *said):
        _add_target(draft, each)
    _add_without_figure(draft, name, [each for each in unproven if each.figure is None])
    for each in reported:
        if each.target.code in drawn:
            _add_picture(draft, each)


def _summary(reported: Sequence[ReportedTarget], *, met: int, short: int, unproven: int) -> str:
    whole = tally([each.line for each in reported])
    if unproven == whole.total:
        return f"本领域量化目标{whole.total}项，目前均不能判定。"
    parts = [
        f"已完成或达到预期进度{met}项" if met else "",
        f"未达到要求或存在差距{short}项" if short else "",
        f"尚不能判定{unproven}项" if unproven else "",
    ]
    return f"本领域量化目标{whole.total}项，其中{'，'.join(filter(None, parts))}。"


def _add_target(draft: Draft, reported: ReportedTarget) -> None:
    names = names_of(reported)
    grade = grade_of(reported)
    draft.finding(
        f"{quoted(reported)}：{reported.sentence}",
        _too_old(reported),
        f"{part_of(reported)}部门：{names}。" if names else "",
        f"（数据等级：{grade}）" if grade else "",
        facts=facts_of(reported),
    )


def _too_old(reported: ReportedTarget) -> str:
    """The figure there is, which the sentence of the verdict knows nothing of."""
    if not reported.is_too_old:
        return ""
    shown = reported.shown.replace(" %", "%")
    return f"现有最近数据为{reported.figure_year}年的{shown}，不在旁证年限之内，仅供了解。"


def _add_without_figure(draft: Draft, name: str, reported: Sequence[ReportedTarget]) -> None:
    columns = (
        Column("目标", 9),
        Column("目标年", 3),
        Column("未能判定的原因", 6),
        Column("牵头或责任部门", 5),
    )
    rows = [_row(each) for each in reported]
    draft.table(f"{name}领域尚无数据、不能判定的目标", columns, rows)


def _row(reported: ReportedTarget) -> tuple[tuple[Cell, ...], Facts]:
    cells = (
        Cell(reported.target.statement_zh),
        Cell(str(reported.target.target_year or MISSING)),
        badge(reported),
        departments_cell(reported),
    )
    return cells, facts_of(reported)


def _drawn(reported: Sequence[ReportedTarget]) -> set[str]:
    """The targets whose figures are drawn: headline ones and the most urgent first."""
    urgent = sorted(
        reported,
        key=lambda each: (not each.target.key, _RANK[Light(each.verdict.light)], each.target.code),
    )
    found = [each.target.code for each in urgent if chart_of(each) is not None]
    return set(found[:MOST_PICTURES])


def _add_picture(draft: Draft, reported: ReportedTarget) -> None:
    chart = chart_of(reported)
    if chart is not None:
        svg = trend_drawing(chart.rows, width=PICTURE_WIDTH, standalone=True)
        caption = f"{quoted(reported)}：{chart.finding}。{chart.source}"
        draft.picture(caption, alt=spoken(chart.rows), svg=str(svg))
