"""What each line of an imported file comes to: which figure, what it says, what stays."""

import csv
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from indicators import typed_figures
from indicators.actions import entry, workflow
from indicators.actions.entry import EnteredFigure
from indicators.actions.imports import work_off
from indicators.enums import ImportState, State
from indicators.models import (
    Attachment,
    ImportLine,
    ObservationVersion,
    RoundException,
    SeriesDepartment,
)
from targets_site.audit.models import Entry
from targets_site.csv_text import BOM
from targets_site.typed_text import clean_text
from tests.factories import (
    make_department,
    make_figure,
    make_official,
    make_reviewer,
    make_round,
    make_series,
    make_signer,
)
from tests.indicators.importing import (
    HEADINGS,
    add_series,
    as_file,
    changed_line,
    csv_file,
    hand_in,
    make_world,
    outcomes_of,
    problems_of,
    read,
    store,
    what_is_stored,
    xlsx_file,
)
from tests.sheets.files import changed

pytestmark = pytest.mark.django_db
NO_ROUND = "No round asks your department for this year now."
NOT_YOURS = "Your department does not report this in that year."
NEEDS_REASON = "The figure is approved: it is corrected only with a reason, given for the file."
BY_SERIES = ["series", "year", "value"]
BAD_YEAR = f"“Year” is a year of four digits between 2000 and {timezone.localdate().year}."


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def world():
    return make_world()


def saved(world, year=2020, *, read_version=None, reason="", **said):
    """A draft of the official, by the form's action."""
    said = {"value": "98.5", "source_title": "公报", **said}
    value = said.pop("value")
    figure = EnteredFigure(
        value=None if value is None else Decimal(value),
        stated_decimals=0 if value is None else len(value.partition(".")[2]),
        **said,
    )
    return entry.save(
        series=world.series,
        year=year,
        figure=figure,
        read_version=read_version,
        by=world.official,
        correction_reason=reason,
    )


def only_line(imported):
    assert imported.problems == []
    return imported.lines.get()


# Which figure a line is about


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (["series", "year", "value"], ["370000.0101.all", "2020", "98.5"]),
        (["指标序列", "年份", "数值"], ["370000.0101.all", "2020", "98.5"]),
        (["area_code", "indicator_code", "year", "value"], ["370000", "0101", "2020", "98.5"]),
        (["地区代码", "指标代码", "口径", "年度", "数值（%）"],
         ["370000", "0101", "all", "2020", "98.5"]),
        (["series", "year", "value", "unit"], [" 370000.0101.all ", "2020年", " 98.5", "％"]),
        (["series", "area_code", "indicator_en", "year", "value"],
         ["370000.0101.all", "370000", "Pass rate", "2020", "98.5"]),
    ],
)  # fmt: skip
def test_a_line_names_its_figure_by_series_or_by_area_and_indicator(world, headings, cells):
    imported = read(csv_file(cells, headings=headings), by=world.official)

    line = only_line(imported)
    assert (line.series, line.year, line.outcome) == (world.series, 2020, "new")
    assert (line.content, line.read_version) == ({"figure": {"value": "98.5"}}, None)


def test_two_scopes_need_the_scope(world):
    make_series(world.series.area, world.indicator, "rural", world.department)

    imported = read(csv_file(changed_line()), by=world.official)

    assert problems_of(imported) == [
        (2, "", "There are several scopes; name one in the column 口径 / scope: all, rural.")
    ]


def test_the_scope_chooses_among_two(world):
    rural = make_series(world.series.area, world.indicator, "rural", world.department)
    headings = [*HEADINGS, "口径"]

    imported = read(csv_file([*changed_line(), "rural"], headings=headings), by=world.official)

    assert only_line(imported).series == rural


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"指标代码": "9999"}, ("指标代码", "“9999” is not known.")),
        ({"地区代码": "999999"}, ("地区代码", "“999999” is not known.")),
        ({"指标代码": ""}, ("指标代码", "The line does not say which figure it is about.")),
        ({"年份": ""}, ("年份", "“Year” is missing.")),
        ({"年份": "20"}, ("年份", BAD_YEAR)),
        ({"数值": ""}, None),
        ({"数值": "", "备注": "无"},
         ("数值", "“Value” is empty: type it, or say why there is no figure.")),
        ({"数值": "九十"}, ("数值", "“Value” takes a number only, for example 98.5.")),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_with_line_and_column(world, cells, expected):
    imported = read(csv_file(changed_line(**cells)), by=world.official)

    assert problems_of(imported) == ([(2, *expected)] if expected else [])


def test_a_series_that_does_not_exist(world):
    content = csv_file(["370000.9999.all", "2020", "1"], headings=BY_SERIES)

    imported = read(content, by=world.official)

    assert problems_of(imported) == [(2, "series", "“370000.9999.all” is not known.")]


def test_series_and_codes_must_agree(world):
    add_series(world, "0202")
    headings = ["series", "indicator_code", "year", "value"]
    content = csv_file(["370000.0101.all", "0202", "2020", "1"], headings=headings)

    imported = read(content, by=world.official)

    assert problems_of(imported) == [
        (2, "indicator_code", "“0202” disagrees with the code, which means “0101”.")
    ]


def test_a_file_that_names_no_figures_at_all(world):
    imported = read(csv_file(["2020", "1"], headings=["年份", "数值"]), by=world.official)

    [(line, column, message)] = problems_of(imported)
    assert (line, column) == (1, "")
    assert message.startswith("The file does not say which figures it is about")


def test_headings_without_lines(world):
    imported = read(csv_file(), by=world.official)

    assert problems_of(imported) == [(None, "", "The file has headings and no lines below them.")]


def test_a_line_may_have_several_faults_and_all_are_told(world):
    headings = [*BY_SERIES, "来源网址", "发布时间"]
    content = csv_file(["370000.0101.all", "2020", "x", "stats.gov.cn", "去年"], headings=headings)

    imported = read(content, by=world.official)

    assert [column for _line, column, _message in problems_of(imported)] == [
        "value", "来源网址", "发布时间",
    ]  # fmt: skip
    assert imported.counts == {"refused": 1, "problems_found": 3}


def test_the_first_hundred_problems_are_kept_and_all_are_counted(world):
    rows = [["370000.0101.all", "2020", "x"]] * 120

    imported = read(csv_file(*rows, headings=BY_SERIES), by=world.official)

    assert len(imported.problems) == 100
    assert imported.counts == {"refused": 120, "problems_found": 120}
    assert [line for line, _column, _message in problems_of(imported)] == list(range(2, 102))


# Rights and rounds


def test_a_closed_round_can_be_opened_by_an_exception(world):
    closed = make_round(
        world.series.area,
        2018,
        opens_at=timezone.now() - timedelta(days=30),
        due_at=timezone.now() - timedelta(days=20),
        closes_at=timezone.now() - timedelta(days=10),
    )
    content = csv_file(changed_line(年份="2018"))

    assert problems_of(read(content, by=world.official)) == [(2, "年份", NO_ROUND)]

    RoundException.objects.create(
        round=closed,
        department=world.department,
        until=timezone.now() + timedelta(days=1),
        reason="补报",
        granted_by=make_reviewer(area=world.series.area),
    )
    assert outcomes_of(read(content, by=world.official)) == [(2, "new")]


def test_the_years_of_the_department(world):
    SeriesDepartment.objects.update(to_year=2019)

    imported = read(csv_file(changed_line()), by=world.official)

    assert problems_of(imported) == [(2, "", NOT_YOURS)]


def test_the_successor_of_a_department_reports_its_series(world):
    successor = make_department(world.series.area, "省新局")
    world.department.successor = successor
    world.department.save()
    imported = read(csv_file(changed_line()), by=make_official("li", successor))

    assert outcomes_of(imported) == [(2, "new")]


@pytest.mark.parametrize("has_signer", [True, False])
def test_what_waits_for_a_decision_is_left_alone(world, has_signer):
    if has_signer:
        make_signer(department=world.department)
    entry.submit(version=saved(world, value="97"), by=world.official)

    imported = read(csv_file(changed_line()), by=world.official)

    assert problems_of(imported) == [
        (2, "", "The figure is submitted and waits for a decision; recall it first.")
    ]


def test_what_was_returned_stays_open_though_the_round_is_closed(world):
    sent = entry.submit(version=saved(world, value="97"), by=world.official)
    workflow.return_to_official(
        version=sent, by=make_reviewer(area=world.series.area), reason="不对"
    )
    past = timezone.now() - timedelta(days=1)
    world.series.area.rounds.update(due_at=past, closes_at=past)

    line = only_line(read(csv_file(changed_line()), by=world.official))

    assert (line.outcome, line.read_version, line.value_before) == ("changed", 1, "97")
    sent.__class__.objects.update(returned_by_signer=True)
    assert problems_of(read(csv_file(changed_line()), by=world.official)) == [
        (2, "年份", "No round asks your department for this year now.")
    ]


def test_an_approved_figure_changes_with_a_reason_for_the_file(world):
    make_figure(world.series, 2020, "97.1")

    imported = read(csv_file(changed_line()), by=world.official, reason="统计局修订")
    stored = store(imported, confirmed=True)

    assert stored.state == ImportState.STORED
    version = ObservationVersion.objects.get(number=2)
    assert (version.correction_reason, version.state) == ("统计局修订", State.DRAFT)
    assert version.observation.in_force.number == 1


def test_a_reason_is_kept_only_where_something_is_corrected(world):
    stored = store(read(csv_file(changed_line()), by=world.official, reason="更正"))

    assert stored.state == ImportState.STORED
    assert ObservationVersion.objects.get().correction_reason == ""


def test_foreign_lines_are_a_denied_access(world):
    add_series(world, "0202", department=make_department(world.series.area, "省林业厅"))
    rows = [changed_line(指标代码="0202"), changed_line()]

    imported = read(csv_file(*rows), by=world.official)

    denied = Entry.objects.filter(action="denied").values_list("object", "actor", "reason")
    assert list(denied) == [(f"import:{imported.pk}", "wang", "lines of other departments: 1")]


def test_a_foreign_draft_is_not_given_away(world):
    """A line that equals it is refused as any other."""
    other = make_department(world.series.area, "省林业厅")
    foreign = add_series(world, "0202", department=other)
    make_figure(foreign, 2020, "97")
    make_figure(foreign, 2020, "98.5", state=State.DRAFT)
    observation = foreign.observations.get()
    observation.in_force = observation.versions.get(number=1)
    observation.save()

    draft = read(csv_file(changed_line(指标代码="0202")), by=world.official)
    in_force = read(csv_file([foreign.code, "2020", "97"], headings=BY_SERIES), by=world.official)

    assert problems_of(draft) == [(2, "", NOT_YOURS)]
    assert outcomes_of(in_force) == [(2, "unchanged")]


# Unchanged


@pytest.fixture
def export(tmp_path):
    """`manage.py export observations` as bytes."""

    def run():
        path = tmp_path / "observations.csv"
        call_command("export", "observations", output=str(path), stderr=StringIO())
        return path.read_bytes()

    return run


def reference_figures(world):
    """Figures in force of several departments, with everything that an export may hold."""
    other = make_department(world.series.area, "省林业厅")
    foreign = add_series(world, "0202", department=other, unit="项", decimals=0, largest=None)
    old = add_series(world, "0303", unit="index", decimals=6, smallest=None, largest=None)
    make_figure(
        world.series, 2019, "63.10", bound="at_least", obs_status="BP", remark="第一行\n第二行"
    )
    make_figure(world.series, 2020, None, obs_status="M", missing_reason="=1+1，未统计")
    make_figure(world.series, 2018, "0", numerator=Decimal("0"), denominator=Decimal("95"))
    make_figure(
        foreign,
        2020,
        "12345",
        source_title="'=带引号",
        published_as="@项目",
        published_on="2021-03",
    )
    make_figure(old, 2003, "-5.200000", source_title="  旧数据 ", remark="-5 以下，“引号”,\t制表",
                source_url="https://stats.hainan.gov.cn/a?b=1,2", published_on="2004")  # fmt: skip
    make_figure(old, 2004, "100.000000", source_title="'普通")


def test_an_export_comes_back_without_a_difference(world, export):
    reference_figures(world)

    imported = read(export(), by=world.official)

    assert imported.problems == []
    assert imported.counts == {"unchanged": 6}
    assert set(imported.lines.values_list("outcome", flat=True)) == {"unchanged"}


def test_an_export_saved_as_a_workbook_comes_back_without_a_difference(world, export):
    """As text cells, and with numbers as Excel keeps them: 63.1 for 63.10."""
    reference_figures(world)
    headings, *rows = csv.reader(StringIO(export().decode("utf-8").removeprefix(BOM)))
    numbers = [headings.index(each) for each in ("year", "value", "numerator", "denominator")]
    typed = [
        [float(cell) if place in numbers and cell else cell for place, cell in enumerate(row)]
        for row in rows
    ]

    for lines in (rows, typed):
        imported = read(xlsx_file(*lines, headings=headings), "export.xlsx", by=world.official)
        assert (imported.problems, imported.counts) == ([], {"unchanged": 6})


def test_an_export_with_one_change_is_one_change(world, export):
    make_figure(world.series, 2019, "63.10", remark="备注")
    make_figure(world.series, 2020, "64.20")
    content = export().replace(b"64.20", b"64.30")

    imported = read(content, by=world.official, reason="更正")

    assert imported.counts == {"unchanged": 1, "changed": 1}
    line = imported.lines.get(outcome="changed")
    assert (line.year, line.value_before, line.read_version) == (2020, "64.20", 1)
    assert line.content == {
        "figure": {"value": "64.30", "source_title": "统计公报"},
        "before": {"value": "64.20"},
    }


def test_a_draft_that_is_stored_already_is_unchanged(world):
    saved(world, source_title="公报", remark="注")
    before = what_is_stored()
    headings = [*HEADINGS, "来源"]

    imported = read(
        csv_file([*changed_line(备注="注"), "公报"], headings=headings), by=world.official
    )

    assert outcomes_of(imported) == [(2, "unchanged")]
    assert what_is_stored() == before


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("63.1", "unchanged"), ("63.10", "unchanged"), ("63.100", "changed"), ("63.11", "changed"),
     ("６３．１０", "unchanged"), ("63", "changed"), ("63.1%", "changed")],
)  # fmt: skip
def test_a_spreadsheet_drops_zeros_at_the_end(world, text, outcome):
    """63.1 typed with a sign is no spreadsheet's doing. 63.100 states more than is permitted and is
    taken as 63.10 by the parser."""
    saved(world, value="63.10")

    imported = read(
        csv_file(["370000.0101.all", "2020", text], headings=BY_SERIES), by=world.official
    )

    expected = "unchanged" if text == "63.100" else outcome
    assert outcomes_of(imported) == [(2, expected)]


def test_a_blank_line_of_a_template_says_nothing(world):
    imported = read(csv_file(changed_line(数值="")), by=world.official)

    assert outcomes_of(imported) == [(2, "unchanged")]
    assert imported.counts == {"unchanged": 1, "blank": 1}
    assert only_line(imported).content == {}


WIDE = [*BY_SERIES, "missing_reason", "numerator", "denominator", "source_title", "bound"]


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        pytest.param(BY_SERIES, [""], id="narrow"),
        pytest.param(WIDE, [""] * 6, id="as-before-the-draft"),
        pytest.param(WIDE, ["\u3000", "", "", " ", "", ""], id="spaces"),
        pytest.param(WIDE, ["", "", "", "", "公报", "不低于"], id="value-taken-out"),
    ],
)
def test_a_line_that_is_not_filled_in_leaves_what_is_stored(world, headings, said):
    stored = saved(world, value="97.5", bound="at_least", remark="注")

    imported = read(
        csv_file(["370000.0101.all", "2020", *said], headings=headings), by=world.official
    )

    line = only_line(imported)
    assert (line.outcome, imported.counts) == ("unchanged", {"unchanged": 1})
    assert line.note == "Nothing was filled in: what is stored stays."
    assert line.content == {"figure": {"value": "97.5"}}
    with pytest.raises(ValidationError):
        store(imported)
    assert list(ObservationVersion.objects.all()) == [stored]


def test_a_line_without_a_figure_that_says_something_new_is_refused(world):
    saved(world, source_title="公报")
    content = csv_file(["370000.0101.all", "2020", "", "", "", "", "年鉴", ""], headings=WIDE)

    imported = read(content, by=world.official)

    assert [each[:2] for each in problems_of(imported)] == [(2, "value")]


def test_a_line_that_is_not_filled_in_is_beside_one_that_is(world):
    add_series(world, "0202")
    saved(world)
    rows = [["370000.0101.all", "2020", ""], ["370000.0202.all", "2020", "5"]]

    imported = read(csv_file(*rows, headings=BY_SERIES), by=world.official)

    assert outcomes_of(imported) == [(2, "unchanged"), (3, "new")]


def test_why_there_is_no_figure_still_replaces_one(world):
    saved(world)
    content = csv_file(["370000.0101.all", "2020", "", "未调查", "", "", "", ""], headings=WIDE)

    imported = read(content, by=world.official)

    assert only_line(imported).outcome == "changed"


# What a file does not say


def test_columns_that_are_missing_keep_what_is_stored(world):
    saved(world, source_title="公报", source_url="https://a.cn/", remark="注", bound="at_least",
          shortfall_reason="缘由", next_steps="措施", published_on="2021")  # fmt: skip

    imported = read(
        csv_file(["370000.0101.all", "2020", "98.5", "新注"], headings=[*BY_SERIES, "note"]),
        by=world.official,
    )

    line = only_line(imported)
    assert line.content == {
        "figure": {
            "value": "98.5", "bound": "at_least", "source_title": "公报",
            "source_url": "https://a.cn/", "published_on": "2021", "remark": "新注",
            "shortfall_reason": "缘由", "next_steps": "措施",
        },
        "before": {"remark": "注"},
    }  # fmt: skip


def test_a_new_value_does_not_keep_what_described_the_old_one(world):
    saved(world, value="97", numerator=Decimal(97), denominator=Decimal(100), bound="at_least",
          obs_status="P", source_title="公报", remark="注")  # fmt: skip

    imported = read(
        csv_file(["370000.0101.all", "2020", "98.5"], headings=BY_SERIES), by=world.official
    )

    assert only_line(imported).content == {
        "figure": {"value": "98.5", "source_title": "公报", "remark": "注"},
        "before": {
            "value": "97", "numerator": "97", "denominator": "100", "bound": "at_least",
            "obs_status": "P",
        },
    }  # fmt: skip


def test_a_correction_does_not_keep_the_old_source(world):
    make_figure(world.series, 2020, "97", source_title="旧公报", remark="注")

    imported = read(
        csv_file(["370000.0101.all", "2020", "98.5"], headings=BY_SERIES),
        by=world.official,
        reason="更正",
    )

    assert only_line(imported).content == {
        "figure": {"value": "98.5", "remark": "注"},
        "before": {"value": "97", "source_title": "旧公报"},
    }


def test_a_missing_figure_becomes_one(world):
    saved(world, value=None, missing_reason="未统计")

    imported = read(
        csv_file(["370000.0101.all", "2020", "98.5"], headings=BY_SERIES), by=world.official
    )

    line = only_line(imported)
    assert (line.outcome, line.value_before) == ("changed", "未统计")
    assert line.content["figure"] == {"value": "98.5", "source_title": "公报"}


@pytest.mark.parametrize("is_approved", [False, True])
def test_evidence_stays_with_its_value(world, is_approved):
    letter = Attachment.objects.create(
        file="x", name="函.pdf", media_type="application/pdf", size=1, sha256="0" * 64,
        department=world.department, added_by=world.official,
    )  # fmt: skip
    first = saved(world, value="97", evidence=frozenset([letter.pk]))
    if is_approved:
        sent = entry.submit(version=first, by=world.official)
        workflow.approve(version=sent, by=make_reviewer(area=world.series.area))
    headings = [*BY_SERIES, "note"]

    same_value = read(
        csv_file(["370000.0101.all", "2020", "97", "注"], headings=headings),
        by=world.official,
        reason="更正",
    )
    other_value = read(
        csv_file(["370000.0101.all", "2020", "98", ""], headings=headings),
        by=world.official,
        reason="更正",
    )

    assert only_line(same_value).content["evidence"] == [letter.pk]
    assert only_line(other_value).content.get("evidence", []) == (
        [] if is_approved else [letter.pk]
    )
    store(same_value)
    assert list(ObservationVersion.objects.get(number=2).evidence.all()) == [letter]


# How lines are understood


def test_notes_and_questions_stand_with_the_line(world):
    make_figure(world.series, 2019, "60.0")

    imported = read(csv_file(changed_line(数值="９８．５")), by=world.official)

    line = only_line(imported)
    assert line.note == "Understood as 98.5 %."
    [question] = line.content["questions"]
    assert question.startswith("60.0 % in 2019, now 98.5 % for 2020")
    assert imported.counts == {"new": 1, "questions": 1}


def test_the_change_is_measured_against_the_latest_earlier_figure_in_force(world):
    """Not against a later one, a missing one, or a draft."""
    make_figure(world.series, 2016, "97.0")
    make_figure(world.series, 2017, None)
    make_figure(world.series, 2021, "10.0")
    make_round(world.series.area, 2018)
    saved(world, 2018, value="20")

    imported = read(csv_file(changed_line()), by=world.official)

    assert "questions" not in only_line(imported).content


def test_messages_are_in_the_language_of_who_imports(world):
    with translation.override("zh-hans"):
        imported = read(csv_file(changed_line(数值="x")), by=world.official)

    assert problems_of(imported) == [(2, "数值", "“数值”只能填写数字，例如 98.5。")]


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
@pytest.mark.parametrize("word", ["at_least", "At least", "不低于"])
def test_a_bound_by_code_or_by_word(world, name, word):
    with translation.override("zh-hans"):
        content = as_file(
            name, ["370000.0101.all", "2020", "98.5", word], headings=[*BY_SERIES, "bound"]
        )
        imported = read(content, name, by=world.official)

    assert only_line(imported).content["figure"]["bound"] == "at_least"


def test_a_guarded_formula_is_the_text_again(world):
    content = csv_file(["370000.0101.all", "2020", "98.5", "'=1+1"], headings=[*BY_SERIES, "note"])

    imported = read(content, by=world.official)

    assert only_line(imported).content["figure"]["remark"] == "=1+1"


def test_no_line_is_lost(world):
    """Lines read = lines in the file, over more than one block, with the numbers of the file."""
    series = [add_series(world, f"a{number:03}") for number in range(700)]
    rows = [[each.code, str(year), "1.5"] for each in series for year in (2020, 2025)]

    imported = read(csv_file(*rows, headings=BY_SERIES), by=world.official)

    assert imported.counts == {"new": 1400}
    assert (imported.lines_total, imported.job.done, imported.job.total) == (1400, 1400, 1400)
    numbers = imported.lines.values_list("number", "series__code", "year")
    assert list(numbers) == [(at, row[0], int(row[1])) for at, row in enumerate(rows, start=2)]


@pytest.mark.parametrize("size", [3, 30])
def test_reading_asks_no_more_for_more_lines(world, size, django_assert_max_num_queries):
    series = [add_series(world, f"a{number:03}") for number in range(size)]
    for each in series:
        make_figure(each, 2019, "1.2")
    content = csv_file(*([each.code, "2020", "1.5"] for each in series), headings=BY_SERIES)
    handed_in = hand_in(content, by=world.official)
    with django_assert_max_num_queries(51):
        work_off(handed_in)

    assert ImportLine.objects.count() == size


@given(st.text(max_size=12), st.sampled_from(["remark", "source_title"]))
def test_the_quick_way_to_clean_a_text_is_the_slow_one(text, name):
    kind, longest = typed_figures.TEXTS[name]

    def outcome(clean):
        try:
            return clean()
        except ValidationError as error:
            return error.code, error.messages

    typed_figures._cleaned.cache_clear()
    quick = outcome(lambda: typed_figures._cleaned(text, kind, longest, "Text"))

    assert quick == outcome(
        lambda: clean_text(text, kind=kind, longest=longest, label="Text").value
    )


NULL = "_null_"


def with_null(workbook):
    """The same workbook with a null character, which no program writes, in that place."""
    return changed(workbook, "xl/sharedStrings.xml", NULL.encode(), b"_x0000_")


@pytest.mark.parametrize("place", range(4))
def test_a_workbook_can_hold_a_null_character_and_a_message_cannot(world, place):
    """Excel writes it as _x0000_; PostgreSQL stores none."""
    cells = ["370000.0101.all", "2020", "98.5", "注"]
    cells[place] += NULL

    content = with_null(xlsx_file(cells, headings=[*BY_SERIES, "note"]))
    imported = read(content, "t.xlsx", by=world.official)

    assert [each[:2] for each in problems_of(imported)] == [(2, [*BY_SERIES, "note"][place])]
    assert "\0" not in str(imported.problems)


def test_a_heading_with_a_null_character(world):
    content = xlsx_file(["x", "2020", "1", "1"], headings=[*BY_SERIES, f"a{NULL}b"])

    imported = read(with_null(content), "t.xlsx", by=world.official)

    assert imported.state == ImportState.REFUSED
    assert [each[:2] for each in problems_of(imported)] == [(1, "D")]


@given(st.from_regex(typed_figures.PLAIN_ADDRESS, fullmatch=True))
def test_what_is_quickly_taken_for_an_address_is_one(text):
    if len(text) <= typed_figures.LONGEST_PLAIN_ADDRESS:
        typed_figures._address_validator()(text)
