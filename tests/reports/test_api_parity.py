"""The API and the CSV files say the same of the real data, cell by cell."""

import csv
import io

import pytest
from django.core.management import call_command

from targets_site.csv_text import safe_text
from tests.factories import make_user

pytestmark = pytest.mark.django_db
# What is not a text: a spreadsheet's apostrophe is for texts alone.
FIGURES = {
    "value", "value_upper", "tolerance", "baseline_value", "numerator", "denominator",
    "actual_value", "gap", "expected_value", "ratio", "share", "required_pace", "last_pace",
    "side_value",
}  # fmt: skip


def rows_of_api(client, table):
    address = f"/api/v1/{table}/"
    while address:
        page = client.get(address).json()
        yield from page["results"]
        address = page["next"]


def cell(column, value):
    """A value of the API as its cell of the file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int) or column in FIGURES:
        return str(value)
    return safe_text(";".join(map(str, value)) if isinstance(value, list) else value)


def test_every_cell_is_the_same(client, real_data, tmp_path):
    client.force_login(make_user())

    for table, at_least in [("targets", 100), ("observations", 100), ("verdicts", 500)]:
        file = tmp_path / f"{table}.csv"
        call_command("export", table, output=str(file), stderr=io.StringIO())
        in_file = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
        in_api = list(rows_of_api(client, table))

        assert len(in_file) == len(in_api) >= at_least
        for ours, theirs in zip(in_api, in_file, strict=True):
            assert {column: cell(column, ours[column]) for column in theirs} == theirs
