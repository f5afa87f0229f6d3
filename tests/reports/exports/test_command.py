"""The command `export`."""

import csv
import hashlib
import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from indicators.assess_files import Source, assess_files
from reports.exports import TABLES, Export, Selection
from reports.exports import stream as stream_module
from reports.exports.blocks import Block
from targets_site.audit.models import Entry
from tests import factories
from tests.reports.exports.world import NOON, export, exported, rows_of


def test_command_writes_the_file_whole_or_not_at_all(target, tmp_path, monkeypatch):
    path = tmp_path / "targets.csv"
    call_command("export", "targets", output=str(path), no_bom=True)
    before = path.read_bytes()
    complete = b"".join(export("targets"))

    monkeypatch.setattr(stream_module, "blocks_of", _broken)
    with pytest.raises(CommandError, match=r"[一-龥].* / The export broke off: the disk is gone"):
        call_command("export", "targets", output=str(path))

    assert before == complete
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def _broken(*chosen, **options):
    yield Block(b"half a file")
    raise OSError("the disk is gone")


def test_command_writes_to_standard_output(target, capfdbinary):
    call_command("export", "targets")

    assert capfdbinary.readouterr().out == b"".join(export("targets", bom=True))


def test_command_refuses_an_unknown_area(db):
    with pytest.raises(CommandError, match="没有这个地区：123456 / Unknown area: 123456"):
        call_command("export", "targets", area="123456")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"domain": "no"}, "没有这个领域：no / Unknown domain: no"),
        ({"document": "no"}, "没有这个文件：no / Unknown document: no"),
        ({"state": "draft"}, "targets does not know --state"),
        ({"manifest": True}, "A manifest stands beside a file"),
    ],
)
def test_command_refuses_what_it_cannot_do(db, options, message):
    with pytest.raises(CommandError, match=message):
        call_command("export", "targets", **options)


@pytest.mark.parametrize(
    "options",
    [
        ["--year", "20x5"],
        ["--year", "٢٠١٥"],
        ["--at", "gestern"],
        ["--at", "2026-02-30"],
        ["--at", "20260301"],
    ],
)
def test_command_refuses_a_bad_year_or_moment(db, options):
    with pytest.raises(CommandError, match=r"Error: argument --year|is no day"):
        call_command("export", "targets", *options)


def test_command_writes_a_manifest_beside_the_file(target, tmp_path):
    path = tmp_path / "targets.jsonl"

    call_command(
        "export", "targets", area="990000", year=2020, format="jsonl", output=str(path),
        manifest=True,
    )  # fmt: skip

    said = json.loads((tmp_path / "targets.jsonl.manifest.json").read_text())
    content = path.read_bytes()
    assert (said["file"], said["table"], said["format"]) == ("targets.jsonl", "targets", "jsonl")
    assert (said["area"], said["year"], said["rows"]) == ("990000", 2020, 1)
    assert said["sha256"] == hashlib.sha256(content).hexdigest()
    assert json.loads(content)["target_code"] == "plan-2011-001"
    after = Entry.objects.get(action="export").after
    assert {**said, "complete": True} == {**after, "file": "targets.jsonl"}


@pytest.mark.django_db(transaction=True)
def test_export_of_an_earlier_moment_has_what_stood_then():
    series = factories.make_series()
    factories.make_figure(series, 2015, "1", entered_at=NOON, reviewed_at=NOON)
    later = NOON + timedelta(days=30)
    factories.make_figure(series, 2016, "2", entered_at=later, reviewed_at=later)

    chosen = Selection(TABLES["observations"], at=NOON + timedelta(days=1))
    rows = rows_of(b"".join(Export(chosen)))

    assert [row["year"] for row in rows] == ["2015"]
    assert len(exported("observations")) == 2


def test_assess_reads_what_export_writes(target):
    series = target.readings.get().series
    factories.make_figure(series, 2014, "60.00")
    targets = Source("T.csv", b"".join(export("targets", bom=True)))
    observations = Source("O.csv", b"".join(export("observations", bom=True)))

    verdicts = assess_files(targets, observations, as_of=2015)

    [row] = csv.DictReader(io.StringIO(verdicts, newline=""))
    headings = TABLES["verdicts"].headings
    assert list(row) == [h for h in headings if h not in {"source_grade", "computed_at"}]
    assert (row["value"], row["actual_year"], row["actual_value"]) == ("63.10", "2014", "60")
