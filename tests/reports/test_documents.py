import pytest

from tests.factories import (
    make_department,
    make_document,
    make_target,
    make_text_target,
    name_department,
)
from tests.reports.pages import in_words, judged, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open(settings, client):
    settings.OPEN_READING = True
    client.cookies["django_language"] = "en"


def test_unknown_document_is_not_found(client):
    assert client.get("/documents/nowhere-2013/").status_code == 404


def test_document_without_number_and_date_says_so(client):
    make_document()

    shown = text_of(client.get("/documents/plan-2011/"))

    assert "Document number not in the text Issued on not in the text" in shown
    assert "No target of this document has been recorded." in shown


def test_targets_stand_in_the_order_of_the_text(client):
    document = make_document()
    make_target("plan-2011-001", document, locator="二、目标 / 1．产品质量 / 第2句")
    make_target("plan-2011-002", document, locator="二、目标 / 2．工程质量")
    make_target("plan-2011-003", document, locator="十、其他")
    make_text_target("plan-2011-004", document=document, locator="一、总则")
    make_text_target("plan-2011-005", document=document, locator="二、目标 / 1．产品质量 / 第10句")

    lines = client.get("/documents/plan-2011/").context["shown"].lines

    assert [line.target.code[-3:] for line in lines] == ["004", "001", "005", "002", "003"]


def test_targets_in_words_are_counted_apart(client):
    judged(1, "missed")
    in_words(2)
    in_words(3, "judged_partly")

    response = client.get("/documents/plan-990000/")

    assert (
        "1 quantitative target ■ Red 1 · 2 in words, 1 assessed ▲ Yellow 1 Table of targets"
        in text_of(response)
    )


def test_a_target_for_a_year_after_the_period_says_so(client):
    document = make_document(end_year=2020)
    make_target("plan-2011-001", document, target_year=2020)
    make_target("plan-2011-002", document, target_year=2030)

    shown = text_of(client.get("/documents/plan-2011/"))

    assert shown.count("after the planning period") == 1
    assert "2030 after the planning period" in shown


def test_target_shows_phrase_place_and_level(client):
    make_target(document=make_document(), stated="达到98%以上", locator="一、目标")

    shown = text_of(client.get("/documents/plan-2011/"))

    assert "达到98%以上 一、目标 ≥ 98 % 2020" in shown


def test_restated_targets_name_each_other(client):
    earlier = make_target("plan-2011-001", make_document("plan-2011"))
    later = make_target("plan-2018-001", make_document("plan-2018"), value="99")
    later.replaces.add(earlier)

    assert "Restated by plan-2018-001 (≥ 99 %)" in text_of(client.get("/documents/plan-2011/"))
    assert "Restates plan-2011-001 (≥ 98 %)" in text_of(client.get("/documents/plan-2018/"))


@pytest.mark.parametrize("targets", [1, 3])
def test_query_count_does_not_grow(client, django_assert_num_queries, targets):
    later = make_document("plan-2018")
    for number in range(targets):
        target = judged(number + 1).target
        name_department(target, make_department(name_zh=f"厅{number}"))
        make_target(f"plan-2018-{number:03d}", later).replaces.add(target)

    with django_assert_num_queries(7):
        client.get("/documents/plan-990000/")
