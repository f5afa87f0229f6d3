"""Opening rounds, changing them, and giving a department more time: who may, what is stored."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from time import sleep
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone, translation

from indicators.actions import rounds
from indicators.actions.entry import EnteredFigure, save, submit
from indicators.actions.rounds import (
    RoundClosed,
    StaleRound,
    change_round,
    grant_exception,
    open_round,
    read_mark,
)
from indicators.actions.workflow import Locked
from indicators.enums import MaterialKind
from indicators.models import Round, RoundException
from indicators.queries.rounds import open_rounds
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

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 1, 9, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def clock(monkeypatch):
    """Set the clock; at NOW until told otherwise."""

    def set_to(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    set_to(NOW)
    return set_to


@pytest.fixture
def area(db):
    return make_area()


@pytest.fixture
def reviewer(area):
    return make_reviewer("reviewer", area=area)


@pytest.fixture
def opened(clock, area, reviewer):
    """Builds a round of 2025, open from today, due in 30 days and closed in 60."""

    def build(**fields):
        usual = {
            "area": area,
            "name": "2025年度数据",
            "years": [2025],
            "opens_at": NOW,
            "due_at": NOW + 30 * DAY,
            "closes_at": NOW + 60 * DAY,
            "by": reviewer,
        }
        return open_round(**usual | fields)

    return build


def refused(do, *args, **options):
    """What an action found wrong, by field."""
    with pytest.raises(ValidationError) as caught:
        do(*args, **options)
    return {field: messages[0] for field, messages in caught.value.message_dict.items()}


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


def change(one, *, by, **fields):
    usual = {
        "name": one.name,
        "due_at": one.due_at,
        "closes_at": one.closes_at,
        "read": read_mark(one),
    }
    return change_round(round=one, by=by, **usual | fields)


def test_change_moves_the_deadline_and_keeps_both_in_the_trail(opened, reviewer):
    one = opened()

    changed = change(
        one,
        name="2025年度数据（改）",
        due_at=NOW + 40 * DAY,
        closes_at=NOW + 70 * DAY,
        by=reviewer,
    )

    one.refresh_from_db()
    assert changed == one
    assert (one.name, one.due_at, one.closes_at) == (
        "2025年度数据（改）",
        NOW + 40 * DAY,
        NOW + 70 * DAY,
    )
    entry = Entry.objects.get(action="change_round")
    assert entry.object == "round:990000:2025年度数据"
    assert (entry.before["due_at"], entry.after["due_at"]) == (
        "2026-03-31T09:00:00+08:00",
        "2026-04-10T09:00:00+08:00",
    )
    assert (entry.before["name"], entry.after["name"]) == ("2025年度数据", "2025年度数据（改）")


def test_change_that_changes_nothing_leaves_no_trail(opened, reviewer):
    one = opened()

    change(one, by=reviewer)

    assert not Entry.objects.filter(action="change_round").exists()


def test_a_deadline_to_come_may_come_earlier(opened, reviewer):
    one = opened()

    assert change(one, due_at=NOW + DAY, by=reviewer).due_at == NOW + DAY


@pytest.mark.parametrize(
    ("now", "due_at"),
    [
        pytest.param(NOW + 10 * DAY, NOW + 10 * DAY, id="to-come-moved-to-now"),
        pytest.param(NOW + 31 * DAY, NOW + 29 * DAY, id="passed-moved-back"),
        pytest.param(NOW + 33 * DAY, NOW + 32 * DAY, id="passed-moved-to-another-past"),
    ],
)
def test_a_deadline_never_moves_into_the_past(opened, clock, reviewer, now, due_at):
    one = opened()
    clock(now)

    wrong = refused(change, one, due_at=due_at, by=reviewer)

    assert wrong == {"due_at": "A deadline moves to a time still to come."}


def test_a_deadline_that_passed_can_be_moved_on(opened, clock, reviewer):
    one = opened()
    clock(NOW + 31 * DAY)

    assert change(one, due_at=NOW + 35 * DAY, by=reviewer).due_at == NOW + 35 * DAY


def test_a_round_whose_deadline_passed_can_be_renamed(opened, clock, reviewer):
    one = opened()
    clock(NOW + 31 * DAY)

    assert change(one, name="改名", by=reviewer).due_at == NOW + 30 * DAY


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        pytest.param(
            {"closes_at": NOW + 29 * DAY},
            {"closes_at": "A round closes at its deadline or later."},
            id="closed-before-due",
        ),
        pytest.param(
            {"name": "另一项"},
            {"name": "The area has a round of this name already."},
            id="taken-name",
        ),
        pytest.param(
            {"closes_at": NOW + 75 * DAY},
            {"years": "“另一项” asks for 2025 while this round is open."},
            id="reaching-into-the-next",
        ),
    ],
)
def test_change_refuses_what_makes_no_round(opened, reviewer, fields, wrong):
    one = opened()
    later = {"opens_at": NOW + 70 * DAY, "due_at": NOW + 71 * DAY, "closes_at": NOW + 80 * DAY}
    opened(name="另一项", **later)

    assert refused(change, one, by=reviewer, **fields) == wrong


def test_a_round_that_is_to_close_closes_in_the_time_to_come(opened, clock, reviewer):
    one = opened()
    clock(NOW + 40 * DAY)

    wrong = refused(change, one, closes_at=NOW + 35 * DAY, by=reviewer)

    assert wrong == {"closes_at": "A round closes at a time still to come."}


def test_a_closed_round_stays_as_it_was(opened, clock, reviewer):
    one = opened()
    clock(one.closes_at)

    with pytest.raises(RoundClosed):
        change(one, closes_at=NOW + 90 * DAY, by=reviewer)


def test_change_tells_that_somebody_was_faster(opened, reviewer):
    one = opened()
    mark = read_mark(one)
    change(one, due_at=NOW + 40 * DAY, by=reviewer)

    with pytest.raises(StaleRound):
        change(one, name="改名", read=mark, by=reviewer)


def except_until(one, department, until, *, by, reason="系统升级"):
    return grant_exception(round=one, department=department, until=until, reason=reason, by=by)


def test_an_exception_opens_the_closed_round_for_one_department(opened, clock, area, reviewer):
    one = opened()
    late, other = make_department(area, "省农业厅"), make_department(area, "省林业厅")
    clock(NOW + 61 * DAY)

    except_until(one, late, NOW + 70 * DAY, by=reviewer)

    def opens(department, moment):
        rounds = open_rounds(area_id=area.pk, departments=[department.pk], moment=moment)
        return list(rounds) == [one]

    assert opens(late, NOW + 70 * DAY - timedelta(seconds=1))
    assert not opens(late, NOW + 70 * DAY)
    assert not opens(other, NOW + 61 * DAY)


def test_an_exception_stands_in_the_trail_with_its_reason(opened, area, reviewer):
    one = opened()
    department = make_department(area, code="990000-nyt")

    except_until(one, department, NOW + 70 * DAY, by=reviewer)

    entry = Entry.objects.get(action="grant_exception")
    assert (entry.object, entry.actor, entry.role) == (
        "round:990000:2025年度数据",
        "reviewer",
        "reviewer",
    )
    assert entry.reason == "系统升级"
    assert entry.before["department"] == entry.after["department"] == "990000-nyt"
    assert datetime.fromisoformat(entry.after["until"]) == NOW + 70 * DAY


def test_who_does_a_departments_work_today_gets_its_exception(opened, area, reviewer):
    successor = make_department(area, "省农业农村厅")
    dissolved = make_department(area, "省农业厅", successor=successor)

    granted = except_until(opened(), dissolved, NOW + 70 * DAY, by=reviewer)

    assert granted.department == successor


@pytest.mark.parametrize(
    ("until", "reason", "wrong"),
    [
        pytest.param(
            NOW + 30 * DAY,
            "系统升级",
            {"until": "More time ends later than the deadline, and is still to come."},
            id="no-later-than-the-deadline",
        ),
        pytest.param(
            NOW + 31 * DAY,
            "系统升级",
            {"until": "More time ends later than the deadline, and is still to come."},
            id="not-to-come",
        ),
        pytest.param(
            NOW + 90 * DAY,
            " ",
            {"reason": "Say why the department gets more time."},
            id="without-a-reason",
        ),
    ],
)
def test_an_exception_needs_a_later_end_and_a_reason(
    opened, clock, area, reviewer, until, reason, wrong
):
    one = opened()
    department = make_department(area)
    clock(NOW + 31 * DAY)

    assert refused(except_until, one, department, until, reason=reason, by=reviewer) == wrong
    assert RoundException.objects.count() == 0


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("\u200b\u202e", "Say why the department gets more time."),
        ("系统\x07升级", "“Reason” contains control characters."),
        ("长" * 2001, "“Reason” is too long."),
    ],
    ids=["invisible", "control", "long"],
)
def test_the_reason_of_an_exception_is_a_text_of_ours(opened, area, reviewer, reason, wrong):
    one, department = opened(), make_department(area)

    refusal = refused(except_until, one, department, NOW + 70 * DAY, reason=reason, by=reviewer)
    granted = except_until(one, department, NOW + 70 * DAY, reason=" 系统\u200b升级", by=reviewer)

    assert refusal == {"reason": wrong}
    assert granted.reason == "系统升级"


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.SIGNER])
@pytest.mark.parametrize("post_in", ["itself", "what it succeeded", "what took its place"])
def test_nobody_gives_his_own_department_more_time(opened, area, reviewer, role, post_in):
    one = opened()
    before, department, after = (make_department(area, f"省{name}厅") for name in "甲乙丙")
    before.successor = department
    before.save()
    if post_in == "what took its place":
        department.successor = after
        department.save()
    at = {"itself": department, "what it succeeded": before, "what took its place": after}
    make_post(reviewer, role, department=at[post_in])

    with pytest.raises(NotAllowed):
        except_until(one, department, NOW + 70 * DAY, by=reviewer)
    assert RoundException.objects.count() == 0

    beside = make_department(area, "省丁厅")
    assert except_until(one, beside, NOW + 70 * DAY, by=reviewer).department == beside


def test_a_further_exception_ends_later_than_the_first(opened, area, reviewer):
    one = opened()
    department = make_department(area)
    except_until(one, department, NOW + 70 * DAY, by=reviewer)

    wrong = refused(except_until, one, department, NOW + 69 * DAY, by=reviewer)
    except_until(one, department, NOW + 80 * DAY, by=reviewer)

    assert wrong == {"until": "More time ends later than the deadline, and is still to come."}
    assert RoundException.objects.count() == 2


def test_an_exception_is_for_a_department_of_the_area(opened, reviewer):
    elsewhere = make_department(make_area("340000"))

    wrong = refused(except_until, opened(), elsewhere, NOW + 70 * DAY, by=reviewer)

    assert wrong == {"department": "Choose a department of the round's area."}
