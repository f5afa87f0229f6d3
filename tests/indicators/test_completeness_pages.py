"""The completeness board, the list of who owes what, and the letters: who sees what."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format

from indicators.enums import MaterialKind, State
from indicators.models import RoundMaterial
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from targets_site.places.models import AreaLevel
from tests.factories import (
    make_area,
    make_auditor,
    make_department,
    make_official,
    make_post,
    make_reviewer,
    make_round,
    make_signer,
    make_user,
)
from tests.indicators.rounds_world import make_owed_series, make_words, put, shanghai

pytestmark = pytest.mark.usefixtures("in_english")

BOARD, OWED = "/review/completeness/", "/review/completeness/owed/"
DAY = timedelta(days=1)


def letters_address(one):
    return f"/review/completeness/letters/{one.pk}/"


@pytest.fixture
def department(db):
    return make_department()


@pytest.fixture
def other(department):
    return make_department(name_zh="省林业厅", name_en="Forestry")


@pytest.fixture
def one(department):
    """A round of 2020 that is due in ten days."""
    return make_round(department.area, 2020, name="2020年度数据", form_number="表1")


@pytest.fixture
def late(department):
    """A round of 2020 whose deadline passed an hour ago."""
    now = timezone.now()
    return make_round(
        department.area, 2020, name="2020年度数据", form_number="表1",
        opens_at=now - DAY, due_at=now - timedelta(hours=1), closes_at=now + DAY,
    )  # fmt: skip


@pytest.fixture
def as_reviewer(client, department):
    client.force_login(make_reviewer("reviewer", area=department.area))
    return client


def page_of(client, address, data=None):
    response = client.get(address, data)
    assert response.status_code == 200
    return response, " ".join(response.content.decode().split())


def test_the_board_says_how_much_came_in_and_how_much_is_late(
    as_reviewer, department, official, late
):
    put(make_owed_series(department), 2020, State.SUBMITTED, by=official)
    make_owed_series(department)
    make_words(department)

    response, page = page_of(as_reviewer, BOARD)

    assert "1 of 2 figures are submitted (50 %), 1 are late." in page
    assert "Of 1 targets in words 0 are judged." in page
    [(line, address)] = response.context["departments"]
    assert (line.subject, line.figures.late, line.judgements.late) == (department, 1, 1)
    assert address == f"{OWED}?area=990000&round={late.pk}&department={department.pk}&all=1"
    assert (
        '<span class="shape" aria-hidden="true">■</span><span>Overdue</span> <span>1</span>' in page
    )


@pytest.fixture
def official(department):
    return make_official("official", department=department)


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        pytest.param(datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), 0, id="15-59-59-utc"),
        pytest.param(datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), 1, id="16-00-00-utc"),
    ],
)
def test_a_deadline_on_31_december_24_00_passes_at_midnight_of_shanghai(
    client, department, monkeypatch, moment, late
):
    make_owed_series(department)
    due_at = shanghai("2027-01-01T00:00:00")
    make_round(
        department.area, 2020, opens_at=due_at - 9 * DAY, due_at=due_at, closes_at=due_at + DAY
    )
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    client.force_login(make_reviewer("reviewer", area=department.area))

    board, page = page_of(client, BOARD)
    _list, rows = page_of(client, OWED)

    assert board.context["board"].total.figures.late == late
    assert board.context["asked"].scope.years == (2020,)
    assert ("Overdue, 1 day" in rows, "late." in page) == (bool(late), bool(late))
    assert "2027-01-01 00:00" in rows


@pytest.mark.parametrize(
    ("make", "role"),
    [
        pytest.param(make_official, Role.OFFICIAL, id="official"),
        pytest.param(make_signer, Role.SIGNER, id="signer"),
    ],
)
def test_people_of_a_department_see_its_line_only(
    client, department, other, one, make, role, below
):
    below("990100")
    for each in (department, other):
        make_owed_series(each)
    client.force_login(make("somebody", department=department))

    board, page = page_of(client, BOARD)
    _list, rows = page_of(client, OWED, {"area": "990000"})
    _letters, letters = page_of(client, letters_address(one))

    assert [line.subject for line, _address in board.context["departments"]] == [department]
    assert board.context["areas"] == []
    for shown in (page, rows, letters):
        assert "Agriculture" in shown
        assert "Forestry" not in shown
    assert "With all areas below" not in rows


def test_a_department_that_is_not_ones_own_cannot_be_asked_for(client, department, other, one):
    make_owed_series(other)
    client.force_login(make_official("somebody", department=department))

    response, page = page_of(client, OWED, {"area": "990000", "department": other.pk})
    letters, _page = page_of(client, letters_address(one), {"department": other.pk})

    assert "The area has no such department." in page
    assert response.context["page"].object_list == []
    assert letters.context["letters"] == []


@pytest.mark.parametrize(
    "role", [Role.STEWARD, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN]
)
def test_others_find_nothing_and_are_told_why(client, department, one, role):
    make_owed_series(department)
    user = make_user("other")
    make_post(user, role, area=department.area)
    client.force_login(user)

    _response, page = page_of(client, BOARD)

    assert "There is no reporting for you to follow." in page
    assert "Agriculture" not in page
    assert client.get(OWED).url == BOARD
    assert client.get("/review/completeness/owed.xlsx").url == BOARD
    assert client.get(letters_address(one)).status_code == 404


@pytest.mark.parametrize("address", [BOARD, OWED, "/review/completeness/owed.xlsx"])
def test_another_area_is_not_found_and_the_attempt_is_kept(as_reviewer, address):
    make_area("340000")

    assert as_reviewer.get(address, {"area": "340000"}).status_code == 404
    assert Entry.objects.get(action="denied").object == "area:340000"


def test_letters_of_another_area_are_not_found(as_reviewer):
    elsewhere = make_round(make_area("340000"), 2020)

    assert as_reviewer.get(letters_address(elsewhere)).status_code == 404
    assert Entry.objects.get(action="denied").object == f"round:{elsewhere.pk}"


@pytest.mark.parametrize("address", [BOARD, OWED, "/review/completeness/owed.xlsx"])
def test_these_pages_need_login_also_where_reading_is_open(client, settings, one, address):
    settings.OPEN_READING = True

    assert client.get(address).url.startswith("/accounts/login/")
    assert client.get(letters_address(one)).url.startswith("/accounts/login/")


@pytest.fixture
def below(department):
    """Builds a county with a department that owes a figure."""

    def build(code, parent=None):
        area = make_area(code, level=AreaLevel.COUNTY, parent=parent or department.area)
        make_owed_series(make_department(area))
        make_round(area, 2020)
        return area

    return build


def test_an_office_drills_down_to_the_areas_below(as_reviewer, one, department, below):
    county = below("990100")

    response, page = page_of(as_reviewer, BOARD)
    [(line, address)] = response.context["areas"]
    deeper, _page = page_of(as_reviewer, address)

    assert (line.subject, line.figures.owed) == (county, 1)
    assert address == f"{BOARD}?area=990100&round=&year=2020"
    assert address.replace("&", "&amp;") in page
    assert deeper.context["asked"].area == county
    assert deeper.context["above"] == [department.area]
    assert deeper.context["board"].total.figures.owed == 1


def test_an_office_of_an_area_below_does_not_see_the_one_above(client, below):
    client.force_login(make_auditor("auditor", area=below("990100")))

    assert client.get(BOARD, {"area": "990000"}).status_code == 404
    assert client.get(BOARD).context["above"] == []


def test_somebody_with_several_areas_starts_with_all_of_them(client, below):
    user = make_auditor("auditor", area=make_area("340000"))
    make_post(user, Role.AUDITOR, area=make_area())
    below("990100")
    client.force_login(user)

    response, _page = page_of(client, BOARD)

    assert [(line.subject.code, line.figures.owed) for line, _a in response.context["areas"]] == [
        ("340000", 0),
        ("990000", 1),
    ]
    assert client.get(OWED).url == BOARD


def test_several_areas_are_counted_only_where_all_of_them_is_seen(client, below, one):
    """The person's own department lies in a further area, whose others' drafts he does not see."""
    user = make_user("both")
    for code in ("340000", "350000"):
        make_post(user, Role.REVIEWER, area=make_area(code))
    own = make_area("360000")
    make_round(own, 2019)
    colleague = make_official("colleague", make_department(own, name_zh="省林业厅"))
    put(make_owed_series(make_department(own, name_zh="省水利厅")), 2019, State.DRAFT, by=colleague)
    make_post(user, Role.OFFICIAL, department=make_department(own, name_zh="省农业厅"))
    client.force_login(user)

    response, page = page_of(client, BOARD)

    assert [line.subject.code for line, _a in response.context["areas"]] == ["340000", "350000"]
    assert list(response.context["asked"].scope.years) == []
    assert f'href="{BOARD}?area=360000"' in page
    inside, _page = page_of(client, BOARD, {"area": "360000", "round": "", "year": "2019"})
    assert inside.context["board"].total.figures.owed == 0


@pytest.mark.parametrize("number", [3, 30])
def test_the_board_costs_the_same_for_3_and_30_areas(
    as_reviewer, one, below, number, django_assert_num_queries
):
    parent = below("990001")
    for each in range(number):
        below(f"9901{each:02}")
        below(f"9902{each:02}", parent)
    url = f"{BOARD}?area=990000&round=&year=2020"

    with django_assert_num_queries(20):
        response = as_reviewer.get(url)

    owed = [line.figures.owed for line, _address in response.context["areas"]]
    assert owed == [number + 1] + [1] * number


@pytest.mark.parametrize("number", [1, 4])
def test_the_board_costs_the_same_for_one_and_four_departments(
    as_reviewer, one, department, number, django_assert_num_queries
):
    for each in range(number):
        series = make_owed_series(make_department(name_zh=f"部门{each}"))
        make_words(department)
        put(series, 2020, State.DRAFT, by=make_user(f"u{each}"))

    with django_assert_num_queries(19):
        as_reviewer.get(BOARD)


def test_the_newest_round_is_shown_unless_another_is_chosen(as_reviewer, department):
    now = timezone.now()
    make_owed_series(department)
    old = make_round(department.area, 2019, opens_at=now - 90 * DAY, due_at=now - 60 * DAY)
    new = make_round(department.area, 2018, 2020)

    def years(data=None):
        return page_of(as_reviewer, BOARD, data)[0].context["asked"].scope.years

    assert years() == (2018, 2020)
    assert years({"round": old.pk}) == (2019,)
    assert years({"round": new.pk, "year": 2020}) == (2020,)
    assert years({"round": "", "year": [2019, 2020]}) == (2019, 2020)
    assert years({"round": ""}) == (2018, 2019, 2020)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"round": "0"}, "The area has no such round."),
        ({"round": "x"}, "The area has no such round."),
        ({"round": "99999999999999999999"}, "The area has no such round."),
        ({"year": "2011"}, "No round asks for this year."),
        ({"year": "\x00"}, "No round asks for this year."),
    ],
)
def test_a_choice_that_is_none_is_said_and_left_out(as_reviewer, department, one, data, said):
    make_owed_series(department)

    response, page = page_of(as_reviewer, BOARD, data)

    assert said in page
    assert response.context["board"].total.figures.owed == 1


def test_a_year_that_the_round_does_not_ask_for_is_said(as_reviewer, department, one):
    make_round(department.area, 2019, opens_at=timezone.now() - 90 * DAY)

    response, page = page_of(as_reviewer, BOARD, {"round": one.pk, "year": "2019"})

    assert "The round does not ask for this year." in page
    assert response.context["asked"].scope.years == (2020,)


@pytest.mark.parametrize("data", [{"area": "99000"}, {"area": "\x00"}, {"page": "x"}])
def test_the_board_opens_whatever_stands_in_the_address(as_reviewer, data):
    assert as_reviewer.get(BOARD, data).status_code == 200


def test_the_board_is_honest_where_no_round_has_asked(as_reviewer):
    _response, page = page_of(as_reviewer, BOARD)

    assert "No round has asked this area for figures yet." in page


def test_the_board_is_honest_where_the_round_asks_for_nothing(as_reviewer, one):
    _response, page = page_of(as_reviewer, BOARD)

    assert "The round asks these departments for nothing." in page


def test_the_list_says_what_is_missing_since_when_and_who_has_it(
    as_reviewer, department, official, late
):
    official.full_name = "王填报"
    official.save()
    series = make_owed_series(department)
    came_in = make_owed_series(department)
    put(came_in, 2020, State.SUBMITTED, by=official)

    response, page = page_of(as_reviewer, OWED)
    everything, _page = page_of(as_reviewer, OWED, {"all": "1"})

    [row] = response.context["page"].object_list
    assert (row.what, row.year, row.days_late, row.holders) == (series, 2020, 1, (official,))
    assert "1 outstanding, 1 of them late" in page
    assert "Overdue, 1 day" in page
    assert "王填报" in page
    assert [row.what for row in everything.context["page"].object_list] == [series, came_in]


def test_the_list_can_be_of_one_department_or_of_what_is_late(
    as_reviewer, department, other, one, official
):
    now = timezone.now()
    make_owed_series(department)
    make_owed_series(other)
    RoundMaterial.objects.create(round=one, kind=MaterialKind.SUMMARY, due_at=now - DAY)

    def rows(**data):
        found = page_of(as_reviewer, OWED, data)[0].context["page"].object_list
        return [(row.department, row.year) for row in found]

    assert rows(department=other.pk) == [(other, 2020), (other, None)]
    assert rows(late="1") == [(department, None), (other, None)]
    assert rows(late="1", department=other.pk) == [(other, None)]


def test_the_list_comes_in_pages(as_reviewer, department, one):
    for _each in range(51):
        make_owed_series(department)

    first, page = page_of(as_reviewer, OWED)
    second, _page = page_of(as_reviewer, OWED, {"page": "2"})

    assert [len(each.context["page"].object_list) for each in (first, second)] == [50, 1]
    assert "Page 1 of 2" in page


def test_a_letter_for_each_department_names_all_that_a_reminder_needs(
    as_reviewer, department, other, official, late
):
    series = make_owed_series(department)
    put(make_owed_series(other), 2020, State.APPROVED, by=official)

    response, page = page_of(as_reviewer, letters_address(late))

    [letter] = response.context["letters"]
    assert (letter.department, [row.what for row in letter.rows]) == (department, [series])
    with translation.override("en"):
        due = date_format(timezone.localtime(late.due_at), "DATETIME_FORMAT")
        today = date_format(timezone.localtime(), "DATE_FORMAT")
    for said in (
        '<p class="letter__area">Quality office of 990000</p>',
        "Form number: 表1",
        due,
        "To Agriculture:",
        "1 items are outstanding, 1 of them overdue",
        "Pass rate",
        "Quality office of 990000 (stamp)",
        today,
    ):
        assert said in page


def test_a_letter_in_chinese_writes_dates_out(as_reviewer, department, late):
    make_owed_series(department)
    as_reviewer.cookies["django_language"] = "zh-hans"

    _response, page = page_of(as_reviewer, letters_address(late))

    today, due = timezone.localdate(), timezone.localtime(late.due_at)
    assert f"截至{today.year}年{today.month}月{today.day}日" in page
    assert f"{due.year}年{due.month}月{due.day}日 {due:%H:%M}" in page


def test_a_letter_before_the_deadline_asks_to_report_in_time(as_reviewer, department, one):
    make_owed_series(department)

    _response, page = page_of(as_reviewer, letters_address(one))

    assert "please report them before the deadline" in page
    assert "overdue" not in page


def test_there_is_no_letter_where_nothing_is_outstanding(as_reviewer, one):
    _response, page = page_of(as_reviewer, letters_address(one))

    assert "Nothing is outstanding, so there is nobody to remind." in page


def test_no_letter_tells_what_somebody_typed(as_reviewer, department, official, one):
    put(make_owed_series(department), 2020, State.DRAFT, by=official, value="61.37")

    for address in (BOARD, OWED, letters_address(one)):
        assert "61.37" not in page_of(as_reviewer, address)[1]


@pytest.mark.parametrize("address", [BOARD, OWED, "/review/completeness/owed.xlsx"])
def test_these_pages_are_read_only(as_reviewer, one, address):
    assert as_reviewer.post(address).status_code == 405
    assert as_reviewer.post(letters_address(one)).status_code == 405
