"""The page of exports: what it offers, previews and counts, to whom, and what it refuses."""

import itertools
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.exports import TABLES, counting
from reports.exports.asked import Asked
from reports.exports.making import export_of
from targets_site.audit.context import Actor
from targets_site.audit.models import Entry
from tests import factories
from tests.reports.exporting import content_of, make_small_world, rows_of, signed_in, text_of

pytestmark = pytest.mark.django_db
OPEN_TABLES = ["targets", "observations", "verdicts"]


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def world(db):
    make_small_world()


@pytest.fixture
def reader(client, world):
    return signed_in(client, factories.make_user("reader"))


def in_area(row, code, *, below):
    """Slow and obvious: the lists of what lies below what stand here."""
    areas = {"460000": {"460000"}, "360000": {"360000", "360100"}, "360100": {"360100"}}
    return row["area_code"] in (areas[code] if below else {code})


def domain_of(row):
    code = row.get("target_code") or row["indicator_code"]
    return {"1": "product", "2": "environment"}[code[-1]]


def document_of(row):
    return {"460000": "plan-1", "360000": "plan-2", "360100": "plan-3"}[row["area_code"]]


def year_of(row, table):
    return row[{"targets": "target_year", "observations": "year", "verdicts": "as_of"}[table]]


def by_hand(rows, table, asked):
    """What a person would leave of the whole file."""
    kept = []
    for row in rows:
        if "area" in asked and not in_area(row, asked["area"], below="below" in asked):
            continue
        if "domain" in asked and domain_of(row) != asked["domain"]:
            continue
        if "document" in asked and document_of(row) != asked["document"]:
            continue
        if "year" in asked and year_of(row, table) != asked["year"]:
            continue
        kept.append(row)
    return kept


FILTERS = {
    "area": "360000", "below": "1", "domain": "product", "document": "plan-2", "year": "2015",
}  # fmt: skip
COMBINATIONS = [
    {name: FILTERS[name] for name in chosen}
    for length in range(len(FILTERS) + 1)
    for chosen in itertools.combinations(FILTERS, length)
    if "below" not in chosen or "area" in chosen
]


@pytest.mark.parametrize("table", OPEN_TABLES)
def test_every_combination_of_filters_leaves_what_a_person_would_leave(reader, table):
    whole = rows_of(content_of(reader.get(f"/exports/{table}.csv")))
    assert len(whole) == {"targets": 6, "observations": 12, "verdicts": 12}[table]

    for asked in COMBINATIONS:
        offer = reader.get("/exports/", {"table": table, **asked}).context["offer"]
        content = content_of(reader.get(offer.address))

        expected = by_hand(whole, table, asked)
        assert rows_of(content) == expected, asked
        assert offer.rows == len(expected)
        first = [dict(zip(TABLES[table].headings, row, strict=True)) for row in offer.first]
        assert first == expected[:20]


def test_preview_shows_the_first_rows_as_the_file_has_them(reader):
    series = factories.make_series(scope="many")
    for year in range(1990, 2015):
        factories.make_figure(series, year, "-5.20", remark="=SUM(A1)\n第二行")

    page = reader.get("/exports/", {"table": "observations", "area": "990000"})

    rows = rows_of(content_of(reader.get("/exports/observations.csv?area=990000")))
    offer = page.context["offer"]
    assert (len(rows), offer.rows, len(offer.first)) == (25, 25, 20)
    assert [list(row.values()) for row in rows[:20]] == offer.first
    assert "&#x27;=SUM(A1)\n第二行" in page.content.decode()
    assert ">-5.20<" in page.content.decode()


def test_page_asks_as_often_for_many_rows_as_for_few(reader):
    counts = []
    for table in OPEN_TABLES:
        with CaptureQueriesContext(connection) as few:
            reader.get("/exports/", {"table": table, "area": "460000"})
        counts.append(len(few))
    for number in range(4, 9):
        area = factories.make_area(f"4600{number}0", parent=None)
        factories.make_target(f"plan-{number}-001", factories.make_document(f"plan-{number}", area))
        factories.make_figure(factories.make_series(area, scope="more"), 2015, "1")
    for table, number in zip(OPEN_TABLES, counts, strict=True):
        with CaptureQueriesContext(connection) as many:
            reader.get("/exports/", {"table": table})
        assert len(many) <= number + 1


def test_a_filter_without_a_meaning_is_said_on_the_page_and_refused_in_an_address(reader):
    page = reader.get("/exports/", {"table": "targets", "state": "draft", "area": "460000"})
    file = reader.get("/exports/targets.csv", {"state": "draft", "area": "460000"})

    assert "This table cannot be narrowed by: State." in text_of(page)
    assert page.context["offer"].address == "/exports/targets.csv?area=460000"
    assert file.status_code == 400
    assert "This table cannot be narrowed by it." in text_of(file)


@pytest.mark.parametrize(
    "query",
    [
        "area=123456", "domain=none", "document=none", "year=abc", "year=99999", "state=none",
        "below=1", "format=pdf", "bom=maybe", "table=users", "area=%00", "document=%00",
    ],
)  # fmt: skip
def test_a_bad_choice_is_answered_with_a_sentence(reader, query):
    page = reader.get(f"/exports/?{query}")

    assert page.status_code == 400
    assert 'class="errorlist"' in page.content.decode()
    assert not Entry.objects.filter(action="export").exists()


@pytest.mark.parametrize(
    "address",
    [
        "/exports/users.csv", "/exports/targets.pdf", "/exports/targets.zip",
        "/exports/bundle.csv", "/exports/manifests/999.json", "/exports/files/999/",
    ],
)  # fmt: skip
def test_what_there_is_not_is_not_found(reader, address):
    assert reader.get(address).status_code == 404


def test_where_there_are_many_areas_a_code_is_typed(reader, monkeypatch):
    assert b'<select name="area"' in reader.get("/exports/").content
    monkeypatch.setattr("reports.forms.exports.MOST_LISTED", 2)

    page = reader.get("/exports/", {"area": "360100"}).content.decode()

    assert '<input type="text" name="area" value="360100"' in page


def test_more_rows_than_anybody_counts_are_said_to_be_more(reader, monkeypatch):
    monkeypatch.setattr(counting, "MOST_COUNTED", 3)
    monkeypatch.setattr(counting.counted, "__kwdefaults__", {"most": 3})

    page = reader.get("/exports/", {"table": "observations"})

    assert "more than 3 rows" in text_of(page)
    assert "Download" in text_of(page)


def test_an_empty_table_is_said_to_be_empty(client, settings):
    settings.OPEN_READING = True
    client.cookies["django_language"] = "en"

    page = text_of(client.get("/exports/?table=observations"))

    assert "0 rows" in page
    assert "the file would hold the headings only" in page


# Who may


def test_the_trail_is_offered_to_auditors_and_audit_administrators_only(client, world):
    for maker, expected in (
        (lambda: factories.make_user("wang"), 403),
        (lambda: factories.make_reviewer("li"), 403),
        (lambda: factories.make_auditor("zhao"), 200),
    ):
        user = maker()
        signed_in(client, user)
        statuses = {
            client.get(address).status_code
            for address in ("/exports/?table=audit", "/exports/audit.csv", "/exports/audit.jsonl")
        }
        assert statuses == {expected}, user
        assert ("Audit trail" in text_of(client.get("/exports/"))) == (expected == 200)
    denied = Entry.objects.filter(action="denied", object="export:audit")
    assert set(denied.values_list("actor", flat=True)) == {"wang", "li"}


def test_nobody_signed_in_is_asked_to_before_he_exports_the_trail(client, world, settings):
    settings.OPEN_READING = True

    response = client.get("/exports/audit.csv")

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=/exports/audit.csv")


# My exports


def test_an_export_is_found_again_with_its_manifest(reader):
    content_of(reader.get("/exports/observations.csv", {"area": "360000", "below": "1"}))

    page = text_of(reader.get("/exports/"))
    entry = Entry.objects.get(action="export")
    manifest = json.loads(reader.get(f"/exports/manifests/{entry.seq}.json").content)

    assert f"/exports/manifests/{entry.seq}.json" in page
    assert entry.after["sha256"][:12] in page
    assert "Complete" in page
    assert manifest["rows"] == 8
    assert manifest["complete"] is True
    assert (manifest["table"], manifest["made_by"]) == ("observations", "reader")


@pytest.mark.parametrize("is_auditor", [True, False])
def test_who_reads_the_trail_gets_from_an_export_to_its_entry(client, world, is_auditor):
    maker = factories.make_auditor if is_auditor else factories.make_official
    reader = signed_in(client, maker())
    content_of(reader.get("/exports/targets.csv"))

    page = text_of(reader.get("/exports/"))

    assert (f'href="/trail/{Entry.objects.get(action="export").seq}/"' in page) is is_auditor


def test_an_export_that_broke_off_is_told_apart(reader, monkeypatch):
    # Whichever of the two writes it: Python, or PostgreSQL itself.
    monkeypatch.setattr("reports.exports.cells.BLOCK_ROWS", 1)
    monkeypatch.setattr("reports.exports.copied.BLOCK_ROWS", 1)
    export = export_of(Asked("observations"), actor=Actor(name="reader"), reader=None)
    blocks = iter(export)
    next(blocks), next(blocks)
    blocks.close()

    page = text_of(reader.get("/exports/"))

    assert "Broke off" in page
    assert "Complete" not in page


def test_exports_of_others_are_neither_listed_nor_told(client, world):
    signed_in(client, factories.make_user("li"))
    content_of(client.get("/exports/targets.csv"))
    seq = Entry.objects.get(action="export").seq
    signed_in(client, factories.make_user("wang"))

    assert "You have exported nothing yet." in text_of(client.get("/exports/"))
    assert client.get(f"/exports/manifests/{seq}.json").status_code == 404
    signed_in(client, factories.make_auditor("zhao"))
    assert client.get(f"/exports/manifests/{seq}.json").status_code == 200


def test_no_other_entry_of_the_trail_is_told_as_a_manifest(client, world):
    user = factories.make_auditor("zhao")
    signed_in(client, user)
    client.get("/exports/files/999/")
    denied = Entry.objects.get(action="denied")

    assert client.get(f"/exports/manifests/{denied.seq}.json").status_code == 404


def test_my_exports_ask_as_often_for_three_as_for_one(reader):
    content_of(reader.get("/exports/targets.csv"))
    with CaptureQueriesContext(connection) as one:
        reader.get("/exports/")
    content_of(reader.get("/exports/targets.csv"))
    content_of(reader.get("/exports/verdicts.csv"))

    with CaptureQueriesContext(connection) as three:
        reader.get("/exports/")

    assert len(three) == len(one)
