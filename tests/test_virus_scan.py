"""The deployment's virus scanner: asked about every file, and without its word none is taken."""

import logging
import time
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from indicators.models import Attachment, Import, MaterialFile, ObservationVersion, RoundMaterial
from indicators.uploads import check_upload
from reports.models import ReportText
from targets_site import virus_scan
from targets_site.accounts.models import Role, User
from tests.factories import (
    make_area,
    make_department,
    make_official,
    make_post,
    make_round,
    make_series,
    make_user,
)
from tests.indicators.importing import changed_line, csv_file, make_world, xlsx_file
from tests.indicators.steps import in_parallel
from tests.indicators.uploads.files import PDF, docx_with
from tests.reports.drafted import drafted
from tests.reports.staged import PAGE

MARK = b"INFECTED"
INFECTED_PDF = PDF + MARK
REFUSED = {
    "zh-hans": "“来函.pdf”未通过病毒检查，未予保存。",
    "en": "The virus scan refuses “来函.pdf”, and it was not stored",
}
UNSCANNED = {
    "zh-hans": "暂时无法对“来函.pdf”进行病毒检查，文件未予保存。请稍后重试，或告知系统管理员。",
    "en": "“来函.pdf” could not be checked for viruses and was not stored: try again later, "
    "or tell the system administrator.",
}
EACH_LANGUAGE = pytest.mark.parametrize("language", REFUSED)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def scanned_by(settings, tmp_path):
    """Has uploads scanned by a program of these lines."""

    def scanned_by(*lines, arguments=()):
        program = tmp_path / "a scanner"
        program.write_text("\n".join(["#!/bin/sh", *lines]), encoding="ascii")
        program.chmod(0o700)
        settings.UPLOAD_SCAN_COMMAND = [str(program), *arguments]

    return scanned_by


@pytest.fixture
def scanner(scanned_by):
    """Knows the mark, wherever it stands."""
    scanned_by('if grep --quiet "$1"; then exit 1; fi', arguments=[MARK.decode()])


def letter(content=PDF):
    return SimpleUploadedFile("来函.pdf", content)


def evidence(client):
    department = make_department()
    client.force_login(make_official(department=department))
    address = reverse("indicators:attach")
    return lambda: client.post(address, {"department": department.pk, "file": letter(INFECTED_PDF)})


def figure(client):
    department = make_department()
    series = make_series(department=department)
    make_round(None, 2020)
    client.force_login(make_official(department=department))
    typed = {"step": "save", "value": "98.5", "source_title": "公报"}
    address = f"/entry/series/{series.code}/2020/"
    return lambda: client.post(address, {**typed, "evidence_file": letter(INFECTED_PDF)})


def material(client):
    department, one = make_department(), make_round(None, 2020)
    RoundMaterial.objects.create(round=one, kind="summary", due_at=one.due_at)
    client.force_login(make_official(department=department))
    address = reverse("indicators:materials", args=[one.pk])
    sent = {"department": department.pk, "kind": "summary"}
    return lambda: client.post(address, {**sent, "file": letter(INFECTED_PDF)})


def sheet_of_figures(client, name, content):
    client.force_login(make_world().official)
    return lambda: client.post("/entry/imports/new/", {"file": SimpleUploadedFile(name, content)})


def csv_of_figures(client):
    return sheet_of_figures(client, "数据.csv", csv_file(changed_line(备注=MARK.decode())))


def workbook_of_figures(client):
    content = BytesIO(xlsx_file(changed_line()))
    with ZipFile(content, "a") as book:
        book.writestr(MARK.decode(), b"")
    return sheet_of_figures(client, "数据.xlsx", content.getvalue())


def report(client):
    one = drafted()
    client.force_login(User.objects.get(username="reviewer"))
    sent = {"report": one.pk, "version": one.version}
    content = docx_with((MARK.decode(), b""))
    return lambda: client.post(
        f"{PAGE}upload/", {**sent, "file": SimpleUploadedFile("修改稿.docx", content)}
    )


def accounts(client):
    make_area("460000")
    system_admin = make_user("sysadmin")
    make_post(system_admin, Role.SYSTEM_ADMIN, area=None)
    client.force_login(system_admin)
    content = f"用户名,姓名,岗位,地区代码,部门\nzhang,{MARK.decode()},审核员,460000,\n".encode()
    return lambda: client.post(
        "/accounts/people/sheet/", {"file": SimpleUploadedFile("名单.csv", content)}
    )


DOORS = [
    evidence,
    figure,
    material,
    csv_of_figures,
    workbook_of_figures,
    report,
    accounts,
]


def stored(media):
    kept = (Attachment, Import, MaterialFile, ObservationVersion, ReportText, User)
    files = [path for path in media.rglob("*") if path.is_file()]
    return [each.objects.count() for each in kept], files


def said(response):
    is_json = response["Content-Type"] == "application/json"
    return " ".join(response.json()["errors"]) if is_json else response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
def test_an_infected_file_comes_in_by_no_door(client, scanner, media, door):
    send = door(client)
    client.cookies["django_language"] = "en"
    before = stored(media)

    response = send()

    assert response.status_code == 422
    assert "The virus scan refuses “" in said(response)
    assert stored(media) == before


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
def test_without_a_scanner_the_same_files_are_not_scanned(client, settings, door):
    settings.UPLOAD_SCAN_COMMAND = []
    client.cookies["django_language"] = "en"

    assert "virus" not in said_or_redirected(door(client)())


def said_or_redirected(response):
    return "" if response.status_code in (201, 302) else said(response)


@pytest.mark.django_db
@EACH_LANGUAGE
@pytest.mark.parametrize("door", [evidence, figure, material])
def test_who_sent_an_infected_file_is_told_in_his_language(client, scanner, door, language):
    send = door(client)
    client.cookies["django_language"] = language

    assert REFUSED[language] in said(send())


@pytest.mark.django_db
def test_a_clean_file_is_stored_whole(client, scanner, media):
    department = make_department()
    client.force_login(make_official(department=department))
    sent = {"department": department.pk, "file": letter()}

    assert client.post(reverse("indicators:attach"), sent).status_code == 201

    assert (media / Attachment.objects.get().file.name).read_bytes() == PDF


def crashes(scanned_by, settings, monkeypatch):
    scanned_by("cat >&2", "exit 2")
    return "ended with 2."


def is_killed(scanned_by, settings, monkeypatch):
    scanned_by("kill -KILL $$")
    return "ended with -9."


def hangs(scanned_by, settings, monkeypatch):
    monkeypatch.setattr(virus_scan, "SECONDS_TO_SCAN", 0.3)
    scanned_by("sleep 60")
    return "took longer than 0.3 s."


def is_missing(scanned_by, settings, monkeypatch):
    settings.UPLOAD_SCAN_COMMAND = ["/no/such/scanner"]
    return "could not be run: No such file or directory."


def may_not_be_run(scanned_by, settings, monkeypatch):
    scanned_by("exit 0")
    Path(settings.UPLOAD_SCAN_COMMAND[0]).chmod(0o600)
    return "could not be run: Permission denied."


@pytest.mark.django_db
@EACH_LANGUAGE
@pytest.mark.parametrize("failing", [crashes, is_killed, hangs, is_missing, may_not_be_run])
def test_without_a_verdict_of_the_scanner_nothing_is_stored(
    client, scanned_by, settings, monkeypatch, caplog, media, failing, language
):
    reason = failing(scanned_by, settings, monkeypatch)
    send = evidence(client)
    client.cookies["django_language"] = language
    before, started = stored(media), time.monotonic()

    response = send()

    assert time.monotonic() - started < 10
    assert response.status_code == 422
    assert said(response) == UNSCANNED[language]
    assert stored(media) == before
    [line] = [each for each in caplog.records if each.levelno >= logging.ERROR]
    program = settings.UPLOAD_SCAN_COMMAND[0]
    assert line.getMessage() == f"An upload was refused: the virus scanner {program} {reason}"
    assert "来函" not in caplog.text
    assert MARK.decode() not in caplog.text


def test_a_scanner_that_hangs_is_ended_with_what_it_started(scanned_by, monkeypatch, tmp_path):
    monkeypatch.setattr(virus_scan, "SECONDS_TO_SCAN", 0.5)
    late = tmp_path / "late"
    scanned_by(f'(sleep 1; touch "{late}") & wait')

    with pytest.raises(ValidationError):
        check_upload(letter(), name="来函.pdf")

    time.sleep(1)
    assert not late.exists()


def test_the_scanner_is_asked_last(scanned_by, tmp_path):
    asked = tmp_path / "asked"
    scanned_by(f'touch "{asked}"')

    with pytest.raises(ValidationError) as refused:
        check_upload(BytesIO(b"no pdf"), name="来函.pdf")

    assert refused.value.code == "mismatch"
    assert not asked.exists()


@pytest.mark.parametrize("ends_with", [0, 1, 2])
def test_the_file_stands_at_its_beginning_afterwards(scanned_by, ends_with):
    scanned_by("cat", f"exit {ends_with}")
    file = letter()
    file.seek(5)

    with suppress(ValidationError):
        check_upload(file, name="来函.pdf")

    assert file.tell() == 0


@pytest.mark.parametrize(
    ("ends_with", "code"), [(1, "unsafe"), (2, "unscanned"), (127, "unscanned")]
)
def test_only_nought_lets_a_file_pass(scanned_by, ends_with, code):
    scanned_by(f"exit {ends_with}")

    with pytest.raises(ValidationError) as refused:
        check_upload(letter(), name="来函.pdf")

    assert refused.value.code == code


def test_the_scanner_learns_no_secret(scanned_by, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_PASSWORD", "hunter2")
    environment = tmp_path / "environment"
    scanned_by(f'env > "{environment}"')

    check_upload(letter(), name="来函.pdf")

    assert "hunter2" not in environment.read_text()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", [evidence, figure, material])
def test_others_save_while_a_file_is_scanned(client, scanned_by, tmp_path, door):
    """SQLite has one writer: a scan within its transaction would hold up everybody."""
    begun, saved = tmp_path / "begun", tmp_path / "saved"
    scanned_by(f'touch "{begun}"; until test -e "{saved}"; do sleep 0.05; done')
    send = door(client)

    def save():
        for _each in range(200):
            if begun.exists():
                break
            time.sleep(0.05)
        make_user("meanwhile")
        saved.touch()

    response, raised = in_parallel([send, save])

    assert raised is None
    assert response.status_code in (201, 302)
