"""Submitting and recalling."""

from datetime import timedelta

import pytest
from django.utils import timezone

from indicators.enums import State
from targets_site.audit.models import Entry
from tests.factories import (
    make_document,
    make_reading,
    make_signer,
    make_target,
)
from tests.indicators.cell_pages.world import (
    address_of,
    both,
    newest,
    send,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


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
