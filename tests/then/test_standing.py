"""Reading as it stood: whatever happens inside, nothing of it is left, and nothing is written."""

import contextvars
import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, IntegerField
from django.utils import timezone

from indicators.models import Observation, ObservationVersion, TargetReading, Verdict
from plans.models import Target, TargetDepartment
from targets_site.audit.models import Entry
from targets_site.built_once import BuiltOnce, Given
from targets_site.snapshot import snapshot
from targets_site.then import (
    AlreadyElsewhere,
    as_it_stood,
    moment_shown,
    now_shown,
    today_shown,
)
from tests.factories import make_department, make_document, make_figure, make_series, make_target
from tests.then.clock import done_at, here

SPRING, SUMMER, AUTUMN = here(2026, 3, 1, 12), here(2026, 6, 1, 12), here(2026, 9, 1, 12)


def state(code="plan-2011-001"):
    """What a target promises; None where there is none."""
    return Target.objects.in_force().filter(code=code).values_list("value", flat=True).first()


@pytest.fixture(
    params=[
        pytest.param(None, marks=pytest.mark.django_db(transaction=True), id="own transaction"),
        pytest.param(None, marks=pytest.mark.django_db, id="inside another one"),
    ]
)
def history(_django_db_helper):
    """A target of spring that was stated anew in summer."""
    make_target(value="96", recorded_at=SPRING, superseded_at=SUMMER)
    make_target(value="98", recorded_at=SUMMER)


@pytest.mark.usefixtures("history")
def test_each_moment_has_its_own_row():
    shown = []
    for moment in (SPRING - timedelta(microseconds=1), SPRING, SUMMER, AUTUMN):
        with as_it_stood(moment):
            shown.append(state())

    assert shown == [None, 96, 98, 98]
    assert state() == 98


@pytest.mark.usefixtures("history")
def test_raw_sql_finds_the_same():
    with as_it_stood(SPRING), connection.cursor() as cursor:
        cursor.execute("SELECT value, superseded_at FROM plans_target")
        found = cursor.fetchall()

    assert [(int(value), superseded) for value, superseded in found] == [(96, None)]


@pytest.mark.usefixtures("history")
def test_what_was_built_once_finds_what_was_there_each_time():
    asked = Given("year", IntegerField())
    query = BuiltOnce(
        lambda: Target.objects.in_force().filter(target_year=asked).values_list("value")
    )

    def found():
        return [int(value) for (value,) in query.rows(year=2020)]

    before = found()
    with as_it_stood(SPRING):
        then = found()

    assert (before, then, found()) == ([98], [96], [98])


@pytest.mark.usefixtures("history")
def test_rows_are_grouped_though_a_view_has_no_key():
    target = Target.objects.get(value=96)
    make_figure(make_series(), 2019, "1", entered_at=SPRING)
    Verdict.objects.create(
        target=target, as_of=2019, status="achieved", light="green", method_version="1",
        recorded_at=SPRING,
    )  # fmt: skip

    with as_it_stood(SPRING):
        counted = list(Target.objects.annotate(number=Count("verdicts")))

    assert [(each.statement_zh, each.number) for each in counted] == [(target.statement_zh, 1)]


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    "write",
    [
        lambda: make_target("plan-2011-002"),
        lambda: Target.objects.update(value=1),
        lambda: Target.objects.all().delete(),
        lambda: make_document("plan-2016"),
        lambda: Entry.objects.create(action="save", object="a:b"),
    ],
)
def test_nothing_is_written(write):
    with pytest.raises(DatabaseError), as_it_stood(SPRING):
        write()

    assert (Target.objects.count(), state()) == (2, 98)
    make_document("plan-2021")


@pytest.mark.usefixtures("history")
def test_an_error_inside_leaves_nothing():
    with pytest.raises(ValueError, match="broken"), as_it_stood(SPRING):
        raise ValueError("broken")
    with pytest.raises(DatabaseError), as_it_stood(SPRING), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")

    assert (state(), moment_shown()) == (98, None)
    make_document("plan-2021")


@pytest.mark.usefixtures("history")
def test_a_stream_that_is_left_half_way_leaves_nothing():
    def stream():
        with as_it_stood(SPRING):
            yield from Target.objects.iterator(chunk_size=1)

    left = stream()
    # Somebody else ends what one context began.
    contextvars.copy_context().run(next, left)
    left.close()

    assert (state(), moment_shown()) == (98, None)
    make_document("plan-2021")


@pytest.mark.usefixtures("history")
def test_the_same_moment_once_more_adds_nothing_and_another_one_is_refused():
    with as_it_stood(SPRING):
        with as_it_stood(SPRING), snapshot():
            assert state() == 96
        assert state() == 96
        with pytest.raises(AlreadyElsewhere), as_it_stood(SUMMER):
            pass
        assert state() == 96

    assert state() == 98


@pytest.mark.django_db(transaction=True)
def test_other_threads_see_today():
    make_target(value="96", recorded_at=SPRING, superseded_at=SUMMER)
    make_target(value="98", recorded_at=SUMMER)
    found = []

    def read():
        found.append((state(), moment_shown()))
        connection.close()

    with as_it_stood(SPRING):
        other = threading.Thread(target=read)
        other.start()
        other.join()
        found.append((state(), moment_shown()))

    assert found == [(98, None), (96, SPRING)]


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_not_seen_and_not_hindered():
    make_target(value="98", recorded_at=SPRING)

    def write():
        make_target("plan-2011-002", recorded_at=SPRING)
        connection.close()

    with as_it_stood(SUMMER):
        assert Target.objects.count() == 1
        other = threading.Thread(target=write)
        other.start()
        other.join(10)
        assert Target.objects.count() == 1

    assert Target.objects.count() == 2


@pytest.mark.usefixtures("history")
def test_figures_and_readings_of_then():
    series, target = make_series(), Target.objects.in_force().get()
    first = make_figure(series, 2019, "95.1", entered_at=SPRING)
    make_figure(series, 2019, "95.4", entered_at=SUMMER, reviewed_at=AUTUMN)
    make_figure(series, 2020, "97.0", entered_at=AUTUMN)
    TargetReading.objects.create(
        target=target, series=series, read_by=first.entered_by, recorded_at=AUTUMN
    )

    with as_it_stood(SUMMER):
        shown = list(Observation.objects.values_list("year", "in_force__value").order_by("year"))
        states = list(ObservationVersion.objects.order_by("pk").values_list("state", flat=True))
        assert not TargetReading.objects.exists()

    assert [(year, value and float(value)) for year, value in shown] == [(2019, 95.1), (2020, None)]
    assert states == ["approved", "draft"]


@pytest.mark.django_db
def test_today_is_the_day_that_is_shown():
    late = here(2026, 3, 1, 23, 59, 59, 999999)
    with done_at(AUTUMN):
        with as_it_stood(late):
            assert (now_shown(), today_shown().isoformat()) == (late, "2026-03-01")
        with as_it_stood(AUTUMN + timedelta(hours=8)):
            assert now_shown() == AUTUMN
        assert now_shown() == timezone.now() == AUTUMN


@pytest.mark.django_db(transaction=True)
def test_it_stands_around_a_snapshot_and_not_inside():
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL refuses views in a snapshot")
    with pytest.raises(DatabaseError), snapshot(), as_it_stood(SPRING):
        state()
    with transaction.atomic():
        make_document("plan-2021")


@pytest.mark.usefixtures("history")
def test_what_a_savepoint_took_away_is_there_again():
    with as_it_stood(SPRING):
        with transaction.atomic():
            first = state()
            transaction.set_rollback(True)
        assert (first, state()) == (96, 96)


@pytest.mark.usefixtures("history")
def test_what_may_take_long_stands_inside_a_page_too():
    """COPY asks nobody before it reads, and neither does the database's own cursor."""
    with as_it_stood(SPRING), as_it_stood(SPRING, is_long=True):
        cursor = connection.connection.cursor()
        cursor.execute("SELECT value FROM plans_target")
        found = [int(value) for (value,) in cursor.fetchall()]
        cursor.close()

    assert found == [96]


@pytest.mark.usefixtures("history")
def test_a_view_is_made_of_those_that_it_needs():
    """The departments of a target first: their view is made of that of the targets."""
    department = make_department()
    Target.objects.get(value=96).department_links.create(department=department, part="lead")

    with as_it_stood(SPRING):
        assert TargetDepartment.objects.count() == 1
    with as_it_stood(SPRING - timedelta(microseconds=1)):
        assert TargetDepartment.objects.count() == 0
