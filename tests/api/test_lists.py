"""The lists that programs read: filtered, a page at a time, refused where the question is odd."""

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets_site.api.cursors import cursor_of, position_of
from tests.factories import (
    make_area,
    make_department,
    make_document,
    make_figure,
    make_reading,
    make_series,
    make_target,
    make_text_target,
    make_user,
    make_verdict,
    name_department,
)

pytestmark = pytest.mark.django_db

LISTS = [
    "areas", "departments", "domains", "documents", "indicators", "series", "targets",
    "observations", "versions", "verdicts",
]  # fmt: skip
BEHIND_LOGIN = {"versions"}


@pytest.fixture
def reader(client):
    client.force_login(make_user("reader"))
    return client


@pytest.fixture
def world():
    """Four targets in two areas, three of them read, with figures and verdicts."""
    for area_code in ("990000", "980000"):
        area = make_area(area_code)
        document = make_document(f"plan-{area_code}", area)
        series = make_series(area)
        department = make_department(area, f"省农业厅{area_code}")
        for number in (1, 2):
            code = f"{document.slug}-00{number}"
            target = make_target(code, document=document, area=area, value="63.10")
            name_department(target, department)
            reading = make_reading(target, series) if number == 1 else None
            for as_of in (2018, 2019):
                status = "kept" if number == 1 else "not_collected"
                make_verdict(target, as_of, status, reading=reading)
        for year in (2017, 2018, 2019):
            make_figure(series, year, "96.20")


def read(client, name, **asked):
    return client.get(f"/api/v1/{name}/", asked)


def codes(client, name, column="target_code", **asked):
    return [each[column] for each in read(client, name, **asked).json()["results"]]


def test_a_target_is_said_as_in_the_file(reader, world):
    said = read(reader, "targets", target_code="plan-990000-001").json()["results"]

    assert len(said) == 1
    assert (said[0]["value"], said[0]["target_year"], said[0]["key"]) == ("63.10", 2020, False)
    assert said[0]["series"] == "990000.pass-rate.all"
    assert said[0]["lead_departments"] == ["省农业厅990000"]
    assert said[0]["baseline_value"] is None


def test_a_target_without_reading_names_no_series(reader):
    make_text_target("plan-2011-900")

    [said] = read(reader, "targets").json()["results"]

    assert (said["series"], said["nature"], said["frequency"]) == ("", "", None)
    assert (said["value"], said["comparator"]) == (None, "")


@pytest.mark.parametrize(
    ("name", "asked", "expected"),
    [
        pytest.param("targets", {"area": "980000", "key": "0"},
                     ["plan-980000-001", "plan-980000-002"], id="area"),
        pytest.param("targets", {"series": "990000.pass-rate.all"},
                     ["plan-990000-001"], id="series"),
        pytest.param("targets", {"document": "plan-990000", "key": "1"}, [], id="no-key"),
        pytest.param("verdicts", {"light": "green", "as_of": "2019", "indicator": "pass-rate"},
                     ["plan-980000-001", "plan-990000-001"], id="light"),
        pytest.param("verdicts", {"target_code": "plan-980000-002", "status": "not_collected"},
                     ["plan-980000-002"] * 2, id="target"),
        pytest.param("verdicts", {"target_year": "2019"}, [], id="target-year"),
    ],
)  # fmt: skip
def test_what_was_asked_for_comes(reader, world, name, asked, expected):
    assert codes(reader, name, **asked) == expected


def test_parts_of_an_area(reader):
    province = make_area("970000")
    make_area("970100", parent=province, level="prefecture")

    assert codes(reader, "areas", "area_code", parent="970000") == ["970100"]
    assert codes(reader, "areas", "area_code", level="province") == ["970000"]


def test_figures_by_year_and_area(reader, world):
    said = read(reader, "observations", area="980000", year=2018).json()["results"]

    assert [(each["series"], each["year"], each["value"]) for each in said] == [
        ("980000.pass-rate.all", 2018, "96.20")
    ]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_are_the_whole_list_once(reader, world, name, size):
    whole = read(reader, name).json()["results"]
    collected, address = [], f"/api/v1/{name}/?page_size={size}"
    while address:
        page = reader.get(address).json()
        assert len(page["results"]) <= size
        collected += page["results"]
        address = page["next"]

    assert collected == whole
    assert len(whole) > 0


def test_the_next_page_keeps_the_filters(reader, world):
    page = read(reader, "observations", area="980000", page_size=2).json()

    asked = parse_qs(urlsplit(page["next"]).query)
    assert (asked["area"], asked["page_size"]) == (["980000"], ["2"])
    assert [each["year"] for each in reader.get(page["next"]).json()["results"]] == [2019]


def test_what_comes_in_between_neither_doubles_nor_hides_a_row(reader, world):
    page = read(reader, "areas", page_size=1).json()
    make_area("970000")
    make_area("985000")

    rest = reader.get(page["next"].replace("page_size=1", "page_size=9")).json()["results"]

    assert [each["area_code"] for each in rest] == ["985000", "990000"]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "areaa=990000", "page=2", "format=json", "%00=1", "page_size=0", "page_size=201",
        "page_size=x", "page_size=1&page_size=2", "cursor=x", "cursor=%00", "cursor=W10",
        f"cursor={base64.urlsafe_b64encode(b'[' * 700).decode()}", "cursor=" + "9" * 2000,
    ],
)  # fmt: skip
def test_an_odd_question_is_refused_in_words(reader, name, query):
    response = reader.get(f"/api/v1/{name}/?{query}")

    assert response.status_code == 400
    assert all(said for said in response.json()["errors"].values())


@pytest.mark.parametrize(
    "query",
    [
        "area=123456", "area=%00", "area=9", "document=x", "domain=x", "series=x", "indicator=x",
        "target_code=x", "as_of=1", "as_of=20190", "light=blue", "status=x", "key=2", "kind=x",
    ],
)  # fmt: skip
def test_an_unknown_value_is_refused_by_name(reader, query):
    response = reader.get(f"/api/v1/verdicts/?{query}")

    assert response.status_code == 400
    assert list(response.json()["errors"]) == [query.split("=")[0]]


def test_a_refusal_is_short_whatever_was_sent(reader):
    many = "&".join(f"k{number}=1" for number in range(900))

    for query in [many, "area=" + "9" * 5000, "k" * 5000 + "=1"]:
        response = reader.get(f"/api/v1/targets/?{query}")
        assert response.status_code == 400
        assert len(response.content) < 4000


@pytest.mark.parametrize(
    "position", [["a"], ["a", "b"], ["a", -1], ["a", True], ["a", 2**63], [None, 1], ["a\0", 1], {}]
)
def test_a_made_up_position_is_refused(reader, position):
    text = base64.urlsafe_b64encode(json.dumps(position).encode()).decode()

    assert read(reader, "observations", cursor=text).status_code == 400


@given(st.text(alphabet=st.characters(codec="utf-8")).filter(str.isprintable), st.integers(0, 9999))
def test_a_cursor_says_its_position(code, year):
    assert position_of(cursor_of((code, year)), {"code": str, "year": int}) == (code, year)


@pytest.mark.parametrize("name", LISTS)
def test_reading_opens_as_the_pages_do(client, settings, name):
    settings.OPEN_READING = False
    closed = read(client, name)
    settings.OPEN_READING = True
    opened = read(client, name)

    assert closed.status_code == 401
    assert opened.status_code == (401 if name in BEHIND_LOGIN else 200)


@pytest.mark.parametrize("name", LISTS)
def test_nobody_writes_a_list(reader, name):
    for method in ("post", "put", "patch", "delete", "options"):
        assert getattr(reader, method)(f"/api/v1/{name}/").status_code == 405


def test_nothing_of_it_is_kept(reader):
    assert "no-store" in read(reader, "targets")["Cache-Control"]


@pytest.mark.parametrize("name", LISTS)
def test_queries_do_not_grow_with_rows(reader, world, name, django_assert_num_queries):
    read(reader, name)
    with django_assert_num_queries(MOST_QUERIES, exact=False) as few:
        read(reader, name, page_size=1)
    with django_assert_num_queries(len(few)):
        read(reader, name)


MOST_QUERIES = 6


def test_an_address_that_is_none_is_refused_in_json(client, reader):
    response = reader.get("/api/v1/nothing/")

    assert (response.status_code, response["Content-Type"]) == (404, "application/json")
