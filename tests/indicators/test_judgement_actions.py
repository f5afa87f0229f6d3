"""Judging a target in words: what is stored, and what a submission needs."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from indicators.actions import judgements, workflow
from indicators.enums import Outcome, State
from indicators.models import Judgement, JudgementVersion, StaleRow
from plans.models import Target
from targets_site.accounts.access import NotAllowed
from targets_site.audit.models import Entry
from tests.factories import (
    make_department,
    make_official,
    make_reviewer,
    make_round,
    make_target,
    make_text_target,
    name_department,
)
from tests.indicators.steps import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def official():
    make_round(None, *range(2009, 2022))
    return make_official("official", make_department())


def judge(target, official, *, year=2020, narrative="制度已建立", read=None):
    return judgements.save(
        target=target,
        year=year,
        outcome=Outcome.PARTLY,
        narrative=narrative,
        read_version=read,
        by=official,
    )


def test_save_stores_what_was_said(official):
    target = make_text_target()

    version = judge(target, official)

    stored = JudgementVersion.objects.get()
    assert stored == version == Judgement.objects.get().working
    assert (stored.number, stored.state, stored.entered_by) == (1, State.DRAFT, official)
    assert (stored.outcome, stored.narrative) == ("partly", "制度已建立")
    cell = stored.judgement
    assert (cell.target, cell.target_code, cell.year) == (target, "plan-2011-900", 2020)
    entry = Entry.objects.get()
    assert (entry.object, entry.before) == ("judgement:plan-2011-900:2020", None)
    said = {"version": 1, "state": "draft", "outcome": "partly", "narrative": "制度已建立"}
    assert entry.after == said


def test_a_target_with_a_figure_is_not_judged(official):
    with pytest.raises(ValidationError) as refused:
        judge(make_target(), official)

    assert list(refused.value.error_dict) == ["outcome"]
    assert (Judgement.objects.count(), Entry.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("target_year", "years"),
    [
        pytest.param(2015, range(2011, 2016), id="until-the-target-year"),
        pytest.param(None, range(2011, 2021), id="until-the-end-of-the-period"),
    ],
)
def test_only_years_of_the_period_are_judged(official, target_year, years):
    target = make_text_target(target_year=target_year)

    judged = []
    for year in range(2009, 2022):
        try:
            judge(target, official, year=year)
        except ValidationError:
            continue
        judged.append(year)

    assert judged == list(years)


def test_submit_needs_the_narrative(official):
    version = judge(make_text_target(), official, narrative="")
    before = picture()

    with pytest.raises(ValidationError) as refused:
        judgements.submit(version=version, by=official)

    assert list(refused.value.error_dict) == ["narrative"]
    assert picture() == before


def test_an_approved_judgement_has_its_target_computed_anew(official):
    target = make_text_target()
    sent = judgements.submit(version=judge(target, official), by=official)

    workflow.approve(version=sent, by=make_reviewer())

    assert [row.target for row in StaleRow.objects.all()] == [target]


def stated_anew(target):
    """The same target after it was read wrongly at first."""
    Target.objects.filter(pk=target.pk).update(superseded_at=timezone.now())
    return make_text_target(target.code, statement_zh="改述")


def test_a_judgement_goes_on_where_its_target_was_stated_anew(official):
    """One cell, and the new statement says who judges."""
    target = make_text_target()
    judge(target, official)
    anew = stated_anew(target)
    name_department(anew, official.posts.get().department)

    version = judge(anew, official, narrative="制度已建立并实施", read=1)

    cell = Judgement.objects.get()
    assert (cell.target, cell.working, version.number) == (anew, version, 2)
    sent = judgements.submit(version=version, by=official)
    approved = workflow.approve(version=sent, by=make_reviewer())
    assert [row.target for row in StaleRow.objects.all()] == [anew]
    assert list(JudgementVersion.objects.readable_by(official).order_by("number"))[-1] == approved


def test_who_the_new_statement_does_not_name_judges_no_longer(official):
    target = make_text_target()
    judge(target, official)
    anew = stated_anew(target)
    name_department(anew, make_department(name_zh="省林业厅"))

    with pytest.raises(NotAllowed):
        judge(anew, official, narrative="另一说明", read=1)

    assert Judgement.objects.get().target == target
