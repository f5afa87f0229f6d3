"""One figure of a series and year: its page, what the grid's script is answered, and every way in
which something is not stored."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from indicators.enums import State
from indicators.models import Attachment, Observation, ObservationVersion
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_auditor,
    make_department,
    make_document,
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
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
PDF = b"%PDF-1.7\nthe letter\n%%EOF"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def department():
    return make_department()


@pytest.fixture
def series(department):
    return make_series(department=department)


@pytest.fixture
def signed_in(client, official):
    client.force_login(official)
    return client


@pytest.fixture
def one(department):
    return make_round(department.area, 2020)


def address_of(series, year=2020, one=None, step=""):
    place = one.pk if one else "series"
    return f"/entry/{place}/{series.code}/{year}/{step}"


def typed(**fields):
    return {"value": "98.5", "source_title": "2020年统计公报", "read_version": "0"} | fields


def send(client, address, fetched, **fields):
    """As the form sends it, or as the grid's script does."""
    headers = {"X-Requested-With": "fetch"} if fetched else {}
    return client.post(address, typed(**fields), headers=headers)


def newest():
    return ObservationVersion.objects.order_by("-number").first()


def denials():
    return list(Entry.objects.filter(action="denied").values_list("object", "reason"))


both = pytest.mark.parametrize("fetched", [True, False], ids=["script", "page"])


# Saving


def test_a_figure_is_saved_by_the_script_and_the_cell_comes_back(signed_in, series, one):
    response = send(signed_in, address_of(series, one=one), True)

    assert response.status_code == 200
    version = newest()
    assert (version.value_as_stated, version.state, version.number) == ("98.5", State.DRAFT, 1)
    cell = response.content.decode()
    assert 'name="read_version" value="1"' in cell
    assert f"Saved {timezone.localtime(version.entered_at):%H:%M}" in cell
    assert "2020年统计公报" in cell
    assert "<html" not in cell


def test_a_figure_is_saved_by_the_form_and_one_is_back_in_the_grid(signed_in, series, one):
    response = send(signed_in, address_of(series, one=one), False)

    assert response.status_code == 302
    assert response.url == f"/entry/{one.pk}/#cell-{series.pk}-2020"
    page = signed_in.get(response.url).content.decode()
    assert "Saved: Pass rate 2020, 98.5 %." in page
    assert newest().value == Decimal("98.5")


def test_the_cells_own_page_stays_open_after_saving(signed_in, series, one):
    address = address_of(series, one=one)

    response = send(signed_in, address, False, step="save")

    assert (response.status_code, response.url) == (302, address)


def test_how_something_was_read_is_said(signed_in, series, one):
    by_script = send(signed_in, address_of(series, one=one), True, value="９８．５％")

    assert "Understood as 98.5 %." in by_script.content.decode()
    assert newest().value_as_stated == "98.5"


def test_a_rate_is_computed_from_its_counts(signed_in, series, one):
    counts = {"value": "", "numerator": "1,970", "denominator": "2000"}

    response = send(signed_in, address_of(series, one=one), True, **counts)

    assert response.status_code == 200
    version = newest()
    assert (version.value, version.numerator, version.denominator) == (
        Decimal("98.5"), 1970, 2000,
    )  # fmt: skip
    assert 'value="98.50"' in response.content.decode()


def test_a_missing_figure_is_saved_with_its_reason(signed_in, series, one):
    response = send(signed_in, address_of(series, one=one), True, value="", missing_reason="未调查")

    assert response.status_code == 200
    assert (newest().value, newest().missing_reason) == (None, "未调查")
    assert "No figure: 未调查" in response.content.decode()


def test_every_field_is_stored_and_comes_back(signed_in, series, one):
    said = {
        "bound": "at_least",
        "obs_status": "BP",
        "source_url": "https://example.gov.cn/1",
        "published_as": "合格率",
        "published_on": "2021-03",
        "remark": "初步数",
        "shortfall_reason": "样本少",
        "next_steps": "增加抽样",
    }

    response = send(signed_in, address_of(series, one=one), True, **said)

    assert response.status_code == 200
    version = newest()
    assert {name: getattr(version, name) for name in said} == said
    cell = response.content.decode()
    assert [name for name in said if f'name="{name}" value="{said[name]}"' not in cell] == []


def test_a_doubled_save_makes_one_version(signed_in, series, one):
    send(signed_in, address_of(series, one=one), True)
    again = send(signed_in, address_of(series, one=one), True)

    assert again.status_code == 200
    assert ObservationVersion.objects.count() == 1


def test_saving_asks_a_bounded_number_of_questions(
    signed_in, series, one, django_assert_num_queries
):
    make_reading(make_target(), series)
    make_figure(series, 2018, "98.4")
    address = address_of(series, one=one)
    send(signed_in, address, True)

    # Who asks and the last figure in force among them.
    with django_assert_num_queries(14):
        send(signed_in, address, True, value="98.6", read_version="1")


# Preview


@pytest.mark.parametrize(
    ("value", "word", "asks"), [("98.5", "Achieved", False), ("96", "Missed", True)]
)
def test_the_verdict_is_foreseen_and_where_it_falls_short_the_reason_is_asked_for(
    signed_in, series, one, value, word, asks
):
    make_reading(make_target(), series)

    saved = send(signed_in, address_of(series, one=one), True, value=value).content.decode()
    cell = signed_in.get(
        address_of(series, one=one), headers={"X-Requested-With": "fetch"}
    ).content.decode()

    assert "Preview, seen by your department only" not in saved
    assert "Preview, seen by your department only" in cell
    assert word in cell
    assert ("Falls short: say why, and what comes next" in cell) is asks


# Wrong and unconfirmed input


@both
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"value": "62%%"}, "takes a number only", id="no-number"),
        pytest.param({"value": ""}, "type it, or say why there is no figure", id="blank"),
        pytest.param({"value": "101"}, "lies between 0 and 100", id="out-of-range"),
        pytest.param({"source_url": "gopher://x"}, "begin with http:// or https://", id="address"),
        pytest.param({"published_on": "2021-13"}, "write 2020, 2020-06 or 2020-06-05", id="date"),
        pytest.param(
            {"numerator": "90", "denominator": "95"}, "90/95 = 94.74 %, entered 98.5 %", id="counts"
        ),
        pytest.param({"evidence": "999"}, "A file is not there or not yours", id="file"),
    ],
)
def test_wrong_input_is_refused_with_a_reason_and_stays(
    signed_in, series, one, fetched, fields, said
):
    response = send(signed_in, address_of(series, one=one), fetched, **fields)

    assert response.status_code == 422
    assert not ObservationVersion.objects.exists()
    page = response.content.decode()
    assert said in page
    if not fetched:
        assert response.context["form"]["value"].value() == typed(**fields)["value"]


@both
def test_a_rate_that_looks_like_a_fraction_is_confirmed_first(signed_in, series, one, fetched):
    address = address_of(series, one=one)

    asked = send(signed_in, address, fetched, value="0.98")
    page = asked.content.decode()

    assert asked.status_code == 422
    assert "you typed 0.98, that is 0.98 %" in page
    assert 'name="confirmed" value="0.98||"' in page
    other = send(signed_in, address, True, value="0.97", confirmed="0.98||")
    assert other.status_code == 422
    confirmed = send(signed_in, address, fetched, value="0.98", confirmed="0.98||")
    assert confirmed.status_code == (200 if fetched else 302)
    assert newest().value == Decimal("0.98")


@both
def test_an_unusual_change_is_confirmed_first_with_its_figures(signed_in, series, one, fetched):
    make_figure(series, 2018, "98.4")

    response = send(signed_in, address_of(series, one=one), fetched, value="80")

    assert response.status_code == 422
    assert not Observation.objects.filter(year=2020).exists()
    said = "98.4 % in 2018, now 80 % for 2020: a change of −18.4 percentage points, more than 10."
    assert said in response.content.decode()


def test_meeting_a_target_exactly_is_not_asked_about(signed_in, series, one):
    make_reading(make_target(value="98"), series)
    make_figure(series, 2019, "97.5")

    assert send(signed_in, address_of(series, one=one), True, value="98").status_code == 200


# Conflicts, wrong states, closed rounds


@pytest.fixture
def colleague(department):
    return make_official("colleague", department)


def stored_meanwhile(client, series, one, colleague, official, **fields):
    client.force_login(colleague)
    send(client, address_of(series, one=one), True, value="97.7", **fields)
    client.force_login(official)


@both
def test_the_second_of_two_gets_both_values_and_a_way_to_decide(
    client, official, colleague, series, one, fetched
):
    stored_meanwhile(client, series, one, colleague, official)

    response = send(client, address_of(series, one=one), fetched, value="98.8")

    assert response.status_code == 409
    page = response.content.decode()
    assert "97.7 %" in page
    assert "98.8 %" in page
    assert "colleague" in page
    assert f"{timezone.localtime():%H:}" in page
    assert ObservationVersion.objects.count() == 1
    assert denials() == [(f"observation:{series.code}:2020", "conflict")]


def test_a_conflict_is_solved_by_saving_ones_own_knowingly(
    client, official, colleague, series, one
):
    stored_meanwhile(client, series, one, colleague, official)
    conflict = send(client, address_of(series, one=one), True, value="98.8").content.decode()
    assert 'name="read_version" value="1"' in conflict

    response = send(client, address_of(series, one=one), True, value="98.8", read_version="1")

    assert response.status_code == 200
    assert [each.value_as_stated for each in ObservationVersion.objects.order_by("number")] == [
        "97.7", "98.8",
    ]  # fmt: skip


def test_the_page_of_a_conflict_carries_the_version_that_was_shown(
    client, official, colleague, series, one
):
    stored_meanwhile(client, series, one, colleague, official)

    response = send(client, address_of(series, one=one), False, value="98.8")

    assert response.context["form"]["read_version"].value() == "1"
    assert response.context["form"]["value"].value() == "98.8"


@both
def test_what_was_handed_in_is_not_changed(signed_in, series, one, fetched):
    send(signed_in, address_of(series, one=one), True)
    signed_in.post(address_of(series, one=one, step="submit/"), {"version": newest().pk})

    response = send(signed_in, address_of(series, one=one), fetched, value="97", read_version="1")

    assert response.status_code == 409
    page = response.content.decode()
    assert "Nothing was stored: the figure is now “Submitted”." in page
    assert ObservationVersion.objects.count() == 1
    assert denials() == [(f"observation:{series.code}:2020", "state")]


@both
@pytest.mark.parametrize("within", [True, False], ids=["in-the-round", "outside"])
def test_after_the_round_closed_nothing_new_is_stored(
    signed_in, series, department, fetched, within
):
    now = timezone.now()
    closed = make_round(department.area, 2020, due_at=now - timedelta(days=2), closes_at=now)

    response = send(signed_in, address_of(series, one=closed if within else None), fetched)

    assert response.status_code == 409
    assert "No round asks for this year now, so nothing was stored." in response.content.decode()
    assert not ObservationVersion.objects.exists()
    assert denials() == [(f"observation:{series.code}:2020", "closed")]


def test_somebody_else_signed_in_since_the_page_was_opened(signed_in, official, series, one):
    opened_by = {"X-Requested-With": "fetch", "X-Person": str(official.pk + 1)}

    response = signed_in.post(address_of(series, one=one), typed(), headers=opened_by)

    assert response.status_code == 403
    assert "You are signed in as official now" in response.content.decode()
    assert not ObservationVersion.objects.exists()


# Corrections


@both
def test_what_is_in_force_is_corrected_with_a_reason_only(signed_in, series, fetched):
    make_figure(series, 2018, "98.4")
    address = address_of(series, 2018)

    bare = send(signed_in, address, fetched, value="98.3", read_version="1")

    assert bare.status_code == 422
    assert "What is in force is corrected only with a reason." in bare.content.decode()
    with_reason = {"value": "98.3", "read_version": "1", "correction_reason": "统计口径更正"}
    assert send(signed_in, address, fetched, **with_reason).status_code in {200, 302}
    version = newest()
    assert (version.value_as_stated, version.correction_reason) == ("98.3", "统计口径更正")
    assert version.observation.in_force.value_as_stated == "98.4"


def test_a_correction_starts_from_the_figure_and_says_its_source_anew(signed_in, series):
    make_figure(series, 2018, "98.40", remark="全省", entered_by=make_user("colleague"))

    response = signed_in.get(address_of(series, 2018))

    initial = response.context["form"].initial
    assert initial == {"value": "98.40", "remark": "全省", "read_version": 1, "evidence": []}


def test_a_correction_of_reference_data_starts_without_their_remark(signed_in, series):
    make_figure(series, 2018, "98.40", remark="覆盖较全，作主序列")

    initial = signed_in.get(address_of(series, 2018)).context["form"].initial

    assert "remark" not in initial


def test_a_correction_that_was_saved_keeps_its_reason_and_shows_what_is_in_force(
    signed_in, series, department
):
    one = make_round(department.area, 2018)
    make_figure(series, 2018, "98.40")
    reason = {"correction_reason": "口径更正", "read_version": "1"}

    cell = send(signed_in, address_of(series, 2018, one), True, **reason).content.decode()

    assert 'name="correction_reason" value="口径更正"' in cell
    assert "In force:" in cell
    assert "98.40 %" in cell


# Submitting and recalling


@both
def test_a_draft_is_submitted_and_recalled(signed_in, series, one, fetched):
    headers = {"X-Requested-With": "fetch"} if fetched else {}
    send(signed_in, address_of(series, one=one), True)
    draft = newest()

    sent = signed_in.post(
        address_of(series, one=one, step="submit/"), {"version": draft.pk}, headers=headers
    )

    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED
    assert sent.status_code == (200 if fetched else 302)
    if fetched:
        assert 'data-state="submitted"' in sent.content.decode()
        assert "readonly" in sent.content.decode()
    back = signed_in.post(
        address_of(series, one=one, step="recall/"), {"version": draft.pk}, headers=headers
    )
    assert back.status_code == (200 if fetched else 302)
    draft.refresh_from_db()
    assert (draft.state, newest().state, newest().value) == (
        State.RECALLED, State.DRAFT, draft.value,
    )  # fmt: skip


def test_a_department_with_a_signer_waits_for_the_signature(signed_in, series, one, department):
    make_signer("signer", department)
    send(signed_in, address_of(series, one=one), True)

    response = signed_in.post(
        address_of(series, one=one, step="submit/"),
        {"version": newest().pk},
        headers={"X-Requested-With": "fetch"},
    )

    assert 'data-state="to_sign"' in response.content.decode()


@both
def test_an_incomplete_figure_is_not_submitted_and_what_it_lacks_is_said(
    signed_in, series, one, fetched
):
    headers = {"X-Requested-With": "fetch"} if fetched else {}
    make_reading(make_target(), series)
    send(signed_in, address_of(series, one=one), True, value="96", source_title="")

    response = signed_in.post(
        address_of(series, one=one, step="submit/"), {"version": newest().pk}, headers=headers
    )

    assert response.status_code == 422
    page = response.content.decode()
    assert "A figure needs its source when it is submitted." in page
    assert "The figure falls short of a target: say why, and what comes next." in page
    assert newest().state == State.DRAFT


def test_the_script_gets_the_stored_cell_with_what_it_lacks(signed_in, series, one):
    make_reading(make_target(), series)
    send(signed_in, address_of(series, one=one), True, value="96", next_steps="再查")

    response = signed_in.post(
        address_of(series, one=one, step="submit/"),
        {"version": newest().pk},
        headers={"X-Requested-With": "fetch"},
    )

    assert response.status_code == 422
    page = response.content.decode()
    assert 'data-state="draft"' in page
    assert f'name="version" value="{newest().pk}" form="submit-many" checked' in " ".join(
        page.split()
    )
    assert ", not submitted:" in page
    why = "The figure falls short of a target: say why."
    assert f'<span data-field="shortfall_reason">{why}</span>' in page
    assert "Missed" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({}, "Quality outline", id="twice-the-same"),
        pytest.param({"kind": "hold"}, "Another outline", id="other-verdict"),
    ],
)
def test_promises_that_look_alike_are_shown_once_or_with_their_documents(
    signed_in, series, one, fields, said
):
    make_reading(make_target(), series)
    other = make_document("plan-other", title_en="Another outline")
    make_reading(make_target("plan-other-001", other, **fields), series)
    send(signed_in, address_of(series, one=one), True, value="96")

    page = signed_in.get(
        address_of(series, one=one), headers={"X-Requested-With": "fetch"}
    ).content.decode()

    preview = page[page.index("cell__preview") :]
    assert preview.count('class="badge ') == (2 if fields else 1)
    assert (said in preview) is bool(fields)


def test_save_and_submit_keeps_what_was_saved_where_it_cannot_be_sent(signed_in, series, one):
    address = address_of(series, one=one)

    response = send(signed_in, address, False, source_title="", step="submit")

    assert response.status_code == 422
    assert newest().state == State.DRAFT
    assert response.context["form"]["read_version"].value() == "1"
    assert "Saved: Pass rate 2020, 98.5 %." in response.content.decode()
    mended = send(signed_in, address, False, read_version="1", step="submit")
    assert (mended.status_code, mended.url) == (302, address)
    assert (newest().number, newest().state) == (2, State.SUBMITTED)


def test_only_the_sender_recalls(client, official, colleague, series, one):
    client.force_login(colleague)
    send(client, address_of(series, one=one), True)
    client.post(address_of(series, one=one, step="submit/"), {"version": newest().pk})
    client.force_login(official)

    response = client.post(address_of(series, one=one, step="recall/"), {"version": newest().pk})

    assert response.status_code == 403
    assert newest().state == State.SUBMITTED
    page = client.get(address_of(series, one=one)).content.decode()
    assert "recall/" not in page


@both
def test_after_the_round_has_closed_nothing_is_recalled(signed_in, series, one, fetched):
    headers = {"X-Requested-With": "fetch"} if fetched else {}
    send(signed_in, address_of(series, one=one), False, step="submit")
    address = address_of(series, one=one)
    before = [signed_in.get(each).content.decode() for each in (address, f"/entry/{one.pk}/")]
    now = timezone.now()
    type(one).objects.filter(pk=one.pk).update(due_at=now - timedelta(1), closes_at=now)
    after = [signed_in.get(each).content.decode() for each in (address, f"/entry/{one.pk}/")]

    response = signed_in.post(f"{address}recall/", {"version": newest().pk}, headers=headers)

    assert ["recall/" in page for page in (*before, *after)] == [True, True, False, False]
    assert "it can be changed once the reviewers have returned it" in after[0]
    assert response.status_code == 409
    said = "Nothing was recalled: the round has closed. The reviewers can still return it to you."
    assert said in response.content.decode()
    assert (newest().number, newest().state) == (1, State.SUBMITTED)
    assert Entry.objects.filter(action="denied", reason="closed").count() == 1


@pytest.mark.parametrize("step", ["submit/", "recall/"])
@pytest.mark.parametrize("named", ["", "x", "999", "99999999999999999999"])
def test_a_step_with_a_version_that_is_not_of_the_cell_is_not_found(
    signed_in, series, one, department, step, named
):
    response = signed_in.post(address_of(series, one=one, step=step), {"version": named})

    assert response.status_code == 404


# Who may


@pytest.fixture(params=["get", "post", "submit", "recall"])
def ask(request, series, one):
    """Opens the cell, saves it, submits it or recalls it."""

    def open_or_send(client, fetched=False, **headers):
        headers |= {"X-Requested-With": "fetch"} if fetched else {}
        if request.param == "get":
            return client.get(address_of(series, one=one), headers=headers)
        step = "" if request.param == "post" else f"{request.param}/"
        fields = typed(version=newest().pk)
        return client.post(address_of(series, one=one, step=step), fields, headers=headers)

    return open_or_send


@pytest.fixture
def _drafted(client, official, series, one):
    client.force_login(official)
    send(client, address_of(series, one=one), True, value="91.7")
    client.logout()


@pytest.mark.usefixtures("_drafted")
@both
def test_a_cell_of_another_department_is_not_found_and_it_is_recorded(client, series, ask, fetched):
    client.force_login(make_official("forester", make_department(name_zh="省林业厅")))

    response = ask(client, fetched)

    assert response.status_code == 404
    assert "91.7" not in response.content.decode()
    assert denials()[-1][0] == f"observation:{series.code}:2020"
    assert (ObservationVersion.objects.count(), newest().state) == (1, State.DRAFT)


def make_leader(name, department):
    user = make_user(name)
    make_post(user, Role.LEADER, area=department.area)
    return user


@pytest.mark.usefixtures("_drafted")
@pytest.mark.parametrize(
    "make",
    [
        lambda department: make_leader("leader", department),
        lambda department: make_reviewer("reviewer"),
        lambda department: make_auditor("auditor"),
        lambda department: make_signer("signer", department),
        lambda department: make_user("nobody"),
    ],
    ids=["leader", "reviewer", "auditor", "signer", "nobody"],
)
def test_those_who_enter_nothing_are_refused_and_it_is_recorded(
    client, series, department, ask, make
):
    somebody = make(department)
    client.force_login(somebody)

    response = ask(client)

    assert response.status_code == 403
    assert "91.7" not in response.content.decode()
    entry = Entry.objects.filter(action="denied").latest("seq")
    assert (entry.actor, entry.object) == (
        somebody.username, f"observation:{series.code}:2020",
    )  # fmt: skip
    assert (ObservationVersion.objects.count(), newest().state) == (1, State.DRAFT)


@pytest.mark.usefixtures("_drafted")
@both
def test_a_page_of_somebody_else_shows_nothing_to_those_who_may_not_see_it(
    client, series, department, ask, fetched
):
    client.force_login(make_leader("leader", department))

    response = ask(client, fetched, **{"X-Person": "0"})

    assert response.status_code == 403
    assert "91.7" not in response.content.decode()


def test_wrong_input_says_nothing_to_another_department(client, series, one):
    client.force_login(make_official("forester", make_department(name_zh="省林业厅")))

    response = send(client, address_of(series, one=one), True, value="abc")

    assert response.status_code == 404


@pytest.mark.parametrize("year", ["1999", "2100", "abc", "20200", "２０２０"])
def test_a_year_that_nobody_reports_is_not_found(signed_in, series, one, year):
    assert signed_in.get(f"/entry/series/{series.code}/{year}/").status_code == 404


def test_a_year_outside_of_the_round_and_a_round_of_another_area_are_not_found(
    signed_in, series, one
):
    other = make_round(make_area("980000"), 2020)

    assert signed_in.get(address_of(series, 2019, one)).status_code == 404
    assert signed_in.get(address_of(series, 2020, other)).status_code == 404
    assert signed_in.get("/entry/series/990000.unknown.all/2020/").status_code == 404


# The page and its files


def test_the_page_shows_what_is_stored_permitted_and_measured(signed_in, series, one):
    make_reading(make_target(statement_en="Pass rate of 98 %"), series)
    for year in range(2012, 2020):
        make_figure(series, year, "98.50")
    send(signed_in, address_of(series, one=one), True)

    response = signed_in.get(address_of(series, one=one))

    page = response.content.decode()
    assert [each.year for each in response.context["recent"]] == [2019, 2018, 2017, 2016, 2015]
    assert "Between 0 and 100, at most 2 decimals." in page
    assert "Pass rate of 98 %" in page
    assert "Preview, seen by your department only" in page
    assert 'value="98.5"' in page


def test_a_returned_figure_shows_why_and_what_was_typed(signed_in, series, one):
    reviewer = make_user("reviewer", full_name="Reviewer Li")
    version = make_figure(
        series, 2020, "98.40", state=State.RETURNED, return_reason="口径不符",
        reviewed_by=reviewer,
    )  # fmt: skip
    Observation.objects.update(in_force=None, working=version)

    response = signed_in.get(address_of(series, one=one))

    assert response.context["form"].initial["value"] == "98.40"
    assert "Returned by Reviewer Li: 口径不符" in response.content.decode()


def test_a_count_has_no_numerator(signed_in, department, one):
    count = make_indicator("parks", name_en="Parks", unit="个", largest=None)
    series = make_series(indicator=count, department=department)

    form = signed_in.get(address_of(series, one=one)).context["form"]

    assert "numerator" not in form.fields
    response = send(signed_in, address_of(series, one=one), True, value="5", numerator="1")
    assert response.status_code == 200
    assert newest().numerator is None


def test_evidence_comes_with_the_form_and_stays_with_the_figure(signed_in, series, one):
    letter = SimpleUploadedFile("来函.pdf", PDF, content_type="application/pdf")

    send(signed_in, address_of(series, one=one), False, evidence_file=letter, step="save")

    attached = Attachment.objects.get()
    assert list(newest().evidence.all()) == [attached]
    page = signed_in.get(address_of(series, one=one))
    assert "来函.pdf" in page.content.decode()
    kept = {"evidence": attached.pk, "value": "98.6", "read_version": "1"}
    cell = send(signed_in, address_of(series, one=one), True, **kept).content.decode()
    assert list(newest().evidence.all()) == [attached]
    assert 'data-name="来函.pdf"' in cell
    assert "1 evidence file" in cell


def test_a_file_that_is_not_taken_stores_nothing(signed_in, series, one):
    program = SimpleUploadedFile("tool.exe", b"MZ", content_type="application/pdf")

    response = send(signed_in, address_of(series, one=one), False, evidence_file=program)

    assert response.status_code == 422
    assert "is of another kind" in response.content.decode()
    assert not ObservationVersion.objects.exists()


def test_a_file_that_was_named_survives_a_conflict(client, official, colleague, series, one):
    stored_meanwhile(client, series, one, colleague, official)
    named = Attachment.objects.create(
        name="来函.pdf", size=1, department=official.posts.get().department, added_by=official
    )

    response = send(client, address_of(series, one=one), False, evidence=named.pk)

    assert response.status_code == 409
    assert f'name="evidence" value="{named.pk}"' in response.content.decode()


def test_files_of_other_departments_cannot_be_attached(signed_in, series, one):
    other = make_department(name_zh="省林业厅")
    stranger = make_official("forester", other)
    foreign = Attachment.objects.create(
        name="内部.pdf", size=1, department=other, added_by=stranger
    )

    response = send(signed_in, address_of(series, one=one), True, evidence=foreign.pk)

    assert response.status_code == 422
    assert "内部" not in response.content.decode()


def test_what_people_type_is_escaped(signed_in, series, one):
    nasty = '"><script>alert(1)</script>'

    cell = send(
        signed_in, address_of(series, one=one), True, remark=nasty, source_title=nasty
    ).content.decode()

    assert newest().remark == nasty
    assert "<script>" not in cell


def test_addresses_have_their_names(series, one):
    args = [one.pk, series.code, 2020]
    assert reverse("indicators:cell", args=args) == address_of(series, one=one)
    assert reverse("indicators:correct", args=args[1:]) == address_of(series)
    for step in ("submit", "recall"):
        name = f"indicators:{step}_cell"
        assert reverse(name, args=args) == address_of(series, one=one, step=f"{step}/")
        assert reverse(name, args=args[1:]) == address_of(series, step=f"{step}/")
    assert reverse("indicators:grid", args=args[:1]) == f"/entry/{one.pk}/"
