"""The overview from the nation down to a county."""

import html
import itertools
import re
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.paginator import Paginator

from indicators.actions.tallies import count_anew
from indicators.models import Verdict
from indicators.standings import CONDITIONS, standing_of
from plans.models import Document
from reports.enums import Coverage
from reports.queries import standings, worst_first
from reports.queries.scopes import Scope, area_of_code
from reports.queries.standpoints import Standpoint
from reports.queries.worst_first import target_list
from tests.factories import make_area, make_document, make_domain, make_target
from tests.reports.pages import in_words, judged, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_in_english")]

CODES = ["460000", "460100", "460105", "469001", "340000"]


@pytest.fixture
def tree():
    """A province with a prefecture with a county, a county of its own, and another province;
    each with as many red targets as its place in CODES says, from 1."""
    hainan = make_area("460000", name_en="Hainan")
    haikou = make_area("460100", level="prefecture", parent=hainan, name_en="Haikou")
    areas = [
        hainan,
        haikou,
        make_area("460105", level="county", parent=haikou, name_en="Xiuying"),
        make_area("469001", level="county", parent=hainan, name_en="Wuzhishan"),
        make_area("340000", name_en="Anhui"),
    ]
    number = itertools.count(1)
    for count, area in enumerate(areas, start=1):
        for _turn in range(count):
            judged(next(number), "missed", area=area)


def rows(response):
    """Area, whether it is the chosen one itself, and the number of red ones."""
    return [
        (row.area.code, row.is_own, sum(each.count for each in row.cells[0].lights))
        for row in response.context["matrix"].rows
    ]


def listed(response):
    return response.context["listed"].page.paginator.count


@pytest.mark.parametrize(
    ("query", "shown", "total"),
    [
        pytest.param("", [("340000", False, 5), ("460000", False, 10)], 15, id="nation"),
        pytest.param(
            "&area=460000", [("460000", True, 1), ("460100", False, 5), ("469001", False, 4)], 10,
            id="province",
        ),
        pytest.param(
            "&area=460100", [("460100", True, 2), ("460105", False, 3)], 5, id="prefecture"
        ),
        pytest.param("&area=460105", [("460105", False, 3)], 3, id="county"),
        pytest.param("&area=469001", [("469001", False, 4)], 4, id="county of a province"),
        pytest.param("&area=340000", [("340000", False, 5)], 5, id="province alone"),
    ],
)  # fmt: skip
def test_each_level_sums_up_what_is_below(client, tree, query, shown, total):
    response = client.get(f"/?goal=2020{query}")

    assert rows(response) == shown
    assert response.context["assessment"].red == total
    assert response.context["goals"].counts == {2020: total}
    assert listed(response) == total


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("", ["", "340000", "460000"]),
        ("area=460000", ["", "460000", "460100", "469001"]),
        ("area=460100", ["", "460100", "460105"]),
        ("area=460105", ["", "460105"]),
        ("area=469001", ["", "460100", "469001"]),
        ("area=340000", ["", "340000", "460000"]),
    ],
)
def test_only_the_areas_at_hand_are_offered(client, tree, query, offered):
    filters = client.get(f"/?{query}").context["filters"]

    assert [code for code, _name in filters.fields["area"].choices] == offered
    assert not filters.problems()


@pytest.mark.parametrize("query", ["", "&area=460000", "&area=460100", "&area=340000"])
def test_every_count_of_the_page_opens_as_many_targets(client, mixed, query):
    in_words(900, "judged_not", key=True)
    in_words(901)
    response = client.get(f"/?goal=2020{query}")

    counts = counts_that_lead_on(response)

    assert len(counts) > 10
    for address, count in counts:
        opened = client.get(f"/{address}")
        assert (address, listed(opened)) == (address, count)
        assert not opened.context["problems"]


@pytest.mark.parametrize(("query", "found"), [("460000", 1), ("460100", 2), ("460105", 3)])
def test_the_list_is_narrowed_to_the_area_itself(client, tree, query, found):
    response = client.get(f"/?goal=2020&area={query}&own=1")

    assert listed(response) == found
    assert not response.context["problems"]


def test_all_is_all_of_the_area(client, tree):
    response = client.get("/?goal=2020&area=460100&light=green")

    assert listed(response) == 0
    page = response.content.decode()
    assert '<a href="?goal=2020&amp;area=460100#targets">All</a>' in page
    assert 'href="?goal=2020&amp;area=460100#targets">Show all targets of the goal year</a>' in page


@pytest.mark.parametrize(
    ("code", "heading", "offered"),
    [
        (None, "Final assessment of the targets for 2020", None),
        ("460100", "Haikou with all below it · Final assessment", "Haikou with all below it"),
        ("460105", "Xiuying · Final assessment of the targets for 2020", "Xiuying"),
    ],
)
def test_what_counts_reach_below_is_said(client, tree, code, heading, offered):
    response = client.get("/", {"area": code} if code else {})

    assert heading in text_of(response)
    filters = response.context["filters"]
    assert dict(filters.fields["area"].choices).get(code) == offered
    assert ("own" in filters.fields) == (offered == "Haikou with all below it")


@pytest.mark.parametrize(
    ("code", "path", "heading", "leads_below"),
    [
        ("460000", "Overview", "Hainan itself · Final assessment", True),
        ("460100", "Overview Hainan", "Haikou itself · Final assessment", True),
        ("460105", "Overview Hainan Haikou", "Xiuying · Final assessment", False),
    ],
)
def test_the_page_of_an_area_leads_back(client, tree, code, path, heading, leads_below):
    response = client.get(f"/areas/{code}/")

    page = response.content.decode()
    text = text_of(response)
    assert f"{path} {heading}" in text
    assert ('href="/?goal=2020&amp;area=460000">Hainan</a>' in page) == (code != "460000")
    assert bool(re.search(rf'href="/\?[^"]*area={code}[^"]*#matrix"', page)) == leads_below


def test_targets_that_nobody_counted_are_not_called_missing(client):
    make_target(document=make_document(area=make_area("460100", parent=make_area("460000"))))
    make_area("340000")

    for query in ("", "?area=460000"):
        assert "Not counted yet" in text_of(client.get(f"/{query}"))
        assert "has not been counted yet" in text_of(client.get(f"/{query}"))
    assert "No document of this area" in text_of(client.get("/?area=340000"))


def test_the_way_down_and_back(client, tree):
    nation = client.get("/").content.decode()
    province = client.get("/?goal=2020&area=460000").content.decode()
    county = client.get("/?goal=2020&area=460105")

    assert 'href="?goal=2020&amp;area=460000#matrix">Hainan</a>' in nation
    assert 'href="/areas/340000/?goal=2020">Anhui</a>' in nation
    assert 'aria-label="Breadcrumb"' not in nation
    assert 'href="/areas/460000/?goal=2020">Hainan itself</a>' in province
    assert 'href="?goal=2020&amp;area=460100#matrix">Haikou</a>' in province
    assert "All areas Hainan Haikou Xiuying" in text_of(county)
    assert 'href="/?goal=2020&amp;area=460100">Haikou</a>' in county.content.decode()


def test_what_counts_opens_stays_in_the_area(client, tree):
    page = client.get("/?goal=2020&area=460100").content.decode()

    assert 'href="?goal=2020&amp;area=460100&amp;coverage=decided&amp;light=red#targets"' in page
    assert 'href="?goal=2020&amp;area=460100&amp;coverage=decided#targets"' in page


def test_an_area_without_targets_says_so(client, tree):
    make_area("460106", level="county", parent=area_of_code("460100"), name_en="Longhua")

    response = client.get("/?area=460106")

    assert response.status_code == 200
    assert "All areas 460000" not in text_of(response)
    assert "No document of this area or of one below it has been loaded." in text_of(response)
    assert "All areas Hainan Haikou Longhua" in text_of(response)


def test_a_goal_year_that_the_area_does_not_have_gives_a_message(client, tree):
    judged(99, "missed", area=make_area("340000"), target_year=2015)

    response = client.get("/?goal=2015&area=460000")

    assert "“2015” is not a choice for Goal year" in text_of(response)
    assert response.context["assessment"].goal == 2020


@pytest.mark.parametrize("below", [2, 60])
@pytest.mark.parametrize(
    ("query", "queries"),
    [("", 7), ("?area=460000", 8), ("?key=1", 6), ("?area=460000&as_of=2020", 8)],
)
def test_query_count_does_not_grow_with_areas_below(
    client, django_assert_num_queries, below, query, queries
):
    province = make_area("460000")
    for number in range(below):
        area = make_area(f"{460100 + number}", level="county", parent=province)
        judged(number + 1, "missed", area=area, key=True)

    with django_assert_num_queries(queries):
        client.get(f"/{query}")


@pytest.fixture
def mixed(tree):
    """Each standing twice, one of them of a headline target, in two domains and areas."""
    number = itertools.count(100)
    fields = [
        ("missed", {"actual_year": 2020, "actual_value": Decimal(97)}),
        ("recovered", {}),
        ("kept_gaps", {}),
        ("achieved", {}),
        ("not_collected", {"side_year": 2018, "side_value": Decimal(97), "side_state": "short"}),
        ("not_collected", {"side_year": 2018, "side_value": Decimal(99), "side_state": "met"}),
        ("outdated", {"actual_year": 2012, "actual_value": Decimal(99)}),
        ("no_data", {}),
        ("undetermined", {"actual_year": 2020, "actual_value": Decimal(97)}),
        ("no_baseline", {}),
        ("not_due", {}),
    ]
    service = make_domain("service", position=2)
    for (status, verdict), code in itertools.product(fields, ["460100", "340000"]):
        domain = service if code == "340000" else make_domain()
        judged(
            next(number), status, area=make_area(code), domain=domain, key=code == "340000",
            **verdict,
        )  # fmt: skip


COUNT_LINK = re.compile(r'<a class="[a-z_ -]*" href="([?][^"]*)#targets">(.*?)</a>', re.DOTALL)


def counts_that_lead_on(response):
    """Address and number of every link of the page to a list."""
    page = response.content.decode()
    return [
        (html.unescape(address), int(number))
        for address, shown in COUNT_LINK.findall(page)
        for number in re.findall(r"\d+", re.sub(r"<[^>]+>", " ", shown))
    ]


def slow_urgency(verdict):
    light = verdict.light
    if light == "grey":
        if verdict.side_state == "short":
            rank = 2
        else:
            rank = 3 if verdict.side_year or verdict.actual_year else 4
    else:
        rank = {"red": 0, "yellow": 1, "pale": 5, "green": 6, "none": 7}[light]
    return (rank, not verdict.target.key, verdict.target.code)


def slow_list(scope, narrowed):
    verdicts = Verdict.objects.at(2020).filter(target__superseded_at=None, target__target_year=2020)
    below = {scope.area, *scope.area.parts.all()} if scope.area else None
    below = below and below | {part for area in below for part in area.parts.all()}
    kept = [
        verdict
        for verdict in verdicts.select_related("target__area__parent", "target__domain")
        if (below is None or verdict.target.area in below)
        and narrowed.get("light") in {None, verdict.light}
        and narrowed.get("domain") in {None, verdict.target.domain.code}
        and (not narrowed.get("key") or verdict.target.key)
        and narrowed.get("coverage") in {None, slow_coverage(verdict)}
    ]
    return [verdict.pk for verdict in sorted(kept, key=slow_urgency)]


def slow_coverage(verdict):
    if verdict.target.kind == "text":
        return Coverage.IN_WORDS
    if verdict.light in {"red", "yellow", "pale", "green"}:
        return Coverage.DECIDED
    if verdict.status in {"not_collected", "no_data", "outdated"}:
        return Coverage.NOT_COLLECTED if verdict.side_year is None else Coverage.SIDE
    if verdict.light == "none":
        return Coverage.NOT_DUE
    return Coverage.UNFOUNDED if verdict.actual_year is None else Coverage.UNDETERMINED


@pytest.mark.parametrize("code", ["", "460000", "340000"])
@pytest.mark.parametrize(
    "narrowed",
    [
        {}, {"light": "grey"}, {"light": "red", "domain": "product"}, {"coverage": "side"},
        {"coverage": "not_due"}, {"key": "1"}, {"coverage": "in_words"},
        {"key": "1", "coverage": "not_collected", "domain": "service"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("a_page", [4, 100])
def test_pages_of_the_list_are_the_slow_list_cut_up(mixed, monkeypatch, code, narrowed, a_page):
    monkeypatch.setattr(worst_first, "TARGETS_A_PAGE", a_page)
    scope = Scope(area_of_code(code) if code else None)
    seen = Standpoint(scope, 2020, 2020)
    counts = standings.counted(seen)
    slow = slow_list(scope, narrowed)

    if not narrowed:
        headline = [pk for pk in slow if Verdict.objects.get(pk=pk).target.key]
        shown = target_list(seen, narrowed, counts, number=1).headline
        assert (shown is not None) == bool(headline)
        if shown:
            assert [line.verdict.pk for line in shown.lines] == headline[:12]
            assert shown.total == len(headline) == sum(each.count for each in shown.lights)
        slow = [pk for pk in slow if pk not in headline]
    for number in Paginator(slow, a_page).page_range:
        shown = target_list(seen, narrowed, counts, number=number)
        assert [line.verdict.pk for line in shown.lines] == (
            slow[(number - 1) * a_page : number * a_page]
        )
        assert shown.page.paginator.count == len(slow)


def test_the_standing_of_a_row_is_what_the_database_says(mixed):
    for number, status in enumerate(["judged_not", "judged_partly", "judged_done", ""], start=900):
        in_words(number, status or "not_measurable")

    for standing, where in CONDITIONS.items():
        found = Verdict.objects.filter(where)
        assert {standing_of(verdict) for verdict in found} == {standing}


def test_headline_targets_of_a_nation_are_counted_once_a_minute(mixed, monkeypatch):
    monkeypatch.setattr(worst_first, "COUNTED_ANEW_UP_TO", 10)
    cache.clear()
    seen = Standpoint(Scope(), 2020, 2020)

    def total():
        return target_list(seen, {}, standings.counted(seen), number=1).headline.total

    before = total()
    judged(500, "missed", area=make_area("340000"), key=True)
    assert total() == before == 11
    cache.clear()
    assert total() == 12


def test_every_standing_is_in_the_mixed_list_but_words(mixed):
    found = [name for name, where in CONDITIONS.items() if Verdict.objects.filter(where).exists()]

    assert found == [each for each in CONDITIONS if standings.COVERAGE_OF[each] != "in_words"]


def test_targets_without_a_verdict_yet_are_said(client, tree):
    Verdict.objects.filter(target__area__code="460105").delete()
    count_anew(Document.objects.all())

    shown = client.get("/?area=460000")

    assert shown.context["assessment"].not_computed == 3
    assert "3 targets have no verdict yet" in text_of(shown)
