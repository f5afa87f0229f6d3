"""The way of a report from draft to issue: who does what, and who sees it when."""

import hashlib
from io import BytesIO

import docx
import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from docx.oxml.ns import qn

from indicators.models import Job
from reports.actions.shared import Overtaken
from reports.actions.stages import give_back, move_on
from reports.actions.uploads import take_word
from reports.models import Report, ReportStep
from reports.paper.errors import PaperUnavailable, PressOccupied
from reports.paper.word_reading import read_word
from reports.queries.report_words import Change
from reports.queries.reports import readable_reports
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role, User
from targets_site.audit.models import Entry
from tests.factories import make_area, make_official, make_reviewer
from tests.reports.drafted import YEAR, drafted, make_person, make_rich_area

pytestmark = pytest.mark.django_db

# Of these, session, person, posts and notices are every page's.
QUERIES_OF_THE_PAGE = 12
PAGE = f"/report/990000/{YEAR}/"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.OPEN_READING = False


@pytest.fixture
def area():
    return make_rich_area()


@pytest.fixture
def reviewer(area):
    return make_reviewer(area=area)


@pytest.fixture
def report(area, reviewer):
    return drafted(area=area, by=reviewer)


def at_stage(report: Report, stage: str, *, by) -> Report:
    """Moved by one person, and issued by another."""
    while report.stage != stage:
        mover = second_reviewer(report.area) if report.stage == "approval" else by
        report = move_on(report=report, version=report.version, by=mover, confirmed=True)
    return report


def second_reviewer(area):
    return User.objects.filter(username="second").first() or make_reviewer("second", area)


def edited_word(client, address: str = f"{PAGE}report.docx", *, words: str) -> BytesIO:
    """The Word file as it is downloaded, with one more paragraph."""
    document = docx.Document(BytesIO(client.get(address).content))
    document.add_paragraph(words)
    saved = BytesIO()
    document.save(saved)
    saved.seek(0)
    saved.name = "修改稿.docx"
    return saved


def test_report_goes_from_draft_to_issue_and_each_step_is_noted(report, reviewer):
    for _each in range(2):
        report = move_on(report=report, version=report.version, by=reviewer)
    report = give_back(report=report, version=3, reason="表述不准", by=reviewer)

    report = at_stage(report, "issued", by=reviewer)

    steps = report.steps.values_list("version", "kind", "from_stage", "to_stage", "reason")
    assert list(steps) == [
        (1, "draft", "draft", "draft", ""),
        (2, "move", "draft", "comment", ""),
        (3, "move", "comment", "approval", ""),
        (4, "return", "approval", "draft", "表述不准"),
        (5, "move", "draft", "comment", ""),
        (6, "move", "comment", "approval", ""),
        (7, "move", "approval", "issued", ""),
    ]
    assert report.issued_at is not None
    entries = Entry.objects.filter(object="report:990000:2015::1").order_by("seq")
    assert list(entries.values_list("action", "actor", "role", "reason")) == [
        ("draft_report", "reviewer", "reviewer", ""),
        ("move_report", "reviewer", "reviewer", ""),
        ("move_report", "reviewer", "reviewer", ""),
        ("return_report", "reviewer", "reviewer", "表述不准"),
        ("move_report", "reviewer", "reviewer", ""),
        ("move_report", "reviewer", "reviewer", ""),
        ("move_report", "second", "reviewer", ""),
    ]


def test_issuing_is_asked_about_and_final(report, reviewer):
    report = at_stage(report, "approval", by=reviewer)

    second = second_reviewer(report.area)

    with pytest.raises(ValidationError) as unconfirmed:
        move_on(report=report, version=report.version, by=second)
    assert unconfirmed.value.code == "unconfirmed"

    report = move_on(report=report, version=report.version, by=second, confirmed=True)
    for step in (
        lambda: move_on(report=report, version=report.version, by=reviewer, confirmed=True),
        lambda: give_back(report=report, version=report.version, reason="x", by=reviewer),
    ):
        with pytest.raises(Overtaken):
            step()
    report.refresh_from_db()
    assert report.stage == "issued"


def test_who_drafted_or_edited_an_edition_does_not_issue_it(client, report, reviewer):
    second, third = second_reviewer(report.area), make_reviewer("third", report.area)
    client.force_login(second)
    file = edited_word(client, words="下一步，加强监管。")
    client.post(f"{PAGE}upload/", {"report": report.pk, "version": 1, "file": file})
    report.refresh_from_db()
    report = at_stage(report, "approval", by=reviewer)
    sent = {"report": report.pk, "version": report.version, "confirmed": "on"}

    for user in (reviewer, second):
        client.force_login(user)
        response = client.post(f"{PAGE}move/", sent)
        assert response.status_code == 422
        assert "本版由您起草或修改，须由本地区另一名审核员印发。" in response.content.decode()
    client.force_login(third)
    client.post(f"{PAGE}move/", sent)

    report.refresh_from_db()
    assert report.stage == "issued"


def test_page_shows_what_people_wrote_and_the_figures_they_typed(client, report, reviewer):
    client.force_login(reviewer)
    assert "待核对" not in client.get(PAGE).content.decode()
    document = docx.Document(BytesIO(client.get(f"{PAGE}report.docx").content))
    document.add_paragraph("森林覆盖率为62.3%，已经达标。")
    document.add_paragraph("下一步，加强监管。")
    saved = BytesIO()
    document.save(saved)
    saved.seek(0)
    saved.name = "修改稿.docx"
    client.post(f"{PAGE}upload/", {"report": report.pk, "version": 1, "file": saved})

    words = client.get(PAGE).context["shown"].words

    assert words.typed == ["森林覆盖率为62.3%，已经达标。"]
    assert words.changes == [
        Change("", "森林覆盖率为62.3%，已经达标。"),
        Change("", "下一步，加强监管。"),
    ]
    page = client.get(PAGE).content.decode()
    assert "待核对：人工填写的数字和判定用语" in page
    assert "<ins>下一步，加强监管。</ins>" in page


def test_list_offers_reviewers_a_draft_of_no_year_to_come(client, area, reviewer):
    client.force_login(reviewer)

    offers = client.get("/report/").context["offers"]
    assert [(each.area, each.years) for each in offers] == [
        (area, range(timezone.localdate().year, 2010, -1))
    ]
    assert f'href="{PAGE}"' in client.get("/report/").content.decode()
    client.force_login(make_person(Role.LEADER, area))
    assert client.get("/report/").context["offers"] == []


def test_list_is_narrowed_to_an_area(client, report, reviewer):
    client.force_login(reviewer)
    make_area("980000")

    found = {
        query: list(client.get(f"/report/?area={query}").context["page"])
        for query in ("990000", "980000", "nowhere")
    }

    assert found == {"990000": [report], "980000": [], "nowhere": [report]}
    assert "没有代码为nowhere的地区。" in client.get("/report/?area=nowhere").content.decode()


def test_draft_is_offered_for_departments_that_there_were(client, area, reviewer):
    client.force_login(reviewer)
    department = area.departments.get()
    department.to_year = YEAR - 1
    department.save()

    offered = client.get(PAGE).context["which"].fields["department"].queryset

    assert list(offered) == []
    earlier = client.get("/report/990000/2014/").content.decode()
    assert f"省农业厅（–{YEAR - 1}）" in earlier


def test_second_of_two_steps_from_one_page_is_refused(report, reviewer):
    move_on(report=report, version=1, by=reviewer)

    with pytest.raises(Overtaken):
        move_on(report=report, version=1, by=reviewer)

    report.refresh_from_db()
    assert (report.stage, report.version) == ("comment", 2)


def test_replaced_draft_moves_no_more(area, report, reviewer):
    drafted(area=area, by=reviewer)

    with pytest.raises(Overtaken):
        move_on(report=report, version=1, by=reviewer)


def test_report_is_given_back_with_a_reason_only(report, reviewer):
    report = at_stage(report, "comment", by=reviewer)

    with pytest.raises(ValidationError) as refused:
        give_back(report=report, version=report.version, reason=" ", by=reviewer)

    assert refused.value.code == "reason"


def test_nobody_but_reviewers_of_the_area_does_anything(area, report):
    others = [
        make_official(department=area.departments.get()),
        make_person(Role.LEADER, area),
        make_person(Role.AUDITOR, area),
        make_reviewer("elsewhere", make_area("980000")),
    ]

    for by in others:
        for step in (
            lambda by=by: move_on(report=report, version=1, by=by),
            lambda by=by: give_back(report=report, version=1, reason="x", by=by),
            lambda by=by: take_word(
                report=report, version=1, upload=BytesIO(b"x"), name="a.docx", by=by
            ),
        ):
            with pytest.raises(NotAllowed):
                step()


@pytest.mark.parametrize(
    ("stage", "seen_by"),
    [
        ("draft", {"reviewer"}),
        ("comment", {"reviewer", "official", "leader", "auditor"}),
        ("approval", {"reviewer", "leader"}),
        ("issued", {"reviewer", "official", "leader", "auditor", "elsewhere", "sysadmin"}),
    ],
)
def test_who_sees_a_report_at_its_stage(
    client, monkeypatch, area, report, reviewer, stage, seen_by
):
    monkeypatch.setattr("reports.printing.pdf_of_paper", lambda paper: b"%PDF")
    people = {
        "reviewer": reviewer,
        "official": make_official(department=area.departments.get()),
        "leader": make_person(Role.LEADER, area),
        "auditor": make_person(Role.AUDITOR, area),
        "elsewhere": make_reviewer("elsewhere", make_area("980000")),
        "sysadmin": make_person(Role.SYSTEM_ADMIN, area, "sysadmin"),
    }
    report = at_stage(report, stage, by=reviewer)

    for name, user in people.items():
        client.force_login(user)
        seen = name in seen_by
        addresses = ("", "report.pdf", "report.docx", "picture_1.svg")
        codes = {client.get(PAGE + each).status_code for each in addresses}
        assert (name, codes) == (name, {200 if seen else 404})
        assert (report in readable_reports(user)) == seen
    denials = Entry.objects.filter(action="denied", object="report:990000:2015")
    assert set(denials.values_list("actor", flat=True)) == people.keys() - seen_by


def test_addresses_without_a_report_and_strangers_leave_the_trail_as_it_is(
    client, settings, area, report
):
    settings.OPEN_READING = True
    paths = [PAGE, *(f"/report/990000/{year}/" for year in range(2000, 2004)), "/report/1/2015/"]
    count = Entry.objects.count()

    for path in (each + file for each in paths for file in ("", "report.pdf", "report.docx")):
        assert client.get(path).status_code == 404
    assert Entry.objects.count() == count

    client.force_login(make_person(Role.LEADER, area))
    count = Entry.objects.count()
    assert {client.get(path).status_code for path in paths[1:]} == {404}
    assert Entry.objects.count() == count
    assert client.get(PAGE).status_code == 404
    denied = Entry.objects.filter(action="denied")
    assert list(denied.values_list("actor", "object")) == [("leader", "report:990000:2015")]


def test_open_reading_shows_issued_reports_only_and_nobodys_name(
    client, settings, report, reviewer
):
    settings.OPEN_READING = True
    reviewer.full_name = "王审核"
    reviewer.save()
    assert client.get(PAGE).status_code == 404
    at_stage(report, "issued", by=reviewer)

    response = client.get(PAGE)

    assert response.status_code == 200
    assert "某省2015年质量状况分析报告" in response.content.decode()
    assert f"{PAGE}move/" not in response.content.decode()
    assert "王审核" not in response.content.decode()
    assert "某省" in client.get("/report/").content.decode()


def test_strangers_are_sent_to_the_login(client, report):
    for path in ("/report/", PAGE, f"{PAGE}report.pdf"):
        assert client.get(path).status_code == 302


def test_page_of_a_year_without_report_is_for_reviewers(client, area, reviewer):
    client.force_login(reviewer)
    page = client.get("/report/990000/2014/")
    assert page.status_code == 200
    assert "该年度尚未起草报告。" in page.content.decode()

    client.force_login(make_person(Role.LEADER, area))
    assert client.get("/report/990000/2014/").status_code == 404


def test_drafting_from_the_page_starts_a_job(client, area, reviewer):
    client.force_login(reviewer)

    response = client.post(f"{PAGE}draft/", {"department": area.departments.get().code})

    assert response.status_code == 302
    assert response.url == f"{PAGE}?department={area.departments.get().code}"
    job = Job.objects.get()
    assert (job.kind, job.parameters["department"]) == ("report", "990000-agriculture")
    assert "报告正在起草" in client.get(response.url).content.decode()


def test_drafting_is_refused_to_others(client, area):
    client.force_login(make_person(Role.LEADER, area))

    response = client.post(f"{PAGE}draft/")

    assert response.status_code == 403
    assert not Job.objects.exists()
    assert Entry.objects.get(action="denied").object == "report:990000:2015"


def test_bad_query_gives_a_message(client, report, reviewer):
    client.force_login(reviewer)

    for query in ("department=%00", "department=nobody", "edition=abc", "edition=0"):
        response = client.get(f"{PAGE}?{query}")
        assert response.status_code == 200
        assert "notice--warn" in response.content.decode()
    assert client.get(f"{PAGE}?edition=7").status_code == 404


def test_edited_word_file_becomes_the_text_everywhere(client, report, reviewer):
    client.force_login(reviewer)
    file = edited_word(client, words="下一步，加强监管。")

    response = client.post(f"{PAGE}upload/", {"report": report.pk, "version": 1, "file": file})

    assert response.status_code == 302
    page = client.get(response.url).content.decode()
    assert "下一步，加强监管。" in page
    assert "98.40%" in page
    pdf = pypdfium2.PdfDocument(client.get(f"{PAGE}report.pdf").content)
    said = "".join(each.get_textpage().get_text_range() for each in pdf)
    assert "下一步，加强监管。" in "".join(said.split())
    word = docx.Document(BytesIO(client.get(f"{PAGE}report.docx").content))
    assert word.paragraphs[-1].text == "下一步，加强监管。"
    text = report.texts.get(number=2)
    assert (text.name, text.size) == ("修改稿.docx", file.getbuffer().nbytes)
    step = ReportStep.objects.get(version=2)
    assert (step.kind, step.to_stage, step.text) == ("upload", "draft", text)


def test_word_file_that_was_handed_in_is_there_for_the_areas_reviewers(
    client, area, report, reviewer
):
    client.force_login(reviewer)
    file = edited_word(client, words="下一步，加强监管。")
    client.post(f"{PAGE}upload/", {"report": report.pk, "version": 1, "file": file})
    at_stage(Report.objects.get(), "comment", by=reviewer)
    address = f"{PAGE}texts/2.docx"

    response = client.get(address)

    assert b"".join(response.streaming_content) == file.getvalue()
    assert f"{address}?edition=1" in client.get(PAGE).content.decode()
    entry = Entry.objects.filter(action="export", after__file="original").get()
    assert entry.after["sha256"] == hashlib.sha256(file.getvalue()).hexdigest()
    assert client.get(f"{PAGE}texts/1.docx").status_code == 404
    client.force_login(make_person(Role.LEADER, area))
    assert client.get(PAGE).status_code == 200
    assert client.get(address).status_code == 404


def test_job_leads_to_its_report(client, report, reviewer):
    client.force_login(reviewer)

    assert f'href="{PAGE}"' in client.get(report.job.get_absolute_url()).content.decode()


def test_file_is_read_before_the_report_is_locked(client, monkeypatch, report, reviewer):
    """Somebody who moves the report meanwhile is not kept waiting, and wins."""
    client.force_login(reviewer)
    file = edited_word(client, words="下一步，加强监管。")
    depths = []

    def read(upload, *, paper):
        depths.append(len(connection.savepoint_ids))
        move_on(report=Report.objects.get(), version=1, by=reviewer)
        return read_word(upload, paper=paper)

    monkeypatch.setattr("reports.actions.uploads.read_word", read)

    response = client.post(f"{PAGE}upload/", {"report": report.pk, "version": 1, "file": file})

    assert depths == [0]
    assert (response.status_code, report.texts.count()) == (409, 1)
    report.refresh_from_db()
    assert (report.stage, report.version) == ("comment", 2)


@pytest.mark.parametrize(("old", "new"), [("98.40%", "99.40%"), ("提前完成", "进度滞后")])
def test_changed_figure_or_verdict_refuses_the_file(client, report, reviewer, old, new):
    client.force_login(reviewer)
    document = docx.Document(BytesIO(client.get(f"{PAGE}report.docx").content))
    said = (each for each in document.element.iter(qn("w:t")) if each.text)
    finding = next(each for each in said if each.text.startswith("“抽检合格率达到98%以上”："))
    assert old in finding.text
    finding.text = finding.text.replace(old, new)
    saved = BytesIO()
    document.save(saved)
    saved.seek(0)
    saved.name = "a.docx"

    response = client.post(f"{PAGE}upload/", {"report": report.pk, "version": 1, "file": saved})

    assert response.status_code == 422
    assert "”被改为“" in response.content.decode()
    assert report.texts.count() == 1


def test_file_made_from_an_earlier_text_is_refused(client, report, reviewer):
    client.force_login(reviewer)
    first, second = (edited_word(client, words=words) for words in ("甲。", "乙。"))
    client.post(f"{PAGE}upload/", {"report": report.pk, "version": 1, "file": first})

    response = client.post(f"{PAGE}upload/", {"report": report.pk, "version": 2, "file": second})

    assert response.status_code == 422
    assert "该文件依据的是报告的旧稿或其他版次" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", b"PK\x03\x04 broken", "已损坏"),
        ("a.pdf", b"%PDF-1.7", "不是Word文档"),
        ("a.exe", b"MZ", "只接收"),
        ("a.docx", b"", "空"),
    ],
)
def test_other_files_are_refused(client, report, reviewer, name, content, words):
    client.force_login(reviewer)
    file = BytesIO(content)
    file.name = name

    response = client.post(f"{PAGE}upload/", {"report": report.pk, "version": 1, "file": file})

    assert response.status_code == 422
    assert words in response.content.decode()
    assert report.texts.count() == 1


def test_file_without_changes_is_not_stored(client, report, reviewer):
    client.force_login(reviewer)
    same = BytesIO(client.get(f"{PAGE}report.docx").content)
    same.name = "same.docx"

    response = client.post(f"{PAGE}upload/", {"report": report.pk, "version": 1, "file": same})

    assert response.status_code == 422
    assert "文件内容与现有报告相同" in response.content.decode()


def test_step_from_an_old_page_gets_409(client, report, reviewer):
    client.force_login(reviewer)
    move_on(report=report, version=1, by=reviewer)

    response = client.post(f"{PAGE}move/", {"report": report.pk, "version": 1})

    assert response.status_code == 409
    assert "报告已有变化" in response.content.decode()
    assert Entry.objects.get(action="denied").reason == "stale"


def test_page_asks_before_it_issues(client, report, reviewer):
    client.force_login(reviewer)
    report = at_stage(report, "approval", by=reviewer)
    sent = {"report": report.pk, "version": report.version}

    client.force_login(second_reviewer(report.area))
    asked = client.post(f"{PAGE}move/", sent)
    report.refresh_from_db()
    assert (asked.status_code, report.stage) == (200, "approval")
    assert "确认印发" in asked.content.decode()

    done = client.post(f"{PAGE}move/", {**sent, "confirmed": "on"})
    report.refresh_from_db()
    assert (done.status_code, report.stage) == (302, "issued")


def test_returning_from_the_page_wants_a_reason(client, report, reviewer):
    client.force_login(reviewer)
    report = at_stage(report, "comment", by=reviewer)
    sent = {"report": report.pk, "version": report.version}

    assert client.post(f"{PAGE}return/", {**sent, "reason": ""}).status_code == 422
    assert client.post(f"{PAGE}return/", {**sent, "reason": "改"}).status_code == 302

    report.refresh_from_db()
    assert report.stage == "draft"
    assert "原因：改" in client.get(PAGE).content.decode()


def test_downloads_stand_in_the_trail_with_their_digest(client, report, reviewer):
    client.force_login(reviewer)

    pdf, again = (client.get(f"{PAGE}report.pdf") for _each in range(2))

    assert pdf.content == again.content
    assert pdf["Content-Type"] == "application/pdf"
    entries = Entry.objects.filter(action="export")
    assert {(each.object, each.actor, each.after["file"]) for each in entries} == {
        ("report:990000:2015::1", "reviewer", "pdf")
    }
    assert len({each.after["sha256"] for each in entries}) == 1


def test_machine_that_cannot_print_says_so(client, report, reviewer, monkeypatch):
    client.force_login(reviewer)

    def unavailable(paper):
        raise PaperUnavailable("libpango")

    monkeypatch.setattr("reports.printing.pdf_of_paper", unavailable)

    response = client.get(f"{PAGE}report.pdf")

    assert response.status_code == 503
    assert "服务器缺少排版组件" in response.content.decode()


def test_correction_of_an_issued_report_is_the_next_edition(client, area, report, reviewer):
    at_stage(report, "issued", by=reviewer)
    second = drafted(area=area, by=reviewer)

    client.force_login(make_person(Role.LEADER, area))
    assert "第2版" not in client.get(PAGE).content.decode()
    at_stage(second, "issued", by=reviewer)

    page = client.get(PAGE).content.decode()
    assert "第2版" in page
    assert client.get(f"{PAGE}?edition=1").status_code == 200


def test_english_page_shows_the_chinese_report(client, report, reviewer):
    client.force_login(reviewer)
    client.cookies["django_language"] = "en"

    page = client.get(PAGE).content.decode()

    assert "Quality report 2015" in page
    assert "（起草稿）" in page
    assert "Draft for comment" in page


def test_queries_of_the_page_do_not_grow(client, area, report, reviewer, django_assert_num_queries):
    client.force_login(reviewer)
    client.get(PAGE)
    for number in range(3):
        with django_assert_num_queries(QUERIES_OF_THE_PAGE):
            client.get(PAGE)
        if number < 2:
            drafted(area=area, by=reviewer)


def test_queries_of_the_list_do_not_grow(client, area, report, reviewer, django_assert_num_queries):
    client.force_login(reviewer)
    with translation.override("zh-hans"):
        client.get("/report/")
    counts = []
    for year in (2016, 2017):
        with django_assert_num_queries(7) as queries:
            client.get("/report/")
        counts.append(len(queries))
        drafted(area=area, by=reviewer, year=year)
    assert len(set(counts)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"stage": "unknown"},
        {"stage": "issued"},
        {"issued_at": timezone.now()},
        {"edition": 0},
        {"version": 0},
        {"year": 3000},
    ],
)
def test_database_refuses(report, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(**fields)


def test_database_holds_one_report_under_way_and_one_of_an_edition(report):
    copy = {
        field.name: getattr(report, field.name)
        for field in Report._meta.concrete_fields
        if field.name != "id"
    }
    for changed in ({"edition": 2}, {"edition": 1, "replaced_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(**{**copy, **changed})


def test_database_wants_a_reason_for_a_return(report):
    step = report.steps.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportStep.objects.filter(pk=step.pk).update(kind="return")


def test_issued_files_stay_as_they_were_issued(client, area, report, reviewer, monkeypatch):
    at_stage(report, "issued", by=reviewer)
    addresses = (f"{PAGE}report.pdf", f"{PAGE}report.docx")
    client.force_login(reviewer)
    before = [client.get(each).content for each in addresses]

    monkeypatch.setattr(
        "reports.printing.render_to_string", lambda *words: "<h1>another template</h1>"
    )
    monkeypatch.setattr("reports.queries.papers.names_of", lambda report: {})
    monkeypatch.setattr("reports.paper.word_styles.LATIN", "Arial")

    assert [client.get(each).content for each in addresses] == before
    digests = {file.ending: file.sha256 for file in report.files.all()}
    assert digests == {
        "pdf": hashlib.sha256(before[0]).hexdigest(),
        "docx": hashlib.sha256(before[1]).hexdigest(),
    }
    assert Entry.objects.filter(action="move_report").last().after["files"] == digests


def test_stored_file_that_is_not_what_was_issued_is_not_handed_out(client, report, reviewer):
    at_stage(report, "issued", by=reviewer)
    report.files.filter(ending="pdf").update(content=b"%PDF-another")
    client.force_login(reviewer)

    response = client.get(f"{PAGE}report.pdf")

    assert response.status_code == 503
    assert "与印发时不一致" in response.content.decode()


def test_nothing_is_issued_where_nothing_can_be_printed(client, report, reviewer, monkeypatch):
    report = at_stage(report, "approval", by=reviewer)
    client.force_login(second_reviewer(report.area))

    def unavailable(paper):
        raise PressOccupied

    monkeypatch.setattr("reports.printing.pdf_of_paper", unavailable)
    asked = {"report": report.pk, "version": report.version, "confirmed": "on"}

    response = client.post(f"{PAGE}move/", asked)

    assert response.status_code == 503
    assert "报告没有印发" in response.content.decode()
    assert (Report.objects.get().stage, report.files.count()) == ("approval", 0)
