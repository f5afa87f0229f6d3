"""The pages on which officials import files."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from indicators.actions import imports, jobs
from indicators.enums import ImportState
from indicators.exports.template import EXPLANATION_SHEET
from indicators.import_columns import BY_KEY, COLUMNS, IGNORED, SAID, SHEET
from indicators.models import Import, ImportLine, Job, ObservationVersion
from indicators.typed_figures import FIELDS
from reports.exports.observations import OBSERVATIONS
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_auditor,
    make_department,
    make_figure,
    make_official,
    make_reviewer,
    make_round,
    make_user,
)
from tests.indicators.importing import (
    add_series,
    as_file,
    changed_line,
    csv_file,
    hand_in,
    make_world,
    outcomes_of,
    read,
    store,
)

pytestmark = pytest.mark.usefixtures("in_english")
LIST, NEW = "/entry/imports/", "/entry/imports/new/"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def signed_in(client, world):
    client.force_login(world.official)
    return client


def upload(client, content, name="数据.csv", **fields):
    return client.post(NEW, {"file": SimpleUploadedFile(name, content), **fields})


def page_of(imported):
    return reverse("indicators:import", args=[imported.pk])


def store_on_page(client, imported, **fields):
    address = reverse("indicators:store_import", args=[imported.pk])
    return client.post(address, {"seen": imported.read_at.isoformat(), **fields})


def test_a_file_is_uploaded_previewed_and_stored(
    signed_in, world, settings, django_capture_on_commit_callbacks, monkeypatch
):
    settings.EMBEDDED = True
    nudged = []
    monkeypatch.setattr("indicators.tasks.drain.wake", lambda: nudged.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        response = upload(signed_in, csv_file(changed_line()))
    imported = Import.objects.get()
    assert (response.status_code, response.url) == (302, page_of(imported))
    assert (imported.state, imported.language) == (ImportState.WAITING, "en")
    assert "The file waits to be read." in signed_in.get(page_of(imported)).content.decode()

    jobs.work_off_one()
    page = signed_in.get(page_of(imported)).content.decode()
    assert "1 figure would be stored as a draft" in page
    assert "98.5 %" in page

    imported.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        response = store_on_page(signed_in, imported)
    assert response.status_code == 302
    assert "The figures wait to be stored" in signed_in.get(page_of(imported)).content.decode()
    jobs.work_off_one()

    assert "1 figure was stored as a draft" in signed_in.get(page_of(imported)).content.decode()
    assert ObservationVersion.objects.get().entered_by == world.official
    assert len(nudged) == 2


def test_a_refused_file_says_line_column_and_reason(signed_in, world):
    imported = read(csv_file(changed_line(数值="<b>x</b>")), by=world.official)

    response = signed_in.get(page_of(imported))

    [problem] = response.context["imported"].problems
    assert (problem["line"], problem["column"]) == (2, "数值")
    page = response.content.decode()
    assert "The whole file is refused; nothing was stored" in page
    assert problem["message"] in page


@pytest.mark.parametrize(
    ("name", "said"), [("数据.csv", "read as UTF-8 (BOM)"), ("数据.xlsx", "format: Excel (XLSX)")]
)
def test_how_a_file_was_read_stands_on_its_page(signed_in, world, name, said):
    imported = read(as_file(name, changed_line()), name, by=world.official)

    assert said in signed_in.get(page_of(imported)).content.decode()


def test_a_line_that_was_left_out_says_what_stays(signed_in, world):
    store(read(csv_file(changed_line()), by=world.official))
    imported = read(csv_file(changed_line(数值="")), by=world.official)

    page = signed_in.get(page_of(imported)).content.decode()

    # Said in the language that the file was sent in.
    assert "该行未填写，已保存的数据保持不变。" in page
    assert "Nothing would change" in page


@pytest.mark.parametrize(("language", "said"), [("en", True), ("zh-hans", False)])
def test_remarks_in_another_language_are_said_to_be(signed_in, world, language, said):
    with translation.override("zh-hans"):
        imported = read(csv_file(changed_line(数值="x")), by=world.official)
    signed_in.cookies["django_language"] = language

    page = signed_in.get(page_of(imported)).content.decode()

    assert ("The remarks on the lines are in Chinese" in page) == said
    assert '<td lang="zh-hans"' in page


def test_what_a_file_says_is_escaped(signed_in, world):
    rows = [changed_line(地区="<script>alert(1)</script>"), changed_line(备注="<i>kursiv</i>")]

    for row in rows:
        page = signed_in.get(page_of(read(csv_file(row), by=world.official))).content.decode()
        assert "<script>alert" not in page
        assert "<i>kursiv" not in page
    assert "&lt;i&gt;kursiv&lt;/i&gt;" in page


def test_further_problems_are_counted(signed_in, world):
    rows = [[world.series.code, "2020", "x"]] * 105
    content = csv_file(*rows, headings=["series", "year", "value"])

    page = signed_in.get(page_of(read(content, by=world.official))).content.decode()

    assert "105 of 105 lines cannot be stored as they stand." in page
    assert "5 further problems are not shown." in page


def test_questions_are_confirmed_by_one_box_for_the_file(signed_in, world):
    content = csv_file(changed_line(数值="0.95"), changed_line(年份="2025", 数值="0.96"))
    imported = read(content, by=world.official)
    page = signed_in.get(page_of(imported)).content.decode()
    assert "2 lines are to be confirmed" in page

    refused = store_on_page(signed_in, imported)
    assert refused.status_code == 422
    assert "Confirm what is asked about first." in refused.content.decode()
    imported.refresh_from_db()
    assert imported.state == ImportState.PREVIEWED

    assert store_on_page(signed_in, imported, confirmed="1").status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "2020-01-01T00:00:00+08:00", "2020-13-45T99:00"])
def test_a_preview_that_was_not_seen_is_not_stored(signed_in, world, seen):
    imported = read(csv_file(changed_line()), by=world.official)

    response = store_on_page(signed_in, imported, seen=seen)

    assert response.status_code == 409
    assert "the import has changed since you read its page" in response.content.decode()
    imported.refresh_from_db()
    assert imported.state == ImportState.PREVIEWED
    denied = Entry.objects.get(action="denied")
    assert (denied.object, denied.reason) == (f"import:{imported.pk}", "state")


def test_a_preview_that_went_stale_is_shown_anew(signed_in, world):
    imported = read(csv_file(changed_line()), by=world.official)
    Import.objects.update(counts={"new": 1, "stale": 3})

    page = signed_in.get(page_of(imported)).content.decode()

    assert "Nothing was stored: 3 figures were changed by somebody else" in page


def test_nothing_to_store(signed_in, world):
    store(read(csv_file(changed_line()), by=world.official))
    imported = read(csv_file(changed_line()), by=world.official)

    page = signed_in.get(page_of(imported)).content.decode()

    assert "Nothing would change: all of it is stored already" in page
    assert "Store all of them" not in page
    assert store_on_page(signed_in, imported).status_code == 422


def test_a_preview_is_discarded(signed_in, world):
    imported = read(csv_file(changed_line()), by=world.official)
    address = reverse("indicators:discard_import", args=[imported.pk])

    assert signed_in.post(address).status_code == 302
    assert signed_in.post(address).status_code == 409
    assert "was discarded; nothing was stored" in signed_in.get(page_of(imported)).content.decode()


def test_progress_is_a_small_part_that_ends_with_the_job(signed_in, world):
    imported = hand_in(csv_file(changed_line()), by=world.official)
    address = reverse("indicators:import_progress", args=[imported.pk])
    Job.objects.update(state="running", done=43_000, total=100_000, started_at=timezone.now())

    running = signed_in.get(address).content.decode()
    assert f'data-progress="{address}"' in running
    assert '<progress max="100000" value="43000"' in running
    assert "43000 of about 100000 lines read." in running
    assert "<html" not in running

    Import.objects.update(state="previewed")
    assert signed_in.get(address).content.decode().strip() == ""


def test_the_page_says_how_many_figures_are_checked_before_all_are_stored(signed_in, world):
    imported = read(csv_file(changed_line()), by=world.official)
    store_on_page(signed_in, imported)
    address = reverse("indicators:import_progress", args=[imported.pk])

    def page(done):
        started = {"state": "running", "started_at": timezone.now()}
        Job.objects.filter(import_of=imported).update(done=done, total=1000, **started)
        return signed_in.get(address).content.decode()

    checking, storing = page(430), page(1000)
    assert '<progress max="1000" value="430"' in checking
    assert "430 of 1000 figures checked; after the last one all are stored at once" in checking
    assert '<progress aria-labelledby="import-progress">' in storing
    assert "The figures are being stored, all or none." in storing


def test_lines_are_paged_by_fifty_and_filtered_by_outcome(signed_in, world):
    series = [add_series(world, f"a{number:03}") for number in range(60)]
    make_figure(series[0], 2020, "1.5")
    make_figure(series[1], 2019, "90")
    rows = [[each.code, "2020", "1.5"] for each in series]
    imported = read(csv_file(*rows, headings=["series", "year", "value"]), by=world.official)

    first = signed_in.get(page_of(imported))
    second = signed_in.get(page_of(imported), {"page": "2"})
    new = signed_in.get(page_of(imported), {"outcome": "new", "page": "2"})
    asked = signed_in.get(page_of(imported), {"outcome": "questions"})
    odd = signed_in.get(page_of(imported), {"outcome": "x'--", "page": "-1"})

    numbers = [[row.line.number for row in each.context["rows"]] for each in (first, second)]
    assert numbers == [list(range(2, 52)), list(range(52, 62))]
    assert [row.line.number for row in new.context["rows"]] == list(range(53, 62))
    assert [row.line.number for row in asked.context["rows"]] == [3]
    assert len(odd.context["rows"]) == 50
    counts = [(each.outcome, each.number) for each in first.context["outcomes"]]
    assert counts == [("", 60), ("new", 59), ("unchanged", 1), ("questions", 1)]


@pytest.mark.parametrize("size", [1, 3])
def test_a_page_of_lines_asks_no_more_for_more_lines(
    signed_in, world, size, django_assert_num_queries
):
    series = [add_series(world, f"a{number:03}") for number in range(size)]
    rows = [[each.code, "2020", "1.5"] for each in series]
    imported = read(csv_file(*rows, headings=["series", "year", "value"]), by=world.official)
    signed_in.get(page_of(imported))

    with django_assert_num_queries(6):
        signed_in.get(page_of(imported))


def test_a_line_shows_what_would_be_stored_and_what_is(signed_in, world):
    make_figure(world.series, 2020, "97.10", bound="at_least", source_title="旧公报", remark="旧")
    headings = ["series", "year", "value", "来源", "备注", "数据状态"]
    content = csv_file([world.series.code, "2020", "98.5", "新公报", "", "P"], headings=headings)
    imported = read(content, by=world.official, reason="修订")

    [row] = signed_in.get(page_of(imported)).context["rows"]

    assert (row.before, row.after) == ("97.10 %", "98.5 %")
    assert [(each.label, each.before, each.after) for each in row.differences] == [
        ("The source says", "At least", "Exact"),
        ("Kind of figure", "Normal", "Provisional"),
        ("Source", "旧公报", "新公报"),
        ("Remark", "旧", ""),
    ]


# Who may


def test_somebody_elses_import_is_no_page_and_stands_in_the_trail(client, world):
    """Not even for a colleague, the reviewer or the auditor; nobody can store it either."""
    imported = read(csv_file(changed_line()), by=world.official)
    area = world.series.area
    others = [
        make_official("li", world.department),
        make_official("foreign", make_department(make_area("410000"), "省某厅")),
        make_reviewer(area=area),
        make_auditor(area=area),
    ]
    for other in others:
        client.force_login(other)
        for name in ("import", "import_progress"):
            assert client.get(reverse(f"indicators:{name}", args=[imported.pk])).status_code == 404
        for name in ("store_import", "discard_import"):
            address = reverse(f"indicators:{name}", args=[imported.pk])
            assert client.post(address).status_code == 404
        if other.username in {"li", "foreign"}:
            assert list(client.get(LIST).context["page"]) == []

    denied = Entry.objects.filter(action="denied", object=f"import:{imported.pk}")
    assert denied.count() == 4 * len(others)
    imported.refresh_from_db()
    assert imported.state == ImportState.PREVIEWED


def test_there_is_no_such_import(signed_in):
    assert signed_in.get("/entry/imports/4711/").status_code == 404


@pytest.mark.parametrize("make", [make_user, make_reviewer, make_auditor])
def test_only_officials_import(client, db, make):
    client.force_login(make("somebody"))

    for path in (LIST, NEW):
        assert client.get(path).status_code == 403
    assert upload(client, csv_file(changed_line())).status_code == 403
    assert not Import.objects.exists()
    assert Entry.objects.filter(action="denied").count() == 3


@pytest.mark.parametrize("path", [LIST, NEW, "/entry/imports/1/", "/entry/1/template.xlsx"])
def test_pages_need_login(client, db, settings, path):
    settings.OPEN_READING = True

    response = client.get(path)

    assert (response.status_code, response.url[:16]) == (302, "/accounts/login/")


@pytest.mark.parametrize("name", ["store_import", "discard_import"])
def test_writing_needs_post(signed_in, world, name):
    imported = read(csv_file(changed_line()), by=world.official)

    assert signed_in.get(reverse(f"indicators:{name}", args=[imported.pk])).status_code == 405


def test_a_right_that_was_lost_ends_it(signed_in, world):
    imported = read(csv_file(changed_line()), by=world.official)
    world.official.posts.update(to_date=timezone.localdate() - timedelta(days=1))

    assert signed_in.get(NEW).status_code == 403
    store_on_page(signed_in, imported)
    imports.work_off(Import.objects.get())

    imported.refresh_from_db()
    assert imported.state == ImportState.REFUSED
    assert not ObservationVersion.objects.exists()


# The file itself


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("数据.csv", b"", "empty"),
        ("数据.pdf", b"%PDF-1.7", "Only CSV files"),
        ("数据.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "old Office file"),
        ("数据.xlsx", b"PK\x03\x04broken", "damaged"),
        ("数据.xlsx", b"a,b\n1,2\n", "does not hold what its ending says"),
        ("长" * 151 + ".csv", b"a", "too long"),
    ],
)
def test_what_is_no_table_is_not_taken(signed_in, name, content, says):
    response = upload(signed_in, content, name)

    assert response.status_code == 422
    assert says in response.content.decode()
    assert not Import.objects.exists()
    assert not Entry.objects.filter(action="attach").exists()


def test_no_file(signed_in):
    response = signed_in.post(NEW, {"correction_reason": "x"})

    assert response.status_code == 422
    assert "Choose a file." in response.content.decode()


def test_a_csv_file_may_not_be_too_large(signed_in, monkeypatch):
    monkeypatch.setattr("indicators.actions.imports.files.LARGEST_BYTES", 10)

    response = upload(signed_in, b"series,year,value\n")

    assert response.status_code == 422
    assert "is larger than 50 MB" in response.content.decode()


def test_the_file_is_kept_as_it_came(signed_in, world):
    content = csv_file(changed_line())

    upload(signed_in, content, "C:\\Users\\wang\\数据.csv")

    kept = Import.objects.get().attachment
    assert (kept.name, kept.media_type, kept.size) == ("数据.csv", "text/csv", len(content))
    assert kept.file.read() == content
    assert kept.department == world.department
    kept.file.close()


# The template


def template(client, one, department):
    address = reverse("indicators:template", args=[one.pk])
    return client.get(address, {"department": department.pk})


def workbook_of(response):
    book = openpyxl.load_workbook(BytesIO(response.content))
    return book, book[SHEET]


def rows_of(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_template_has_a_line_for_each_figure_with_what_is_stored(client, world):
    client.cookies["django_language"] = "zh-hans"
    client.force_login(world.official)
    one = make_round(world.series.area, 2019, 2020, name="2020年填报")
    make_figure(world.series, 2019, "63.10", bound="at_least", remark="=1+1", source_title="公报")
    add_series(world, "0202", department=make_department(world.series.area, "省林业厅"))

    response = template(client, one, world.department)

    assert response.status_code == 200
    assert "2020%E5%B9%B4" in response["Content-Disposition"]
    book, sheet = workbook_of(response)
    assert book.sheetnames == [SHEET, EXPLANATION_SHEET]
    assert sheet.freeze_panes == "D2"
    assert rows_of(sheet) == [
        ["指标序列", "指标", "年度", "数值（%）", "缺数原因", "来源", "来源网址", "发布日期",
         "发布时的指标名称", "分子", "分母", "来源表述", "数据类别", "备注", "未完成原因",
         "下一步措施"],
        ["370000.0101.all", "合格率", 2019, 63.1, None, "公报", None, None,
         None, None, None, "不低于", None, "=1+1", None, None],
        ["370000.0101.all", "合格率", 2020, *[None] * 13],
    ]  # fmt: skip
    assert (sheet["A2"].number_format, sheet["D2"].number_format) == ("@", "0.00")
    assert (sheet["N2"].data_type, sheet["A2"].data_type) == ("s", "s")
    lists = {str(each.sqref): each for each in sheet.data_validations.dataValidation}
    assert set(lists) == {"E2:E3", "L2:L3", "M2:M3"}
    assert lists["L2:L3"].formula1 == '"准确数,不低于,不高于,约数"'
    kinds = "正常数据,初步数,估计数,口径变化（与以前年份不可比）,口径变化，初步数,口径变化，估计数"
    assert lists["M2:M3"].formula1 == f'"{kinds}"'
    said = Entry.objects.get(action="export")
    assert (said.object, said.after["rows"]) == (f"round:{one.pk}", 2)


def test_units_that_differ_stand_in_a_column(signed_in, world):
    add_series(world, "0202", unit="项", decimals=0, largest=None)
    add_series(world, "0303", unit="index")
    one = make_round(world.series.area, 2020)

    _book, sheet = workbook_of(template(signed_in, one, world.department))

    rows = rows_of(sheet)
    assert rows[0][:5] == ["series", "indicator_en", "year", "value", "unit"]
    assert [row[4] for row in rows[1:]] == ["%", "项", "index"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_template_comes_back_unchanged_and_filled_in(client, world, language):
    client.cookies["django_language"] = language
    client.force_login(world.official)
    index = add_series(world, "0303", unit="index")
    missing = add_series(world, "0404")
    make_figure(world.series, 2020, "63.10", bound="about", obs_status="P", published_on="2021")
    make_figure(missing, 2020, None, obs_status="M", missing_reason="未统计")
    one = make_round(world.series.area, 2020)
    response = template(client, one, world.department)

    untouched = read(response.content, "模板.xlsx", by=world.official)
    assert (untouched.problems, untouched.counts) == ([], {"unchanged": 3, "blank": 1})

    book, sheet = workbook_of(response)
    headings = [cell.value for cell in sheet[1]]
    line = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == index.code)
    value, bound, kind = (
        next(place for place, each in enumerate(headings) if each in BY_KEY[key].headings)
        for key in ("value", "bound", "obs_status")
    )
    line[value].value = 91.5
    line[bound].value = "At least" if language == "en" else "不低于"
    line[kind].value = "Break; estimated" if language == "en" else "口径变化，估计数"
    filled = BytesIO()
    book.save(filled)

    imported = read(filled.getvalue(), "模板.xlsx", by=world.official)
    assert imported.problems == []
    assert outcomes_of(imported) == [(2, "unchanged"), (3, "new"), (4, "unchanged")]
    assert ImportLine.objects.get(imported=imported, outcome="new").content == {
        "figure": {"value": "91.5", "bound": "at_least", "obs_status": "BE"}
    }


def test_a_template_is_for_ones_own_department_and_area(signed_in, world):
    own = make_round(world.series.area, 2020)
    other_area = make_area("410000")
    foreign = make_round(other_area, 2020)
    colleague = make_department(world.series.area, "省林业厅")

    assert template(signed_in, own, colleague).status_code == 404
    assert template(signed_in, foreign, world.department).status_code == 404
    address = reverse("indicators:template", args=[own.pk])
    for department in ("", "x", "-1", str(2**70)):
        assert signed_in.get(address, {"department": department}).status_code == 404
    assert Entry.objects.filter(action="denied").count() == 6
    assert not Entry.objects.filter(action="export").exists()


def test_templates_of_open_rounds_are_offered(signed_in, world):
    past = timezone.now() - timedelta(days=2)
    make_round(world.series.area, 2012, name="closed", due_at=past, closes_at=past)

    offered = signed_in.get(NEW).context["templates"]

    assert [(each.round.years, each.department) for each in offered] == [
        ([2020, 2025], world.department)
    ]


def test_the_columns_are_those_of_the_parser_and_of_our_exports():
    """One list: nothing that is understood lacks a column, and no heading stands for two."""
    headings = [heading for column in COLUMNS for heading in column.headings]
    assert len(headings) == len(set(headings))
    assert set(SAID) == set(FIELDS)
    assert set(OBSERVATIONS.headings) <= set(headings) | set(IGNORED)
    assert not set(headings) & set(IGNORED)
