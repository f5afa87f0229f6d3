"""Which rounds are open: to the second, by exception, and for what was returned."""

from datetime import UTC, datetime, timedelta

import pytest

from indicators.enums import State
from indicators.models import Observation, RoundException
from indicators.queries.rounds import is_open, open_rounds, open_rounds_of
from indicators.reference.load import reference_user
from targets_site.accounts.models import Role
from tests.factories import (
    make_area,
    make_department,
    make_figure,
    make_official,
    make_post,
    make_reviewer,
    make_round,
    make_series,
    make_user,
)

pytestmark = pytest.mark.django_db
# Midnight in Beijing after New Year's Eve.
MIDNIGHT = datetime(2025, 12, 31, 16, 0, 0, tzinfo=UTC)
ONE_SECOND, ONE_DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def department():
    return make_department()


def round_of(area=None, *years, opens=MIDNIGHT - 30 * ONE_DAY, closes=MIDNIGHT):
    return make_round(area, *years, opens_at=opens, due_at=closes - ONE_SECOND, closes_at=closes)


def grant(one, department, until):
    return RoundException.objects.create(
        round=one,
        department=department,
        until=until,
        reason="机构改革",
        granted_by=reference_user(),
    )


def found(department, moment):
    return list(open_rounds(area_id=department.area_id, departments={department.pk}, moment=moment))


@pytest.mark.parametrize(
    ("moment", "is_found"),
    [
        pytest.param(MIDNIGHT - 30 * ONE_DAY - ONE_SECOND, False, id="before-it-opens"),
        pytest.param(MIDNIGHT - 30 * ONE_DAY, True, id="as-it-opens"),
        pytest.param(MIDNIGHT - ONE_SECOND, True, id="last-second"),
        pytest.param(MIDNIGHT, False, id="as-it-closes"),
    ],
)
def test_a_round_is_open_to_the_second(department, moment, is_found):
    one = round_of()

    assert found(department, moment) == ([one] if is_found else [])
    assert one.is_open_at(moment) is is_found


@pytest.mark.parametrize(
    ("after_close", "is_found"),
    [
        pytest.param(ONE_DAY - ONE_SECOND, True, id="last-second"),
        pytest.param(ONE_DAY, False, id="as-it-ends"),
    ],
)
def test_an_exception_is_open_to_the_second(department, after_close, is_found):
    one = round_of()
    grant(one, department, until=MIDNIGHT + ONE_DAY)

    assert found(department, MIDNIGHT + after_close) == ([one] if is_found else [])


def test_an_exception_is_for_its_department_and_round(department):
    other = make_department(name_zh="省林业厅")
    one = round_of()
    round_of()
    grant(one, other, until=MIDNIGHT + ONE_DAY)

    assert found(department, MIDNIGHT) == []
    assert found(other, MIDNIGHT) == [one]


def test_an_ended_exception_beside_one_of_another_department_opens_nothing(department):
    """The department of one row and the end of another are no exception."""
    one, other = round_of(), make_department(name_zh="省林业厅")
    grant(one, department, until=MIDNIGHT - ONE_SECOND)
    grant(one, other, until=MIDNIGHT + ONE_DAY)

    assert found(department, MIDNIGHT) == []


def test_a_second_exception_goes_on_where_the_first_ended(department):
    one = round_of()
    grant(one, department, until=MIDNIGHT + ONE_DAY)
    grant(one, department, until=MIDNIGHT + 2 * ONE_DAY)

    assert found(department, MIDNIGHT) == [one]
    assert found(department, MIDNIGHT + ONE_DAY) == [one]


def test_an_exception_does_not_open_a_round_before_it_opens(department):
    one = round_of()
    grant(one, department, until=MIDNIGHT + ONE_DAY)

    assert found(department, one.opens_at - ONE_SECOND) == []


def test_rounds_of_other_areas_are_not_open_here(department):
    round_of(make_area("980000"))

    assert found(department, MIDNIGHT - ONE_SECOND) == []


# Cells


def cell(department, year=2020):
    return Observation.objects.create(series=make_series(department=department), year=year)


def at(monkeypatch, moment):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


@pytest.mark.parametrize(("year", "asked"), [(2018, True), (2019, False), (2020, True)])
def test_only_the_years_of_the_round_are_open(department, monkeypatch, year, asked):
    round_of(None, 2018, 2020)
    at(monkeypatch, MIDNIGHT - ONE_SECOND)

    assert is_open(cell(department, year), departments={department.pk}) is asked


@pytest.mark.parametrize(
    ("states", "still_open"),
    [
        pytest.param([], False, id="nothing"),
        pytest.param(["draft"], False, id="draft"),
        pytest.param(["submitted"], False, id="submitted"),
        pytest.param(["returned"], True, id="returned"),
        pytest.param(["returned", "draft"], True, id="being-mended"),
        pytest.param(["returned", "recalled", "draft"], True, id="sent-and-recalled"),
        pytest.param(["returned", "approved"], False, id="mended-and-approved"),
        pytest.param(["unsigned"], False, id="returned-by-its-signer"),
        pytest.param(["returned", "unsigned"], True, id="mended-and-returned-by-its-signer"),
        pytest.param(["approved", "returned"], True, id="a-returned-correction"),
    ],
)
def test_what_was_returned_stays_open_until_it_is_decided_on(department, states, still_open):
    series = make_series(department=department)
    of_cell, _created = Observation.objects.get_or_create(series=series, year=2020)
    for state in states:
        approved = of_cell.in_force
        version = make_figure(
            series, 2020, "98", return_reason="口径不符",
            state="returned" if state == "unsigned" else state,
            returned_by_signer=state == "unsigned",
        )  # fmt: skip
        of_cell.refresh_from_db()
        of_cell.in_force = version if state == State.APPROVED else approved
        of_cell.save(update_fields=["in_force"])

    assert is_open(of_cell, departments={department.pk}) is still_open


def test_what_was_returned_elsewhere_opens_nothing_here(department):
    make_figure(
        make_series(department=department), 2019, "98", state="returned", return_reason="口径不符"
    )
    other = Observation.objects.create(series=Observation.objects.get().series, year=2020)

    assert not is_open(other, departments={department.pk})


# Of a person


def test_open_rounds_of_a_person(monkeypatch, department, django_assert_num_queries):
    """In every area of his departments, the next due first, with those he has an exception for."""
    far = make_department(make_area("980000"), name_zh="省水利厅")
    official = make_official(department=department)
    make_post(official, Role.OFFICIAL, department=far)
    later = round_of(None, 2020, closes=MIDNIGHT + 9 * ONE_DAY)
    sooner = round_of(far.area, 2020, closes=MIDNIGHT + 5 * ONE_DAY)
    excepted = round_of(None, 2019)
    grant(excepted, department, until=MIDNIGHT + ONE_DAY)
    closed = round_of(None, 2018)
    grant(closed, make_department(name_zh="省林业厅"), until=MIDNIGHT + ONE_DAY)
    round_of(None, 2017, opens=MIDNIGHT + ONE_SECOND, closes=MIDNIGHT + ONE_DAY)
    round_of(make_area("970000"), 2020, closes=MIDNIGHT + ONE_DAY)
    at(monkeypatch, MIDNIGHT)

    rounds = open_rounds_of(official)

    assert rounds == [excepted, sooner, later]
    with django_assert_num_queries(0):
        assert [(one.area.code, one.years) for one in rounds] == [
            ("990000", [2019]),
            ("980000", [2020]),
            ("990000", [2020]),
        ]


def test_no_rounds_are_open_for_who_enters_nothing(department):
    make_round(None, 2020)

    assert open_rounds_of(make_reviewer()) == []
    assert open_rounds_of(make_user("nobody")) == []
