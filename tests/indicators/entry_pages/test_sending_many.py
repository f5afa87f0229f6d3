"""Many figures sent at once."""

import pytest

from indicators.enums import CellState, State
from indicators.models import (
    ObservationVersion,
)
from targets_site.audit.models import Entry
from tests.factories import (
    make_department,
    make_figure,
    make_indicator,
    make_official,
    make_round,
    make_series,
    make_signer,
)
from tests.indicators.entry_pages.world import cells_of, grid_address, make_owed, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


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
