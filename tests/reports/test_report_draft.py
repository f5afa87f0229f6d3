"""The draft of a yearly report: what it says, and what is frozen of it."""

import json
import threading
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import translation

from indicators.actions.jobs import work_off_job
from indicators.models import Series
from reports.actions.asking import ask_for_draft
from reports.drafting.draft import numeral
from reports.drafting.locking import parts_of
from reports.models import Report, ReportFile, ReportStep, ReportText
from reports.paper.blocks import Fixed, Heading, Paragraph, Placed, Table
from reports.printing import pdf_of_paper
from reports.queries import yearly
from reports.queries.papers import names_of, paper_of
from reports.queries.yearly import reported_targets
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from targets_site.audit.chain import head
from targets_site.audit.models import Entry
from targets_site.audit.sealing import seal
from tests.audit.trails import entries
from tests.factories import (
    make_area,
    make_department,
    make_document,
    make_figure,
    make_official,
    make_reading,
    make_reviewer,
    make_series,
    make_target,
    make_verdict,
    name_department,
)
from tests.reports.drafted import YEAR, drafted, make_person, make_rich_area
from tests.reports.test_pdf import text_of

pytestmark = pytest.mark.django_db


def written(report: Report) -> list[str]:
    """Each block as text; locked figures in brackets."""
    return [
        f"<{block.tag}>"
        if isinstance(block, Placed)
        else "".join(each if isinstance(each, str) else f"[{each.text}]" for each in block.inlines)
        for block in paper_of(report, report.texts.get()).blocks
    ]


def printed(report: Report, tag: str) -> list[list[str]]:
    table = paper_of(report, report.texts.get()).placed[tag]
    assert isinstance(table, Table)
    return [[cell.printed for cell in row] for row in table.rows]


def test_draft_says_what_was_met_what_is_short_and_what_is_not_proven():
    report = drafted()

    assert written(report) == [
        "一、总体情况",
        "[截至2015年，某省纳入跟踪的质量发展目标共4项，其中量化目标3项、定性目标1项。]",
        "[目标年为2020年的量化目标3项，能够判定进度的2项（黄灯1项、绿灯1项）。]",
        "[未达到要求或存在差距的1项，为“满意率达到97%以上”，须重点推进。]",
        "[尚不能判定的量化目标1项，其中没有任何数据的1项。旁证仅供参考，不作判定。]",
        "<table_1>",
        "二、主要指标完成情况",
        "<table_2>",
        "表中“—”表示截至报告年度没有可用数据；加“*”的为其他年份数据，仅作旁证；"
        "加“**”的为更早年份数据，不在旁证年限之内，仅供了解。",
        "三、2020年目标分领域进展情况",
        "<table_3>",
        "（一）产品质量",
        "[本领域量化目标1项，其中已完成或达到预期进度1项。]",
        "[“抽检合格率达到98%以上”：2020年目标为98%以上，2015年已达到98.40%，"
        "高于目标0.4个百分点，提前完成。牵头部门：省农业厅。（数据等级：原件）]",
        "<picture_1>",
        "（二）服务质量",
        "[本领域量化目标2项，其中未达到要求或存在差距1项，尚不能判定1项。]",
        "[“满意率达到97%以上”：2020年目标为97%以上，2015年为96.9%，"
        "仅低于目标0.1个百分点，接近目标。（数据等级：报道）]",
        "<table_4>",
        "四、部门责任目标进展情况",
        "有关文件明确由[1个]部门牵头[1项]目标；未列部门的[3项]。一项目标涉及多个部门的，分别计入。",
        "<table_5>",
        "五、定性目标评价情况",
        "[定性目标共1项，由审核部门人工评价，已评价0项。]",
        "[待评价的1项，按领域分：产品质量1项。]",
        "六、存在问题",
        "[未达到要求或存在差距的量化目标1项，尚不能判定的1项。]",
        "<table_6>",
        "<table_7>",
        "（请在此填写：存在的主要问题及原因。）",
        "七、下一步工作",
        "（请在此填写：下一步工作安排、完成时限和责任部门。）",
        "八、数据来源",
        "[目标依据：《某省质量发展纲要》。]",
        "<table_8>",
        "九、判定方法说明",
        "[本报告的进度判定由系统按统一的判定方法（版本1）逐项计算，"
        "不含人工调整，各项判定不作平均。]",
        "[●绿灯：已完成、保持达到目标或达到预期进度；◐浅绿灯：已有数据均达到要求，但期间缺数；"
        "▲黄灯：进度滞后、仍有差距或临近目标值；■红灯：未完成、低于目标值或严重滞后；"
        "○灰灯：缺少数据等，尚不能判定。]",
        "[数据按来源分为“原件”、“报道”、“转载，待核”、“部门填报”，各项数据的等级随文注明。"
        "没有数据不等于零，也不推定为完成。]",
        "[报告中的数字自起草之时起冻结，编辑文字时不得改动；数据更正的，重新起草，形成新的版次。]",
    ]


def test_draft_has_its_figures_in_tables():
    report = drafted()

    assert printed(report, "table_1") == [
        ["2020年目标", "3", "0", "1", "0", "1", "1", "0", "1"],
    ]
    assert printed(report, "table_2") == [
        ["抽检合格率达到98%以上", "2020", "≥ 98 %", "98.40 %", "2015", "● 提前完成", "原件"]
    ]
    assert printed(report, "table_3") == [
        ["产品质量", "1", "0", "0", "0", "1", "0", "0", "0"],
        ["服务质量", "2", "0", "1", "0", "0", "1", "0", "0"],
        ["合计", "3", "0", "1", "0", "1", "1", "0", "0"],
    ]
    assert printed(report, "table_4") == [["投诉办结率达到98%以上", "2020", "○ 无数据", "—"]]
    assert printed(report, "table_5") == [["省农业厅", "1", "0", "0", "0", "1", "0", "0", "0"]]
    assert printed(report, "table_6") == [
        ["满意率达到97%以上", "2020", "96.9 %", "2015", "▲ 接近目标", "—"]
    ]
    assert printed(report, "table_7") == [["2020", "○ 无数据", "1", "0"]]
    assert printed(report, "table_8") == [
        ["抽检合格率", "2015", "98.40 %", "统计公报", "原件", "—"],
        ["满意率", "2015", "96.9 %", "满意率调查通报", "报道", "—"],
    ]


def test_every_figure_leads_back_to_its_target_clause_and_source():
    report = drafted()

    figures = report.frozen["figures"].items()
    tags = [tag for tag, each in figures if "98.40%" in each["text"]]
    said = [report.frozen["figures"][tag] for tag in tags]
    assert [{**each, "text": ""} for each in said] == [
        {
            "text": "",
            "target": "plan-2011-001",
            "document": "某省质量发展纲要",
            "locator": "三、（一）",
            "unit": "%",
            "grade": "原件",
            "source": "统计公报",
        }
    ]
    assert report.frozen["tables"]["table_2"]["about"] == [
        {
            "target": "plan-2011-001",
            "document": "某省质量发展纲要",
            "locator": "三、（一）",
            "unit": "%",
            "grade": "原件",
            "source": "统计公报",
        }
    ]
    assert [names_of(report)[tag] for tag in tags] == ["plan-2011-001"]


def test_draft_cites_the_last_link_of_the_chain():
    area = make_rich_area()
    entries(2)
    seal()
    last = head()

    report = drafted(area=area)

    assert (report.trail_seq, report.trail_hash) == (last.seq, last.hash)
    assert report.frozen["line"].endswith(f"审计日志第{last.seq}条")


def test_draft_is_frozen_with_method_trail_and_job():
    area = make_rich_area()

    report = drafted(area=area)

    assert (report.stage, report.edition, report.version) == ("draft", 1, 1)
    assert (report.method_version, report.trail_seq, report.trail_hash) == ("1", 0, "")
    assert report.frozen["title"] == "某省2015年质量状况分析报告"
    assert report.frozen["footing"] == "数据截至2015年，方法版本1"
    assert report.frozen["line"].endswith("判定方法版本1　审计日志第0条")
    entry = Entry.objects.get(action="draft_report")
    assert (entry.object, entry.actor, entry.role) == (
        "report:990000:2015::1",
        "reviewer",
        "reviewer",
    )
    assert entry.after["files"] == {"docx": report.texts.get().sha256}


def test_figures_that_change_later_stay_as_they_were():
    report = drafted()
    before = written(report)

    make_figure(report.area.series.get(indicator__code="pass-rate"), 2015, "90")

    report.refresh_from_db()
    assert written(report) == before


def test_report_speaks_chinese_to_whoever_asks():
    with translation.override("en"):
        report = drafted()

        assert paper_of(report, report.texts.get()).subtitle == "（起草稿）"
    assert printed(report, "table_2")[0][5] == "● 提前完成"


def test_report_of_a_department_has_what_it_leads():
    area = make_rich_area()
    department = area.departments.get()

    report = drafted(area=area, department=department)

    lines = written(report)
    assert lines[1:3] == [
        "[截至2015年，省农业厅牵头或负责、纳入跟踪的质量发展目标共1项，其中量化目标1项、"
        "定性目标0项。]",
        "[目标年为2020年的量化目标1项，能够判定进度的1项（绿灯1项）。]",
    ]
    assert [line for line in lines if line[1] == "、"] == [
        "一、总体情况",
        "二、主要指标完成情况",
        "三、2020年目标分领域进展情况",
        "四、定性目标评价情况",
        "五、存在问题",
        "六、下一步工作",
        "七、数据来源",
        "八、判定方法说明",
    ]
    assert paper_of(report, report.texts.get()).subtitle == "（省农业厅）（起草稿）"


def test_report_on_an_earlier_year_knows_nothing_of_later_verdicts():
    area = make_rich_area()

    assert reported_targets(area, year=2014) == []
    assert len(reported_targets(area, year=2016)) == 4


def test_area_without_targets_still_has_a_report():
    report = drafted(area=make_rich_area(), year=2012)

    assert written(report)[1] == (
        "[截至2012年，某省纳入跟踪的质量发展目标共0项，其中量化目标0项、定性目标0项。]"
    )


def test_drafting_anew_makes_the_next_edition():
    area = make_rich_area()
    by = make_reviewer(area=area)
    first = drafted(area=area, by=by)

    second = drafted(area=area, by=by)

    first.refresh_from_db()
    assert (first.edition, first.is_under_way) == (1, False)
    assert (second.edition, second.is_under_way) == (2, True)
    assert paper_of(second, second.texts.get()).subtitle == "（起草稿）（第2版）"


def test_asking_twice_starts_one_job():
    area = make_rich_area()
    by = make_reviewer(area=area)

    jobs = {ask_for_draft(area=area, year=YEAR, department=None, by=by) for _each in range(2)}

    assert len(jobs) == 1


def test_only_reviewers_of_the_area_ask():
    area = make_rich_area()
    others = [
        make_official(department=area.departments.get()),
        make_person(Role.LEADER, area),
        make_person(Role.AUDITOR, area),
    ]

    for by in others:
        with pytest.raises(NotAllowed):
            ask_for_draft(area=area, year=YEAR, department=None, by=by)
    assert not Report.objects.exists()


def test_right_lost_before_the_job_runs_leaves_no_report():
    area = make_rich_area()
    by = make_reviewer(area=area)
    job = ask_for_draft(area=area, year=YEAR, department=None, by=by)
    by.posts.all().delete()

    job = work_off_job(job)

    assert job.state == "failed"
    assert "NotAllowed" in job.error
    assert not Report.objects.exists()


def test_queries_do_not_grow_with_the_targets(django_assert_max_num_queries):
    area = make_rich_area()

    with django_assert_max_num_queries(5):
        reported_targets(area, year=YEAR)


def test_targets_of_two_years_have_a_chapter_each_that_of_the_report_first():
    area = make_rich_area()
    document = area.targets.first().document
    for code, goal in (("plan-2011-005", 2015), ("plan-2011-006", None), ("plan-2011-007", 2013)):
        make_verdict(make_target(code, document, target_year=goal), 2013, "no_data")

    lines = written(drafted(area=area))

    assert [line for line in lines if "分领域" in line] == [
        "三、2015年目标分领域进展情况",
        "四、2020年目标分领域进展情况",
        "五、2013年目标分领域进展情况",
        "六、未定目标年的目标分领域进展情况",
    ]
    assert lines[2:6] == [
        "[目标年为2015年的量化目标1项，目前均不能判定进度。]",
        "[目标年为2020年的量化目标3项，能够判定进度的2项（黄灯1项、绿灯1项）。]",
        "[目标年为2013年的量化目标1项，目前均不能判定进度。]",
        "[未定目标年的量化目标1项，目前均不能判定进度。]",
    ]


def test_figure_too_old_for_side_evidence_is_shown_and_said_to_be_so():
    area = make_area(name_zh="某省")
    document = make_document(area=area, start_year=2018, end_year=2020)
    target = make_target(document=document, kind="hold", key=True)
    series = make_series(area)
    make_figure(series, 2014, "61.90", source_title="通报")
    make_verdict(target, 2020, "not_collected", reading=make_reading(target, series))

    report = drafted(area=area, year=2020)

    lines = written(report)
    assert lines[3] == (
        "[尚不能判定的量化目标1项，其中仅有更早年份数据、不在旁证年限之内的1项。"
        "旁证仅供参考，不作判定。]"
    )
    assert "现有最近数据为2014年的61.90%，不在旁证年限之内，仅供了解。" in "".join(lines)
    assert printed(report, "table_2")[0][3:5] == ["61.90 %**", "2014"]
    assert [row[1:4] for row in printed(report, "table_5")] == [["2014", "61.90 %", "通报"]]


def test_departments_that_do_not_lead_are_not_said_to_lead():
    area = make_rich_area()
    target = area.targets.get(code="plan-2011-002")
    department = make_department(area, code="990000-trade", name_zh="省商务厅")
    name_department(target, department, part="responsible")

    report = drafted(area=area)

    lines = written(report)
    assert any("接近目标。责任部门：省商务厅。" in line for line in lines)
    assert (
        "有关文件明确由[1个]部门牵头[1项]目标；未明确牵头、列出责任部门[1个]的[1项]；"
        "未列部门的[2项]。一项目标涉及多个部门的，分别计入。"
    ) in lines
    assert [row[0] for row in printed(report, "table_5")] == ["省农业厅"]
    assert [row[0] for row in printed(report, "table_6")] == ["省商务厅"]


def test_breaches_come_before_what_was_met():
    area = make_rich_area()
    target = area.targets.get(code="plan-2011-003")
    target.verdicts.all().delete()
    make_verdict(target, YEAR, "missed", actual_year=2015, actual_value="90", gap="8")

    report = drafted(area=area)

    assert (
        "未达到要求或存在差距的2项，为“投诉办结率达到98%以上”、“满意率达到97%以上”"
        in (written(report)[3])
    )


def test_pdf_of_the_draft_says_all_of_it():
    report = drafted()

    said = "".join(text_of(pdf_of_paper(paper_of(report, report.texts.get()))).split())

    for block in paper_of(report, report.texts.get()).blocks:
        if isinstance(block, Heading | Paragraph):
            text = "".join(each if isinstance(each, str) else each.text for each in block.inlines)
            for part in text.split("。"):
                assert "".join(part.split())[:20] in said
    assert "—1—" in said


@pytest.mark.parametrize(
    ("sentence", "unit", "expected"),
    [
        pytest.param("2015年98.40%", "%", ["2015年", "98.40%"], id="year-beside-figure"),
        pytest.param("目标为≥ 98 %以上", "%", ["≥ 98 %"], id="sign-and-blank"),
        pytest.param("差0.1个百分点", "%", ["0.1个百分点"], id="points"),
        pytest.param("500万元", "万元", ["500万元"], id="unit-of-the-target"),
        pytest.param("500万元", "", ["500"], id="unknown-unit"),
        pytest.param("没有数据", "%", [], id="none"),
    ],
)
def test_figures_of_a_sentence(sentence, unit, expected):
    parts = list(parts_of(sentence, unit=unit))

    assert [part for part, is_figure in parts if is_figure] == expected
    assert "".join(part for part, _is_figure in parts) == sentence


def test_chapters_are_numbered_in_chinese():
    assert [numeral(each) for each in (1, 9, 10, 11, 19)] == ["一", "九", "十", "十一", "十九"]


def test_figures_are_locked_in_the_text():
    report = drafted()

    blocks = paper_of(report, report.texts.get()).blocks
    first = blocks[1]
    assert isinstance(first, Paragraph)
    said = "截至2015年，某省纳入跟踪的质量发展目标共4项，其中量化目标3项、定性目标1项。"
    assert first.inlines == (Fixed("f0001", said),)


@pytest.fixture
def tables_can_be_emptied(transactional_db):
    """SQLite empties them row by row, which their triggers refuse."""
    yield
    guards = import_module("reports.migrations.0003_issued_reports_stay_as_they_are")
    with connection.schema_editor() as editor:
        guards.remove(apps, editor)
    for model in (ReportFile, ReportStep, ReportText, Report):
        model.objects.all().delete()
    with connection.schema_editor() as editor:
        guards.install(apps, editor)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tables_can_be_emptied")
def test_draft_is_of_one_state_while_others_write(monkeypatch):
    """A figure that is entered between two reads of the draft is in none of them."""
    area = make_rich_area()
    reviewer = make_reviewer(area=area)
    series = Series.objects.get(indicator__code="satisfied")
    real = yearly.rows.lines_of_verdicts

    def while_somebody_writes(verdicts):
        lines = real(verdicts)
        writer = threading.Thread(target=_write_from_another_connection, args=(series,))
        writer.start()
        writer.join(timeout=30)
        assert not writer.is_alive()
        return lines

    monkeypatch.setattr(yearly.rows, "lines_of_verdicts", while_somebody_writes)

    report = drafted(area=area, by=reviewer)

    assert series.observations.filter(year=2014).exists()
    said = json.dumps(report.frozen, ensure_ascii=False)
    assert ("96.9" in said, "55.5" in said) == (True, False)


def _write_from_another_connection(series):
    try:
        make_figure(series, 2014, "55.5")
        make_figure(series, 2013, "55.5")
    finally:
        connection.close()
