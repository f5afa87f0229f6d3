"""One box over targets, indicators, documents, areas and departments."""

import pytest

from tests.factories import (
    make_area,
    make_department,
    make_document,
    make_indicator,
    make_series,
    make_target,
)
from tests.reports.pages import judge, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_in_english")]


@pytest.fixture
def world():
    area = make_area("460000", name_zh="海南省", name_en="Hainan")
    make_department(area, name_zh="省林业厅", name_en="Forestry")
    document = make_document("hainan-2013", area, title_zh="海南省质量发展纲要", title_en="Outline",
                             number="琼府82号")  # fmt: skip
    make_target("hainan-2013-001", document, statement_zh="2020年森林覆盖率不低于62%",
                statement_en="Forest cover of at least 62%", stated="稳定在62%以上")  # fmt: skip
    make_target("hainan-2013-002", document, statement_zh="2020年空气优良天数占98%",
                statement_en="Good air on 98% of days", stated="保持在98%以上")  # fmt: skip
    make_series(area, make_indicator("forest-cover", name_zh="森林覆盖率", name_en="Forest cover"))


def found(client, query):
    """Codes and names by group."""
    results = client.get("/search/", {"q": query}).context["found"]
    return {
        group: names
        for group, names in {
            "areas": [row.code for row in results.areas.rows],
            "documents": [row.slug for row in results.documents.rows],
            "indicators": [row.code for row in results.indicators.rows],
            "targets": [row.code for row in results.targets.rows],
            "departments": [row.name_zh for row in results.departments.rows],
        }.items()
        if names
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("森林", {"indicators": ["forest-cover"], "targets": ["hainan-2013-001"]},
                     id="chinese-part-of-a-word"),
        pytest.param("FOREST", {"indicators": ["forest-cover"], "targets": ["hainan-2013-001"],
                                "departments": ["省林业厅"]}, id="english-any-case"),
        pytest.param("海南", {"areas": ["460000"], "documents": ["hainan-2013"]}, id="area"),
        pytest.param("海南 优良", {"targets": ["hainan-2013-002"]}, id="area-beside-a-word"),
        pytest.param("62%", {"targets": ["hainan-2013-001"]}, id="percent-sign"),
        pytest.param("琼府82号", {"documents": ["hainan-2013"]}, id="number-of-a-document"),
        pytest.param("稳定在", {"targets": ["hainan-2013-001"]}, id="stated-phrase"),
        pytest.param("林业", {"departments": ["省林业厅"]}, id="department"),
        pytest.param("森林 空气", {}, id="words-of-two-rows"),
    ],
)  # fmt: skip
def test_each_group_finds_what_holds_all_words(client, world, query, expected):
    assert found(client, query) == expected


@pytest.mark.parametrize("query", ["%%", "__", "\\\\", "6_%", "a\\b", "'--", "\"';"])
def test_special_characters_stand_for_themselves(client, world, query):
    assert found(client, query) == {}


def test_special_characters_are_found_where_they_stand(client, world):
    document = make_document("hainan-2013")
    make_target("hainan-2013-003", document, statement_zh="甲_乙达到100%")
    make_target("hainan-2013-004", document, statement_zh="甲乙丙\\丁")

    assert found(client, "甲_乙") == {"targets": ["hainan-2013-003"]}
    assert found(client, "丙\\丁") == {"targets": ["hainan-2013-004"]}


def test_what_was_typed_is_escaped(client, world):
    page = client.get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(
    ("query", "address"),
    [
        pytest.param("460000", "/areas/460000/", id="area"),
        pytest.param(" hainan-2013-001 ", "/targets/hainan-2013-001/", id="target"),
        pytest.param("HAINAN-2013", "/documents/hainan-2013/", id="document-any-case"),
        pytest.param("forest-cover", "/indicators/forest-cover/", id="indicator"),
        pytest.param("460000.forest-cover.all", "/indicators/forest-cover/", id="series"),
    ],
)
def test_a_code_opens_its_page(client, world, query, address):
    response = client.get("/search/", {"q": query})

    assert (response.status_code, response.headers["Location"]) == (302, address)


def test_a_code_of_nothing_is_searched_for(client, world):
    assert found(client, "460001") == {}
    assert found(client, "hainan-2013-999") == {}
    assert found(client, "no-such-thing") == {}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("", "What can be searched for", id="empty"),
        pytest.param("   ", "What can be searched for", id="spaces"),
        pytest.param("水", "Type at least 2 characters", id="too-short"),
        pytest.param("水" * 61, "Type at most 60 characters", id="too-long"),
        pytest.param("a b c d e f", "Type at most 5 words", id="too-many"),
        pytest.param("a\0b", "Null characters are not allowed", id="nul"),
        pytest.param("没有这个", "Nothing was found", id="nothing"),
    ],
)
def test_says_what_to_do(client, world, query, said):
    response = client.get("/search/", {"q": query})

    assert response.status_code == 200
    assert said in text_of(response)


def test_best_come_first():
    from reports.queries.search.results import search

    make_indicator("a-1", name_zh="城市空气质量", name_en="x")
    make_indicator("a-2", name_zh="空气", name_en="x")
    make_indicator("a-3", name_zh="空气质量", name_en="x")

    assert [row.code for row in search(["空气"]).indicators.rows] == ["a-2", "a-3", "a-1"]


def test_headline_targets_come_first_and_show_their_light(client):
    document = make_document()
    plain = make_target("plan-2011-001", document, statement_zh="水质甲")
    make_target("plan-2011-002", document, statement_zh="水质乙", key=True)
    judge(plain, "missed")

    response = client.get("/search/?q=水质")

    lines = response.context["found"].target_lines
    assert [(line.target.code, line.verdict and line.verdict.light) for line in lines] == [
        ("plan-2011-002", None),
        ("plan-2011-001", "red"),
    ]
    assert "■ Missed" in text_of(response)


def test_superseded_targets_are_not_found(client, world):
    from django.utils import timezone

    from plans.models import Target

    Target.objects.filter(code="hainan-2013-001").update(superseded_at=timezone.now())

    assert found(client, "稳定在") == {}


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (20, None),
        (21, "The first 20 of 21; add a word to narrow it."),
        (101, "The first 20 of more than 100; add a word to narrow it."),
    ],
)
def test_a_long_group_says_how_much_it_leaves_out(client, number, said):
    for each in range(number):
        make_indicator(f"rate-{each}", name_zh=f"空气{each}")

    response = client.get("/search/?q=空气")

    assert len(response.context["found"].indicators.rows) == 20
    shown = text_of(response)
    assert said in shown if said else "The first" not in shown


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_both_languages_find_the_same(client, world, language):
    client.cookies["django_language"] = language

    response = client.get("/search/?q=forest")

    assert [row.code for row in response.context["found"].targets.rows] == ["hainan-2013-001"]
    statement = {"en": "Forest cover of at least 62%", "zh-hans": "2020年森林覆盖率不低于62%"}
    assert statement[language] in text_of(response)


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_grow(client, django_assert_num_queries, rows):
    for number in range(rows):
        area = make_area(f"99000{number}", name_zh=f"水省{number}")
        document = make_document(f"plan-{number}", area, title_zh="水质纲要")
        judge(make_target(f"plan-{number}-001", document, statement_zh="水质 pass-rate"), "missed")
        make_department(area, name_zh=f"水质厅{number}")
        make_indicator(f"rate-{number}", name_zh="水质")

    with django_assert_num_queries(6):
        client.get("/search/?q=水质")
    with django_assert_num_queries(8):  # two to look for a code
        client.get("/search/?q=pass-rate")


def test_the_header_of_every_page_has_the_box(client, world):
    assert 'action="/search/"' in client.get("/method/").content.decode()
