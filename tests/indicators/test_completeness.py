"""What is counted as owed, come in and late: by department, by year, by area."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from indicators.enums import CellState, State
from indicators.models import RoundException, SeriesDepartment
from indicators.queries.completeness import Scope, asked_of, board, owed_below
from indicators.queries.owed import asked_rows, missing_rows
from indicators.queries.sight import Sight, sight_of
from indicators.queries.tallies import Tally
from targets_site.accounts.models import Role
from targets_site.places.models import AreaLevel
from tests.factories import (
    make_area,
    make_department,
    make_official,
    make_post,
    make_reviewer,
    make_round,
    make_series,
    make_signer,
    make_user,
)
from tests.indicators.rounds_world import judge, make_owed_series, make_words, put, shanghai

DAY = timedelta(days=1)
NOW = shanghai("2026-12-01T09:00:00")
ALL = Sight()


@pytest.fixture
def department(db):
    return make_department()


@pytest.fixture
def official(department):
    return make_official("official", department=department)


def round_of(area=None, *years, due_at=NOW + 10 * DAY, opens_at=NOW - 10 * DAY, **fields):
    fields = {"closes_at": due_at + 30 * DAY, **fields}
    return make_round(area, *years, due_at=due_at, opens_at=opens_at, **fields)


def scope_of(area, *years, round=None, departments=None, moment=NOW):
    return Scope(area, years or (2020,), round, departments, moment)


def board_of(area, *years, **options):
    return board(scope_of(area, *years, **options), ALL, number=1)


def counts(tally):
    """States with something in them, by name; and how many are late."""
    states = {state.value: number for state, number in tally.by_state if number}
    return states, tally.late


def by_department(shown):
    return {line.subject.name_zh: counts(line.figures) for line in shown.departments}


STATES = [State.DRAFT, State.TO_SIGN, State.SUBMITTED, State.RETURNED, State.APPROVED]


def test_figures_count_by_state(department, official):
    for state in STATES:
        put(make_owed_series(department), 2020, state, by=official)
    make_owed_series(department)
    round_of(department.area, due_at=NOW)

    [line] = board_of(department.area).departments

    assert counts(line.figures) == (
        {"empty": 1, "draft": 1, "to_sign": 1, "submitted": 1, "returned": 1, "approved": 1},
        4,
    )
    assert (line.figures.owed, line.figures.reported, line.figures.percent) == (6, 2, 33)
    assert counts(line.judgements) == ({}, 0)
    assert line.judgements.percent is None


@pytest.mark.parametrize(
    ("reported", "owed", "percent"),
    [(0, 0, None), (0, 3, 0), (2, 3, 66), (299, 300, 99), (300, 300, 100)],
)
def test_the_share_is_rounded_down_so_that_100_says_all(reported, owed, percent):
    tally = Tally({CellState.APPROVED: reported, CellState.EMPTY: owed - reported})

    assert tally.percent == percent


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        pytest.param("2026-12-31T23:59:59", 0, id="15-59-59-utc"),
        pytest.param("2027-01-01T00:00:00", 1, id="16-00-00-utc"),
    ],
)
def test_a_deadline_at_the_end_of_the_year_passes_at_midnight_of_shanghai(department, moment, late):
    make_owed_series(department)
    round_of(department.area, 2020, due_at=shanghai("2027-01-01T00:00:00"))

    shown = board_of(department.area, moment=shanghai(moment))

    assert shown.total.figures.late == late
    assert [line.subject for line in shown.years] == [2020]


def test_what_is_in_force_counts_as_approved_while_it_is_corrected(department, official):
    series = make_owed_series(department)
    put(series, 2020, State.APPROVED, by=official)
    put(series, 2020, State.DRAFT, by=official)
    round_of(department.area, due_at=NOW)

    assert counts(board_of(department.area).total.figures) == ({"approved": 1}, 0)


def test_a_missing_figure_with_its_reason_counts_as_any_other(department, official):
    series = make_owed_series(department)
    put(series, 2020, State.SUBMITTED, by=official, value=None, missing_reason="未开展调查")
    round_of(department.area, due_at=NOW)

    assert counts(board_of(department.area).total.figures) == ({"submitted": 1}, 0)


def test_what_no_target_waits_for_is_not_owed(department):
    make_series(department.area, department=department)
    make_owed_series(department, frequency=5)
    make_owed_series(department, target_year=2019)
    make_owed_series(department, start_year=2021, target_year=2025)
    restated = make_owed_series(department).readings.get().target
    restated.superseded_at = NOW
    restated.save()
    round_of(department.area, due_at=NOW)

    assert board_of(department.area).departments == []


def test_what_nobody_reports_in_the_year_is_not_owed(department):
    series = make_owed_series(department)
    SeriesDepartment.objects.filter(series=series).update(to_year=2019)
    round_of(department.area, 2019, 2020, due_at=NOW)

    shown = board_of(department.area, 2019, 2020)

    assert [(line.subject, counts(line.figures)) for line in shown.years] == [
        (2019, ({"empty": 1}, 1))
    ]


def test_a_dissolved_departments_figures_are_its_successors(department):
    successor = make_department(name_zh="省农业农村厅")
    department.successor = successor
    department.save()
    make_owed_series(department)
    make_owed_series(successor)
    make_words(department, successor)
    round_of(department.area)

    [line] = board_of(department.area).departments

    assert line.subject == successor
    assert counts(line.figures) == ({"empty": 2}, 0)
    assert counts(line.judgements) == ({"empty": 1}, 0)


def test_a_judgement_counts_for_every_department_named_and_once_in_all(department, official):
    other = make_department(name_zh="省林业厅")
    make_words(department, other)
    judge(make_words(department), 2020, State.SUBMITTED, by=official)
    make_words(area=department.area)
    make_words(department, target_year=2019)
    make_words(department, target_year=None)
    round_of(department.area, due_at=NOW)

    shown = board_of(department.area)

    assert {line.subject: counts(line.judgements) for line in shown.departments} == {
        department: ({"empty": 2, "submitted": 1}, 2),
        other: ({"empty": 1}, 1),
    }
    assert counts(shown.total.judgements) == ({"empty": 2, "submitted": 1}, 2)


def test_more_time_for_a_department_ends_later_than_for_the_others(department):
    other = make_department(name_zh="省林业厅")
    for each in (department, other):
        make_owed_series(each)
    make_words(department, other)
    one = round_of(department.area, due_at=NOW - DAY)
    until = NOW + DAY
    give_time(one, department, until)

    def late(moment):
        shown = board_of(department.area, moment=moment)
        lines = {line.subject: line for line in shown.departments}
        return [
            (lines[each].figures.late, lines[each].judgements.late) for each in (department, other)
        ], (shown.total.figures.late, shown.total.judgements.late)

    assert late(until - timedelta(seconds=1)) == ([(0, 0), (1, 1)], (1, 1))
    assert late(until) == ([(1, 1), (1, 1)], (2, 1))


def give_time(one, department, until):
    return RoundException.objects.create(
        round=one, department=department, until=until, reason="系统升级", granted_by=one.created_by
    )


def test_the_newest_round_decides_on_a_year_that_two_ask_for(department):
    make_owed_series(department)
    old = round_of(department.area, 2019, 2020, opens_at=NOW - 99 * DAY, due_at=NOW - 50 * DAY)
    round_of(department.area, 2020)
    round_of(department.area, 2019, opens_at=NOW + DAY, due_at=NOW + 2 * DAY)

    def late(**options):
        shown = board_of(department.area, 2019, 2020, **options)
        return {line.subject: line.figures.late for line in shown.years}

    assert late() == {2020: 0, 2019: 1}
    assert late(round=old) == {2020: 1, 2019: 1}


def test_who_is_late_most_stands_first(department, official):
    names = ["省水务厅", "省林业厅", "省教育厅"]
    for name, owed in zip(names, (1, 3, 2), strict=True):
        for _each in range(owed):
            make_owed_series(make_department(name_zh=name))
    round_of(department.area, due_at=NOW)

    assert [line.subject.name_zh for line in board_of(department.area).departments] == [
        "省林业厅",
        "省教育厅",
        "省水务厅",
    ]


@pytest.fixture
def province(db):
    return make_area("460000")


def make_below(code, parent, level):
    area = make_area(code, level=level, parent=parent)
    make_owed_series(make_department(area))
    round_of(area, due_at=NOW)
    return area


def test_areas_count_with_all_below_them(province):
    haikou = make_below("460100", province, AreaLevel.PREFECTURE)
    make_below("460105", haikou, AreaLevel.COUNTY)
    sanya = make_below("460200", province, AreaLevel.PREFECTURE)
    make_below("340100", make_area("340000"), AreaLevel.PREFECTURE)

    shown = board_of(province)

    assert [(line.subject, counts(line.figures)) for line in shown.areas] == [
        (haikou, ({"empty": 2}, 2)),
        (sanya, ({"empty": 1}, 1)),
    ]
    assert shown.total.figures.owed == 0


def test_the_round_that_is_chosen_is_the_areas_own(province):
    one = round_of(province, opens_at=NOW - 99 * DAY, due_at=NOW + DAY)
    haikou = make_below("460100", province, AreaLevel.PREFECTURE)
    round_of(haikou, opens_at=NOW - 50 * DAY, due_at=NOW - 20 * DAY)
    round_of(haikou, opens_at=NOW - 5 * DAY)

    [line] = board_of(province, round=one).areas

    assert (line.subject, counts(line.figures)) == (haikou, ({"empty": 1}, 0))


def test_an_area_without_a_round_owes_nothing(province):
    quiet = make_area("460300", level=AreaLevel.PREFECTURE, parent=province)

    [line] = board_of(province).areas

    assert (line.subject, counts(line.figures)) == (quiet, ({}, 0))


def test_areas_come_fifty_at_a_time(province):
    for number in range(100, 160):
        make_area(f"460{number}", level=AreaLevel.PREFECTURE, parent=province)

    second = board(scope_of(province), ALL, number=2)

    assert [line.subject.code for line in second.areas] == [f"460{n}" for n in range(150, 160)]
    assert second.page.paginator.count == 60


def make_world(seed):
    """A province with areas of each level below it, departments that were dissolved, series that
    changed hands, rounds that overlap in their years, and cells in every state."""
    chance = random.Random(seed)
    province = make_area("460000")
    haikou = make_area("460100", level=AreaLevel.PREFECTURE, parent=province)
    areas = [
        province,
        haikou,
        make_area("460105", level=AreaLevel.COUNTY, parent=haikou),
        make_area("469001", level=AreaLevel.COUNTY, parent=province),
    ]
    for area in areas:
        furnish(area, chance)
    return province, areas


def furnish(area, chance):
    today = make_department(area, "农业农村厅")
    departments = [
        make_department(area, "农业厅", successor=make_department(area, "农业委", successor=today)),
        make_department(area, "林业厅", successor=today),
        make_department(area, "水务厅"),
    ]
    by = make_official(f"official-{area.code}", department=today)
    for _each in range(5):
        first, second = chance.sample(departments, 2)
        series = make_owed_series(first, start_year=2018, target_year=chance.choice([2019, 2020]))
        handed_over = chance.choice([None, 2018, 2019])
        if handed_over:
            SeriesDepartment.objects.filter(series=series).update(to_year=handed_over)
            SeriesDepartment.objects.create(
                series=series, department=second, from_year=handed_over + 1
            )
        for year in (2018, 2019, 2020):
            for state in chance.choices(STATES, k=chance.randrange(3)):
                put(series, year, state, by=by)
    for _each in range(4):
        named = chance.sample(departments, chance.randrange(4))
        target = make_words(*named, area=area, target_year=chance.choice([2019, 2020, None]))
        for state in chance.choices(STATES, k=chance.randrange(2)):
            judge(target, target.target_year or 2020, state, by=by)
    rounds = [
        round_of(area, 2018, 2019, opens_at=NOW - 90 * DAY, due_at=NOW - 60 * DAY),
        round_of(area, 2019, 2020, opens_at=NOW - 30 * DAY, due_at=NOW - 5 * DAY),
        round_of(area, 2020, opens_at=NOW + DAY, due_at=NOW + 5 * DAY),
    ]
    for one in rounds[:2]:
        if chance.random() < 0.7:
            until = NOW + DAY * chance.choice([-1, 1])
            give_time(one, chance.choice(departments), until)


def slowly(area, departments=None):
    """Rows of the area, each year asked by its newest round, from the list of who owes what."""
    newest = {}
    for one in area.rounds.filter(opens_at__lte=NOW).order_by("opens_at"):
        for year in one.years:
            newest[year] = one
    pairs = [(one, year) for year, one in newest.items()]
    rows = asked_rows(pairs, moment=NOW, departments=departments)
    return [row for row in rows if row.is_owed and row.year]


def slow_counts(rows):
    """Of figures and of judgements: states and late, each cell once."""
    found = []
    for part in (False, True):
        cells = {(row.code, row.year): row.state.value for row in rows if row.is_judgement == part}
        late = {(row.code, row.year) for row in rows if row.is_judgement == part and row.is_late}
        states = {state: list(cells.values()).count(state) for state in cells.values()}
        found.append((states, len(late)))
    return found


def line_counts(line):
    return [counts(line.figures), counts(line.judgements)]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(5))
def test_the_board_counts_what_the_list_lists(seed):
    province, areas = make_world(seed)
    haikou, county, direct = areas[1:]

    shown = board_of(province, 2018, 2019, 2020)
    rows = slowly(province)

    assert {line.subject: line_counts(line) for line in shown.departments} == {
        each: slow_counts([row for row in rows if row.department == each])
        for each in {row.department for row in rows}
    }
    assert {line.subject: line_counts(line) for line in shown.years} == {
        year: slow_counts([row for row in rows if row.year == year])
        for year in {row.year for row in rows}
    }
    assert line_counts(shown.total) == slow_counts(rows)
    assert [(line.subject, line_counts(line)) for line in shown.areas] == [
        (haikou, slow_counts([*slowly(haikou), *slowly(county)])),
        (direct, slow_counts(slowly(direct))),
    ]


@pytest.mark.django_db
def test_the_list_of_all_areas_has_what_each_area_owes():
    province, areas = make_world(1)

    below = [row for some in owed_below(scope_of(province, 2018, 2019, 2020)) for row in some]

    assert below == [row for area in areas for row in missing_rows(slowly(area))]


def test_somebody_of_a_department_counts_what_it_owes_only(department, official):
    other = make_department(name_zh="省林业厅")
    make_owed_series(department)
    make_owed_series(other)
    make_words(department, other)
    make_words(other)
    round_of(department.area)
    own = sight_of(official).departments_in(department.area)

    shown = board_of(department.area, departments=own)

    assert [line.subject for line in shown.departments] == [department]
    assert counts(shown.total.figures) == ({"empty": 1}, 0)
    assert counts(shown.total.judgements) == ({"empty": 1}, 0)
    rows = asked_of(scope_of(department.area, departments=own))
    assert {row.department for row in rows} == {department}
    assert asked_of(scope_of(department.area, departments=own), departments=[other.pk]) == []


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.LEADER])
def test_offices_follow_their_area_and_all_below_it(province, role):
    haikou = make_area("460100", level=AreaLevel.PREFECTURE, parent=province)
    county = make_area("460105", level=AreaLevel.COUNTY, parent=haikou)
    elsewhere = make_area("340000")
    user = make_user("office")
    make_post(user, role, area=haikou)

    sight = sight_of(user)

    seen = {area: sight.sees_all_of(area) for area in (province, haikou, county, elsewhere)}
    assert seen == {province: False, haikou: True, county: True, elsewhere: False}


@pytest.mark.parametrize("role", [Role.STEWARD, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_others_follow_nothing(province, role):
    user = make_user("other")
    make_post(user, role, area=province)

    assert sight_of(user) == Sight()


def test_a_post_that_has_ended_shows_nothing(province):
    user = make_reviewer("once", area=province)
    user.posts.update(to_date=timezone.localdate() - DAY)

    assert sight_of(user) == Sight()


def test_rows_say_whom_they_wait_for(department, official):
    signer = make_signer("signer", department=department)
    waits = make_owed_series(department)
    put(waits, 2020, State.TO_SIGN, by=official)
    empty = make_owed_series(department)
    nobody = make_owed_series(make_department(name_zh="省林业厅"))
    round_of(department.area)

    rows = asked_of(scope_of(department.area))

    assert {row.code: (row.state, row.holders) for row in rows} == {
        waits.code: (CellState.TO_SIGN, (signer,)),
        empty.code: (CellState.EMPTY, (official,)),
        nobody.code: (CellState.EMPTY, ()),
    }


@pytest.mark.parametrize(
    ("after", "days"),
    [
        pytest.param(timedelta(seconds=-1), 0, id="before"),
        pytest.param(timedelta(0), 1, id="at-the-deadline"),
        pytest.param(DAY - timedelta(seconds=1), 1, id="on-the-first-day"),
        pytest.param(DAY, 2, id="on-the-second"),
    ],
)
def test_days_late_are_begun_days(department, after, days):
    make_owed_series(department)
    round_of(department.area, due_at=NOW)

    [row] = asked_of(scope_of(department.area, moment=NOW + after))

    assert (row.days_late, row.is_late) == (days, days > 0)


@pytest.mark.parametrize("number", [1, 4])
def test_the_list_costs_the_same_for_one_and_four_of_everything(
    department, number, django_assert_num_queries
):
    for each in range(number):
        other = make_department(name_zh=f"部门{each}")
        make_official(f"official{each}", department=other)
        make_owed_series(other)
        make_words(other, department)
    round_of(department.area, *range(2021 - number, 2021))

    with django_assert_num_queries(13):
        rows = asked_of(scope_of(department.area, *range(2017, 2021)))

    assert len(rows) == number * number + 2 * number
