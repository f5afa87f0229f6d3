import pytest
from django.core.files.base import ContentFile

from tests.factories import (
    make_area,
    make_department,
    make_document,
    make_domain,
    make_target,
    make_text_target,
    name_department,
)
from tests.reports.pages import in_words, judge, judged, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_in_english")]


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

    headings = client.get("/documents/plan-2011/").context["shown"].headings

    assert [
        (heading.title, [each.line.target.code[-3:] for each in heading.lines])
        for heading in headings
    ] == [
        ("一、总则", ["004"]),
        ("二、目标 / 1．产品质量", ["001", "005"]),
        ("二、目标 / 2．工程质量", ["002"]),
        ("十、其他", ["003"]),
    ]


def test_targets_in_words_are_counted_apart(client):
    judged(1, "missed")
    in_words(2)
    in_words(3, "judged_partly")

    response = client.get("/documents/plan-990000/")

    assert "1 quantitative target ■ Red 1 · 2 in words, 1 assessed ▲ Yellow 1 As of" in text_of(
        response
    )


def test_a_target_for_a_year_after_the_period_says_so(client):
    document = make_document(end_year=2020)
    make_target("plan-2011-001", document, target_year=2020)
    make_target("plan-2011-002", document, target_year=2030)

    shown = text_of(client.get("/documents/plan-2011/"))

    assert shown.count("after the planning period") == 1
    assert "2030 after the planning period" in shown


def test_target_shows_phrase_place_and_level(client):
    make_target(document=make_document(), stated="达到98%以上", locator="一、目标 / 第2句")

    shown = text_of(client.get("/documents/plan-2011/"))

    assert "一、目标 Pass rate of at least 98%" in shown
    assert "达到98%以上 第2句 ≥ 98 % 2020" in shown


def test_restated_targets_name_each_other(client):
    earlier = make_target("plan-2011-001", make_document("plan-2011"))
    later = make_target("plan-2018-001", make_document("plan-2018"), value="99")
    later.replaces.add(earlier)

    assert "Restated by plan-2018-001 (≥ 99 %)" in text_of(client.get("/documents/plan-2011/"))
    assert "Restates plan-2011-001 (≥ 98 %)" in text_of(client.get("/documents/plan-2018/"))


def codes(response):
    return [
        each.line.target.code[-3:]
        for heading in response.context["shown"].headings
        for each in heading.lines
    ]


@pytest.fixture
def mixed():
    """Red and green targets of two goal years and domains, and one in words."""
    judged(1, "missed", key=True)
    judged(2, "achieved", domain=make_domain("service", name_en="Services", position=2))
    judged(3, "missed", target_year=2015)
    in_words(4)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["001", "002", "003", "004"]),
        ("goal=2015", ["003"]),
        ("domain=service", ["002"]),
        ("key=1", ["001"]),
        ("part=words", ["004"]),
        ("part=figures&light=red", ["001", "003"]),
        ("light=green&goal=2020", ["002"]),
        ("light=green&goal=2015", []),
    ],
)
def test_the_list_is_narrowed(client, mixed, query, expected):
    response = client.get(f"/documents/plan-990000/?{query}")

    assert codes(response) == expected
    if query:
        assert f"{len(expected)} of 4 targets" in text_of(response)


def test_each_count_opens_what_it_counts(client, mixed):
    page = client.get("/documents/plan-990000/").content.decode()

    assert codes(client.get("/documents/plan-990000/?part=figures&light=red")) == ["001", "003"]
    assert 'href="?part=figures&amp;light=red#targets"' in page


@pytest.mark.parametrize("query", ["goal=x", "light=blue", "domain=none", "as_of=1066", "key=%00"])
def test_a_wrong_choice_is_said(client, mixed, query):
    response = client.get(f"/documents/plan-990000/?{query}")

    assert codes(response) == ["001", "002", "003", "004"]
    assert "is not a choice for" in text_of(response)


def test_verdicts_are_those_of_the_year_looked_from(client):
    verdict = judged(1, "missed")
    judge(verdict.target, "on_track", as_of=2018, reading=verdict.reading)

    response = client.get("/documents/plan-990000/?as_of=2018")

    line = response.context["shown"].headings[0].lines[0].line
    assert line.verdict.status == "on_track"
    assert "as seen from 2018" in text_of(response)
    assert "?part=figures&amp;light=green&amp;as_of=2018#targets" in response.content.decode()


def test_departments_beyond_three_are_counted(client):
    target = make_target(document=make_document())
    name_department(target, make_department(name_en="Farms"))
    for number in range(5):
        other = make_department(name_zh=f"厅{number}", name_en=f"Office {number}")
        name_department(target, other, "responsible")

    shown = text_of(client.get("/documents/plan-2011/"))

    assert "Farms Responsible Office 0, Office 1, Office 2 and 2 more" in shown


def test_indicator_of_the_reading_is_named(client):
    judged(1)

    page = client.get("/documents/plan-990000/").content.decode()

    assert '<a href="/indicators/rate-1/">' in page


def test_scan_is_offered_with_its_digest(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    document = make_document(scan_sha256="ab" * 32)
    document.scan.save("outline.pdf", ContentFile(b"%PDF-1.7"))

    shown = text_of(client.get("/documents/plan-2011/"))
    response = client.get("/documents/plan-2011/scan/")

    assert f"Download the scan SHA-256 {'ab' * 32}" in shown
    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    assert response["Content-Disposition"] == 'attachment; filename="outline.pdf"'


def test_scan_that_is_not_attached_or_gone_is_not_found(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_document()
    make_document("gone-2011", scan="documents/gone.pdf")

    assert client.get("/documents/plan-2011/scan/").status_code == 404
    assert client.get("/documents/gone-2011/scan/").status_code == 404
    assert "Scan not attached" in text_of(client.get("/documents/plan-2011/"))


def test_documents_are_listed_by_area(client):
    make_target(document=make_document("plan-2011"))
    make_text_target("plan-2011-900", document=make_document("plan-2011"))
    make_document("far-2012", make_area("980000"), number="府发1号", issued_on="2012-05-01")

    every = client.get("/documents/")
    one = client.get("/documents/?area=990000")

    listed = [(row.slug, row.target_count, row.in_words_count) for row in every.context["page"]]
    assert listed == [("far-2012", 0, 0), ("plan-2011", 1, 1)]
    assert [row.slug for row in one.context["page"]] == ["plan-2011"]
    assert "府发1号 2012-05-01 2011–2020 0 0" in text_of(every)


@pytest.mark.parametrize("number", [1, 3])
def test_query_count_of_the_list_does_not_grow(client, django_assert_num_queries, number):
    for each in range(number):
        make_target(f"plan-{each}-001", make_document(f"plan-{each}"))

    with django_assert_num_queries(2):
        client.get("/documents/")


@pytest.mark.parametrize("targets", [1, 3])
def test_query_count_does_not_grow(client, django_assert_num_queries, targets):
    later = make_document("plan-2018")
    for number in range(targets):
        target = judged(number + 1).target
        name_department(target, make_department(name_zh=f"厅{number}"))
        make_target(f"plan-2018-{number:03d}", later).replaces.add(target)

    with django_assert_num_queries(6):
        client.get("/documents/plan-990000/")
