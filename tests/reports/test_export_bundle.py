"""The bundle: one ZIP of all tables from one state, described so that other programs read it."""

import csv
import hashlib
import io
import json
import zipfile
from decimal import Decimal

import pytest
from frictionless import Package, validate

from reports.exports import TABLES, leaving
from reports.exports.asked import Asked
from reports.exports.bundle.stream import Bundle
from reports.exports.bundle.zipped import Member, zipped
from reports.offline import as_one_file
from targets_site.audit.context import Actor
from targets_site.audit.models import Entry
from tests import factories
from tests.reports.exporting import content_of, make_small_world, rows_of, signed_in

pytestmark = pytest.mark.django_db
ALWAYS = ["dictionary.csv", "datapackage.json", "README.md"]


def made(reader=None, **asked):
    return Bundle(Asked("bundle", "zip", **asked), actor=Actor(name="zhao"), reader=reader)


def opened(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def files_of(reader=None, **asked):
    return opened(b"".join(made(reader, **asked)))


@pytest.fixture
def world(db):
    make_small_world()


@pytest.mark.django_db
def test_bundle_holds_each_table_as_it_is_exported_alone(client, world):
    signed_in(client, factories.make_user("wang"))
    files = opened(content_of(client.get("/exports/bundle.zip")))

    tables = [name for name in TABLES if name != "audit"]
    assert list(files)[: len(tables)] == [f"{name}.csv" for name in tables]
    for name in tables:
        assert files[f"{name}.csv"] == content_of(client.get(f"/exports/{name}.csv"))


def test_manifest_says_rows_and_digests_of_every_other_file(world):
    bundle = made()
    content = b"".join(bundle)
    files = opened(content)

    manifest = json.loads(files["manifest.json"])
    told = {each["name"]: each for each in manifest["files"]}
    assert set(told) == set(files) - {"manifest.json"}
    for name, each in told.items():
        assert each["sha256"] == hashlib.sha256(files[name]).hexdigest(), name
    assert told["observations.csv"]["rows"] == len(rows_of(files["observations.csv"])) == 12
    assert told["observations.csv"]["bytes"] == len(files["observations.csv"])
    assert manifest["method_version"] == "1"
    entry = Entry.objects.get(action="export", object="export:bundle")
    assert entry.after["sha256"] == bundle.sha256 == hashlib.sha256(content).hexdigest()
    assert entry.after["complete"] is True


@pytest.mark.django_db
def test_the_trail_says_in_which_role_it_was_taken(client, world):
    content_of(signed_in(client, factories.make_auditor()).get("/exports/bundle.zip"))

    assert Entry.objects.get(action="export").role == "auditor"


def test_its_entry_counts_all_rows(world):
    bundle = made()
    content = b"".join(bundle)
    told = {each["name"]: each for each in json.loads(opened(content)["manifest.json"])["files"]}
    entry = Entry.objects.get(action="export")
    assert entry.after["rows"] == bundle.rows == sum(e.get("rows", 0) for e in told.values())


def test_the_trail_says_in_which_role_it_was_made(world):
    auditor = factories.make_user("wang")
    factories.make_post(auditor, "auditor", area=factories.make_area("460000"))

    b"".join(made(auditor))

    entry = Entry.objects.get(action="export")
    assert (entry.object, entry.role) == ("export:bundle", "auditor")
    assert entry.after["complete"] is True


def test_two_bundles_of_the_same_data_differ_in_their_manifest_alone(world):
    first, second = files_of(), files_of()

    assert list(first) == list(second)
    assert [name for name in first if first[name] != second[name]] in ([], ["manifest.json"])


def test_filters_narrow_every_table_alike(world):
    files = files_of(filters={"area": "360000", "below": True, "domain": "product"})

    codes = {row["target_code"] for row in rows_of(files["targets.csv"])}
    assert codes == {"plan-2-001", "plan-3-001"}
    assert {row["target_code"] for row in rows_of(files["verdicts.csv"])} == codes
    series = {row["series"] for row in rows_of(files["observations.csv"])}
    assert series == {"360000.rate-1.all", "360100.rate-1.all"}
    assert json.loads(files["manifest.json"])["filters"] == {
        "area": "360000", "below": "1", "domain": "product",
    }  # fmt: skip


def test_dictionary_says_each_column_of_each_file(world):
    files = files_of()

    rows = list(csv.DictReader(io.StringIO(files["dictionary.csv"].decode("utf-8-sig"))))
    said = [(row["file"], row["column"]) for row in rows]
    expected = [
        (name, heading)
        for name in files
        if name.endswith(".csv") and name != "dictionary.csv"
        for heading in TABLES[name.removesuffix(".csv")].headings
    ]
    assert said == expected
    assert all(row["meaning_zh"] and row["meaning_en"] and row["type"] for row in rows)


def test_the_offline_verifier_is_in_it(world):
    assert files_of()["verify.py"].decode() == as_one_file()


@pytest.mark.parametrize("bom", [True, False])
def test_frictionless_finds_no_fault_in_the_package_of_the_real_data(real_data, tmp_path, bom):
    path = tmp_path / "bundle.zip"
    path.write_bytes(b"".join(made(factories.make_auditor(), bom=bom)))

    report = validate(str(path), type="package")

    assert report.flatten(["name", "rowNumber", "fieldName", "type", "message"]) == []
    assert report.stats["tasks"] == len([n for n in opened(path.read_bytes())
                                         if n.removesuffix(".csv") in TABLES])  # fmt: skip


def test_types_of_the_package_read_each_cell_as_meant(real_data, tmp_path):
    path = tmp_path / "bundle.zip"
    path.write_bytes(b"".join(made()))
    files = opened(path.read_bytes())
    meant = {
        "string": str, "integer": int, "number": Decimal, "boolean": bool, "datetime": None,
    }  # fmt: skip

    for resource in Package(str(path)).resources:
        written = rows_of(files[resource.path])
        with resource:
            types = {field.name: field.type for field in resource.schema.fields}
            for cells, row in zip(written, resource.row_stream, strict=True):
                for name, cell in cells.items():
                    if not cell:
                        assert row[name] is None
                    elif meant[types[name]]:
                        assert type(row[name]) is meant[types[name]], (name, cell)
                        assert str(row[name]) in {cell, str(cell == "1")}
                    else:
                        assert row[name].isoformat() == cell


def test_package_says_keys_that_hold(real_data):
    files = files_of()
    package = json.loads(files["datapackage.json"])

    for resource in package["resources"]:
        rows = rows_of(files[resource["path"]])
        key = resource["schema"]["primaryKey"]
        assert len({tuple(row[name] for name in key) for row in rows}) == len(rows), key
    [key] = next(r for r in package["resources"] if r["name"] == "verdicts")["schema"][
        "foreignKeys"
    ]
    targets = {row["target_code"] for row in rows_of(files["targets.csv"])}
    assert key["reference"] == {"resource": "targets", "fields": ["target_code"]}
    assert {row["target_code"] for row in rows_of(files["verdicts.csv"])} <= targets


# Broken off, and in blocks


def test_a_bundle_that_breaks_off_is_no_archive_and_stands_in_the_trail_as_such(world):
    blocks = iter(made())
    some = b"".join(next(blocks) for _block in range(3))
    blocks.close()

    assert not zipfile.is_zipfile(io.BytesIO(some))
    assert Entry.objects.get(action="export").after["complete"] is False


def test_its_last_block_does_not_leave_when_the_trail_cannot_be_written(world, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError("the trail is full")

    monkeypatch.setattr(leaving.trail, "record", refuse)

    sent = []
    with pytest.raises(RuntimeError, match="the trail is full"):
        sent.extend(made())

    assert not zipfile.is_zipfile(io.BytesIO(b"".join(sent)))


def test_an_archive_is_made_a_block_at_a_time():
    """Of members that are asked for in their turn; no more than a block waits."""
    asked = []

    def blocks(name, number):
        for each in range(number):
            asked.append((name, each))
            yield hashlib.sha256(f"{name}{each}".encode()).digest() * 4000

    members = (Member(name, blocks(name, 50)) for name in ("a.csv", "b.csv"))
    sizes = [(len(asked), len(block)) for block in zipped(members)]
    assert max(size for _asked, size in sizes) < 300_000
    assert len({number for number, _size in sizes}) > 20
