"""The pages on which reviewers keep their rounds, and the demonstration round of the try-out."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from indicators.actions.rounds import read_mark
from indicators.enums import MaterialKind
from indicators.forms.rounds import MomentField, YearsField
from indicators.models import Question, Round, RoundException, RoundMaterial
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_department,
    make_post,
    make_reviewer,
    make_round,
    make_user,
)
from tests.indicators.questions_world import make_jump
from tests.indicators.rounds_world import make_owed_series, shanghai

pytestmark = pytest.mark.usefixtures("in_english")

ROUNDS, NEW = "/review/rounds/", "/review/rounds/new/"
NOW = shanghai("2026-03-01T09:00:00")
DAY = timedelta(days=1)
TYPED = {
    "name": "2025年度数据",
    "form_number": "表1",
    "years": "2024-2025",
    "opens_at": "2026-03-01T09:00",
    "due_at": "2026-03-31T17:30",
    "closes_at": "2026-04-30T24:00",
    "material_summary": "2026-04-15T12:00",
}


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def area(db):
    return make_area()


@pytest.fixture
def as_reviewer(client, area):
    client.force_login(make_reviewer("reviewer", area=area))
    return client


@pytest.fixture
def one(area):
    return make_round(area, 2024, 2025, name="2025年度数据")


def address(one, step=""):
    return f"{ROUNDS}{one.pk}/{step}"


def text_of(response):
    return " ".join(response.content.decode().split())


def test_a_round_is_opened_as_it_was_typed(as_reviewer, area):
    response = as_reviewer.post(NEW, {"area": area.pk, **TYPED}, follow=True)

    one = Round.objects.get()
    assert response.redirect_chain == [(address(one), 302)]
    assert (one.name, one.form_number, one.years) == ("2025年度数据", "表1", [2024, 2025])
    assert (one.opens_at, one.due_at, one.closes_at) == (
        NOW,
        shanghai("2026-03-31T17:30:00"),
        shanghai("2026-05-01T00:00:00"),
    )
    assert list(one.materials.values_list("kind", "due_at")) == [
        ("summary", shanghai("2026-04-15T12:00:00"))
    ]
    assert "The round “2025年度数据” stands." in text_of(response)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "“Name of the round” is missing."),
        ({"name": "数\u202e据"}, "hidden characters that turn the text round"),
        ({"years": ""}, "“Years” is missing."),
        ({"years": "1999"}, "“Years”"),
        ({"opens_at": ""}, "“Opens” is missing."),
        ({"due_at": "31.3.2026"}, "“Deadline” is no time"),
        ({"due_at": "2026-02-01T09:00"}, "The deadline has passed already."),
        ({"closes_at": "2026-03-30T09:00"}, "A round closes at its deadline or later."),
        ({"material_summary": "2026-05-02T00:00"}, "Material is due while the round is open."),
        ({"area": "0"}, "Select a valid choice."),
    ],
)
def test_what_makes_no_round_is_said_under_its_field(as_reviewer, area, typed, said):
    response = as_reviewer.post(NEW, {"area": area.pk, **TYPED, **typed})

    page = text_of(response)
    assert response.status_code == 422
    assert said in page
    assert "Nothing was stored." in page
    assert 'value="2026-04-15T12:00"' in page or "material_summary" in typed
    assert Round.objects.count() == 0


def test_a_round_that_overlaps_another_is_said_under_the_years(as_reviewer, area, one):
    response = as_reviewer.post(NEW, {"area": area.pk, **TYPED, "name": "补报"})

    assert response.status_code == 422
    assert "“2025年度数据” asks for 2024, 2025 while this round is open." in text_of(response)


def test_a_reviewer_opens_rounds_of_his_areas_only(as_reviewer):
    elsewhere = make_area("340000")

    response = as_reviewer.post(NEW, {"area": elsewhere.pk, **TYPED})

    assert response.status_code == 422
    assert Round.objects.count() == 0


@pytest.mark.parametrize("role", [each for each in Role.values if each != Role.REVIEWER])
def test_others_keep_no_rounds(client, area, one, role):
    user = make_user("other")
    make_post(user, role, area=area, department=make_department(area))
    client.force_login(user)

    listed = client.get(ROUNDS)
    answers = {
        "new": client.get(NEW).status_code,
        "open": client.post(NEW, {"area": area.pk, **TYPED}).status_code,
        "read": client.get(address(one)).status_code,
        "change": client.post(address(one, "change/")).status_code,
        "except": client.post(address(one, "exceptions/")).status_code,
    }

    assert "There are no rounds for you to keep." in text_of(listed)
    assert listed.context["rows"] == []
    assert answers == {"new": 403, "open": 403, "read": 404, "change": 404, "except": 404}
    assert Entry.objects.filter(action="denied").count() == 5
    assert list(Round.objects.all()) == [one]


def test_rounds_of_another_area_are_not_found(as_reviewer):
    elsewhere = make_round(make_area("340000"), 2020)

    assert as_reviewer.get(ROUNDS).context["rows"] == []
    assert as_reviewer.get(address(elsewhere)).status_code == 404
    assert Entry.objects.get(action="denied").object == f"round:{elsewhere.pk}"


@pytest.mark.parametrize("step", ["change/", "exceptions/"])
def test_changes_are_no_get(as_reviewer, one, step):
    assert as_reviewer.get(address(one, step)).status_code == 405


@pytest.mark.parametrize(
    ("opens", "due", "closes", "state"),
    [
        pytest.param(1, 2, 3, "planned", id="planned"),
        pytest.param(0, 1, 2, "open", id="opens-now"),
        pytest.param(-2, 0, 1, "overdue", id="due-now"),
        pytest.param(-3, -2, 0, "closed", id="closes-now"),
    ],
)
def test_the_list_says_how_far_a_round_is(as_reviewer, area, opens, due, closes, state):
    make_round(
        area, 2020, opens_at=NOW + opens * DAY, due_at=NOW + due * DAY, closes_at=NOW + closes * DAY
    )

    [(one, shown)] = as_reviewer.get(ROUNDS).context["rows"]

    assert shown == state
    assert as_reviewer.get(address(one)).context["can_change"] == (state != "closed")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_three_rounds(
    as_reviewer, area, number, django_assert_num_queries
):
    for year in range(2020, 2020 + number):
        make_round(area, year)

    with django_assert_num_queries(7):
        response = as_reviewer.get(ROUNDS)

    assert len(response.context["rows"]) == number


def changed(one, **typed):
    usual = {
        "name": one.name,
        "due_at": timezone.localtime(one.due_at).strftime("%Y-%m-%dT%H:%M"),
        "closes_at": timezone.localtime(one.closes_at).strftime("%Y-%m-%dT%H:%M"),
        "read": read_mark(one),
    }
    return usual | typed


def test_a_round_is_changed(as_reviewer, one):
    response = as_reviewer.post(
        address(one, "change/"), changed(one, due_at="2026年3月15日 24:00"), follow=True
    )

    one.refresh_from_db()
    assert one.due_at == shanghai("2026-03-16T00:00:00")
    assert "was changed." in text_of(response)


def test_a_change_that_is_none_is_said_under_its_field(as_reviewer, one):
    response = as_reviewer.post(address(one, "change/"), changed(one, due_at="2026-02-01T00:00"))

    assert response.status_code == 422
    assert "A deadline moves to a time still to come." in text_of(response)


def test_a_change_by_somebody_faster_is_a_conflict_and_kept(as_reviewer, one):
    data = changed(one, name="改名")
    Round.objects.filter(pk=one.pk).update(due_at=one.due_at + DAY)

    response = as_reviewer.post(address(one, "change/"), data)

    one.refresh_from_db()
    assert response.status_code == 409
    assert "Nothing was changed" in text_of(response)
    assert one.name == "2025年度数据"
    assert Entry.objects.get(action="denied").reason == "StaleRound"


def test_a_closed_round_offers_no_change_and_takes_none(as_reviewer, area):
    one = make_round(area, 2020, opens_at=NOW - 9 * DAY, due_at=NOW - 5 * DAY, closes_at=NOW - DAY)

    page = text_of(as_reviewer.get(address(one)))
    response = as_reviewer.post(address(one, "change/"), changed(one, closes_at="2026-05-01T00:00"))

    assert "The round has closed and stays as it was." in page
    assert "Save the change" not in page
    assert response.status_code == 409
    assert Entry.objects.get(action="denied").reason == "RoundClosed"


def test_more_time_is_given_to_one_department(as_reviewer, area, one):
    department = make_department(area)
    typed = {"department": department.pk, "until": "2026-05-01T00:00", "reason": "系统升级"}

    response = as_reviewer.post(address(one, "exceptions/"), typed, follow=True)

    granted = RoundException.objects.get()
    assert (granted.department, granted.until, granted.reason) == (
        department,
        shanghai("2026-05-01T00:00:00"),
        "系统升级",
    )
    page = text_of(response)
    assert "Agriculture has time until 2026-05-01 00:00." in page
    assert "系统升级" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"reason": " "}, "“Reason” is missing: say why the department gets more time."),
        ({"until": ""}, "“More time until” is missing."),
        ({"until": "2026-03-02T00:00"}, "More time ends later than the deadline"),
        ({"department": "0"}, "Select a valid choice."),
    ],
)
def test_more_time_that_is_none_is_said_under_its_field(as_reviewer, area, one, typed, said):
    usual = {
        "department": make_department(area).pk,
        "until": "2026-05-01T00:00",
        "reason": "系统升级",
    }

    response = as_reviewer.post(address(one, "exceptions/"), usual | typed)

    assert response.status_code == 422
    assert said in text_of(response)
    assert RoundException.objects.count() == 0


def test_the_page_says_who_handed_in_which_material(as_reviewer, area, one):
    department = make_department(area)
    make_owed_series(department, start_year=2021, target_year=2025)
    RoundMaterial.objects.create(round=one, kind=MaterialKind.SUMMARY, due_at=NOW - DAY)

    response = as_reviewer.get(address(one))

    [(shown, rows)] = response.context["materials"]
    assert (shown, [(row.kind, row.files, is_late) for row, is_late in rows]) == (
        department,
        [(MaterialKind.SUMMARY, (), True), (MaterialKind.STAMPED_FORM, (), False)],
    )
    page = text_of(response)
    assert "Yearly summary" in page
    assert "due 2026-02-28 09:00" in page
    assert page.count("■") == 1


def test_material_is_not_late_for_a_department_with_more_time(as_reviewer, area, one):
    department = make_department(area)
    make_owed_series(department, start_year=2021, target_year=2025)
    RoundMaterial.objects.create(round=one, kind=MaterialKind.SUMMARY, due_at=NOW - DAY)
    RoundException.objects.create(
        round=one, department=department, until=NOW + DAY, reason="系统升级",
        granted_by=one.created_by,
    )  # fmt: skip

    assert "■" not in text_of(as_reviewer.get(address(one)))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-03-31T17:30", "2026-03-31T17:30:00"),
        ("2026-03-31T17:30:00", "2026-03-31T17:30:00"),
        (" 2026/3/1 9:05 ", "2026-03-01T09:05:00"),
        ("2026年12月31日24:00", "2027-01-01T00:00:00"),
        ("２０２６－０３－３１　１７：３０", "2026-03-31T17:30:00"),
    ],
)
def test_a_time_is_read_in_shanghai(typed, expected):
    assert MomentField(label="Deadline").clean(typed) == shanghai(expected)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03-31", "17:30", "2026-02-29T09:00", "2026-13-01T09:00", "2026-03-31T24:01",
        "2026-03-31T25:00", "2026-03-31T09:60", "26-03-31T09:00", "2026-03-31T09:00:30",
        "0001-01-01T00:00", "9999-12-31T24:00", "2026-03-3109:00", "٢٠٢٦-03-31T09:00", "\x00",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused(typed):
    with pytest.raises(ValidationError):
        MomentField(label="Deadline").clean(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2020", [2020]),
        ("2019, 2020", [2019, 2020]),
        ("2019，2020", [2019, 2020]),
        ("2019、2020年", [2019, 2020]),
        ("2020年度", [2020]),
        ("2019 2020", [2019, 2020]),
        ("2016-2018", [2016, 2017, 2018]),
        ("2016—2018；2020", [2016, 2017, 2018, 2020]),
        ("2016 至 2018", [2016, 2017, 2018]),
        ("２０１６～２０１８", [2016, 2017, 2018]),
    ],
)
def test_years_are_read_one_by_one_and_as_ranges(typed, expected):
    assert YearsField(label="Years").clean(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", ",", "20", "2020-", "-2020", "2018-2016", "2016-2018-2020", "2016,,x", "1999",
        "2036", "2000-2035", "2020.5", "２０２0x", "2020," * 99, "\x00",
    ],
)  # fmt: skip
def test_what_is_no_list_of_years_is_refused(typed):
    with pytest.raises(ValidationError):
        YearsField(label="Years").clean(typed)


@pytest.fixture
def in_tryout(settings):
    settings.OPEN_READING, settings.EMBEDDED = True, True


def opened_for_show():
    said = StringIO()
    call_command("demo_round", stdout=said)
    return said.getvalue()


@pytest.fixture
def hainan(db):
    return make_area("460000")


@pytest.mark.usefixtures("in_tryout")
def test_the_demonstration_round_is_opened_once(hainan):
    reviewer = make_reviewer("reviewer", area=hainan)

    first, second = opened_for_show(), opened_for_show()

    one = Round.objects.get()
    assert (one.area, one.name, one.form_number) == (
        hainan,
        "演示：2019—2020年数据补报",
        "演示表1",
    )
    assert (one.years, one.created_by) == ([2019, 2020], reviewer)
    assert (one.opens_at, one.due_at, one.closes_at) == (
        shanghai("2026-02-09T09:00:00"),
        shanghai("2026-03-11T18:00:00"),
        shanghai("2026-04-10T18:00:00"),
    )
    assert list(one.materials.values_list("kind", "due_at")) == [("self_report", one.due_at)]
    assert "round opened" in first
    assert "There is a round already." in second
    assert Entry.objects.get(action="open_round").actor == "reviewer"


@pytest.mark.usefixtures("in_tryout")
def test_with_it_questions_are_looked_for(hainan):
    make_reviewer("reviewer", area=hainan)
    jump = make_jump(make_department(area=hainan))

    opened_for_show()

    assert Question.objects.get().series == jump


@pytest.mark.usefixtures("in_tryout")
def test_no_demonstration_stands_beside_a_round_of_the_area(hainan):
    make_reviewer("reviewer", area=hainan)
    one = make_round(hainan, 2015)

    opened_for_show()

    assert list(Round.objects.all()) == [one]


@pytest.mark.parametrize(("open_reading", "embedded"), [(False, True), (True, False)])
def test_the_demonstration_round_is_refused_outside_the_tryout(
    settings, hainan, open_reading, embedded
):
    settings.OPEN_READING, settings.EMBEDDED = open_reading, embedded
    make_reviewer("reviewer", area=hainan)

    with pytest.raises(CommandError, match="try-out only"):
        opened_for_show()

    assert Round.objects.count() == 0


@pytest.mark.usefixtures("in_tryout")
@pytest.mark.parametrize("who", ["nobody", "no-reviewer"])
def test_the_demonstration_round_says_what_it_needs_first(hainan, who):
    if who == "no-reviewer":
        make_user("reviewer")

    with pytest.raises(CommandError, match="demo_accounts"):
        opened_for_show()
