"""The offline verifier, as an auditor runs it: one file, another process, nothing of ours."""

import csv
import hashlib
import io
import json
import random
import subprocess
import sys
import zipfile
from collections import Counter

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from indicators.reference.load import load_reference
from reports.exports import TABLES
from reports.exports.asked import BUNDLE, Asked
from reports.exports.bundle.stream import Bundle
from reports.offline import MODULES, as_one_file
from targets_site.audit.context import Actor
from targets_site.audit.sealing import seal
from tests.factories import make_auditor

pytestmark = pytest.mark.django_db
DIGITS = "0123456789"
TABLE_NAMES = ["targets", "observations", "verdicts"]


@pytest.fixture(scope="module")
def files(django_db_setup, django_db_blocker):
    """The bundle of the real data as an auditor gets it: contents by name of the file."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference(settings.BASE_DIR / "fixtures")
        call_command("recompute", verbosity=0)
        auditor = make_auditor()
        seal()
        made = b"".join(Bundle(Asked(BUNDLE), actor=Actor("auditor"), reader=auditor))
        transaction.set_rollback(True)
    archive = zipfile.ZipFile(io.BytesIO(made))
    return {name: archive.read(name) for name in archive.namelist()}


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def manifest_of(files, **filters):
    """What the product would say of these files; the head of the trail stays as it was."""
    made = json.loads(files["manifest.json"])
    listed = [
        {
            "name": name,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            **({"rows": len(rows_of(content))} if name.removesuffix(".csv") in TABLES else {}),
        }
        for name, content in files.items()
        if name != "manifest.json"
    ]
    return {**made, "files": listed, "filters": filters}


@pytest.fixture
def verify(tmp_path):
    """Runs `verify.py` on the files, with their manifest or another one."""

    def run(files, manifest=None):
        bundle = tmp_path / "bundle.zip"
        said = json.dumps(manifest).encode() if manifest else files["manifest.json"]
        with zipfile.ZipFile(bundle, "w") as archive:
            for name, content in {**files, "manifest.json": said}.items():
                archive.writestr(name, content)
        return run_on(bundle, tmp_path)

    return run


def run_on(bundle, folder):
    script = folder / "verify.py"
    script.write_text(as_one_file(), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", "-S", "-W", "error", str(script), str(bundle)],
        capture_output=True, text=True, encoding="utf-8", env={"PYTHONIOENCODING": "utf-8"},
        timeout=120, check=False,
    )  # fmt: skip


def faults_in(run):
    return [line for line in run.stdout.splitlines() if line.startswith("[不符 FAULT]")]


def with_cell(content, place, column, value):
    rows = rows_of(content)
    rows[place][column] = value
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def test_agrees_with_every_verdict_of_the_real_data(files, verify):
    run = verify(files)

    assert (run.returncode, run.stderr, faults_in(run)) == (0, "", [])
    verdicts = rows_of(files["verdicts.csv"])
    assert len(verdicts) > 400
    assert f"{len(verdicts)} verdicts recomputed, all the same" in run.stdout
    trail = rows_of(files["audit.csv"])
    assert len(trail) > 5
    assert f"{len(trail)} entries, each follows on the one before" in run.stdout
    assert "NOT CHECKED" not in run.stdout


def test_reads_a_folder_as_it_reads_the_zip(files, tmp_path):
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    run = run_on(tmp_path, tmp_path)

    assert (run.returncode, faults_in(run)) == (0, [])
    assert "verify.py: SHA-256 agrees" in run.stdout


@pytest.mark.parametrize("name", [*[f"{each}.csv" for each in TABLE_NAMES], "audit.csv"])
def test_finds_one_changed_digit_anywhere(files, verify, name):
    chance = random.Random(name)
    content = bytearray(files[name])
    places = [place for place, sign in enumerate(content) if chr(sign) in DIGITS]
    for place in chance.sample(places, 5):
        changed = bytearray(content)
        changed[place] = ord(DIGITS[(DIGITS.index(chr(content[place])) + 1) % 10])

        run = verify({**files, name: bytes(changed)})

        assert run.returncode == 1
        assert any(name in line for line in faults_in(run)), place


def test_recomputes_where_the_manifest_was_made_to_fit(files, verify):
    rows = rows_of(files["observations.csv"])
    judged = {
        (row["series"], row["actual_year"])
        for row in rows_of(files["verdicts.csv"])
        if row["actual_value"]
    }
    place = next(n for n, row in enumerate(rows) if (row["series"], row["year"]) in judged)
    changed = with_cell(files["observations.csv"], place, "value", "0.5")

    files = {**files, "observations.csv": changed}
    run = verify(files, manifest_of(files))

    assert run.returncode == 1
    assert len(faults_in(run)) == 2
    assert "verdicts are not what the figures give" in run.stdout
    assert "actual_value" in run.stdout
    assert "1 figures are not what their version in force says" in run.stdout


def test_a_figure_that_no_verdict_rests_on_is_held_to_its_version(files, verify):
    rows = rows_of(files["observations.csv"])
    used = {row["series"] for row in rows_of(files["targets.csv"])}
    place = next(n for n, row in enumerate(rows) if row["series"] not in used)
    changed = with_cell(files["observations.csv"], place, "value", "0.5")
    files = {**files, "observations.csv": changed}

    run = verify(files, manifest_of(files))

    assert (run.returncode, len(faults_in(run))) == (1, 1)
    assert f"{rows[place]['series']} {rows[place]['year']}: value 0.5" in run.stdout


@pytest.mark.parametrize("column", ["status", "light", "gap", "actual_value", "actual_year"])
def test_finds_a_verdict_that_was_changed(files, verify, column):
    rows = rows_of(files["verdicts.csv"])
    place = next(n for n, row in enumerate(rows) if row["gap"])
    other = {"status": "achieved", "light": "green"}.get(column, "1")
    if rows[place][column] == other:
        other = {"status": "missed", "light": "red"}.get(column, "2")
    changed = with_cell(files["verdicts.csv"], place, column, other)

    files = {**files, "verdicts.csv": changed}
    run = verify(files, manifest_of(files))

    assert run.returncode == 1
    named = f"{rows[place]['target_code']} {rows[place]['as_of']}: {column}"
    assert named in run.stdout


def edited(rows):
    rows[3]["after"] = '{"value":"63.11"}'


def deleted(rows):
    del rows[3]


def swapped(rows):
    rows[3], rows[4] = rows[4], rows[3]


def inserted(rows):
    rows.insert(3, rows[3] | {"seq": "99"})


def cut(rows):
    del rows[-3:]


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        # By the place in the trail of what it names.
        (edited, 3), (deleted, 4), (swapped, 4), (inserted, "seq 99 "),
        (cut, "not the head of the manifest"),
    ],
)  # fmt: skip
def test_finds_what_was_done_to_the_trail_and_names_it(files, verify, tamper, named):
    rows = rows_of(files["audit.csv"])
    if isinstance(named, int):
        named = f"seq {rows[named]['seq']} "
    tamper(rows)
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    changed = {**files, "audit.csv": text.getvalue().encode("utf-8-sig")}
    run = verify(changed, manifest_of(changed))

    assert run.returncode == 1
    assert len(faults_in(run)) == 1
    assert named in run.stdout


def test_says_what_it_could_not_check(files, verify):
    narrow = {name: content for name, content in files.items() if name != "audit.csv"}

    run = verify(narrow, manifest_of(narrow, domain="environment"))

    assert run.returncode == 0
    assert "NOT CHECKED" in run.stdout
    assert "The bundle holds no trail" in run.stdout
    assert "Verdicts were not recomputed: the bundle is narrowed by domain" in run.stdout


def test_says_which_files_are_missing_or_unknown(files, verify):
    given = {name: content for name, content in files.items() if name != "targets.csv"}

    run = verify({**given, "extra.csv": b"a\r\n"})

    assert run.returncode == 1
    assert "Files are missing" in run.stdout
    assert "targets.csv" in run.stdout
    assert "extra.csv" in run.stdout


def test_without_a_bundle_it_says_so(tmp_path):
    run = run_on(tmp_path / "none.zip", tmp_path)

    assert run.returncode == 2
    assert "no bundle" in run.stderr


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", '{"files": 1, "head": null}', '{"files": [{}]}']
)
def test_a_manifest_that_cannot_be_read_is_a_fault(tmp_path, manifest):
    bundle = tmp_path / "bundle.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("manifest.json", manifest)

    run = run_on(bundle, tmp_path)

    assert (run.returncode, run.stderr) == (1, "")
    assert "cannot be read" in run.stdout


def test_the_one_file_defines_each_name_once():
    defined = [
        line.split("(")[0].split(":")[0].split(" ")[1]
        for line in as_one_file().splitlines()
        if line.startswith(("def ", "class "))
    ]

    assert [name for name, times in Counter(defined).items() if times > 1] == []
    assert len(MODULES) == as_one_file().count(f"# {'-' * 96}")
