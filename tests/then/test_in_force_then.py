"""Which version was in force and where each stood, against a slow look at how it came about."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.actions import entry, workflow
from indicators.actions.observations import CorrectedByPeople, load_figure
from indicators.enums import State
from indicators.models import Observation, ObservationVersion
from indicators.reference.load import VERSION_DEFAULTS, reference_user
from targets_site.accounts.access import NotAllowed
from targets_site.then import as_it_stood
from tests.factories import (
    make_department,
    make_official,
    make_post,
    make_reviewer,
    make_round,
    make_series,
    make_signer,
    make_user,
)
from tests.indicators.steps import FIGURE
from tests.then.clock import done_at, here

pytestmark = pytest.mark.django_db
BEGIN = here(2026, 3, 1, 9)
STEPS = ["save", "save_by_another", "submit", "sign", "recall", "return", "approve", "load"]
REFUSALS = (
    workflow.WrongState, workflow.StaleVersion, workflow.Locked, NotAllowed, CorrectedByPeople,
)  # fmt: skip


class History:
    """A cell whose people do one thing an hour; what could be read was written down after each."""

    def __init__(self, *, has_signer):
        department = make_department()
        self.series = make_series(department.area, department=department)
        self.people = {"save": make_official("li", department)}
        other = make_user("zhao")
        make_post(other, "official", department=department)
        self.people["save_by_another"] = other
        self.signer = make_signer(department=department) if has_signer else None
        self.reviewer = make_reviewer(area=department.area)
        make_round(department.area, 2020, opens_at=here(2026, 1, 1), closes_at=here(2026, 12, 1),
                   due_at=here(2026, 11, 1))  # fmt: skip
        self.seen = [(BEGIN - timedelta(hours=1), self.look())]

    def look(self):
        """In force, worked on, and each version's step with who and when."""
        cell = Observation.objects.filter(series=self.series, year=2020).first()
        found = ObservationVersion.objects.filter(observation__series=self.series)
        names = [f.attname for f in ObservationVersion._meta.concrete_fields]
        return (
            (cell.in_force_id, cell.working_id) if cell else (None, None),
            list(found.order_by("number").values_list(*names)),
        )

    @property
    def newest(self):
        cell = Observation.objects.filter(series=self.series, year=2020).first()
        return cell.working if cell else None

    def do(self, number, step):
        at = BEGIN + timedelta(hours=number)
        with done_at(at):
            try:
                self._do(step, number)
            except REFUSALS:
                return
            except AttributeError:
                if self.newest is not None:
                    raise
                return
        self.seen.append((at, self.look()))

    def _do(self, step, number):
        newest = self.newest
        if step in self.people:
            self._save(step, number, newest)
        elif step == "load":
            content = {**VERSION_DEFAULTS, "value": number, "source_title": "年鉴",
                       "source_grade": "press"}  # fmt: skip
            load_figure(series=self.series, year=2020, content=content, by=reference_user())
        elif step == "submit":
            entry.submit(version=newest, by=newest.entered_by)
        elif step == "sign":
            workflow.sign(version=newest, by=self.signer or self.reviewer)
        elif step == "recall":
            workflow.recall(version=newest, by=newest.submitted_by or newest.entered_by)
        elif step == "return":
            is_signed = newest.state != State.TO_SIGN
            by = self.reviewer if is_signed else self.signer
            workflow.return_to_official(version=newest, by=by, reason="不符")
        else:
            workflow.approve(version=newest, by=self.reviewer)

    def _save(self, who, number, newest):
        """Each time another figure: what is saved as it was returned has no time of its own."""
        entry.save(
            series=self.series, year=2020, figure=FIGURE.__class__(
                **{**FIGURE.__dict__, "value": FIGURE.value + number}
            ),
            read_version=newest.number if newest else None, by=self.people[who],
            correction_reason="核对有误" if newest and newest.cell.in_force_id else "",
        )  # fmt: skip

    def then(self, moment):
        with as_it_stood(moment):
            return self.look()


def expected(history, moment):
    return [seen for at, seen in history.seen if at <= moment][-1]


def comparable(seen):
    """What was recalled before anybody signed it may have waited for either; see `versions`."""
    cell, versions = seen
    waiting = {State.TO_SIGN, State.SUBMITTED}
    place = [f.attname for f in ObservationVersion._meta.concrete_fields].index("state")
    return cell, [
        (*row[:place], "waiting" if row[place] in waiting else row[place], *row[place + 1 :])
        for row in versions
    ]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=14), has_signer=st.booleans())
def test_each_moment_as_it_was_read_then(db, steps, has_signer):
    from django.db import transaction

    with transaction.atomic():
        history = History(has_signer=has_signer)
        for number, step in enumerate(steps):
            history.do(number, step)
        for at, _seen in history.seen:
            for moment in (at, at + timedelta(minutes=59)):
                assert comparable(history.then(moment)) == comparable(expected(history, moment))
        transaction.set_rollback(True)


def test_a_usual_way_to_the_end(db):
    history = History(has_signer=True)
    steps = ["save", "submit", "sign", "return", "save", "submit", "recall", "submit", "sign",
             "approve", "save_by_another", "submit", "sign", "approve"]  # fmt: skip
    for number, step in enumerate(steps):
        history.do(number, step)

    assert len(history.seen) == len(steps) + 1
    for at, seen in history.seen:
        shown = history.then(at)
        assert comparable(shown) == comparable(seen), at
        if not any(version.recalled_at for version in ObservationVersion.objects.all()):
            assert shown == seen
