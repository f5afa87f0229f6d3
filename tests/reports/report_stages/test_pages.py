"""The page of a report and the list of reports: what they show, in how many queries."""

from io import BytesIO

import docx
import pytest
from django.utils import timezone, translation

from reports.queries.report_words import Change
from targets_site.accounts.models import Role
from tests.factories import make_area
from tests.reports.drafted import drafted, make_person
from tests.reports.staged import PAGE

pytestmark = pytest.mark.django_db

# Of these, session, person, posts and notices are every page's.
QUERIES_OF_THE_PAGE = 12


def test_page_shows_what_people_wrote_and_the_figures_they_typed(client, report, reviewer):
    client.force_login(reviewer)
    assert "待核对" not in client.get(PAGE).content.decode()
    document = docx.Document(BytesIO(client.get(f"{PAGE}report.docx").content))
    document.add_paragraph("森林覆盖率为62.3%，已经达标。")
    document.add_paragraph("下一步，加强监管。")
    saved = BytesIO()
    document.save(saved)
    saved.seek(0)
    saved.name = "修改稿.docx"
    client.post(f"{PAGE}upload/", {"report": report.pk, "version": 1, "file": saved})

    words = client.get(PAGE).context["shown"].words

    assert words.typed == ["森林覆盖率为62.3%，已经达标。"]
    assert words.changes == [
        Change("", "森林覆盖率为62.3%，已经达标。"),
        Change("", "下一步，加强监管。"),
    ]
    page = client.get(PAGE).content.decode()
    assert "待核对：人工填写的数字和判定用语" in page
    assert "<ins>下一步，加强监管。</ins>" in page


def test_list_offers_reviewers_a_draft_of_no_year_to_come(client, area, reviewer):
    client.force_login(reviewer)

    offers = client.get("/report/").context["offers"]
    assert [(each.area, each.years) for each in offers] == [
        (area, range(timezone.localdate().year, 2010, -1))
    ]
    assert f'href="{PAGE}"' in client.get("/report/").content.decode()
    client.force_login(make_person(Role.LEADER, area))
    assert client.get("/report/").context["offers"] == []


def test_list_is_narrowed_to_an_area(client, report, reviewer):
    client.force_login(reviewer)
    make_area("980000")

    found = {
        query: list(client.get(f"/report/?area={query}").context["page"])
        for query in ("990000", "980000", "nowhere")
    }

    assert found == {"990000": [report], "980000": [], "nowhere": [report]}
    assert "没有代码为nowhere的地区。" in client.get("/report/?area=nowhere").content.decode()


def test_bad_query_gives_a_message(client, report, reviewer):
    client.force_login(reviewer)

    for query in ("department=%00", "department=nobody", "edition=abc", "edition=0"):
        response = client.get(f"{PAGE}?{query}")
        assert response.status_code == 200
        assert "notice--warn" in response.content.decode()
    assert client.get(f"{PAGE}?edition=7").status_code == 404


def test_english_page_shows_the_chinese_report(client, report, reviewer):
    client.force_login(reviewer)
    client.cookies["django_language"] = "en"

    page = client.get(PAGE).content.decode()

    assert "Quality report 2015" in page
    assert "（起草稿）" in page
    assert "Draft for comment" in page


def test_queries_of_the_page_do_not_grow(client, area, report, reviewer, django_assert_num_queries):
    client.force_login(reviewer)
    client.get(PAGE)
    for number in range(3):
        with django_assert_num_queries(QUERIES_OF_THE_PAGE):
            client.get(PAGE)
        if number < 2:
            drafted(area=area, by=reviewer)


def test_queries_of_the_list_do_not_grow(client, area, report, reviewer, django_assert_num_queries):
    client.force_login(reviewer)
    with translation.override("zh-hans"):
        client.get("/report/")
    counts = []
    for year in (2016, 2017):
        with django_assert_num_queries(7) as queries:
            client.get("/report/")
        counts.append(len(queries))
        drafted(area=area, by=reviewer, year=year)
    assert len(set(counts)) == 1
