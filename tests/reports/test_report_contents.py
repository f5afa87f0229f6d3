"""An issued report stays as it is: the database refuses, and what gets round it is seen."""

import hashlib
import json
from contextlib import contextmanager
from importlib import import_module

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from reports.actions.stages import give_back, move_on
from reports.actions.uploads import take_word
from reports.models import Report, ReportStep, ReportText
from reports.paper.stored import content_digest
from reports.queries.contents import differs_from_issue
from targets_site.audit.models import Entry
from tests.factories import make_reviewer
from tests.reports.drafted import drafted, make_rich_area
from tests.reports.staged import PAGE, at_stage, edited_word

pytestmark = pytest.mark.django_db

MIGRATION = import_module("reports.migrations.0003_issued_reports_stay_as_they_are")
NOT_AS_ISSUED = "本报告的存储内容与印发时不一致。"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.OPEN_READING = True


@pytest.fixture
def area():
    return make_rich_area()


@pytest.fixture
def reviewer(area):
    return make_reviewer(area=area)


@pytest.fixture
def report(area, reviewer):
    return drafted(area=area, by=reviewer)


@pytest.fixture
def issued(report, reviewer):
    return at_stage(report, "issued", by=reviewer)


@contextmanager
def behind_its_back():
    """As whoever owns the database can, without the triggers."""
    editor = connection.SchemaEditorClass(connection)
    settle()
    MIGRATION.remove(None, editor)
    yield
    settle()
    MIGRATION.install(None, editor)


def settle() -> None:
    """PostgreSQL alters no table whose keys are still to be checked."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def digest_by_hand(report: Report) -> str:
    """From what the database holds, by the words of the docstring."""
    said = {"blocks": report.texts.latest("number").blocks, "frozen": report.frozen}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_digest_of_a_known_content():
    said = '{"blocks":[{"inlines":["甲"]}],"frozen":{"a":1,"b":"九"}}'

    digest = content_digest({"b": "九", "a": 1}, [{"inlines": ["甲"]}])

    assert digest == hashlib.sha256(said.encode("utf-8")).hexdigest()


def test_each_step_has_the_digest_of_its_content_in_row_and_trail(client, report, reviewer):
    client.force_login(reviewer)
    before = digest_by_hand(Report.objects.get())
    file = edited_word(client, words="下一步，加强监管。")
    sent = hashlib.sha256(file.getvalue()).hexdigest()
    take_word(report=report, version=1, upload=file, name=file.name, by=reviewer)
    report.refresh_from_db()
    after = digest_by_hand(report)
    report = move_on(report=report, version=2, by=reviewer)
    report = give_back(report=report, version=3, reason="改", by=reviewer)
    report = at_stage(report, "issued", by=reviewer)

    word = hashlib.sha256(client.get(f"{PAGE}report.docx").content).hexdigest()

    drawn = report.texts.get(number=1).sha256
    expected = [(before, drawn), (after, sent), *[(after, "")] * 4, (after, word)]
    assert before != after
    steps = report.steps.order_by("version")
    assert list(steps.values_list("content_sha256", "word_sha256")) == expected
    entries = Entry.objects.filter(object=report.in_trail, action__endswith="_report")
    noted = [
        (each.after["content_sha256"], each.after["files"].get("docx", "")) for each in entries
    ]
    assert noted == expected
    export = Entry.objects.filter(action="export").latest("seq")
    assert (export.after["content_sha256"], export.after["sha256"]) == (after, word)


def test_page_of_an_issued_report_shows_both_digests(client, issued):
    page = client.get(PAGE).content.decode()

    step = issued.steps.latest("version")
    assert step.content_sha256 in page
    assert step.word_sha256 in page
    assert NOT_AS_ISSUED not in page


UPDATES = {
    "frozen": lambda report: Report.objects.filter(pk=report.pk).update(frozen={}),
    "stage": lambda report: Report.objects.filter(pk=report.pk).update(
        stage="draft", issued_at=None
    ),
    "version": lambda report: Report.objects.filter(pk=report.pk).update(version=99),
    "saved": lambda report: report.save(),
    "deleted": lambda report: Report.objects.filter(pk=report.pk)._raw_delete("default"),
    "new text": lambda report: ReportText.objects.create(
        report=report, number=9, blocks=[], size=0, made_by=report.made_by
    ),
    "raw frozen": "UPDATE reports_report SET frozen = '{}'",
    "raw year": "UPDATE reports_report SET year = 2014",
    "raw delete": "DELETE FROM reports_report",
    "raw text": (
        "INSERT INTO reports_reporttext"
        " (report_id, number, blocks, file, name, size, sha256, made_by_id, made_at)"
        " SELECT report_id, 9, '[]', '', '', 0, '', made_by_id, made_at FROM reports_reporttext"
    ),
}
IN_ANY_STAGE = {
    "blocks": lambda report: report.texts.update(blocks=[]),
    "blocks saved": lambda report: empty(report.texts.get()),
    "file": lambda report: report.texts.update(sha256="0" * 64),
    "step": lambda report: report.steps.update(content_sha256=""),
    "text deleted": lambda report: report.texts.all()._raw_delete("default"),
    "step deleted": lambda report: report.steps.all()._raw_delete("default"),
    "figures": lambda report: Report.objects.filter(pk=report.pk).update(frozen={}),
    "edition": lambda report: Report.objects.filter(pk=report.pk).update(edition=7),
    "raw blocks": "UPDATE reports_reporttext SET blocks = '[]'",
    "raw text delete": "DELETE FROM reports_reporttext",
    "raw step": "UPDATE reports_reportstep SET reason = 'x'",
    "raw step delete": "DELETE FROM reports_reportstep",
}
REPLACED = {
    "report": "INSERT OR REPLACE INTO reports_report SELECT * FROM reports_report",
    "text": "INSERT OR REPLACE INTO reports_reporttext SELECT * FROM reports_reporttext",
    "step": "INSERT OR REPLACE INTO reports_reportstep SELECT * FROM reports_reportstep",
}


def empty(text: ReportText) -> None:
    text.blocks = []
    text.save()


def stored() -> list:
    models = (Report, ReportText, ReportStep)
    return [list(model.objects.order_by("pk").values()) for model in models]


def do(change, report) -> None:
    if callable(change):
        change(report)
        return
    with connection.cursor() as cursor:
        cursor.execute(change)


def refuses(change, report) -> None:
    before = stored()
    with pytest.raises(IntegrityError, match="report_stays_as_it_is"), transaction.atomic():
        do(change, report)
    assert stored() == before


@pytest.mark.parametrize("name", [*UPDATES, *IN_ANY_STAGE])
def test_database_refuses_to_change_an_issued_report(issued, name):
    refuses((UPDATES | IN_ANY_STAGE)[name], issued)


@pytest.mark.parametrize("name", IN_ANY_STAGE)
def test_database_refuses_to_change_what_was_said_at_any_stage(report, name):
    refuses(IN_ANY_STAGE[name], report)


@pytest.mark.parametrize("name", REPLACED)
def test_sqlite_refuses_to_replace_rows(issued, name):
    if connection.vendor == "sqlite":
        refuses(REPLACED[name], issued)
    else:
        with pytest.raises(DatabaseError), transaction.atomic():
            do(REPLACED[name], issued)


TAMPERED = {
    "figure": lambda report: Report.objects.filter(pk=report.pk).update(
        frozen=json.loads(json.dumps(report.frozen).replace("98.40", "99.40"))
    ),
    "all figures": lambda report: Report.objects.filter(pk=report.pk).update(frozen={}),
    "text": lambda report: report.texts.update(blocks=[]),
    "new text": UPDATES["new text"],
    "text and step": lambda report: (
        report.texts.update(blocks=[]),
        report.steps.update(content_sha256=content_digest(report.frozen, [])),
    ),
    "text, step emptied": lambda report: (
        report.texts.update(blocks=[]),
        report.steps.update(content_sha256=""),
    ),
    "text, steps deleted": lambda report: (
        report.texts.update(blocks=[]),
        report.steps.all()._raw_delete("default"),
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_gets_round_the_database_is_said_and_noted_once(client, issued, name):
    with behind_its_back():
        TAMPERED[name](issued)
    found = digest_by_hand(Report.objects.get())

    for _each in range(2):
        page = client.get(PAGE)
        assert page.status_code == 200
        assert NOT_AS_ISSUED in page.content.decode()
        assert 'class="paper' not in page.content.decode()
        assert "report.pdf" not in page.content.decode()
    for file in ("report.pdf", "report.docx"):
        answer = client.get(PAGE + file)
        assert (answer.status_code, answer["Content-Type"]) == (409, "text/html; charset=utf-8")
        assert NOT_AS_ISSUED in answer.content.decode()
    assert client.get(f"{PAGE}picture_1.svg").status_code == 404
    assert not Entry.objects.filter(action="export").exists()
    entry = Entry.objects.get(action="report_differs")
    assert (entry.object, entry.after["content_sha256"]) == (issued.in_trail, found)


def test_forged_trail_alone_is_seen_by_the_step(issued):
    Entry.objects.filter(action="move_report").update(after={"stage": "issued"})
    text = ReportText(report=issued, number=2, blocks=[])

    assert differs_from_issue(issued, text)
    assert not differs_from_issue(issued, issued.texts.get())


def test_report_of_before_the_digests_is_shown(client, issued):
    with behind_its_back():
        issued.steps.update(content_sha256="", word_sha256="")
    Entry.objects.filter(action="move_report").update(after={"stage": "issued"})

    page = client.get(PAGE).content.decode()

    assert NOT_AS_ISSUED not in page
    assert "内容哈希值" not in page
    assert "某省2015年质量状况分析报告" in page


def test_report_under_way_is_not_compared(report):
    assert not differs_from_issue(report, ReportText(report=report, number=2, blocks=[]))


@pytest.mark.django_db(transaction=True)
def test_migration_goes_back_and_forth():
    def triggers():
        table = "pg_trigger" if connection.vendor == "postgresql" else "sqlite_master"
        column = "tgname" if connection.vendor == "postgresql" else "name"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {column} FROM {table} WHERE {column} LIKE 'reports_%_update'"
                f" OR {column} LIKE 'reports_%_delete' OR {column} LIKE 'reports_%_insert'"
            )
            return len(cursor.fetchall())

    full = triggers()
    try:
        MigrationExecutor(connection).migrate([("reports", "0002_issued_files")])
        assert triggers() == 0
    finally:
        MigrationExecutor(connection).migrate([("reports", MIGRATION.__name__.split(".")[-1])])
    assert triggers() == full == (7 if connection.vendor == "postgresql" else 8)
