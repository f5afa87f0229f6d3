"""The files as they are downloaded: noted, the same each time, and as they were issued."""

import hashlib

import pytest

from reports.paper.errors import PaperUnavailable
from targets_site.audit.models import Entry
from tests.reports.staged import PAGE, at_stage

pytestmark = pytest.mark.django_db


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
