from decimal import Decimal

import pytest
from django.utils.translation import override

from tests.factories import (
    make_area,
    make_figure,
    make_indicator,
    make_reading,
    make_series,
    make_target,
    make_user,
)
from tests.reports.pages import judge, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_in_english")]

ADDRESS = "/indicators/pass-rate/"


@pytest.fixture
def indicator():
    """Whose name does not say that samples are drawn."""
    return make_indicator(name_zh="出厂检验合格率")


def put(code, *figures, indicator=None, **fields):
    """A series of an area with figures from 2012 on, None for a year without one."""
    series = make_series(make_area(code), indicator, **fields)
    for at, value in enumerate(figures):
        if value is not None:
            make_figure(series, 2012 + at, value)
    return series


def promise(series, number=1, status="missed", **fields):
    """A target measured by the series, with its final verdict."""
    target = make_target(f"plan-{series.area.code}-{number:03d}", **fields)
    judge(target, status, reading=make_reading(target, series))
    return target


def shown_at(client, query=""):
    return client.get(ADDRESS + query).context["shown"]


def said(value):
    """What a page words when it is shown, in English."""
    with override("en"):
        return value()


def reasons_of(shown):
    return {card.line.series.area_code: list(card.reasons) for card in shown.cards_apart}


def test_unknown_indicator_is_not_found(client):
    assert client.get("/indicators/nothing/").status_code == 404


def test_indicator_without_figures_says_what_is_missing(client, indicator):
    assert "No figure of this indicator is known." in text_of(client.get(ADDRESS))


def test_years_without_a_figure_stay_visible(client, indicator):
    series = make_series()
    make_figure(series, 2012, "96.50")
    make_figure(series, 2014, None, missing_reason="机构改革")

    (line,) = shown_at(client).lines

    assert [cell.year for cell in line.cells] == [2012, 2013, 2014]
    assert [cell.figure and cell.figure.stated for cell in line.cells] == ["96.50", None, None]
    assert line.cells[2].missing_reason == "机构改革"


def test_bound_grade_and_break_are_marked(client, indicator):
    series = make_series()
    make_figure(series, 2012, "96", bound="at_least", source_grade="reprint")
    make_figure(series, 2013, "97", obs_status="B", remark="标准变更", source_grade="press")

    shown = text_of(client.get(ADDRESS))

    assert "≥ 96 * reprint" in shown
    assert "┊ break 97 † press" in shown
    assert "Break in 2013. 标准变更" in shown
    assert "Break in 2013: not comparable with the years before." in shown


def test_figures_lead_to_where_they_are_from(client, indicator):
    series = make_series()
    make_figure(series, 2012, "96.50")
    make_figure(series, 2014, None, missing_reason="机构改革")
    addresses = [f"/provenance/{series.code}/{year}/" for year in (2012, 2013, 2014)]

    anonymous = client.get(ADDRESS).content.decode()
    client.force_login(make_user())
    page = client.get(ADDRESS).content.decode()

    assert [each in anonymous for each in addresses] == [True, False, True]
    assert [each in page for each in addresses] == [True, False, True]
    assert [client.get(each).status_code for each in addresses] == [200, 404, 200]


def test_same_scope_name_and_frequency_stand_side_by_side(client, indicator):
    put("110000", "96.50")
    put("120000", "97")

    shown = shown_at(client)

    assert [line.series.area_code for line in shown.ranking.lines] == ["120000", "110000"]
    assert [card.line.series.area_code for card in shown.cards] == ["120000", "110000"]
    assert list(shown.apart) == []
    assert said(lambda: shown.finding) == "2012: 2 areas, from 96.50 % (110000) to 97 % (120000)"


def test_cards_of_a_group_share_one_scale_and_those_apart_have_their_own(client, indicator):
    put("110000", "96.50")
    put("120000", "61")
    put("130000", "97", scope="part")

    shown = shown_at(client)

    assert {card.scale for card in shown.cards} == {shown.cards[0].scale}
    assert [(card.scale.low, card.scale.high) for card in shown.cards] == [
        (Decimal(60), Decimal(100))
    ] * 2
    assert shown.cards_apart[0].scale != shown.cards[0].scale


def test_another_scope_is_said(client, indicator):
    put("110000", "96", scope_zh="全省", scope_en="All")
    put("120000", "97", scope_zh="全省", scope_en="All")
    put("130000", "98", scope="spot", scope_zh="抽样", scope_en="Spot checks")

    assert reasons_of(shown_at(client)) == {
        "130000": ["Another scope than the areas compared (“All”)."]
    }


def test_another_published_name_of_the_same_scope_is_said(client, indicator):
    put("110000", "96", scope_zh="全省", scope_en="All")
    put("120000", "97", scope_zh="全省", scope_en="All")
    put("130000", "98", scope_zh="设区市平均", scope_en="Mean of cities")

    assert reasons_of(shown_at(client)) == {
        "130000": ["Published under another name than the areas compared (“All”)."]
    }


def test_another_frequency_is_said(client, indicator):
    put("110000", "96")
    put("120000", "97")
    put("130000", "98", frequency=5)

    assert reasons_of(shown_at(client)) == {
        "130000": ["Published every 5 years, the areas compared every year."]
    }


def test_where_nothing_is_comparable_each_says_what_parts_it_from_another(client, indicator):
    put("110000", "96", scope="a", scope_en="Cities", scope_zh="城市")
    put("120000", "97", scope="b", scope_en="Towns", scope_zh="城镇")

    response = client.get(ADDRESS)

    assert reasons_of(response.context["shown"]) == {
        "110000": ["Another scope than 120000 (“Towns”)."],
        "120000": ["Another scope than 110000 (“Cities”)."],
    }
    assert response.context["shown"].ranking is None
    assert "None of the 2 series may be compared with another" in text_of(response)


def test_two_scopes_of_one_area_are_not_joined(client, indicator):
    put("110000", "96", scope="a", scope_en="Cities", scope_zh="城市")
    put("110000", "97", scope="b", scope_en="Towns", scope_zh="城镇")

    shown = shown_at(client)

    assert shown.group is None
    assert [card.reasons for card in shown.cards_apart] == [
        ["Another scope than 110000 (“Towns”)."], ["Another scope than 110000 (“Cities”)."],
    ]  # fmt: skip


def test_sampling_pass_rates_are_called_not_comparable(client):
    sampled = make_indicator(name_zh="产品抽检合格率")
    put("110000", "96", indicator=sampled)
    put("120000", "97", indicator=sampled)

    response = client.get(ADDRESS)

    assert "Not comparable between areas" in text_of(response)
    assert reasons_of(response.context["shown"]) == {
        "110000": ["Each area draws samples of its own."],
        "120000": ["Each area draws samples of its own."],
    }


def test_a_lone_series_has_nothing_to_be_compared_with(client, indicator):
    put("110000", "96")

    response = client.get(ADDRESS)

    assert "One area has a series of this indicator" in text_of(response)
    assert reasons_of(response.context["shown"]) == {
        "110000": ["No other area has a series of this indicator."]
    }


def test_series_without_a_figure_are_named_with_the_reason(client, indicator):
    put("110000", "96")
    put("120000", "97")
    put("130000", frequency=5)

    shown = shown_at(client)

    assert [(series.area_code, reasons) for series, reasons in shown.silent_apart] == [
        ("130000", ["Published every 5 years, the areas compared every year."])
    ]
    assert "1 series without any figure" in text_of(client.get(ADDRESS))


def test_a_figure_from_before_a_break_is_not_ranked(client, indicator):
    put("110000", "96", "97")
    put("120000", "95", "96")
    changed = put("130000", "99")
    make_figure(changed, 2013, "90", obs_status="B")

    before, after = shown_at(client, "?year=2012"), shown_at(client, "?year=2013")

    assert [line.series.area_code for line in before.ranking.lines] == ["110000", "120000"]
    assert [(series.area_code, why) for series, why in before.ranking.unranked] == [
        ("130000", "Counted otherwise since 2013; its figure of 2012 is from before.")
    ]
    assert [line.series.area_code for line in after.ranking.lines] == [
        "110000", "120000", "130000",
    ]  # fmt: skip


def test_the_few_who_counted_otherwise_already_are_not_ranked_with_the_many(client, indicator):
    for code in ("110000", "120000"):
        make_figure(put(code, "96"), 2013, "90", obs_status="B")
    put("130000", "80", "81")

    shown = shown_at(client, "?year=2012")

    assert [line.series.area_code for line in shown.ranking.lines] == ["110000", "120000"]
    assert [why for _series, why in shown.ranking.unranked] == [
        "Counted as most other areas began to count only later."
    ]


def test_equal_figures_share_a_place(client, indicator):
    for code, value in [("110000", "96"), ("120000", "97.0"), ("130000", "97"), ("140000", "95")]:
        put(code, value)

    lines = shown_at(client).ranking.lines

    assert [(line.place, line.series.area_code, line.stated) for line in lines] == [
        (1, "120000", "97.0"), (1, "130000", "97"), (3, "110000", "96"), (4, "140000", "95"),
    ]  # fmt: skip


def test_smaller_figures_come_first_where_targets_ask_for_less(client, indicator):
    for code, value in [("110000", "3"), ("120000", "2")]:
        promise(put(code, value), comparator="le", value="2.5")

    response = client.get(ADDRESS)

    lines = response.context["shown"].ranking.lines
    assert [line.series.area_code for line in lines] == ["120000", "110000"]
    assert "Smaller figures first, an order of reading" in text_of(response)


def test_areas_without_a_figure_of_the_year_are_listed_with_the_reason_and_not_drawn(
    client, indicator
):
    put("110000", "96")
    put("120000", "97")
    put("130000", None, "98")
    make_figure(put("140000"), 2012, None, missing_reason="机构改革")

    ranking = shown_at(client, "?year=2012").ranking

    assert [point.name for point in ranking.rows.points] == ["120000", "110000"]
    assert [(series.area_code, why) for series, why in ranking.unranked] == [
        ("130000", "No figure of 2012 is known."), ("140000", "机构改革"),
    ]  # fmt: skip


def test_opens_on_the_latest_year_in_which_most_areas_have_figures(client, indicator):
    put("110000", "96", "96.1", "96.2")
    put("120000", "97", "97.1")
    put("130000", "98", "98.1")

    assert [shown_at(client, query).year for query in ("", "?year=2014", "?year=2012")] == [
        2013, 2014, 2012,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "query", ["year=never", "year=1812", "as_of=0", "level=moon", "area=1", "page=-1", "apart=x"]
)
def test_a_wrong_choice_gives_a_message(client, indicator, query):
    put("110000", "96")

    response = client.get(f"{ADDRESS}?{query}")

    assert response.status_code == 200
    assert "it was ignored." in text_of(response)


def test_the_tick_is_the_target_next_due(client, indicator):
    series = put("110000", "96", "97", "98", "99", "99")
    put("120000", "97", "97", "97", "97", "97")
    for number, year, value in [(1, 2013, "96.50"), (2, 2015, "98"), (3, 2020, "99")]:
        promise(series, number, target_year=year, value=value)

    levels = []
    for year in (2012, 2013, 2014, 2016):
        lines = shown_at(client, f"?year={year}").ranking.lines
        (level,) = [line.level for line in lines if line.series.area_code == "110000"]
        levels.append((level.label, level.year))

    assert levels == [
        ("≥ 96.50", 2013), ("≥ 96.50", 2013), ("≥ 98", 2015), ("≥ 99", 2020),
    ]  # fmt: skip


def test_a_promise_of_a_sum_is_no_level_of_yearly_figures(client):
    flow = make_indicator(name_zh="新增企业数", unit="家", nature="flow")
    promise(put("110000", "30", indicator=flow), unit="家", value="100")
    put("120000", "20", indicator=flow)

    lines = shown_at(client).ranking.lines

    assert [line.level for line in lines] == [None, None]


def test_multiples_show_the_last_target_and_earlier_ones_as_milestones(client, indicator):
    series = put("110000", "96")
    put("120000", "97")
    promise(series, 1, target_year=2015, value="97")
    promise(series, 2, target_year=2020, value="98")

    card = next(each for each in shown_at(client).cards if each.line.series.area_code == "110000")

    assert said(lambda: card.multiple.target.said) == "≥ 98, 2020"
    assert said(lambda: [level.said for level in card.multiple.milestones]) == ["≥ 97, 2015"]


def test_targets_are_listed_by_goal_year_with_their_verdicts(client, indicator):
    later = promise(put("110000", "96"), target_year=2020)
    sooner = promise(put("120000", "97"), target_year=2015, status="achieved")

    listed = shown_at(client).targets

    assert [(line.target, line.verdict.status) for line in listed] == [
        (sooner, "achieved"), (later, "missed"),
    ]  # fmt: skip


def test_verdicts_can_be_seen_from_an_earlier_year(client, indicator):
    series = put("110000", "96")
    target = promise(series)
    judge(target, "behind", reading=target.readings.get(), as_of=2017)

    earlier, never = client.get(ADDRESS + "?as_of=2017"), client.get(ADDRESS + "?as_of=2018")

    assert [line.verdict.status for line in earlier.context["shown"].targets] == ["behind"]
    assert "Verdicts as of 2017." in text_of(earlier)
    assert "No target measured by this indicator has a verdict as of 2018." in text_of(never)


def test_another_comparable_group_can_be_chosen(client, indicator):
    for code in ("110000", "120000", "130000"):
        put(code, "96")
    for code in ("140000", "150000"):
        put(code, "97", scope="part", scope_zh="部分", scope_en="Part")

    first = shown_at(client)
    ((other, reasons),) = first.others
    second = shown_at(client, f"?series={other.code}")

    assert [len(first.ranking.lines), len(second.ranking.lines)] == [3, 2]
    assert reasons == ["Another scope than the areas compared (“all”)."]
    assert second.group.code == "140000.pass-rate.part"


def test_forty_areas_stand_on_a_page_and_places_go_on(client, indicator):
    for each in range(43):
        put(f"{110000 + each}", f"{90 - each}")

    first, second = shown_at(client), shown_at(client, "?page=2")

    assert [len(each.ranking.lines) for each in (first, second)] == [40, 3]
    assert [len(each.cards) for each in (first, second)] == [40, 3]
    assert [line.place for line in second.ranking.lines] == [41, 42, 43]
    findings = said(lambda: [first.finding, second.finding])
    assert findings == ["2012: 43 areas, from 48 % (110042) to 90 % (110000)"] * 2


def test_series_apart_and_targets_are_paged(client):
    sampled = make_indicator()
    for each in range(25):
        promise(put(f"{110000 + each}", "96", indicator=sampled))

    first, second = shown_at(client), shown_at(client, "?apart=2")

    assert [len(each.cards_apart) for each in (first, second)] == [24, 1]
    assert [len(each.targets) for each in (first, second)] == [20, 1]
    assert len(shown_at(client, "?targets=2").targets) == 4


def test_levels_are_not_mixed(client, indicator):
    province = make_area("110000")
    put("110000", "96")
    put("120000", "97")
    for code in ("110100", "110200"):
        make_area(code, level="prefecture", parent=province)
        put(code, "90")

    top = shown_at(client)
    cities = shown_at(client, "?level=prefecture")
    below = shown_at(client, "?area=110000")
    none = client.get(ADDRESS + "?area=120000")

    assert [line.series.area_code for line in top.ranking.lines] == ["120000", "110000"]
    assert [line.series.area_code for line in cities.ranking.lines] == ["110100", "110200"]
    assert [line.series.area_code for line in below.ranking.lines] == ["110100", "110200"]
    assert "No area below 120000 has a series of this indicator." in text_of(none)


def test_what_nobody_stated_of_the_figures_is_said_to_be_so(client):
    make_indicator(known_limits="品种每年不同")

    shown = text_of(client.get(ADDRESS))

    assert "Known limits 品种每年不同" in shown
    assert shown.count("nobody has stated it yet") == 4


@pytest.mark.parametrize(
    ("nature", "words"),
    [
        ("level", "The figure of the goal year, for a promise to hold that of each year."),
        ("cumulative", "The total reached by the end of the goal year."),
        ("flow", "The sum of the years from the start of the document's period."),
    ],
)
def test_head_says_what_decides(client, nature, words):
    make_indicator(nature=nature)

    assert f"What decides {words.replace(chr(39), '&#x27;')}" in text_of(client.get(ADDRESS))


def test_page_leads_to_areas_and_targets_which_lead_back(client, indicator):
    target = promise(put("110000", "96"))
    put("120000", "97")

    page = client.get(ADDRESS).content.decode()
    back = client.get(target.get_absolute_url()).content.decode()

    assert 'href="/areas/110000/"' in page
    assert f'href="{target.get_absolute_url()}"' in page
    assert f'href="{ADDRESS}' in back


@pytest.mark.parametrize("is_signed_in", [False, True])
@pytest.mark.parametrize("number", [1, 3, 60])
def test_query_count_does_not_grow(
    client, indicator, django_assert_num_queries, number, is_signed_in
):
    for each in range(number):
        promise(put(f"{110000 + each}", "96"))

    if is_signed_in:
        client.force_login(make_user())
    # Session, person and posts.
    with django_assert_num_queries(7 + 3 * is_signed_in):
        client.get(ADDRESS)


@pytest.mark.parametrize("number", [1, 3])
def test_query_count_within_an_area(client, indicator, django_assert_num_queries, number):
    province = make_area("110000")
    for each in range(number):
        make_area(f"{110100 + each}", level="prefecture", parent=province)
        promise(put(f"{110100 + each}", "96"))

    with django_assert_num_queries(8):
        client.get(ADDRESS + "?area=110000")
