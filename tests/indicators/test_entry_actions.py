"""Entering, approving and returning a figure: who may, what is stored, what the trail says."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from indicators.actions.entry import (
    EnteredFigure,
    StaleVersion,
    WrongState,
    approve,
    enter,
    return_to_official,
)
from indicators.enums import SourceGrade, State
from indicators.models import Observation, ObservationVersion, SeriesDepartment, StaleRow
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_department,
    make_figure,
    make_official,
    make_post,
    make_reviewer,
    make_series,
    make_user,
)

FIGURE = EnteredFigure(value=Decimal("62.10"), stated_decimals=2, source_title="2020年统计公报")


@pytest.fixture
def department(db):
    return make_department()


@pytest.fixture
def official(department):
    return make_official("official", department=department)


@pytest.fixture
def reviewer(department):
    return make_reviewer("reviewer", area=department.area)


@pytest.fixture
def series(department):
    return make_series(department=department)


@pytest.fixture
def submitted(series, official):
    return enter(series=series, year=2020, figure=FIGURE, read_version=None, by=official)


def test_enter_stores_a_submitted_version(series, official):
    version = enter(series=series, year=2020, figure=FIGURE, read_version=None, by=official)

    stored = ObservationVersion.objects.get()
    assert stored == version
    assert (stored.number, stored.state, stored.value_as_stated) == (1, State.SUBMITTED, "62.10")
    assert stored.source_grade == SourceGrade.REPORTED
    assert stored.entered_by == official
    assert stored.observation.working == stored
    assert stored.observation.in_force is None
    assert StaleRow.objects.count() == 0


def test_enter_writes_the_trail(series, official, submitted):
    entry = Entry.objects.get()

    assert (entry.action, entry.actor, entry.role) == ("enter", "official", "official")
    assert entry.object == f"observation:{series.code}:2020"
    assert entry.before is None
    assert (entry.after["version"], entry.after["value"]) == (1, "62.10")


def test_enter_keeps_what_is_in_force_until_the_correction_is_approved(series, official):
    loaded = make_figure(series, 2020, "61.5")

    version = enter(series=series, year=2020, figure=FIGURE, read_version=1, by=official)

    observation = Observation.objects.get()
    assert version.number == 2
    assert (observation.in_force, observation.working) == (loaded, version)
    assert Entry.objects.get().before["value"] == "61.5"


def test_enter_missing_with_its_reason(series, official):
    figure = EnteredFigure(value=None, missing_reason="当年未调查", source_title="来函")

    version = enter(series=series, year=2020, figure=figure, read_version=None, by=official)

    assert (version.value, version.missing_reason) == (None, "当年未调查")


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        pytest.param(replace(FIGURE, source_title=""), "source_title", id="no-source"),
        pytest.param(replace(FIGURE, missing_reason="未调查"), "value", id="value-and-reason"),
        pytest.param(replace(FIGURE, value=None), "value", id="neither"),
    ],
)
def test_enter_refuses_incomplete_figures(series, official, figure, code):
    with pytest.raises(ValidationError) as refused:
        enter(series=series, year=2020, figure=figure, read_version=None, by=official)

    assert refused.value.code == code
    assert Observation.objects.count() == 0
    assert Entry.objects.count() == 0


def test_enter_refuses_an_outdated_version_and_shows_the_newer_one(series, official, submitted):
    other = make_official("other", department=make_department())
    figure = replace(FIGURE, value=Decimal("60"))

    with pytest.raises(StaleVersion) as refused:
        enter(series=series, year=2020, figure=figure, read_version=None, by=other)

    assert refused.value.newer == submitted
    assert ObservationVersion.objects.count() == 1
    assert Entry.objects.count() == 1


def test_enter_twice_by_a_doubled_submit_stores_once(series, official, submitted):
    again = enter(series=series, year=2020, figure=FIGURE, read_version=None, by=official)

    assert again == submitted
    assert ObservationVersion.objects.count() == 1
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("state", [State.RETURNED, State.APPROVED])
def test_enter_again_what_was_decided_meanwhile_is_no_doubled_submit(
    series, official, submitted, state
):
    ObservationVersion.objects.filter(pk=submitted.pk).update(state=state, return_reason="口径不符")

    with pytest.raises(StaleVersion):
        enter(series=series, year=2020, figure=FIGURE, read_version=None, by=official)


def test_enter_the_same_value_by_somebody_else_is_no_doubled_submit(series, submitted):
    other = make_official("other", department=make_department())

    with pytest.raises(StaleVersion):
        enter(series=series, year=2020, figure=FIGURE, read_version=None, by=other)


def test_enter_after_the_newer_version_was_seen(series, official, submitted):
    figure = replace(FIGURE, value=Decimal("60"), stated_decimals=0)

    version = enter(series=series, year=2020, figure=figure, read_version=1, by=official)

    assert (version.number, version.observation.working) == (2, version)


def official_of_another_department():
    return make_official("farmer", department=make_department(name_zh="省林业厅"))


def official_whose_post_ended():
    user = make_user("former")
    make_post(user, Role.OFFICIAL, department=make_department(), to_date=date(2019, 12, 31))
    return user


def holder_of(role):
    user = make_user(f"holder-of-{role}")
    make_post(user, role, department=make_department())
    return user


@pytest.mark.parametrize(
    "somebody",
    [
        pytest.param(official_of_another_department, id="official-of-another-department"),
        pytest.param(official_whose_post_ended, id="post-ended"),
        pytest.param(lambda: make_user("nobody"), id="no-post"),
        *[
            pytest.param(lambda role=role: holder_of(role), id=role)
            for role in Role.values
            if role != Role.OFFICIAL
        ],
    ],
)
def test_enter_is_for_officials_of_the_reporting_department(series, somebody):
    with pytest.raises(NotAllowed):
        enter(series=series, year=2020, figure=FIGURE, read_version=None, by=somebody())

    assert ObservationVersion.objects.count() == 0
    assert Entry.objects.count() == 0


@pytest.mark.parametrize(
    ("year", "allowed"), [(2017, False), (2018, True), (2020, True), (2021, False)]
)
def test_enter_only_years_that_the_department_reports(department, official, year, allowed):
    series = make_series()
    SeriesDepartment.objects.create(
        series=series, department=department, from_year=2018, to_year=2020
    )

    def attempt():
        return enter(series=series, year=year, figure=FIGURE, read_version=None, by=official)

    if allowed:
        assert attempt().observation.year == year
    else:
        with pytest.raises(NotAllowed):
            attempt()


def test_approve_puts_in_force_and_marks_the_series_stale(series, official, reviewer):
    loaded = make_figure(series, 2020, "61.5")
    version = enter(series=series, year=2020, figure=FIGURE, read_version=1, by=official)

    approve(version=version, by=reviewer)

    observation = Observation.objects.get()
    version.refresh_from_db()
    assert observation.in_force == observation.working == version
    assert (version.state, version.reviewed_by) == (State.APPROVED, reviewer)
    assert version.reviewed_at is not None
    assert ObservationVersion.objects.get(pk=loaded.pk).state == State.APPROVED
    assert [row.series_id for row in StaleRow.objects.all()] == [series.pk]


def test_approve_writes_the_trail_with_before_and_after(series, official, reviewer):
    make_figure(series, 2020, "61.5")
    version = enter(series=series, year=2020, figure=FIGURE, read_version=1, by=official)

    approve(version=version, by=reviewer)

    entry = Entry.objects.last()
    assert (entry.action, entry.actor, entry.role) == ("approve", "reviewer", "reviewer")
    assert (entry.before["version"], entry.before["value"]) == (1, "61.5")
    assert (entry.after["version"], entry.after["value"]) == (2, "62.10")
    assert entry.after["state"] == "approved"


def test_approve_is_not_for_who_entered_it(submitted, official):
    make_post(official, Role.REVIEWER)

    with pytest.raises(NotAllowed):
        approve(version=submitted, by=official)

    submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED
    assert StaleRow.objects.count() == 0


def reviewer_of_another_area():
    return make_reviewer("anhui", area=make_area("340000"))


@pytest.mark.parametrize(
    "somebody",
    [
        pytest.param(reviewer_of_another_area, id="reviewer-of-another-area"),
        pytest.param(lambda: make_user("nobody"), id="no-post"),
        *[
            pytest.param(lambda role=role: holder_of(role), id=role)
            for role in Role.values
            if role != Role.REVIEWER
        ],
    ],
)
@pytest.mark.parametrize(
    "decide",
    [
        pytest.param(lambda version, by: approve(version=version, by=by), id="approve"),
        pytest.param(
            lambda version, by: return_to_official(version=version, by=by, reason="口径不符"),
            id="return",
        ),
    ],
)
def test_decisions_are_for_reviewers_of_the_area(submitted, somebody, decide):
    by = somebody()

    with pytest.raises(NotAllowed):
        decide(submitted, by)

    submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED, State.APPROVED])
def test_approve_only_what_is_submitted(series, reviewer, state):
    version = make_figure(series, 2020, "62", state=state, return_reason="口径不符")

    with pytest.raises(WrongState):
        approve(version=version, by=reviewer)


def test_approve_refuses_a_version_that_was_replaced(series, official, reviewer, submitted):
    figure = replace(FIGURE, value=Decimal("60"), stated_decimals=0)
    newer = enter(series=series, year=2020, figure=figure, read_version=1, by=official)

    with pytest.raises(StaleVersion) as refused:
        approve(version=submitted, by=reviewer)

    assert refused.value.newer == newer
    assert Observation.objects.get().in_force is None


def test_return_keeps_what_is_in_force(series, official, reviewer):
    loaded = make_figure(series, 2020, "61.5")
    version = enter(series=series, year=2020, figure=FIGURE, read_version=1, by=official)

    return_to_official(version=version, by=reviewer, reason="口径不符")

    version.refresh_from_db()
    assert (version.state, version.return_reason) == (State.RETURNED, "口径不符")
    assert Observation.objects.get().in_force == loaded
    assert StaleRow.objects.count() == 0
    entry = Entry.objects.last()
    assert (entry.action, entry.reason) == ("return", "口径不符")
    assert (entry.before["state"], entry.after["state"]) == ("submitted", "returned")


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_return_needs_a_reason(submitted, reviewer, reason):
    with pytest.raises(ValidationError):
        return_to_official(version=submitted, by=reviewer, reason=reason)

    submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED


def test_a_returned_figure_is_entered_anew(series, official, reviewer, submitted):
    return_to_official(version=submitted, by=reviewer, reason="口径不符")
    figure = replace(FIGURE, value=Decimal("60"), stated_decimals=0)

    version = enter(series=series, year=2020, figure=figure, read_version=1, by=official)
    approve(version=version, by=reviewer)

    assert [each.state for each in ObservationVersion.objects.order_by("number")] == [
        State.RETURNED,
        State.APPROVED,
    ]


def in_parallel(work, *, times):
    """Run `work(number)` in real threads that start together; results or exceptions in order."""
    barrier = Barrier(times)

    def run(number):
        try:
            barrier.wait()
            return work(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stored_before", [0, 1])
def test_eight_at_once_store_one_version(stored_before):
    department = make_department()
    official = make_official("official", department=department)
    series = make_series(department=department)
    if stored_before:
        make_figure(series, 2020, "61.5")
    read = stored_before or None

    def attempt(number):
        figure = replace(FIGURE, value=Decimal(50 + number))
        return enter(series=series, year=2020, figure=figure, read_version=read, by=official)

    results = in_parallel(attempt, times=8)

    stored = [each for each in results if isinstance(each, ObservationVersion)]
    refused = [each for each in results if isinstance(each, StaleVersion)]
    assert (len(stored), len(refused)) == (1, 7), results
    assert {each.newer for each in refused} == set(stored)
    assert ObservationVersion.objects.count() == stored_before + 1
    assert [each.after["version"] for each in Entry.objects.all()] == [stored_before + 1]


@pytest.mark.django_db(transaction=True)
def test_the_same_submit_eight_times_at_once_is_one_version():
    department = make_department()
    official = make_official("official", department=department)
    series = make_series(department=department)

    def attempt(_number):
        return enter(series=series, year=2020, figure=FIGURE, read_version=None, by=official)

    results = in_parallel(attempt, times=8)

    assert set(results) == {ObservationVersion.objects.get()}
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_decide_once():
    department = make_department()
    official = make_official("official", department=department)
    reviewers = [make_reviewer("one"), make_reviewer("two")]
    series = make_series(department=department)
    version = enter(series=series, year=2020, figure=FIGURE, read_version=None, by=official)

    def attempt(number):
        if number:
            return return_to_official(version=version, by=reviewers[1], reason="口径不符")
        return approve(version=version, by=reviewers[0])

    results = in_parallel(attempt, times=2)

    assert sorted(type(each).__name__ for each in results) == ["ObservationVersion", "WrongState"]
    assert Entry.objects.count() == 2
    version.refresh_from_db()
    observation = Observation.objects.get()
    assert (observation.in_force == version) == (version.state == State.APPROVED)
