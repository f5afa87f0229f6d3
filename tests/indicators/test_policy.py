"""Same text, same outcome: every row of the input policy through the API, CSV and XLSX.

The form has the same rows in `tests/browser/test_policy.py`.
"""

import csv
import json
from collections import defaultdict
from io import StringIO
from time import process_time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from indicators.actions import jobs
from indicators.enums import ImportState
from indicators.models import Import
from indicators.typed_figures import FIELDS
from tests.indicators.policy import API, CSV, XLSX, Outcome, code_of
from tests.indicators.policy_rows import rows_at
from tests.indicators.policy_world import (
    LONGEST_SECONDS,
    YEAR,
    counts,
    differences,
    make_world,
    stored_at,
)
from tests.sheets.files import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
HEADINGS = ["series", "year", "unit", *FIELDS]
OTHER_YEAR = 2025
# Faults of a file or cell that hide the other lines.
HIDING = {"no_text", "is_date", "is_boolean"}
# A refused file names a hundred problems.
LINES_A_FILE = 90


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


class Door:
    """A signed-in client that answers with what the server says, and remembers how long that was
    work, whatever else the machine did meanwhile."""

    def __init__(self, client, world):
        client.force_login(world.official)
        client.raise_request_exception = False
        client.get("/api/v1/rounds/")
        self.client, self.world, self.slowest = client, world, 0.0

    def ask(self, method, address, *args, **options):
        started = process_time()
        response = getattr(self.client, method)(address, *args, **options)
        self.slowest = max(self.slowest, process_time() - started)
        assert response.status_code < 500, (address, args)
        return response


@pytest.fixture
def door(client, request):
    return Door(client, make_world(request.param, OTHER_YEAR))


# The API


def by_api(door, row):
    """Refused by field, questions, without what was stored."""
    address = f"/api/v1/figures/{door.world.series[row.id].code}/{YEAR}/"

    def put(**more):
        body = json.dumps({**row.typed, **more})
        return door.ask("put", address, body, content_type="application/json")

    before = counts()
    response = put()
    said, asked = response.json(), ()
    if said.get("questions"):
        asked = tuple(map(code_of, said["questions"]))
        assert (response.status_code, counts()) == (422, before)
        response = put(confirmed=row.typed.get("value", ""))
        said = response.json()
    if response.status_code == 200:
        return {}, asked
    assert response.status_code in {400, 422}
    assert counts() == before
    return {name: code_of(" ".join(texts)) for name, texts in said["errors"].items()}, asked


@pytest.mark.parametrize("door", [rows_at(API)], indirect=True, ids=["all-rows"])
def test_by_the_api(door):
    rows = rows_at(API)

    found = {row.id: by_api(door, row) for row in rows}

    stored = stored_at(door.world)
    assert differences(outcomes(found, stored), expected(rows, API)) == {}
    assert counts()[-1] == len(stored)
    assert door.slowest < LONGEST_SECONDS


def outcomes(found, stored):
    return {row: Outcome(*each, stored.get(row, {})) for row, each in found.items()}


def expected(rows, at):
    return {row.id: row.outcome_at(at) for row in rows}


# Files


def as_csv(lines):
    text = StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(lines):
    return workbook(*lines)


MAKERS = {CSV: as_csv, XLSX: as_xlsx}


def file_of(door, rows, at):
    lines = [
        [door.world.series[row.id].code, *(row.typed.get(name, "") for name in HEADINGS[1:])]
        for row in rows
    ]
    for row, line in zip(rows, lines, strict=True):
        line[1] = row.typed.get("year", str(YEAR))
    return MAKERS[at]([HEADINGS, *lines])


def read(door, rows, at):
    """The import as the job leaves it."""
    upload = SimpleUploadedFile(f"数据.{at}", file_of(door, rows, at))
    response = door.ask("post", "/entry/imports/new/", {"file": upload})
    assert response.status_code == 302, response.content.decode()
    jobs.work_off_one()
    imported = Import.objects.latest("pk")
    door.ask("get", reverse("indicators:import", args=[imported.pk]))
    return imported


def store(door, imported, **fields):
    address = reverse("indicators:store_import", args=[imported.pk])
    response = door.ask("post", address, {"seen": imported.read_at.isoformat(), **fields})
    jobs.work_off_one()
    return response.status_code


def refused_in(door, rows, at):
    """By id of the row, what is wrong with it, by column."""
    before = counts()
    imported = read(door, rows, at)
    assert counts()[:2] + counts()[3:] == before[:2] + before[3:]
    found = defaultdict(dict)
    for problem in imported.problems:
        line = problem["line"]
        row = rows[line - 2 if len(rows) > 1 else 0]
        assert problem["column"] not in found[row.id]
        found[row.id][problem["column"]] = code_of(problem["message"])
    assert imported.state == (ImportState.REFUSED if found else ImportState.PREVIEWED)
    return found


@pytest.mark.parametrize(
    ("door", "at"),
    [(rows_at(CSV), CSV), (rows_at(XLSX), XLSX)],
    indirect=["door"],
    ids=[CSV, XLSX],
)
def test_by_a_file(door, at):
    """Read with all rows, then without those that were refused, then stored."""
    rows = rows_at(at)
    alone = [row for row in rows if HIDING & set(row.outcome_at(at).refused.values())]
    together = [row for row in rows if row not in alone]
    parts = [together[at : at + LINES_A_FILE] for at in range(0, len(together), LINES_A_FILE)]
    refused = {}
    for part in [*parts, *([row] for row in alone)]:
        refused |= refused_in(door, part, at)

    good = [row for row in rows if row.id not in refused]
    imported = read(door, good, at)
    lines = {good[line.number - 2].id: line.content for line in imported.lines.all()}
    asked = {row: tuple(map(code_of, each.get("questions", ()))) for row, each in lines.items()}
    before = counts()
    assert store(door, imported) == 422
    assert counts() == before
    assert store(door, imported, confirmed="1") == 302

    stored = stored_at(door.world)
    assert {row: each["figure"] for row, each in lines.items() if "figure" in each} == stored
    found = {row.id: (refused.get(row.id, {}), asked.get(row.id, ())) for row in rows}
    assert differences(outcomes(found, stored), expected(rows, at)) == {}
    assert door.slowest < LONGEST_SECONDS
