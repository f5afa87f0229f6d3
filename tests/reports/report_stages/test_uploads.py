"""Edited Word files that come back: taken as the text, kept, or refused."""

import hashlib
from io import BytesIO

import docx
import pypdfium2
import pytest
from django.db import connection
from docx.oxml.ns import qn

from reports.actions.stages import move_on
from reports.models import Report, ReportStep
from reports.paper.word_reading import read_word
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.reports.drafted import make_person
from tests.reports.staged import PAGE, at_stage, edited_word

pytestmark = pytest.mark.django_db


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
