"""The pages on which reviewers decide on figures and judgements, and signers sign them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from indicators.actions import entry, judgements, workflow
from indicators.actions.entry import EnteredFigure
from indicators.enums import Outcome, State, Step
from indicators.models import (
    Attachment,
    JudgementVersion,
    Observation,
    RoundException,
    SeriesDepartment,
    StaleRow,
)
from indicators.queries.waiting import Key, Work
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
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
    make_text_target,
    make_user,
    name_department,
)

pytestmark = pytest.mark.usefixtures("in_english")

QUEUE, APPROVE, RETURN = "/review/", "/review/approve/", "/review/return/"
SIGN_QUEUE, SIGN, SIGN_RETURN = "/review/sign/", "/review/sign/sign/", "/review/sign/return/"


@pytest.fixture
def department(db):
    return make_department()


@pytest.fixture
def official(department):
    return make_official("official", department)


@pytest.fixture
def reviewer(db):
    return make_reviewer("reviewer")


@pytest.fixture
def signed_in(client, reviewer):
    client.force_login(reviewer)
    return client


@pytest.fixture
def round_2020(db):
    return make_round(None, 2020, name="2020 report")


@pytest.fixture
def series(department):
    return make_series(department=department)


@pytest.fixture
def submitted(series, round_2020, official):
    return submit(series, 2020, "98.50", by=official)


def submit(series, year, value, *, by, read_version=None, correction_reason="", **fields):
    """The next version of a figure, sent on as the official does."""
    exact = Decimal(value)
    figure = EnteredFigure(
        exact, -exact.as_tuple().exponent, **{"source_title": "统计公报", **fields}
    )
    version = entry.save(
        series=series,
        year=year,
        figure=figure,
        read_version=read_version,
        by=by,
        correction_reason=correction_reason,
    )
    return entry.submit(version=version, by=by)


def submit_judgement(target, *, by, year=2020, narrative="已建成", **fields):
    version = judgements.save(
        target=target,
        year=year,
        outcome=Outcome.DONE,
        narrative=narrative,
        read_version=None,
        by=by,
        **fields,
    )
    return judgements.submit(version=version, by=by)


def attach(name, *, by):
    return Attachment.objects.create(
        file=ContentFile(b"x", name="x"), name=name, media_type="application/pdf", size=1,
        sha256="0" * 64, department=by.posts.get().department, added_by=by,
    )  # fmt: skip


def key(version):
    return str(Key.of(version))


def keys(*versions):
    return {"version": [key(version) for version in versions]}


def rows_of(response):
    return [row for _department, rows in response.context["groups"] for row, _form in rows]


def text_of(response):
    return " ".join(response.content.decode().split())


def state_of(version):
    version.refresh_from_db()
    return version.state


@pytest.fixture(autouse=True)
def _english_beside_requests():
    """Rows say what they say in the language of whoever asks them."""
    with translation.override("en"):
        yield


# The queue


def test_queue_shows_what_a_reviewer_compares_with(signed_in, series, official, round_2020):
    make_figure(series, 2019, "97.25")
    make_reading(make_target(value="98"), series)
    elsewhere = make_area("340000", name_en="Anhui")
    make_figure(make_series(area=elsewhere), 2020, "99.10")
    file = attach("证明.pdf", by=official)
    version = submit(
        series, 2020, "97.50", by=official, numerator=Decimal(195), denominator=Decimal(200),
        obs_status="P", remark="快报数", shortfall_reason="批次少", next_steps="加大抽检",
        source_url="https://example.gov.cn/1", evidence=frozenset({file.pk}),
    )  # fmt: skip

    response = signed_in.get(QUEUE)

    [row] = rows_of(response)
    page = text_of(response)
    assert (row.version, row.hand) == (version, None)
    assert (row.year_before.value_as_stated, row.change) == ("97.25", Decimal("0.25"))
    assert [(line.target.code, line.status) for line in row.targets] == [
        ("plan-2011-001", "missed")
    ]
    assert [each.series.area.code for each in row.others] == ["340000"]
    for shown in (
        "97.50 %", "97.25 %", "+0.25 points", "≥ 98 %", "Missed", "Anhui", "99.10 %",
        "Numerator 195, denominator 200", "Provisional", "快报数", "批次少", "加大抽检", "统计公报",
        'href="https://example.gov.cn/1"', f'href="/entry/attachments/{file.pk}/"', "证明.pdf",
        "Not comparable: each area samples other products.", "2020 report",
        f'value="{key(version)}"',
    ):  # fmt: skip
        assert shown in page


def test_queue_names_areas_side_by_side_without_a_warning_where_they_compare(
    signed_in, department, official, round_2020
):
    covered = make_indicator("forest-cover", name_zh="森林覆盖率")
    submit(make_series(indicator=covered, department=department), 2020, "62", by=official)
    make_figure(make_series(area=make_area("340000"), indicator=covered), 2020, "28")

    page = text_of(signed_in.get(QUEUE))

    assert "28 %" in page
    assert "Not comparable" not in page


def test_other_areas_are_a_few_of_the_same_level_and_year(signed_in, submitted):
    for number in range(8):
        area = make_area(f"10000{number}")
        make_figure(make_series(area=area), 2020, "90")
    make_figure(make_series(area=make_area("110101", level="county")), 2020, "90")
    make_figure(make_series(area=make_area("200000")), 2019, "90")

    [row] = rows_of(signed_in.get(QUEUE))

    assert [each.series.area.code for each in row.others] == [
        "100000", "100001", "100002", "100003", "100004",
    ]  # fmt: skip


def test_targets_are_those_whose_period_holds_the_year(signed_in, series, official, round_2020):
    later = make_document("plan-2021", start_year=2021, end_year=2025)
    for target in (
        make_target("plan-2021-001", later, target_year=2025),
        make_target("plan-2011-001", target_year=2015),
        make_target("plan-2011-002"),
    ):
        make_reading(target, series)
    submit(series, 2020, "99", by=official)

    [row] = rows_of(signed_in.get(QUEUE))

    assert [(line.target.code, line.status) for line in row.targets] == [
        ("plan-2011-002", "achieved")
    ]


def test_a_figure_that_is_missing_has_its_reason_and_no_verdict(signed_in, series, official):
    make_round(None, 2020)
    make_reading(make_target(), series)
    version = entry.save(
        series=series, year=2020, read_version=None, by=official,
        figure=EnteredFigure(None, missing_reason="当年未抽检", source_title="说明"),
    )  # fmt: skip
    entry.submit(version=version, by=official)

    response = signed_in.get(QUEUE)

    [row] = rows_of(response)
    assert [(line.target.code, line.status) for line in row.targets] == [("plan-2011-001", "")]
    assert "当年未抽检" in text_of(response)


def test_queue_holds_judgements_beside_figures(signed_in, submitted, department, official):
    target = make_text_target()
    name_department(target, department)
    judged = submit_judgement(target, by=official)

    response = signed_in.get(QUEUE)

    assert [row.version for row in rows_of(response)] == [submitted, judged]
    for shown in ("Done", "已建成", "plan-2011-900", "Judgement"):
        assert shown in text_of(response)


def test_queue_is_of_the_reviewers_areas_and_what_left_the_department(
    signed_in, submitted, department, official
):
    other = make_department(make_area("340000"))
    make_round(other.area, 2020)
    submit(make_series(area=other.area, department=other), 2020, "98", by=make_official("o", other))
    draft = make_series(scope="draft", department=department)
    entry.save(
        series=draft, year=2020, figure=EnteredFigure(Decimal(97)), read_version=None, by=official
    )

    assert [row.version for row in rows_of(signed_in.get(QUEUE))] == [submitted]


def test_queue_is_grouped_by_the_department_of_today(signed_in, series, official, round_2020):
    new = make_department(name_zh="省农业农村厅", name_en="Rural affairs")
    old = series.department_links.get().department
    old.successor = new
    old.save()
    submit(series, 2020, "98", by=official)
    judged = make_text_target()
    submit_judgement(judged, by=official)

    groups = signed_in.get(QUEUE).context["groups"]

    assert [(department, len(rows)) for department, rows in groups] == [(new, 1), (None, 1)]


def test_queue_is_honest_when_empty(signed_in):
    assert "No figure waits for a decision." in text_of(signed_in.get(QUEUE))


@pytest.mark.parametrize("role", [each for each in Role.values if each != Role.REVIEWER])
def test_queue_is_honest_for_somebody_without_the_post(client, submitted, department, role):
    user = make_user("other")
    make_post(user, role, department=department)
    client.force_login(user)

    response = client.get(QUEUE)

    assert response.status_code == 200
    assert "There is nothing for you to review." in text_of(response)
    assert "98.50" not in text_of(response)


def queries_of(client, address):
    """How many queries a page costs."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_queue_costs_the_same_for_one_and_thirty_figures(
    signed_in, official, department, round_2020
):
    costs = []
    for each in range(30):
        series = make_series(scope=f"s{each}", department=department)
        target = make_text_target(f"plan-2012-{each:03}")
        name_department(target, department)
        make_reading(make_target(f"plan-2011-{each:03}"), series)
        make_figure(series, 2018, "96")
        make_figure(series, 2019, "97")
        make_figure(make_series(area=make_area("340000"), scope=f"s{each}"), 2020, "98")
        submit(series, 2018, "97", by=official, read_version=1, correction_reason="笔误")
        submit(series, 2020, "98", by=official)
        submit_judgement(target, by=official)
        if each in {0, 29}:
            costs.append(queries_of(signed_in, QUEUE))

    assert costs[0] == costs[1]
    assert costs[1] <= 25


@pytest.fixture
def more_than_a_page(series, official):
    """27 figures."""
    make_round(None, *range(1990, 2017))
    return [submit(series, year, "98", by=official) for year in range(1990, 2017)]


def test_queue_comes_in_pages(signed_in, more_than_a_page):
    first, second = signed_in.get(QUEUE), signed_in.get(QUEUE, {"page": "2"})

    shown = [[row.version for row in rows_of(page)] for page in (first, second)]
    assert shown == [more_than_a_page[:25], more_than_a_page[25:]]
    assert "27 wait for a decision" in text_of(first)
    assert 'href="/review/?page=2"' in text_of(first)


def test_queue_opens_whatever_page_is_asked_for(signed_in, more_than_a_page):
    for number in ("0", "-1", "abc", "99999999999999999999", "\x00"):
        assert signed_in.get(QUEUE, {"page": number}).status_code == 200


# Narrowing


@pytest.fixture
def mixed(series, department, official, reviewer, round_2020):
    """By name, one of each kind that waits, of two departments and two areas."""
    overdue = make_round(
        None, 2015, 2018, name="2018 report", due_at=timezone.now() - timedelta(days=1)
    )
    health = make_department(name_zh="省卫生厅", code="990000-health")
    doctor = make_official("doctor", health)
    far = make_area("340000")
    make_post(reviewer, Role.REVIEWER, area=far)
    make_round(far, 2020, name="far report")
    far_department = make_department(far)
    make_figure(series, 2015, "90")
    target = make_text_target()
    name_department(target, department)
    return {
        "plain": submit(series, 2020, "98", by=official),
        "late": submit(series, 2018, "98", by=official),
        "correction": submit(
            series, 2015, "91", by=official, read_version=1, correction_reason="笔误"
        ),
        "judged": submit_judgement(target, by=official),
        "health": submit(
            make_series(scope="health", department=health), 2020, "98", by=doctor
        ),
        "far": submit(
            make_series(area=far, department=far_department), 2020, "98",
            by=make_official("far", far_department),
        ),
        "overdue_round": overdue,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, {"plain", "late", "correction", "judged", "health", "far"}),
        ({"area": "340000"}, {"far"}),
        ({"department": "990000-health"}, {"health"}),
        ({"late": "1"}, {"late"}),
        ({"late": "0"}, {"plain", "correction", "judged", "health", "far"}),
        ({"corrections": "1"}, {"correction"}),
        ({"corrections": "0", "area": "340000"}, {"far"}),
        ({"kind": "judgement"}, {"judged"}),
        ({"kind": "figure", "late": "1"}, {"late"}),
        ({"kind": "judgement", "late": "1"}, set()),
    ],
)
def test_queue_is_narrowed(signed_in, mixed, query, names):
    response = signed_in.get(QUEUE, query)

    assert response.status_code == 200
    assert {row.version for row in rows_of(response)} == {mixed[name] for name in names}


def test_queue_is_narrowed_to_a_round(signed_in, mixed):
    response = signed_in.get(QUEUE, {"round": str(mixed["overdue_round"].pk)})

    assert {row.version for row in rows_of(response)} == {mixed["late"], mixed["correction"]}
    assert text_of(response).count("Came late, due") == 1


def test_an_empty_choice_offers_all(signed_in, mixed):
    page = text_of(signed_in.get(QUEUE, {"kind": "judgement", "late": "1"}))

    assert "Nothing that waits is of this kind." in page
    assert '<a href="/review/">Show all that waits</a>' in page


@pytest.mark.parametrize(
    "name", ["area", "department", "round", "late", "corrections", "kind", "page"]
)
def test_a_wrong_choice_gives_a_message(signed_in, submitted, name):
    for value in ("x", "\x00", "' or 1=1", "<b>"):
        response = signed_in.get(QUEUE, {name: value})

        assert response.status_code == 200
        assert [row.version for row in rows_of(response)] == [submitted]
        assert "it was ignored" in text_of(response)
        assert "<b>" not in text_of(response)


def test_what_was_returned_and_mended_after_the_deadline_is_not_late(
    signed_in, submitted, series, official, reviewer, round_2020
):
    workflow.return_to_official(version=submitted, by=reviewer, reason="口径不符")
    submitted.__class__.objects.filter(pk=submitted.pk).update(
        submitted_at=timezone.now() - timedelta(days=5)
    )
    round_2020.due_at = timezone.now() - timedelta(days=3)
    round_2020.save()
    submit(series, 2020, "98.6", by=official, read_version=1)

    [row] = rows_of(signed_in.get(QUEUE))

    assert (row.waiting.is_late, row.waiting.round) == (False, round_2020)


# Approving


def test_approve_puts_in_force_and_nudges(
    signed_in, submitted, monkeypatch, django_capture_on_commit_callbacks
):
    nudged = []
    monkeypatch.setattr("indicators.views.review.nudge", lambda: nudged.append(1))

    with django_capture_on_commit_callbacks(execute=True):
        response = signed_in.post(APPROVE, keys(submitted), follow=True)

    assert response.redirect_chain == [(QUEUE, 302)]
    assert Observation.objects.get().in_force == submitted
    assert StaleRow.objects.count() == 1
    assert nudged == [1]
    assert "Approved: Pass rate 2020." in text_of(response)


def test_approve_many_at_once_with_one_nudge(
    signed_in, mixed, monkeypatch, django_capture_on_commit_callbacks
):
    nudged = []
    monkeypatch.setattr("indicators.views.review.nudge", lambda: nudged.append(1))
    chosen = [mixed[name] for name in ("plain", "judged", "far")]

    with django_capture_on_commit_callbacks(execute=True):
        response = signed_in.post(f"{APPROVE}?late=0&page=1", keys(*chosen), follow=True)

    assert response.redirect_chain == [("/review/?late=0&page=1", 302)]
    assert [state_of(version) for version in chosen] == [State.APPROVED] * 3
    assert state_of(mixed["health"]) == State.SUBMITTED
    assert nudged == [1]
    assert "Approved: Pass rate 2020 and others, 3 in all." in text_of(response)


def test_a_return_asks_for_no_new_verdicts(
    signed_in, submitted, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("indicators.views.review.nudge", lambda: pytest.fail("nudged"))

    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post(RETURN, {**keys(submitted), "reason": "口径不符"})

    assert state_of(submitted) == State.RETURNED


def test_approve_a_judgement(signed_in, round_2020, department, official):
    judged = submit_judgement(make_text_target(), by=official)

    response = signed_in.post(APPROVE, keys(judged))

    judged.refresh_from_db()
    assert response.status_code == 302
    assert (judged.state, judged.judgement.in_force) == (State.APPROVED, judged)


def test_return_a_judgement(signed_in, round_2020, department, official):
    judged = submit_judgement(make_text_target(), by=official)

    signed_in.post(RETURN, {**keys(judged), "reason": "缺少佐证材料"})

    judged.refresh_from_db()
    assert (judged.state, judged.return_reason) == (State.RETURNED, "缺少佐证材料")


def test_return_stores_the_reason_with_each(signed_in, mixed):
    chosen = [mixed["plain"], mixed["judged"]]

    response = signed_in.post(RETURN, {**keys(*chosen), "reason": "口径不符"}, follow=True)

    assert [state_of(version) for version in chosen] == [State.RETURNED] * 2
    assert [version.return_reason for version in chosen] == ["口径不符"] * 2
    assert "Returned: Pass rate 2020 and others, 2 in all." in text_of(response)


# What is wrong with the form


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


# Rights


def test_nobody_decides_on_what_went_through_his_hands(client, submitted, official):
    make_post(official, Role.REVIEWER)
    client.force_login(official)

    page = text_of(client.get(QUEUE))
    response = client.post(APPROVE, keys(submitted))

    assert "You entered this; somebody else decides on it." in page
    assert f'value="{key(submitted)}"' not in page
    assert response.status_code == 403
    assert "Nobody approves what he entered." in text_of(response)
    assert state_of(submitted) == State.SUBMITTED


@pytest.mark.parametrize("address", [APPROVE, RETURN])
@pytest.mark.parametrize("reason", ["口径不符", ""])
@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.AUDITOR])
def test_who_reads_but_does_not_review_is_refused(
    client, submitted, department, address, reason, role
):
    user = make_user("other")
    make_post(user, role, department=department)
    client.force_login(user)

    response = client.post(address, {**keys(submitted), "reason": reason})

    assert response.status_code == 403
    assert "You do not review the figures of this area." in text_of(response)
    assert state_of(submitted) == State.SUBMITTED
    denied = Entry.objects.get(action="denied")
    assert (denied.actor, denied.object) == ("other", "observation:990000.pass-rate.all:2020")


@pytest.mark.parametrize("address", [APPROVE, RETURN, SIGN, SIGN_RETURN])
@pytest.mark.parametrize(
    "role", [Role.LEADER, Role.STEWARD, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN]
)
def test_for_those_who_cannot_read_it_there_is_none(client, submitted, address, role):
    user = make_user("other")
    make_post(user, role)
    client.force_login(user)

    response = client.post(address, {**keys(submitted), "reason": "口径不符"})

    assert response.status_code == 404
    assert "98.50" not in text_of(response)
    assert "Pass rate" not in text_of(response)
    assert state_of(submitted) == State.SUBMITTED
    assert Entry.objects.get(action="denied").object == key(submitted)


@pytest.mark.parametrize("address", [APPROVE, RETURN])
def test_for_a_reviewer_of_another_area_there_is_none(client, submitted, address):
    client.force_login(make_reviewer("far", make_area("340000")))

    response = client.post(address, {**keys(submitted), "reason": "口径不符"})

    assert response.status_code == 404
    assert "Pass rate" not in text_of(response)
    assert state_of(submitted) == State.SUBMITTED


@pytest.mark.parametrize("what", ["figure:999", "judgement:999", f"figure:{10**18 - 1}"])
def test_an_unknown_version_is_not_found(signed_in, what):
    assert signed_in.post(APPROVE, {"version": what}).status_code == 404
    assert Entry.objects.get(action="denied").object == what


@pytest.mark.parametrize("address", [APPROVE, RETURN, SIGN, SIGN_RETURN])
def test_decisions_are_no_get(signed_in, submitted, address):
    assert signed_in.get(address, keys(submitted)).status_code == 405


@pytest.mark.parametrize("address", [APPROVE, RETURN, SIGN, SIGN_RETURN])
def test_decisions_need_login(client, submitted, address):
    assert client.post(address, {**keys(submitted), "reason": "x"}).status_code == 302
    assert state_of(submitted) == State.SUBMITTED


@pytest.mark.parametrize("address", [APPROVE, RETURN])
def test_decisions_need_the_token_of_the_page(submitted, reviewer, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reviewer)

    refused = client.post(address, {**keys(submitted), "reason": "x"})
    client.get(QUEUE)
    token = client.cookies["csrftoken"].value
    taken = client.post(address, {**keys(submitted), "reason": "x", "csrfmiddlewaretoken": token})

    assert (refused.status_code, taken.status_code) == (403, 302)


# Two at once


def test_the_second_of_two_reviewers_sees_what_the_first_did(signed_in, submitted):
    workflow.return_to_official(version=submitted, by=make_reviewer("first"), reason="口径不符")

    response = signed_in.post(APPROVE, keys(submitted))

    page = text_of(response)
    assert response.status_code == 409
    assert state_of(submitted) == State.RETURNED
    for shown in (
        "Changed since you read it: Pass rate 2020", "What you read", "What stands now", "98.50 %",
        "Returned for correction", "first", "口径不符", "official",
        '<a class="button" href="/review/">', "/review/figure/990000.pass-rate.all/2020/",
    ):  # fmt: skip
        assert shown in page
    [denied] = Entry.objects.filter(action="denied")
    assert (denied.actor, denied.object, denied.reason) == (
        "reviewer",
        "observation:990000.pass-rate.all:2020",
        "approve of version 1: changed meanwhile",
    )


def test_a_newer_version_is_shown_beside_the_one_that_was_read_and_can_be_decided_on(
    signed_in, submitted, series, official
):
    workflow.return_to_official(version=submitted, by=make_reviewer("first"), reason="口径不符")
    newer = submit(series, 2020, "98.6", by=official, read_version=1)

    response = signed_in.post(f"{APPROVE}?late=0", keys(submitted))
    page = text_of(response)
    decided = signed_in.post(APPROVE, keys(newer))

    assert response.status_code == 409
    [(refused, _form)] = response.context["changed"]
    assert (refused.version, refused.stands, refused.row.version) == (submitted, newer, newer)
    for shown in (
        "98.50 %",
        "98.6 %",
        "Returned by first: 口径不符",
        "Decide on what stands now",
        f'value="{key(newer)}"',
    ):
        assert shown in page
    assert f'action="{APPROVE}?late=0"' in page
    assert decided.status_code == 302
    assert Observation.objects.get().in_force == newer


def test_a_draft_that_took_its_place_stays_with_the_department(
    signed_in, submitted, series, official
):
    workflow.return_to_official(version=submitted, by=make_reviewer("first"), reason="口径不符")
    entry.save(
        series=series, year=2020, figure=EnteredFigure(Decimal("55.5"), 1), read_version=1,
        by=official,
    )  # fmt: skip

    response = signed_in.post(APPROVE, keys(submitted))

    assert response.status_code == 409
    assert "55.5" not in text_of(response)
    assert "口径不符" in text_of(response)


def test_what_was_recalled_meanwhile_is_not_there_any_more(signed_in, submitted, official):
    workflow.recall(version=submitted, by=official)

    response = signed_in.post(APPROVE, keys(submitted))

    assert response.status_code == 404
    assert "was taken back by its sender" in text_of(response)
    assert "98.50" not in text_of(response)
    assert Observation.objects.get().in_force is None


def test_each_of_many_is_decided_on_its_own(signed_in, mixed, reviewer):
    workflow.approve(version=mixed["plain"], by=make_reviewer("first"))
    own = mixed["health"]
    own.__class__.objects.filter(pk=own.pk).update(submitted_by=reviewer)
    recalled = mixed["late"]
    workflow.recall(version=recalled, by=recalled.submitted_by)

    response = signed_in.post(
        APPROVE, keys(mixed["plain"], mixed["judged"], own, recalled, mixed["far"])
    )

    assert response.status_code == 409
    assert response.context["done"] == [mixed["judged"], mixed["far"]]
    assert [each.version for each, _form in response.context["changed"]] == [mixed["plain"]]
    assert [each.version for each in response.context["forbidden"]] == [own]
    assert response.context["missing"] == 1
    assert "Some were decided, some were not" in text_of(response)
    assert [state_of(mixed[name]) for name in ("judged", "far", "health", "late")] == [
        State.APPROVED, State.APPROVED, State.SUBMITTED, State.RECALLED,
    ]  # fmt: skip
    assert Entry.objects.filter(action="denied").count() == 3


def test_a_mixture_of_forbidden_and_unknown_says_forbidden(client, submitted, official):
    client.force_login(official)

    response = client.post(APPROVE, {"version": [key(submitted), "figure:999"]})

    assert response.status_code == 403


def test_a_judgement_that_changed_is_shown_with_both(signed_in, round_2020, official):
    judged = submit_judgement(make_text_target(), by=official, narrative="建成三家")
    workflow.approve(version=judged, by=make_reviewer("first"))

    response = signed_in.post(RETURN, {**keys(judged), "reason": "口径不符"})

    assert response.status_code == 409
    assert "Pass rate of at least 98% 2020" in text_of(response)
    assert text_of(response).count("建成三家") == 2


# Corrections


@pytest.fixture
def correction(series, official):
    make_figure(series, 2020, "98.50", source_title="旧公报")
    return submit(series, 2020, "97.10", by=official, read_version=1, correction_reason="原数有误")


def test_a_correction_shows_old_and_new_with_the_reason(signed_in, correction):
    response = signed_in.get(QUEUE)

    [row] = rows_of(response)
    assert row.others == ()
    assert (row.waiting.is_correction, row.in_force.value_as_stated) == (True, "98.50")
    assert [(each.label, each.before, each.after) for each in row.differences] == [
        ("Value", "98.50 %", "97.10 %"),
        ("Source", "旧公报", "统计公报"),
        ("Rests on", "Original", "Reported by the department"),
    ]
    for shown in ("98.50 %", "97.10 %", "原数有误", "Correction"):
        assert shown in text_of(response)


def test_an_approved_correction_takes_the_place_of_the_old_one(signed_in, correction):
    signed_in.post(APPROVE, keys(correction))

    cell = Observation.objects.get()
    assert cell.in_force == correction
    assert [(each.number, each.state) for each in cell.versions.all()] == [
        (1, State.APPROVED),
        (2, State.APPROVED),
    ]


def test_a_returned_correction_leaves_the_old_one_in_force(signed_in, correction):
    signed_in.post(RETURN, {**keys(correction), "reason": "缺少依据"})

    assert Observation.objects.get().in_force.value_as_stated == "98.50"


# Signing


@pytest.fixture
def signer(department):
    return make_signer("signer", department)


@pytest.fixture
def at_signer(signer, series, round_2020, official):
    return submit(series, 2020, "98.50", by=official)


def test_signing_sends_it_to_the_reviewers(client, reviewer, signer, at_signer):
    client.force_login(reviewer)
    before = rows_of(client.get(QUEUE)) if client.get(QUEUE).context["groups"] else []
    client.force_login(signer)
    queue = client.get(SIGN_QUEUE)
    response = client.post(SIGN, keys(at_signer), follow=True)
    client.force_login(reviewer)
    after = rows_of(client.get(QUEUE))

    assert before == []
    assert [row.version for row in rows_of(queue)] == [at_signer]
    assert "1 waits for your signature" in text_of(queue)
    assert response.redirect_chain == [(SIGN_QUEUE, 302)]
    assert "Signed and sent to the reviewers: Pass rate 2020." in text_of(response)
    assert [row.version for row in after] == [at_signer]
    at_signer.refresh_from_db()
    assert (at_signer.state, at_signer.signed_by) == (State.SUBMITTED, signer)


def test_a_signer_returns_with_a_reason(client, signer, at_signer):
    client.force_login(signer)

    without = client.post(SIGN_RETURN, {**keys(at_signer), "reason": ""})
    with_one = client.post(SIGN_RETURN, {**keys(at_signer), "reason": "请附说明"})

    at_signer.refresh_from_db()
    assert (without.status_code, with_one.status_code) == (422, 302)
    assert "“Reason” is missing" in text_of(without)
    assert (at_signer.state, at_signer.return_reason) == (State.RETURNED, "请附说明")


def test_a_signer_signs_figures_and_judgements_at_once(
    client, signer, at_signer, official, department
):
    target = make_text_target()
    name_department(target, department)
    judged = submit_judgement(target, by=official)
    unnamed = submit_judgement(make_text_target("plan-2011-901"), by=official)
    client.force_login(signer)

    queue = client.get(SIGN_QUEUE)
    client.post(SIGN, keys(at_signer, judged, unnamed))

    assert {row.version for row in rows_of(queue)} == {at_signer, judged, unnamed}
    assert [state_of(each) for each in (at_signer, judged, unnamed)] == [State.SUBMITTED] * 3


def test_a_signer_sees_nothing_of_other_departments(client, at_signer):
    other = make_signer("other", make_department(name_zh="省卫生厅"))
    client.force_login(other)

    queue = client.get(SIGN_QUEUE)
    response = client.post(SIGN, keys(at_signer))

    assert "Nothing waits for your signature." in text_of(queue)
    assert response.status_code == 404
    assert state_of(at_signer) == State.TO_SIGN


def test_a_signer_is_shown_what_his_own_department_sent(
    client, signer, at_signer, official, department, series
):
    """Another department that the document names, or that reports the series too, signs its own."""
    beside = make_department(name_zh="省卫生厅")
    SeriesDepartment.objects.create(series=series, department=beside)
    target = make_text_target()
    for each in (department, beside):
        name_department(target, each)
    judged = submit_judgement(target, by=official)
    unnamed = submit_judgement(make_text_target("plan-2011-901"), by=official)
    sent = {at_signer, judged, unnamed}
    client.force_login(make_signer("other", beside))
    queue = client.get(SIGN_QUEUE)
    response = client.post(SIGN, keys(*sent))
    assert (queue.context["total"], response.status_code) == (0, 403)
    assert {state_of(each) for each in sent} == {State.TO_SIGN}

    # Nobody else could sign what a department sent that reports it no longer.
    SeriesDepartment.objects.exclude(department=beside).delete()
    target.department_links.exclude(department=beside).delete()
    queue = client.get(SIGN_QUEUE)
    client.post(SIGN, keys(at_signer, judged))

    assert {row.version for row in rows_of(queue)} == {at_signer, judged}
    assert [state_of(each) for each in (at_signer, judged)] == [State.SUBMITTED] * 2


def test_what_its_own_signer_returned_after_the_deadline_came_late(
    client, reviewer, signer, at_signer, series, official, round_2020
):
    """It had not left the department before."""
    workflow.return_to_official(version=at_signer, by=signer, reason="笔误")
    type(at_signer).objects.update(submitted_at=timezone.now() - timedelta(days=5))
    round_2020.due_at = timezone.now() - timedelta(days=3)
    round_2020.save()
    mended = submit(series, 2020, "98.6", by=official, read_version=1)
    workflow.sign(version=mended, by=signer)
    client.force_login(reviewer)

    [row] = rows_of(client.get(QUEUE))

    assert (row.version, row.waiting.is_late) == (mended, True)


def test_only_signers_sign(client, at_signer, official, reviewer):
    client.force_login(official)
    by_official = client.post(SIGN, keys(at_signer))
    client.force_login(reviewer)
    by_reviewer = client.post(SIGN, keys(at_signer))

    assert (by_official.status_code, by_reviewer.status_code) == (403, 404)
    assert "You do not sign for this department." in text_of(by_official)
    assert state_of(at_signer) == State.TO_SIGN


def test_a_reviewer_cannot_approve_what_is_not_signed(client, at_signer, reviewer):
    client.force_login(reviewer)

    assert client.post(APPROVE, keys(at_signer)).status_code == 404
    assert state_of(at_signer) == State.TO_SIGN


def test_what_waits_for_a_signature_past_the_deadline_is_overdue(
    client, signer, at_signer, round_2020
):
    round_2020.due_at = timezone.now() - timedelta(days=1)
    round_2020.save()
    client.force_login(signer)

    response = client.get(SIGN_QUEUE)

    [row] = rows_of(response)
    assert row.waiting.is_late
    assert "Overdue since" in text_of(response)


def test_a_figure_signed_after_the_deadline_came_late(signed_in, signer, at_signer, round_2020):
    at_signer.__class__.objects.filter(pk=at_signer.pk).update(
        submitted_at=timezone.now() - timedelta(days=2)
    )
    round_2020.due_at = timezone.now() - timedelta(days=1)
    round_2020.save()
    workflow.sign(version=at_signer, by=signer)

    [row] = rows_of(signed_in.get(QUEUE))

    assert row.waiting.is_late


def test_sign_queue_costs_the_same_for_one_and_thirty(
    client, signer, official, department, round_2020
):
    client.force_login(signer)
    costs = []
    for each in range(30):
        target = make_text_target(f"plan-2011-{each:03}")
        name_department(target, department)
        submit(make_series(scope=f"s{each}", department=department), 2020, "98", by=official)
        submit_judgement(target, by=official)
        if each in {0, 29}:
            costs.append(queries_of(client, SIGN_QUEUE))

    assert costs[0] == costs[1]
    assert costs[1] <= 25


# Changed since approval


def test_changed_since_approval_shows_old_new_reason_and_people(client, correction, reviewer):
    workflow.approve(version=correction, by=reviewer)
    client.force_login(make_user("anybody"))

    response = client.get("/registers/changed/")

    [row] = response.context["rows"]
    assert (row.before.value_as_stated, row.version, row.change) == (
        "98.50", correction, Decimal("-1.40"),
    )  # fmt: skip
    assert row.also == "Source, Rests on"
    assert [(each.step, each.who.username) for each in row.steps] == [
        (Step.SAVE, "official"),
        (Step.SUBMIT, "official"),
        (Step.APPROVE, "reviewer"),
    ]
    for shown in ("98.50 %", "97.10 %", "−1.4 points", "原数有误", "official", "reviewer"):
        assert shown in text_of(response)


def test_a_correction_under_way_is_shown_to_those_it_concerns(client, correction, official):
    shown = {}
    people = [
        official,
        make_reviewer("near"),
        make_reviewer("far", make_area("340000")),
        make_user("nobody"),
    ]
    for user in people:
        client.force_login(user)
        page = client.get("/registers/changed/")
        shown[user.username] = [row.version for row in page.context["rows"]]
        assert ("97.10" in text_of(page)) == bool(shown[user.username])

    assert shown == {"official": [correction], "near": [correction], "far": [], "nobody": []}


def test_a_drafted_correction_is_the_departments_alone(client, series, official, reviewer):
    make_figure(series, 2020, "98.50")
    draft = entry.save(
        series=series, year=2020, figure=EnteredFigure(Decimal("55.5"), 1), read_version=1,
        by=official, correction_reason="原数有误",
    )  # fmt: skip
    client.force_login(official)
    own = client.get("/registers/changed/")
    client.force_login(reviewer)
    other = client.get("/registers/changed/")

    assert [row.version for row in own.context["rows"]] == [draft]
    assert other.context["rows"] == []
    assert "No approved figure has been changed." in text_of(other)


def test_what_was_never_approved_or_never_changed_is_not_listed(
    signed_in, submitted, series, official, reviewer
):
    make_figure(series, 2019, "97")
    workflow.return_to_official(version=submitted, by=reviewer, reason="口径不符")
    submit(series, 2020, "98.6", by=official, read_version=1)

    assert signed_in.get("/registers/changed/").context["rows"] == []


@pytest.fixture
def changed(series):
    """By area and year, each replaced once."""
    far = make_series(area=make_area("340000"))
    cells = [(series, 2019), (series, 2020), (far, 2020)]
    found = {}
    for one, year in cells:
        make_figure(one, year, "97")
        found[one.area.code, year] = make_figure(one, year, "98", correction_reason="笔误")
    return found


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"area": "340000"}, [("340000", 2020)]),
        ({"year": "2019"}, [("990000", 2019)]),
        ({"area": "340000", "year": "2019"}, []),
        ({"area": "x"}, [("340000", 2020), ("990000", 2020), ("990000", 2019)]),
        ({"year": "1" * 30}, [("340000", 2020), ("990000", 2020), ("990000", 2019)]),
    ],
)
def test_changed_is_narrowed_by_area_and_year(signed_in, changed, query, wanted):
    response = signed_in.get("/registers/changed/", query)

    assert response.status_code == 200
    assert [row.version for row in response.context["rows"]] == [changed[each] for each in wanted]
    assert ("it was ignored" in text_of(response)) == (len(wanted) == 3)


def test_changed_costs_the_same_for_one_and_thirty(signed_in, series):
    costs = []
    for each in range(30):
        make_figure(series, 1990 + each, "97")
        make_figure(series, 1990 + each, "98", correction_reason="笔误")
        if each in {0, 29}:
            costs.append(queries_of(signed_in, "/registers/changed/"))

    assert costs[0] == costs[1]
    assert costs[1] <= 14


# History

HISTORY = "/review/figure/990000.pass-rate.all/2020/"


@pytest.fixture
def told(series, round_2020, official, reviewer):
    """Versions 1 returned, 2 approved, 3 a draft that corrects it."""
    first = submit(series, 2020, "97", by=official, remark="快报数")
    workflow.return_to_official(version=first, by=reviewer, reason="口径不符")
    second = submit(series, 2020, "98", by=official, read_version=1, remark="快报数")
    workflow.approve(version=second, by=reviewer)
    third = entry.save(
        series=series, year=2020, figure=EnteredFigure(Decimal("55.5"), 1), read_version=2,
        by=official, correction_reason="原数有误",
    )  # fmt: skip
    return [first, second, third]


def test_history_tells_all_that_was_said_and_done(client, told, official):
    client.force_login(official)

    response = client.get(HISTORY)

    third, second, first = response.context["past"]
    assert [each.version for each in (first, second, third)] == told
    assert [each.is_in_force for each in (first, second, third)] == [False, True, False]
    assert [(step.step, step.who.username) for step in first.steps] == [
        (Step.SAVE, "official"), (Step.SUBMIT, "official"), (Step.RETURN, "reviewer"),
    ]  # fmt: skip
    assert [(each.label, each.before, each.after) for each in second.differences] == [
        ("Value", "97 %", "98 %")
    ]
    assert [each.label for each in third.differences] == ["Value", "Source", "Remark"]
    for shown in ("口径不符", "原数有误", "97 %", "98 %", "55.5 %", "Approved, in force", "快报数"):
        assert shown in text_of(response)


def test_history_hides_drafts_from_other_departments_and_reviewers(client, told, reviewer):
    readable = {}
    people = [
        reviewer,
        make_official("other", make_department(name_zh="省卫生厅")),
        make_reviewer("far", make_area("340000")),
        make_user("nobody"),
    ]
    for user in people:
        client.force_login(user)
        response = client.get(HISTORY)
        readable[user.username] = [each.version.number for each in response.context["past"]]
        assert "55.5" not in text_of(response)

    assert readable == {"reviewer": [2, 1], "other": [2], "far": [2], "nobody": [2]}


def test_history_of_what_nobody_else_may_read_is_not_found(client, submitted):
    client.force_login(make_user("nobody"))

    response = client.get(HISTORY)

    assert response.status_code == 404
    assert Entry.objects.get(action="denied").object == "observation:990000.pass-rate.all:2020"


@pytest.mark.parametrize("address", [
    "/review/figure/990000.nothing.all/2020/", "/review/figure/990000.pass-rate.all/2019/",
    "/review/figure/990000.pass-rate.all/99999999999999999999/", "/review/figure/X/2020/",
    "/review/judgement/plan-2011-999/2020/",
])  # fmt: skip
def test_history_of_nothing_is_not_found(signed_in, submitted, address):
    assert signed_in.get(address).status_code == 404


def test_a_replaced_figure_stays_readable(client, correction, reviewer):
    workflow.approve(version=correction, by=reviewer)
    client.force_login(make_user("nobody"))

    page = text_of(client.get(HISTORY))

    assert "98.50 %" in page
    assert "Approved, replaced since" in page
    assert page.count("Approved, in force") == 1


def test_the_files_of_a_correction_stay_with_those_it_concerns(
    client, series, round_2020, official, reviewer
):
    old, new = (attach(name, by=official) for name in ("旧证明.pdf", "新证明.pdf"))
    version = submit(series, 2020, "98", by=official, evidence=frozenset({old.pk}))
    workflow.approve(version=version, by=reviewer)
    submit(
        series, 2020, "97", by=official, read_version=1, correction_reason="原数有误",
        evidence=frozenset({new.pk}),
    )  # fmt: skip
    client.force_login(reviewer)
    to_reviewer = text_of(client.get(HISTORY))
    client.force_login(make_user("nobody"))
    to_others = text_of(client.get(HISTORY))

    assert f'<a href="/entry/attachments/{new.pk}/">新证明.pdf</a>' in to_reviewer
    assert f'<a href="/entry/attachments/{old.pk}/">旧证明.pdf</a>' in to_others
    assert "新证明.pdf" not in to_others


def test_history_of_a_judgement(client, round_2020, department, official, reviewer):
    target = make_text_target()
    name_department(target, department)
    first = submit_judgement(target, by=official, narrative="建成两家")
    workflow.approve(version=first, by=reviewer)
    second = judgements.save(
        target=target, year=2020, outcome=Outcome.PARTLY, narrative="建成一家", read_version=1,
        by=official, correction_reason="核实后更正",
    )  # fmt: skip
    client.force_login(official)
    own = client.get("/review/judgement/plan-2011-900/2020/")
    client.force_login(make_user("nobody"))
    others = client.get("/review/judgement/plan-2011-900/2020/")

    newest, oldest = own.context["past"]
    assert [newest.version, oldest.version] == [second, first]
    assert [(each.label, each.before, each.after) for each in newest.differences] == [
        ("Judgement", "Done", "Partly done"),
        ("Narrative", "建成两家", "建成一家"),
    ]
    assert "核实后更正" in text_of(own)
    assert [each.version for each in others.context["past"]] == [first]
    assert JudgementVersion.objects.count() == 2


def test_history_costs_the_same_for_one_and_thirty_versions(signed_in, series):
    costs = []
    for each in range(30):
        make_figure(series, 2020, f"{each + 1}")
        if each in {0, 29}:
            costs.append(queries_of(signed_in, HISTORY))

    assert costs[0] == costs[1]
    assert costs[1] <= 10


@pytest.mark.parametrize("address", [QUEUE, SIGN_QUEUE, "/registers/changed/", HISTORY])
def test_pages_need_login(client, submitted, address):
    assert client.get(address).headers["Location"].startswith("/accounts/login/?next=")


def test_keys_name_both_kinds():
    assert [str(Key(Work.FIGURE, 1)), str(Key(Work.JUDGEMENT, 2))] == ["figure:1", "judgement:2"]


def more_time(one, department, days, *, by):
    """Granted until so many days from now."""
    until = timezone.now() + timedelta(days=days)
    return RoundException.objects.create(
        round=one, department=department, until=until, reason="系统升级", granted_by=by
    )


@pytest.mark.parametrize(("days", "is_late"), [(1, False), (-2, True)], ids=["runs", "has-ended"])
def test_a_department_with_more_time_is_late_only_after_it(
    signed_in, submitted, department, reviewer, round_2020, days, is_late
):
    round_2020.due_at = timezone.now() - timedelta(days=3)
    round_2020.save()
    [row] = rows_of(signed_in.get(QUEUE))
    assert row.waiting.is_late

    more_time(round_2020, department, days, by=reviewer)

    [row] = rows_of(signed_in.get(QUEUE))
    assert row.waiting.is_late is is_late


def test_more_time_of_what_took_its_place_counts(
    signed_in, submitted, department, reviewer, round_2020
):
    round_2020.due_at = timezone.now() - timedelta(days=3)
    round_2020.save()
    department.successor = make_department(name_zh="省农业农村厅")
    department.save()
    more_time(round_2020, department.successor, 1, by=reviewer)

    [row] = rows_of(signed_in.get(QUEUE))

    assert not row.waiting.is_late


@pytest.mark.parametrize("sender", ["with more time", "without"])
def test_of_several_departments_the_one_that_sent_it_has_more_time(
    signed_in, series, department, reviewer, round_2020, sender
):
    beside = make_department(name_zh="省水利厅")
    SeriesDepartment.objects.create(series=series, department=beside)
    round_2020.due_at = timezone.now() - timedelta(days=3)
    round_2020.save()
    more_time(round_2020, beside, 1, by=reviewer)
    at = beside if sender == "with more time" else department
    submit(series, 2020, "98.50", by=make_official("sender", at))

    [row] = rows_of(signed_in.get(QUEUE))

    assert row.waiting.is_late is (sender == "without")


def test_what_waits_for_a_signature_is_not_overdue_while_there_is_more_time(
    client, signer, at_signer, department, reviewer, round_2020
):
    round_2020.due_at = timezone.now() - timedelta(days=1)
    round_2020.save()
    more_time(round_2020, department, 1, by=reviewer)
    client.force_login(signer)

    response = client.get(SIGN_QUEUE)

    [row] = rows_of(response)
    assert not row.waiting.is_late
    assert "Overdue since" not in text_of(response)
