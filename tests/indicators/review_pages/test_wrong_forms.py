"""What is wrong with a decision is said, and nothing of it lost."""

import pytest

from indicators.enums import State
from targets_site.audit.models import Entry
from tests.indicators.review_pages.world import (
    APPROVE,
    RETURN,
    SIGN,
    SIGN_RETURN,
    key,
    keys,
    state_of,
    text_of,
)

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        pytest.param("", "“Reason” is missing", id="missing"),
        pytest.param("   ", "“Reason” is missing", id="blank"),
        pytest.param("长" * 2001, "“Reason” is too long", id="too-long"),
    ],
)
def test_a_wrong_reason_keeps_what_was_typed_and_ticked(signed_in, mixed, reason, message):
    chosen = [mixed["plain"], mixed["judged"]]

    response = signed_in.post(f"{RETURN}?late=0", {**keys(*chosen), "reason": reason})

    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert f">\n{reason}</textarea>" in page
    assert page.count(" checked>") == 2
    assert f'action="{APPROVE}?late=0"' in page
    assert "<details open>" in page
    assert [state_of(version) for version in chosen] == [State.SUBMITTED] * 2
    assert not Entry.objects.filter(action="denied").exists()


def test_a_wrong_reason_of_one_row_stands_in_that_row(signed_in, mixed):
    version = mixed["plain"]
    data = {**keys(version), "row": key(version), "reason": "长" * 2001}

    response = signed_in.post(RETURN, data)

    forms = {
        row.version: form for _department, rows in response.context["groups"] for row, form in rows
    }
    page = response.content.decode()
    assert response.status_code == 422
    assert [row for row, form in forms.items() if form.errors] == [version]
    assert response.context["bulk"].errors == {}
    assert page.count("长" * 2001) == 1
    assert f'id="return-figure-{version.pk}-reason"' in page
    assert " checked>" not in page


@pytest.mark.parametrize("address", [APPROVE, RETURN, SIGN, SIGN_RETURN])
def test_nothing_chosen_is_said(signed_in, submitted, address):
    response = signed_in.post(address, {"reason": "为什么"})

    assert response.status_code == 422
    assert state_of(submitted) == State.SUBMITTED
    if address in {APPROVE, RETURN}:
        assert "Choose at least one." in text_of(response)
        assert "为什么</textarea>" in response.content.decode()


def test_a_choice_that_no_page_sent_is_refused(signed_in, submitted):
    for chosen in (
        ["x"], ["figure:"], ["figure:-1"], ["figure:1 "], ["figure:٣"], ["indicator:1"], [""],
        ["figure:" + "9" * 40], [f"figure:{number}" for number in range(26)], ["\x00"],
    ):  # fmt: skip
        assert signed_in.post(APPROVE, {"version": chosen}).status_code == 422
