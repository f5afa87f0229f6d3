"""What the tests of this folder stand on."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from targets_site.accounts.models import Role
from tests.factories import (
    make_area,
    make_department,
    make_figure,
    make_official,
    make_post,
    make_reviewer,
    make_round,
    make_series,
    make_signer,
    make_text_target,
    name_department,
)
from tests.indicators.review_pages.world import (
    submit,
    submit_judgement,
)


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


@pytest.fixture(autouse=True)
def _english_beside_requests():
    """Rows say what they say in the language of whoever asks them."""
    with translation.override("en"):
        yield


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


@pytest.fixture
def correction(series, official):
    make_figure(series, 2020, "98.50", source_title="旧公报")
    return submit(series, 2020, "97.10", by=official, read_version=1, correction_reason="原数有误")


@pytest.fixture
def signer(department):
    return make_signer("signer", department)


@pytest.fixture
def at_signer(signer, series, round_2020, official):
    return submit(series, 2020, "98.50", by=official)
