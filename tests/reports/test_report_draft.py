"""The draft of a yearly report: what it says, and what is frozen of it."""

import pytest
from django.utils import translation

from indicators.actions.jobs import work_off_job
from reports.actions.asking import ask_for_draft
from reports.drafting.draft import numeral
from reports.drafting.locking import parts_of
from reports.models import Report
from reports.paper.blocks import Fixed, Heading, Paragraph, Placed, Table
from reports.printing import pdf_of_paper
from reports.queries.papers import names_of, paper_of
from reports.queries.yearly import reported_targets
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import make_figure, make_official, make_reviewer, make_verdict
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
        "截至[2015年]，某省纳入跟踪的质量发展目标共[4项]，其中量化目标[3项]、定性目标[1项]。"
        "量化目标中，能够判定进度的[2项]（黄灯[1项]、绿灯[1项]）。",
        "未达到要求或存在差距的[1项]，为“满意率达到[97%]以上”，须重点推进。",
        "尚不能判定的量化目标[1项]，其中没有任何可用数据的[1项]。旁证仅供参考，不作判定。",
        "<table_1>",
        "二、主要指标完成情况",
        "<table_2>",
        "表中“—”表示截至报告年度没有可用数据；加“*”的为其他年份数据，仅作旁证。",
        "三、分领域进展情况",
        "（一）产品质量",
        "本领域量化目标[1项]，其中已完成或达到预期进度[1项]。",
        "“抽检合格率达到[98%]以上”：[2020年]目标为[98%]以上，[2015年]已达到[98.40%]，"
        "高于目标[0.4个百分点]，提前完成。牵头部门：省农业厅。（数据等级：原件）",
        "<picture_1>",
        "（二）服务质量",
        "本领域量化目标[2项]，其中未达到要求或存在差距[1项]，尚不能判定[1项]。",
        "“满意率达到[97%]以上”：[2020年]目标为[97%]以上，[2015年]为[96.9%]，"
        "仅低于目标[0.1个百分点]，接近目标。（数据等级：报道）",
        "<table_3>",
        "四、部门牵头目标进展情况",
        "有关文件明确牵头部门[1个]，一项目标由多个部门牵头的，分别计入。"
        "另有[3项]目标，文件未明确责任部门。",
        "<table_4>",
        "五、定性目标评价情况",
        "定性目标共[1项]，由审核部门人工评价，已评价[0项]。",
        "待评价的[1项]，按领域分：产品质量[1项]。",
        "六、数据来源",
        "目标依据：《某省质量发展纲要》。",
        "<table_5>",
        "七、判定方法说明",
        "本报告的进度判定由系统按统一的判定方法（版本[1]）逐项计算，不含人工调整，各项判定不作平均。",
        "●绿灯：已完成、保持达到目标或达到预期进度；◐浅绿灯：已有数据均达到要求，但期间缺数；"
        "▲黄灯：进度滞后、仍有差距或临近目标值；■红灯：未完成、低于目标值或严重滞后；"
        "○灰灯：缺少数据等，尚不能判定。",
        "数据按来源分为“原件”、“报道”、“转载，待核”、“部门填报”，各项数据的等级随文注明。"
        "没有数据不等于零，也不推定为完成。",
        "报告中的数字自起草之时起冻结，编辑文字时不得改动；数据更正的，重新起草，形成新的版次。",
    ]


def test_draft_has_its_figures_in_tables():
    report = drafted()

    assert printed(report, "table_1") == [
        ["产品质量", "1", "0", "0", "0", "1", "0", "1"],
        ["服务质量", "2", "0", "1", "0", "0", "1", "0"],
        ["合计", "3", "0", "1", "0", "1", "1", "1"],
    ]
    assert printed(report, "table_2") == [
        ["抽检合格率达到98%以上", "≥ 98 %", "98.40 %", "2015", "● 提前完成", "原件"]
    ]
    assert printed(report, "table_3") == [["投诉办结率达到98%以上", "2020", "○ 无数据", "—"]]
    assert printed(report, "table_4") == [["省农业厅", "1", "0", "0", "0", "1", "0", "0"]]
    assert printed(report, "table_5") == [
        ["抽检合格率", "2015", "98.40 %", "统计公报", "原件", "—"],
        ["满意率", "2015", "96.9 %", "满意率调查通报", "报道", "—"],
    ]


def test_every_figure_leads_back_to_its_target_clause_and_source():
    report = drafted()

    figures = report.frozen["figures"].values()
    assert [each for each in figures if each["text"] == "98.40%"] == [
        {
            "text": "98.40%",
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
    tags = [tag for tag, each in report.frozen["figures"].items() if each["text"] == "98.40%"]
    assert [names_of(report)[tag] for tag in tags] == ["plan-2011-001"]


def test_draft_is_frozen_with_method_trail_and_job():
    area = make_rich_area()

    report = drafted(area=area)

    job_entry = Entry.objects.get(action="start_job")
    assert (report.stage, report.edition, report.version) == ("draft", 1, 1)
    assert (report.method_version, report.trail_seq, report.trail_hash) == ("1", job_entry.seq, "")
    assert report.frozen["title"] == "某省2015年质量状况分析报告"
    assert report.frozen["footing"] == "数据截至2015年，方法版本1"
    assert report.frozen["line"].endswith(f"判定方法版本1　审计日志第{job_entry.seq}条")
    entry = Entry.objects.get(action="draft_report")
    assert (entry.object, entry.actor, entry.role) == (
        "report:990000:2015::1",
        "reviewer",
        "reviewer",
    )
    assert entry.after["word_sha256"] == report.texts.get().sha256


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
    assert printed(report, "table_2")[0][4] == "● 提前完成"


def test_report_of_a_department_has_what_it_leads():
    area = make_rich_area()
    department = area.departments.get()

    report = drafted(area=area, department=department)

    lines = written(report)
    assert lines[1] == (
        "截至[2015年]，省农业厅牵头、纳入跟踪的质量发展目标共[1项]，其中量化目标[1项]、"
        "定性目标[0项]。量化目标中，能够判定进度的[1项]（绿灯[1项]）。"
    )
    assert [line for line in lines if line[1] == "、"] == [
        "一、总体情况",
        "二、主要指标完成情况",
        "三、分领域进展情况",
        "四、定性目标评价情况",
        "五、数据来源",
        "六、判定方法说明",
    ]
    assert paper_of(report, report.texts.get()).subtitle == "（省农业厅）（起草稿）"


def test_report_on_an_earlier_year_knows_nothing_of_later_verdicts():
    area = make_rich_area()

    assert reported_targets(area, year=2014) == []
    assert len(reported_targets(area, year=2016)) == 4


def test_area_without_targets_still_has_a_report():
    report = drafted(area=make_rich_area(), year=2012)

    assert written(report)[1] == (
        "截至[2012年]，某省纳入跟踪的质量发展目标共[0项]，其中量化目标[0项]、定性目标[0项]。"
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

    with django_assert_max_num_queries(4):
        reported_targets(area, year=YEAR)


def test_breaches_come_before_what_was_met():
    area = make_rich_area()
    target = area.targets.get(code="plan-2011-003")
    target.verdicts.all().delete()
    make_verdict(target, YEAR, "missed", actual_year=2015, actual_value="90", gap="8")

    report = drafted(area=area)

    assert (
        "未达到要求或存在差距的[2项]，为“投诉办结率达到[98%]以上”、“满意率达到[97%]以上”"
        in (written(report)[2])
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
    assert first.inlines[1] == Fixed("f0001", "2015年")
