"""What an official finds to do, and the grid of a round."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from indicators.actions import judgements
from indicators.enums import CellState, State
from indicators.models import (
    Attachment,
    JudgementVersion,
    Observation,
    ObservationVersion,
    RoundException,
)
from indicators.queries.owed import asked_rows
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_auditor,
    make_department,
    make_domain,
    make_figure,
    make_indicator,
    make_official,
    make_post,
    make_reading,
    make_reviewer,
    make_round,
    make_series,
    make_signer,
    make_target,
    make_text_target,
    make_user,
    name_department,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TASKS = "/entry/"


@pytest.fixture
def department():
    return make_department()


@pytest.fixture
def signed_in(client, official):
    client.force_login(official)
    return client


def make_owed(department, scope="all", **target):
    """A series that a target from 2011 to 2020 counts on, with the target."""
    series = make_series(scope=scope, department=department)
    code = f"plan-2011-{len(scope) * 100 + ord(scope[-1]):03}"
    wanted = make_target(code, **target)
    make_reading(wanted, series)
    return series


def make_version(series, year, value="98.4", **fields):
    """A version that is being worked on, beside whatever is in force."""
    observation, _ = Observation.objects.get_or_create(series=series, year=year)
    fields = {
        "number": observation.versions.count() + 1,
        "value": value,
        "stated_decimals": 1,
        "source_title": "统计公报",
        "source_grade": "reported",
        "entered_by": make_user(f"colleague{ObservationVersion.objects.count()}"),
        **fields,
    }
    version = ObservationVersion.objects.create(observation=observation, **fields)
    observation.working = version
    observation.save(update_fields=["working"])
    return version


def grid_address(one):
    return f"/entry/{one.pk}/"


def cells_of(response):
    """By series code and year, the state of each cell in the order of the page."""
    cells = response.context["grid"].cells
    return [(cell.series.code, cell.year, cell.state) for cell in cells]


# My tasks


def test_tasks_of_a_round_are_counted_by_what_is_to_do(signed_in, official, department):
    one = make_round(department.area, 2019, 2020)
    series = make_owed(department)
    make_version(make_owed(department, "b"), 2019, entered_by=official)
    make_version(make_owed(department, "c"), 2019, state=State.SUBMITTED)
    make_figure(make_owed(department, "d"), 2019, "98.4")
    make_series(scope="nobody-waits", department=department)

    tasks = signed_in.get(TASKS).context["tasks"]

    found = tasks.rounds[0]
    assert [each.round for each in tasks.rounds] == [one]
    assert len(found.empty) == 5
    assert series in [each.series for each in found.empty]
    assert [each.year for each in found.drafts] == [2019]
    assert [each.year for each in found.waiting] == [2019]
    assert [each.year for each in found.approved] == [2019]
    assert (tasks.due_number, tasks.late_number, tasks.done_number) == (6, 0, 2)
    assert [each.count for each in tasks.tiles if each.is_main] == [6]
    assert (found.handed_in, len(found.owed)) == (2, 8)


def test_every_figure_is_counted_in_one_of_the_four_numbers(signed_in, department):
    one = make_round(department.area, 2019, 2020)
    make_version(make_owed(department), 2019)
    make_version(
        make_owed(department, "b"), 2019, state=State.RETURNED, return_reason="口径不符",
        reviewed_by=make_user("reviewer"), reviewed_at=timezone.now(),
    )  # fmt: skip
    make_figure(make_owed(department, "c"), 2019, "98.4")

    def numbers():
        tasks = signed_in.get(TASKS).context["tasks"]
        return tasks.returned_number, tasks.late_number, tasks.due_number, tasks.done_number

    assert numbers() == (1, 0, 4, 1)
    one.due_at = timezone.now() - timedelta(days=1)
    one.save()
    assert numbers() == (1, 4, 0, 1)


def test_what_is_overdue_is_said_and_rounds_stand_by_their_deadline(signed_in, department):
    now = timezone.now()
    make_owed(department)
    late = make_round(
        department.area, 2019, due_at=now - timedelta(days=3, hours=1), name="late round"
    )
    soon = make_round(department.area, 2020, due_at=now + timedelta(days=1), name="next round")

    response = signed_in.get(TASKS)

    tasks = response.context["tasks"]
    assert [each.round for each in tasks.rounds] == [late, soon]
    assert (tasks.late_number, tasks.due_number) == (1, 1)
    assert "overdue for 3 days" in response.content.decode()


def test_a_returned_figure_stands_first_with_the_reviewers_words(signed_in, department):
    one = make_round(department.area, 2020)
    series = make_owed(department)
    reviewer = make_user("reviewer", full_name="Reviewer Li")
    make_version(
        series, 2020, state=State.RETURNED, return_reason="口径不符", reviewed_by=reviewer,
        reviewed_at=timezone.now(),
    )  # fmt: skip

    page = signed_in.get(TASKS).content.decode()

    assert "口径不符" in page
    assert "Reviewer Li" in page
    assert f"/entry/{one.pk}/{series.code}/2020/" in page


def test_what_came_back_after_the_round_closed_is_still_a_task(signed_in, department):
    series = make_owed(department)
    reviewer = make_user("reviewer")
    make_version(
        series, 2020, state=State.RETURNED, return_reason="口径不符", reviewed_by=reviewer,
        reviewed_at=timezone.now(),
    )  # fmt: skip

    tasks = signed_in.get(TASKS).context["tasks"]

    assert [each.address for each in tasks.returned] == [f"/entry/series/{series.code}/2020/"]


def test_returned_figures_and_drafts_of_other_departments_are_no_tasks(signed_in, department):
    other = make_department(name_zh="省林业厅")
    make_round(department.area, 2020)
    series = make_owed(other)
    make_version(
        series, 2020, state=State.RETURNED, return_reason="口径不符",
        reviewed_by=make_user("reviewer"),
    )  # fmt: skip

    response = signed_in.get(TASKS)

    assert response.context["tasks"].returned == []
    assert "口径不符" not in response.content.decode()


def test_targets_in_words_are_listed_with_the_page_that_judges_them(signed_in, department):
    make_round(department.area, 2020)
    target = make_text_target(statement_en="A system is in place", target_year=2020)
    name_department(target, department)

    page = signed_in.get(TASKS).content.decode()

    assert "A system is in place" in page
    assert f"/entry/judgements/{target.code}/2020/" in page


def asked_in_words(number, department=None, **fields):
    code = f"plan-2011-{number:03}"
    target = make_text_target(code, target_year=2020, statement_en=f"Goal {number}", **fields)
    if department is not None:
        name_department(target, department)
    return target


def test_a_department_owes_the_targets_in_words_that_name_it(signed_in, department):
    """As the board counts them; those that name nobody stand apart and count for nobody."""
    one = make_round(department.area, 2020)
    asked_in_words(901, department)
    asked_in_words(902, make_department(name_zh="省教育厅"))
    asked_in_words(903)
    asked_in_words(904, domain=make_domain("other", position=9))

    response = signed_in.get(TASKS)

    tasks = response.context["tasks"]
    (round,) = tasks.rounds
    assert (tasks.late_number, tasks.due_number, tasks.done_number) == (0, 1, 0)
    assert [each.target.code for each in round.open_judgements] == ["plan-2011-901"]
    assert [
        [each.target.code for each in group.judgements] for group in round.unassigned_groups
    ] == [["plan-2011-903"], ["plan-2011-904"]]
    shown = " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
    assert "Targets in words, to be judged 1 " in shown
    assert "Targets in words whose document names no department 2 " in shown
    board = asked_rows([(one, 2020)], moment=timezone.now(), departments=[department.pk])
    assert len([row for row in board if row.is_owed]) == tasks.due_number


def test_judgements_are_late_and_done_as_figures_are(signed_in, official, department):
    now = timezone.now()
    make_round(department.area, 2020, due_at=now - timedelta(days=1))
    asked_in_words(901, department)
    done = asked_in_words(902, department)
    version = judgements.save(
        target=done, year=2020, outcome="done", narrative="是。", read_version=None, by=official
    )
    judgements.submit(version=version, by=official)
    returned = asked_in_words(903, department)
    version = judgements.save(
        target=returned, year=2020, outcome="done", narrative="是。", read_version=None, by=official
    )
    JudgementVersion.objects.filter(pk=version.pk).update(
        state=State.RETURNED, return_reason="说明不足", reviewed_by=make_user("reviewer"),
        reviewed_at=now,
    )  # fmt: skip
    asked_in_words(904)

    tasks = signed_in.get(TASKS).context["tasks"]

    assert (tasks.returned_number, tasks.late_number, tasks.due_number) == (1, 1, 0)
    assert tasks.done_number == 1
    assert [(each.count, each.address, each.is_main) for each in tasks.tiles] == [
        (1, "#returned", False), (1, "#rounds", True), (0, "", False), (1, "#rounds", False),
    ]  # fmt: skip


def test_more_time_of_the_department_counts_for_its_judgements(signed_in, department):
    now = timezone.now()
    one = make_round(department.area, 2020, due_at=now - timedelta(days=1))
    asked_in_words(901, department)
    RoundException.objects.create(
        round=one, department=department, until=now + timedelta(days=2), reason="系统故障",
        granted_by=make_user("chief"),
    )  # fmt: skip

    tasks = signed_in.get(TASKS).context["tasks"]

    assert (tasks.late_number, tasks.due_number) == (0, 1)


@pytest.mark.parametrize(
    ("state", "leads"),
    [(State.DRAFT, False), (State.TO_SIGN, True), (State.SUBMITTED, True), (State.APPROVED, True)],
)
def test_a_cell_that_is_out_of_hand_leads_to_its_versions(signed_in, department, state, leads):
    one = make_round(department.area, 2020)
    series = make_owed(department)
    if state == State.APPROVED:
        make_figure(series, 2020, "98.4")
    else:
        make_version(series, 2020, state=state, submitted_by=make_user("sender"))
    address = f"/review/figure/{series.code}/2020/"

    assert (address in signed_in.get(f"/entry/{one.pk}/").content.decode()) == leads
    assert signed_in.get(address).status_code == 200


def test_a_closed_round_with_more_time_for_the_department_is_a_task(signed_in, department):
    now = timezone.now()
    make_owed(department)
    closed = make_round(
        department.area, 2020, due_at=now - timedelta(days=5), closes_at=now - timedelta(days=1)
    )
    assert signed_in.get(TASKS).context["tasks"].rounds == []
    until = now + timedelta(days=2)
    RoundException.objects.create(
        round=closed, department=department, until=until, reason="系统故障",
        granted_by=make_user("chief"),
    )  # fmt: skip

    tasks = signed_in.get(TASKS).context["tasks"]

    assert [(each.round, each.extended_until) for each in tasks.rounds] == [(closed, until)]


@pytest.mark.parametrize(
    ("days", "late", "due"),
    [
        pytest.param(None, 1, 0, id="no-more-time"),
        pytest.param(2, 0, 1, id="more-time"),
        pytest.param(-1, 1, 0, id="that-is-over-too"),
    ],
)
def test_nothing_is_late_while_the_department_has_more_time(signed_in, department, days, late, due):
    now = timezone.now()
    series = make_owed(department)
    one = make_round(department.area, 2020, due_at=now - timedelta(days=5))
    if days is not None:
        RoundException.objects.create(
            round=one, department=department, until=now + timedelta(days=days), reason="系统故障",
            granted_by=make_user("chief"),
        )  # fmt: skip

    response = signed_in.get(TASKS)

    tasks = response.context["tasks"]
    assert (tasks.late_number, tasks.due_number) == (late, due)
    [task] = tasks.rounds
    assert [each.series for each in (task.late or task.empty)] == [series]
    assert ('class="overdue"' in response.content.decode()) is bool(late)


def test_tasks_are_honest_for_somebody_without_a_post(client):
    client.force_login(make_user("nobody"))

    response = client.get(TASKS)

    assert response.status_code == 200
    assert "There is nothing for you to enter." in response.content.decode()


def fill(department, number):
    """Series with every state, all asked for in one round of two years."""
    one = make_round(department.area, 2019, 2020)
    reviewer = make_user("reviewer")
    for each in range(number):
        series = make_owed(department, f"s{chr(97 + each)}" if each < 26 else f"s-{chr(71 + each)}")
        make_figure(series, 2018, "98.4")
        version = make_version(series, 2019, "97")
        letter = Attachment.objects.create(
            name="来函.pdf", size=1, department=department, added_by=version.entered_by
        )
        version.evidence.add(letter)
        make_version(
            series, 2020, state=State.RETURNED, return_reason="口径不符", reviewed_by=reviewer,
            reviewed_at=timezone.now(),
        )  # fmt: skip
    return one


@pytest.mark.parametrize("number", [1, 30])
def test_tasks_cost_the_same_for_one_and_thirty_series(
    signed_in, department, number, django_assert_num_queries
):
    fill(department, number)

    with django_assert_num_queries(20):
        signed_in.get(TASKS)


@pytest.mark.parametrize("number", [1, 30])
def test_grid_costs_the_same_for_one_and_thirty_series(
    signed_in, department, number, django_assert_num_queries
):
    one = fill(department, number)

    with django_assert_num_queries(22):
        response = signed_in.get(grid_address(one))

    assert len(response.context["grid"].cells) == 2 * number
    # With every field of every cell, a page stays a fraction of one picture.
    assert len(response.content) < 40_000 + 16_000 * number


# The grid


@pytest.mark.parametrize("path", [TASKS, "/entry/1/", "/entry/1/990000.pass-rate.all/2020/"])
@pytest.mark.parametrize("open_reading", [True, False])
def test_pages_need_login_even_where_reading_is_open(client, settings, path, open_reading):
    settings.OPEN_READING = open_reading

    response = client.get(path)

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=")


def test_grid_has_the_departments_series_as_rows_and_the_years_as_columns(signed_in, department):
    one = make_round(department.area, 2019, 2020)
    series = make_owed(department)
    make_owed(make_department(name_zh="省林业厅"), "other")
    make_version(series, 2020)

    response = signed_in.get(grid_address(one))

    assert response.status_code == 200
    assert cells_of(response) == [
        (series.code, 2019, CellState.EMPTY),
        (series.code, 2020, CellState.DRAFT),
    ]


def test_a_row_shows_the_targets_and_the_last_five_years_beside_the_rounds_own(
    signed_in, department
):
    one = make_round(department.area, 2019)
    series = make_owed(department, value="98", target_year=2020)
    for year in range(2011, 2021):
        make_figure(series, year, f"{year - 1920}.50")

    response = signed_in.get(grid_address(one))

    row = response.context["grid"].groups[0].rows[0]
    assert [(each.year, each.text) for each in row.past] == [
        (2018, "98.50"), (2017, "97.50"), (2016, "96.50"), (2015, "95.50"), (2014, "94.50"),
    ]  # fmt: skip
    page = response.content.decode()
    assert '<span class="num nowrap">≥ 98 %, 2020</span>' in page
    assert "98.50" in page


def test_a_missing_figure_of_an_earlier_year_is_a_dash_with_its_reason(signed_in, department):
    one = make_round(department.area, 2019)
    make_figure(make_owed(department), 2018, None)

    page = signed_in.get(grid_address(one)).content.decode()

    assert '<span title="未统计">—</span>' in page


def test_rows_are_grouped_by_department_and_domain_where_there_are_several(
    client, official, department
):
    other = make_department(name_zh="省林业厅", name_en="Forestry")
    make_post(official, Role.OFFICIAL, department=other)
    client.force_login(official)
    one = make_round(department.area, 2020)
    make_owed(department)
    environment = make_domain("environment", name_en="Environment", position=2)
    make_owed(department, "b", domain=environment)
    make_owed(other, "c")
    make_series(scope="d", department=other)

    groups = client.get(grid_address(one)).context["grid"].groups

    assert [group.title for group in groups] == [
        "Agriculture · Products",
        "Agriculture · Environment",
        "Forestry · Products",
        "Forestry · Measuring no target",
    ]


def test_every_input_of_the_grid_is_named_by_indicator_scope_year_and_unit(signed_in, department):
    one = make_round(department.area, 2020)
    series = make_series(scope_en="towns", department=department)

    page = signed_in.get(grid_address(one)).content.decode()

    key = f"{series.pk}-2020"
    label = f'<label class="visually-hidden" for="value-{key}">Pass rate towns 2020 %</label>'
    assert label in page


def test_a_year_that_another_department_reports_has_no_cell(signed_in, department):
    one = make_round(department.area, 2019, 2020)
    series = make_series(department=department)
    series.department_links.update(from_year=2020)

    response = signed_in.get(grid_address(one))

    assert cells_of(response) == [(series.code, 2020, CellState.EMPTY)]
    assert "Another department reports this year" in response.content.decode()


def test_a_closed_round_can_be_read_and_not_written(signed_in, department):
    now = timezone.now()
    one = make_round(
        department.area, 2020, due_at=now - timedelta(days=5), closes_at=now - timedelta(days=1)
    )
    make_series(department=department)

    response = signed_in.get(grid_address(one))

    assert response.context["grid"].is_open is False
    assert [cell.is_editable for cell in response.context["grid"].cells] == [False]
    assert "This round is not open for your department now" in response.content.decode()


def test_what_was_returned_can_be_mended_after_the_round_closed(signed_in, department):
    now = timezone.now()
    one = make_round(department.area, 2019, 2020, due_at=now - timedelta(days=5), closes_at=now)
    series = make_series(department=department)
    reviewer = make_user("reviewer")
    returned = {"state": State.RETURNED, "return_reason": "口径不符", "reviewed_by": reviewer}
    make_version(series, 2019, **returned, returned_by_signer=True)
    make_version(series, 2020, **returned)

    response = signed_in.get(grid_address(one))

    editable = [(cell.year, cell.is_editable) for cell in response.context["grid"].cells]
    assert editable == [(2019, False), (2020, True)]


def test_a_round_that_asks_nothing_of_the_department_says_so(signed_in, department):
    one = make_round(department.area, 2020)

    page = signed_in.get(grid_address(one)).content.decode()

    assert "This round asks your department for no figure." in page


@pytest.mark.parametrize("make", [make_reviewer, make_auditor, make_signer])
def test_those_who_enter_nothing_are_refused_the_grid_and_it_is_recorded(client, department, make):
    one = make_round(department.area, 2020)
    client.force_login(make("somebody"))

    response = client.get(grid_address(one))

    assert response.status_code == 403
    page = response.content.decode()
    assert "You hold no official's post" in page
    assert 'href="/"' in page
    entry = Entry.objects.get(action="denied")
    assert (entry.actor, entry.object) == ("somebody", f"round:{one.pk}")


def test_a_round_of_another_area_is_not_found_and_it_is_recorded(signed_in, department):
    one = make_round(make_area("980000"), 2020)

    response = signed_in.get(grid_address(one))

    assert response.status_code == 404
    assert Entry.objects.get(action="denied").object == f"round:{one.pk}"


@pytest.mark.parametrize("number", ["999", "99999999999999999999"])
def test_a_round_that_does_not_exist_is_not_found(signed_in, department, number):
    assert signed_in.get(f"/entry/{number}/").status_code == 404


# Sending many


def send(client, one, *versions):
    return client.post(f"{grid_address(one)}submit/", {"version": [each.pk for each in versions]})


def test_chosen_drafts_are_sent_and_named(signed_in, official, department):
    one = make_round(department.area, 2019, 2020)
    series = make_series(department=department)
    drafts = [make_version(series, year, entered_by=official) for year in (2019, 2020)]

    response = send(signed_in, one, *drafts)

    assert (response.status_code, response.url) == (302, grid_address(one))
    assert {each.state for each in ObservationVersion.objects.all()} == {State.SUBMITTED}
    page = signed_in.get(response.url).content.decode()
    assert "Submitted: Pass rate 2019, Pass rate 2020." in page


def test_into_how_many_the_common_source_was_filled_is_said(signed_in, official, department):
    one = make_round(department.area, 2020)
    draft = make_version(make_series(department=department), 2020, entered_by=official)

    signed_in.post(f"{grid_address(one)}submit/", {"version": [draft.pk], "filled": "2"})

    page = signed_in.get(grid_address(one)).content.decode()
    assert "The common source was filled into 2 figures." in page
    assert "Submitted: Pass rate 2020." in page


def test_what_two_fields_lack_alike_is_said_once(signed_in, official, department):
    one = make_round(department.area, 2020)
    series = make_owed(department, value="98")
    draft = make_version(series, 2020, "90", entered_by=official)

    response = send(signed_in, one, draft)

    why = "The figure falls short of a target: say why, and what comes next."
    assert response.context["kept"] == [(draft, [why])]


def test_each_figure_is_sent_by_itself_and_what_the_others_lack_is_said(
    signed_in, official, department
):
    one = make_round(department.area, 2019, 2020)
    series = make_series(department=department)
    whole = make_version(series, 2019, entered_by=official)
    lacking = make_version(series, 2020, entered_by=official, source_title="")

    response = send(signed_in, one, whole, lacking)

    whole.refresh_from_db()
    lacking.refresh_from_db()
    assert response.status_code == 422
    assert (whole.state, lacking.state) == (State.SUBMITTED, State.DRAFT)
    assert response.context["sent"] == [whole]
    why = "A figure needs its source when it is submitted."
    assert response.context["kept"] == [(lacking, [why])]
    page = response.content.decode()
    assert "1 figure was submitted" in page
    assert "1 figure was not submitted" in page
    assert why in page


def test_sending_twice_sends_once(signed_in, official, department):
    one = make_round(department.area, 2020)
    draft = make_version(make_series(department=department), 2020, entered_by=official)

    send(signed_in, one, draft)
    send(signed_in, one, draft)

    assert ObservationVersion.objects.get().state == State.SUBMITTED
    assert Entry.objects.filter(action="submit").count() == 1


def test_what_is_no_draft_any_more_is_named_and_stays(signed_in, department):
    one = make_round(department.area, 2020)
    approved = make_figure(make_series(department=department), 2020, "98.4")

    response = send(signed_in, one, approved)

    assert response.status_code == 422
    assert response.context["kept"] == [(approved, ["It is no draft any more: Approved."])]
    assert Entry.objects.get(action="denied").reason == "state"


def test_nothing_chosen_is_said(signed_in, department):
    one = make_round(department.area, 2020)

    response = signed_in.post(f"{grid_address(one)}submit/", {"version": ["", "x", "٣"]})

    assert response.status_code == 302
    page = signed_in.get(response.url).content.decode()
    assert "Choose at least one saved figure to submit." in page


def test_drafts_of_other_departments_are_never_sent_and_the_attempt_is_recorded(
    signed_in, official, department
):
    one = make_round(department.area, 2020)
    own = make_version(make_series(department=department), 2020, entered_by=official)
    other = make_series(scope="other", department=make_department(name_zh="省林业厅"))
    foreign = make_version(other, 2020)

    alone = send(signed_in, one, foreign)
    among_others = send(signed_in, one, own, foreign)

    own.refresh_from_db()
    foreign.refresh_from_db()
    assert (alone.status_code, among_others.status_code) == (404, 302)
    assert (own.state, foreign.state) == (State.SUBMITTED, State.DRAFT)
    about = Entry.objects.filter(action="denied").values_list("object", flat=True)
    assert list(about) == [f"round:{one.pk}"] * 2


def test_a_signer_cannot_send(client, department):
    one = make_round(department.area, 2020)
    draft = make_version(make_series(department=department), 2020)
    client.force_login(make_signer("signer", department))

    assert send(client, one, draft).status_code == 403
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_whoever_enters_for_a_successor_enters_for_what_it_succeeded(client, department):
    today = make_department(name_zh="省农业农村厅", name_en="Agriculture and rural affairs")
    department.successor = today
    department.save()
    one = make_round(department.area, 2020)
    series = make_series(department=department)
    client.force_login(make_official("newcomer", today))

    response = client.get(grid_address(one))

    assert cells_of(response) == [(series.code, 2020, CellState.EMPTY)]
    assert response.context["grid"].groups[0].rows[0].department == today


def test_indicators_with_another_unit_have_no_share_sign(signed_in, department):
    one = make_round(department.area, 2020)
    count = make_indicator("parks", name_en="Parks", unit="个", largest=None)
    make_series(indicator=count, department=department)

    page = signed_in.get(grid_address(one)).content.decode()

    assert "data-rate" not in page
