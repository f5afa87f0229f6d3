"""What is wrong after a fault is found, and what people may do is not: of figures whose answer was
lost, of such that were called saved or not saved."""

from decimal import Decimal

import pytest

from indicators.actions import entry
from indicators.actions.entry import EnteredFigure
from indicators.models import Series
from tests.factories import make_department, make_official, make_round, make_series
from tests.services.after_fault import assert_stored_as_told

pytestmark = pytest.mark.django_db


@pytest.fixture
def department():
    return make_department()


@pytest.fixture
def series(department):
    make_round(department.area, 2020)
    return make_series(department=department)


@pytest.fixture
def people(department):
    """Two who enter figures of the same series."""
    return [make_official(name, department) for name in ("first", "second")]


@pytest.fixture
def told(ledger, series):
    def write_down(value, *, read, outcome):
        attempt = ledger.invoke(
            by="first", series=series.code, year=2020, value=value, read_version=read
        )
        ledger.answered(attempt, outcome=outcome)

    return write_down


def stored(series: Series, value: str, *, read: int, by) -> None:
    figure = EnteredFigure(value=Decimal(value), stated_decimals=2)
    entry.save(series=series, year=2020, figure=figure, read_version=read or None, by=by)


def test_saved_again_over_anothers_after_a_lost_answer(ledger, series, people, told):
    """The figure that is stored twice was stored by two decisions."""
    first, second = people
    stored(series, "1.50", read=0, by=first)
    told("1.50", read=0, outcome="unknown")
    stored(series, "1.60", read=1, by=second)
    told("1.60", read=1, outcome="ok")
    told("1.50", read=0, outcome="fail")
    stored(series, "1.50", read=2, by=first)
    told("1.50", read=2, outcome="ok")

    assert_stored_as_told(ledger)


def test_a_draft_saved_as_it_was_read_is_there(ledger, series, people, told):
    stored(series, "1.50", read=0, by=people[0])
    told("1.50", read=0, outcome="unknown")
    stored(series, "1.50", read=1, by=people[0])
    told("1.50", read=1, outcome="ok")

    assert_stored_as_told(ledger)


@pytest.mark.parametrize("outcome", ["ok", "fail", "unknown"])
def test_stored_where_nobody_read(ledger, series, people, told, outcome):
    """A third version, of somebody who had read the first."""
    for read, value in enumerate(["1.50", "1.60"]):
        stored(series, value, read=read, by=people[0])
        told(value, read=read, outcome="ok")
    stored(series, "1.70", read=2, by=people[0])
    told("1.70", read=1, outcome=outcome)

    with pytest.raises(AssertionError, match=r"1\.70"):
        assert_stored_as_told(ledger)


def test_stored_though_nobody_entered_it(ledger, series, people, told):
    stored(series, "1.50", read=0, by=people[0])
    told("1.60", read=0, outcome="fail")

    with pytest.raises(AssertionError, match="nobody entered"):
        assert_stored_as_told(ledger)


def test_stored_twice_running(ledger, series, people, told):
    for read, by in enumerate(people):
        # A draft that says the same is kept, but not where another source is named.
        figure = EnteredFigure(value=Decimal("1.50"), stated_decimals=2, source_title=by.username)
        entry.save(series=series, year=2020, figure=figure, read_version=read or None, by=by)
        told("1.50", read=read, outcome="ok")

    with pytest.raises(AssertionError, match=r"1\.50"):
        assert_stored_as_told(ledger)


def test_called_saved_but_absent(ledger, told):
    told("1.50", read=0, outcome="ok")

    with pytest.raises(AssertionError, match=r"1\.50"):
        assert_stored_as_told(ledger)


def test_called_not_saved_but_there(ledger, series, people, told):
    stored(series, "1.50", read=0, by=people[0])
    told("1.50", read=0, outcome="fail")

    with pytest.raises(AssertionError, match=r"1\.50"):
        assert_stored_as_told(ledger)


@pytest.mark.parametrize("is_stored", [True, False])
def test_an_answer_that_was_lost_may_mean_either(ledger, series, people, told, is_stored):
    if is_stored:
        stored(series, "1.50", read=0, by=people[0])
    told("1.50", read=0, outcome="unknown")

    assert_stored_as_told(ledger)
