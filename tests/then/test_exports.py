"""An export made, then everything corrected, then the export of the earlier moment: the same."""

import json

import pytest
from django.core.management import call_command

from reports.exports import FORMATS
from targets_site.accounts.models import User
from targets_site.audit.sealing import seal
from tests.factories import make_auditor
from tests.reports.exporting import content_of, signed_in
from tests.reports.test_export_bundle import opened
from tests.then.clock import done_at, here
from tests.then.world import THEN, spring, summer

pytestmark = pytest.mark.django_db
DAY = "2026-03-01"
# Whoever signs in and exports leaves entries, of the very evening on which the tests do so.
QUIET = "2026-03-01T21:00"
TODAY = here(2026, 9, 1, 12)
TABLES = ("targets", "observations", "verdicts", "versions")
UNCHANGED = {f"official/{each}" for each in ("dictionary.csv", "README.md", "verify.py")}


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    # Between then and today lie more days than a password lasts.
    settings.PASSWORD_DAYS = 0


@pytest.fixture
def auditor(client, real_data):
    with done_at(here(2026, 2, 1, 10)):
        return make_auditor()


def downloaded(client, auditor, *, at):
    """By file name: the tables in each format, a part of one, and what bundles hold."""
    signed_in(client, auditor)
    seal()
    # First, since each export leaves an entry.
    quiet = {
        "audit.csv": content_of(client.get("/exports/audit.csv", {"at": QUIET})),
        **bundled(client, "auditor", at=QUIET),
    }
    asked = [f"{table}.{format}" for table in TABLES for format in FORMATS]
    asked += ["observations.csv?bom=0&year=2020", "versions.csv?document=hainan-2013"]
    found = {each: content_of(client.get(f"/exports/{each}", at_of(each, at))) for each in asked}
    signed_in(client, User.objects.get(username="official"))
    return {**quiet, **found, **bundled(client, "official", at=at)}


def bundled(client, name, *, at):
    files = opened(content_of(client.get("/exports/bundle.zip", {"at": at} if at else {})))
    assert json.loads(files.pop("manifest.json"))["files"]
    return {f"{name}/{each}": files[each] for each in files}


def at_of(address, at):
    given = dict(part.split("=") for part in address.partition("?")[2].split("&") if part)
    return given | ({"at": at} if at else {})


def commanded(folder, *, at):
    """By file name: what the command writes."""
    folder.mkdir()
    asked = [(table, format) for table in TABLES for format in FORMATS]
    for table, format in asked:
        output = str(folder / f"{table}.{format}")
        call_command("export", table, format=format, output=output, at=at)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_bytes(client, auditor, tmp_path):
    world, waiting = spring()
    with done_at(THEN):
        files = downloaded(client, auditor, at="")
        written = commanded(tmp_path / "then", at="")

    summer(world, waiting)

    with done_at(TODAY):
        again = downloaded(client, auditor, at=DAY)
        now = downloaded(client, auditor, at="")
        written_again = commanded(tmp_path / "again", at=DAY)
    assert differing(files, again) == []
    assert differing(written, written_again) == []
    always = {each for each in files if each == "audit.csv" or each.startswith("auditor/")}
    assert set(files) - set(differing(files, now)) == UNCHANGED | always
    # The command reads for nobody in particular, and so also drafts that the auditor does not.
    other = [name for name in written if written[name] != files[name]]
    assert other == [f"versions.{format}" for format in sorted(FORMATS)]


def differing(one, other):
    assert one.keys() == other.keys()
    return [name for name in one if one[name] != other[name]]
