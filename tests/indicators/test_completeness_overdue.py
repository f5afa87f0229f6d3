"""逾期未报 beside a verdict: which targets it is said of."""

from datetime import timedelta

import pytest

from indicators.enums import State
from indicators.models import RoundException, SeriesDepartment
from indicators.queries.overdue import overdue_targets
from plans.models import Target
from tests.factories import make_area, make_department, make_official, make_reading, make_round
from tests.indicators.rounds_world import make_owed_series, make_words, put, shanghai

DUE = shanghai("2021-04-01T00:00:00")


@pytest.fixture
def department(db):
    return make_department()


@pytest.fixture
def official(department):
    return make_official("official", department=department)


@pytest.fixture
def series(department):
    """Measures a target of 2020."""
    return make_owed_series(department)


def ask(area, *years, due_at=DUE, **fields):
    opens_at = fields.pop("opens_at", due_at - timedelta(days=90))
    return make_round(
        area, *years, opens_at=opens_at, due_at=due_at, closes_at=due_at + timedelta(days=9),
        **fields,
    )  # fmt: skip


def is_overdue(series, *, moment=DUE, as_of=None):
    target = series.readings.get().target
    return overdue_targets([target], moment=moment, as_of=as_of) == {target.pk}


def test_it_is_said_from_the_deadline_on(series):
    ask(series.area, 2020)

    assert not is_overdue(series, moment=shanghai("2021-03-31T23:59:59"))
    assert is_overdue(series, moment=shanghai("2021-04-01T00:00:00"))


def test_it_is_not_said_where_no_round_asked(series):
    ask(series.area, 2019)
    ask(make_area("340000"), 2020)

    assert not is_overdue(series)


def test_it_is_not_said_where_nobody_reports_the_series(series):
    ask(series.area, 2020)
    SeriesDepartment.objects.filter(series=series).update(to_year=2019)

    assert not is_overdue(series)


@pytest.mark.parametrize(
    ("state", "overdue"),
    [
        (State.DRAFT, True),
        (State.TO_SIGN, True),
        (State.RETURNED, True),
        (State.SUBMITTED, False),
        (State.APPROVED, False),
    ],
)
def test_it_is_said_until_the_figure_leaves_the_department(series, official, state, overdue):
    ask(series.area, 2020)
    put(series, 2020, state, by=official)

    assert is_overdue(series) == overdue


def test_it_is_not_said_of_a_figure_in_force_that_is_corrected(series, official):
    ask(series.area, 2020)
    put(series, 2020, State.APPROVED, by=official)
    put(series, 2020, State.DRAFT, by=official)

    assert not is_overdue(series)


def test_the_as_of_year_decides_before_the_target_year(series):
    ask(series.area, 2018)

    assert is_overdue(series, as_of=2018)
    assert not is_overdue(series, as_of=2019)
    assert not is_overdue(series)


def test_the_target_year_decides_from_then_on(series):
    ask(series.area, 2020)

    assert is_overdue(series, as_of=2022)


def test_the_newest_round_decides(series):
    ask(series.area, 2020)
    ask(series.area, 2020, due_at=DUE + timedelta(days=60), opens_at=DUE)

    assert not is_overdue(series)
    assert is_overdue(series, moment=DUE + timedelta(days=60))


def test_a_round_that_has_not_opened_asks_nothing_yet(series):
    ask(series.area, 2020)
    ask(series.area, 2020, due_at=DUE + timedelta(days=99), opens_at=DUE + timedelta(days=1))

    assert is_overdue(series)


def test_more_time_for_the_department_counts(series, department):
    one = ask(series.area, 2020)
    until = DUE + timedelta(days=5)
    RoundException.objects.create(
        round=one, department=department, until=until, reason="系统升级", granted_by=one.created_by
    )

    assert not is_overdue(series, moment=until - timedelta(seconds=1))
    assert is_overdue(series, moment=until)


def test_it_is_said_of_no_survey_of_every_few_years(department):
    series = make_owed_series(department, frequency=5)
    ask(department.area, 2020)

    assert not is_overdue(series)


def test_it_is_said_of_no_target_in_words_or_without_a_year(department):
    words = make_words(department)
    open_end = make_owed_series(department).readings.get().target
    Target.objects.filter(pk=open_end.pk).update(target_year=None)
    unread = make_owed_series(department).readings.get()
    unread.superseded_at = DUE
    unread.save()
    ask(department.area, 2020)
    open_end.refresh_from_db()

    assert overdue_targets([words, open_end, unread.target], moment=DUE) == set()


def test_no_target_is_overdue_where_there_is_none(db):
    assert overdue_targets([]) == set()


@pytest.mark.parametrize("number", [1, 4])
def test_it_costs_the_same_for_one_and_four_targets(department, number, django_assert_num_queries):
    targets = [make_owed_series(department).readings.get().target for _each in range(number)]
    further = make_owed_series(department, target_year=2019)
    make_reading(make_words(department), further)
    ask(department.area, *range(2021 - number, 2021))

    with django_assert_num_queries(5):
        found = overdue_targets(targets, moment=DUE)

    assert found == {target.pk for target in targets}
