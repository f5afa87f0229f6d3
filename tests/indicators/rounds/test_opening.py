"""Opening a round: who may, what is stored, and what makes none."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from indicators.actions import rounds
from indicators.actions.entry import EnteredFigure, save, submit
from indicators.actions.rounds import open_round
from indicators.actions.workflow import Locked
from indicators.enums import MaterialKind
from indicators.models import Round
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_department,
    make_official,
    make_post,
    make_reviewer,
    make_round,
    make_series,
    make_user,
)
from tests.indicators.rounds.world import DAY, NOW, SHANGHAI, change, except_until, refused


def test_open_stores_the_round_with_years_and_material(opened, area, reviewer):
    due_at = NOW + 10 * DAY

    one = opened(
        years=[2020, 2019],
        form_number="表1",
        materials=[(MaterialKind.SELF_REPORT, due_at), (MaterialKind.SUMMARY, NOW + 60 * DAY)],
    )

    one.refresh_from_db()
    assert (one.area, one.name, one.form_number) == (area, "2025年度数据", "表1")
    assert (one.opens_at, one.due_at, one.closes_at) == (NOW, NOW + 30 * DAY, NOW + 60 * DAY)
    assert one.years == [2019, 2020]
    assert list(one.materials.values_list("kind", "due_at")) == [
        ("self_report", due_at),
        ("summary", NOW + 60 * DAY),
    ]
    assert one.created_by == reviewer


def test_open_writes_the_trail_with_times_of_shanghai(opened):
    opened(materials=[(MaterialKind.SUMMARY, datetime(2026, 3, 31, 16, tzinfo=UTC))])

    entry = Entry.objects.get()
    assert (entry.action, entry.object) == ("open_round", "round:990000:2025年度数据")
    assert (entry.actor, entry.role, entry.before) == ("reviewer", "reviewer", None)
    assert entry.after == {
        "name": "2025年度数据",
        "form_number": "",
        "years": [2025],
        "opens_at": "2026-03-01T09:00:00+08:00",
        "due_at": "2026-03-31T09:00:00+08:00",
        "closes_at": "2026-04-30T09:00:00+08:00",
        "materials": [["summary", "2026-04-01T00:00:00+08:00"]],
    }


@pytest.mark.parametrize("role", [each for each in Role.values if each != Role.REVIEWER])
def test_only_a_reviewer_opens_changes_and_excepts(opened, area, role):
    one = opened()
    other = make_user("other")
    department = make_department(area)
    make_post(other, role, area=area, department=department)

    with pytest.raises(NotAllowed):
        opened(name="另一项", years=[2024], by=other)
    with pytest.raises(NotAllowed):
        change(one, name="改名", by=other)
    with pytest.raises(NotAllowed):
        except_until(one, department, NOW + 90 * DAY, by=other)

    assert Entry.objects.values_list("action", flat=True).get() == "open_round"


def test_a_reviewer_of_another_area_opens_nothing_here(opened):
    elsewhere = make_reviewer("elsewhere", area=make_area("340000"))

    with pytest.raises(NotAllowed):
        opened(by=elsewhere)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        pytest.param({"years": []}, {"years": "Say which years are to be reported."}, id="no-year"),
        pytest.param(
            {"years": [2020, 2020]}, {"years": "Each year stands there once."}, id="a-year-twice"
        ),
        pytest.param(
            {"years": [1999]},
            {"years": "A round asks for years from 2000 to 2026."},
            id="a-year-too-early",
        ),
        pytest.param(
            {"years": [2027]},
            {"years": "A round asks for years from 2000 to 2026."},
            id="a-year-that-has-not-begun",
        ),
        pytest.param(
            {"years": list(range(2000, 2021))},
            {"years": "A round asks for 20 years at most."},
            id="too-many-years",
        ),
        pytest.param(
            {"opens_at": NOW + 30 * DAY},
            {"due_at": "The deadline lies after the opening."},
            id="due-when-it-opens",
        ),
        pytest.param(
            {"closes_at": NOW + 29 * DAY},
            {"closes_at": "A round closes at its deadline or later."},
            id="closed-before-due",
        ),
        pytest.param(
            {"opens_at": NOW - 9 * DAY, "due_at": NOW},
            {"due_at": "The deadline has passed already."},
            id="due-now",
        ),
        pytest.param({"name": ""}, {"name": "This field cannot be blank."}, id="no-name"),
        pytest.param(
            {"materials": [(MaterialKind.SUMMARY, NOW)]},
            {"material_summary": "Material is due while the round is open."},
            id="material-due-at-once",
        ),
        pytest.param(
            {"materials": [(MaterialKind.SUMMARY, NOW + 61 * DAY)]},
            {"material_summary": "Material is due while the round is open."},
            id="material-due-after-the-end",
        ),
        pytest.param(
            {"materials": [(MaterialKind.STAMPED_FORM, NOW + DAY)]},
            {"materials": "The stamped form goes with the figures."},
            id="the-stamped-form",
        ),
        pytest.param(
            {"materials": [(MaterialKind.SUMMARY, NOW + DAY), (MaterialKind.SUMMARY, NOW + DAY)]},
            {"materials": "Each kind of material is asked for once."},
            id="material-twice",
        ),
    ],
)
def test_open_refuses_what_makes_no_round(opened, fields, wrong):
    assert refused(opened, **fields) == wrong
    assert Round.objects.count() == 0
    assert Entry.objects.count() == 0


def test_open_asks_for_a_year_that_has_begun_when_it_opens(opened):
    january = datetime(2027, 1, 1, tzinfo=SHANGHAI)

    one = opened(years=[2027], opens_at=january, due_at=january + DAY, closes_at=january + DAY)

    assert one.years == [2027]


def test_open_refuses_a_name_that_the_area_has(opened):
    opened()

    assert refused(opened, years=[2020]) == {"name": "The area has a round of this name already."}


def test_open_takes_the_name_of_another_areas_round(opened):
    make_round(make_area("340000"), 2025, name="2025年度数据")

    assert opened().name == "2025年度数据"


def test_open_refuses_a_year_that_another_round_asks_for_at_the_same_time(opened):
    opened(years=[2019, 2020, 2021])

    wrong = refused(opened, name="补报", years=[2018, 2020, 2021], opens_at=NOW + 59 * DAY,
                    due_at=NOW + 70 * DAY, closes_at=NOW + 80 * DAY)  # fmt: skip

    assert wrong == {"years": "“2025年度数据” asks for 2020, 2021 while this round is open."}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"years": [2024]}, id="another-year"),
        pytest.param(
            {"opens_at": NOW + 60 * DAY, "due_at": NOW + 61 * DAY, "closes_at": NOW + 70 * DAY},
            id="after-the-first-closed",
        ),
    ],
)
def test_open_lets_rounds_stand_that_never_ask_for_a_year_together(opened, fields):
    opened()

    assert opened(name="补报", **fields).pk


def test_open_lets_a_round_stand_before_a_later_one(opened):
    later = {"opens_at": NOW + 60 * DAY, "due_at": NOW + 61 * DAY, "closes_at": NOW + 70 * DAY}
    opened(name="补报", **later)

    assert opened().pk


def test_open_asks_another_area_for_the_same_year(opened, reviewer):
    elsewhere = make_area("340000")
    make_post(reviewer, Role.REVIEWER, area=elsewhere)
    opened()

    assert opened(area=elsewhere).area == elsewhere


@pytest.mark.django_db(transaction=True)
def test_of_two_rounds_opened_at_once_one_stands(monkeypatch):
    check = rounds._asked_elsewhere

    def check_and_pause(*args):
        wrong = check(*args)
        sleep(0.3)
        return wrong

    monkeypatch.setattr(rounds, "_asked_elsewhere", check_and_pause)
    reviewer = make_reviewer("reviewer")
    barrier = Barrier(2)
    now = timezone.now()

    def race(name):
        barrier.wait(10)
        try:
            open_round(
                area=make_area(),
                name=name,
                years=[2020],
                opens_at=now,
                due_at=now + DAY,
                closes_at=now + 2 * DAY,
                by=reviewer,
            )
        except ValidationError as error:
            return list(error.message_dict)
        finally:
            connection.close()
        return "opened"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(race, ["甲", "乙"]))

    assert sorted(outcomes, key=str) == [["years"], "opened"]
    assert Round.objects.count() == 1


def test_a_round_that_closes_on_31_december_24_00_locks_at_midnight_of_shanghai(
    opened, clock, area
):
    department = make_department(area)
    official, series = make_official("official", department), make_series(department=department)
    midnight = datetime(2026, 12, 31, 16, tzinfo=UTC)
    opened(years=[2025], due_at=midnight, closes_at=midnight)
    figure = EnteredFigure(value=Decimal("97"), source_title="台账")

    clock(midnight - timedelta(seconds=1))
    in_time = save(series=series, year=2025, figure=figure, read_version=None, by=official)
    clock(midnight)
    with pytest.raises(Locked):
        save(
            series=series,
            year=2025,
            figure=replace(figure, value=Decimal("98")),
            read_version=in_time.number,
            by=official,
        )
    with pytest.raises(Locked):
        submit(version=in_time, by=official)

    assert (in_time.observation.year, in_time.observation.versions.count()) == (2025, 1)
