"""What tests of the workflow do with figures and judgements alike."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

from django.db import connection
from django.utils import timezone

from indicators.actions import entry, judgements, workflow
from indicators.actions.entry import EnteredFigure
from indicators.enums import Outcome, State
from indicators.models import (
    Judgement,
    JudgementVersion,
    Observation,
    ObservationVersion,
    SeriesDepartment,
    StaleRow,
)
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_department,
    make_indicator,
    make_post,
    make_round,
    make_series,
    make_text_target,
    make_user,
    name_department,
)

FIGURE = EnteredFigure(value=Decimal("62.10"), stated_decimals=2, source_title="2020年统计公报")
YEAR = 2020
# In which state a step leaves a version.
AFTERWARDS = {
    "save": "draft",
    "submit": "to_sign",
    "sign": "submitted",
    "recall": "draft",
    "return": "returned",
    "approve": "approved",
}
_number = itertools.count(1)


class Figure:
    """One series and year; what is said of it is a figure as text."""

    cells, versions = Observation, ObservationVersion
    first, second = "62.10", "63.50"

    def __init__(self, department, year=YEAR):
        indicator = make_indicator(f"rate-{next(_number)}")
        self.series = make_series(department.area, indicator, department=department)
        self.year = year

    def save(self, said="62.10", *, by, read=None, reason="", evidence=()):
        return self.save_with({"value": said}, by=by, read=read, reason=reason, evidence=evidence)

    def save_with(self, fields, *, by, read=None, reason="", evidence=()):
        """fields: the value as text, and what else is not as in FIGURE."""
        value = Decimal(fields.get("value", FIGURE.value))
        figure = replace(FIGURE, **{**fields, "value": value}, evidence=frozenset(evidence))
        return entry.save(
            series=self.series,
            year=self.year,
            figure=figure,
            read_version=read,
            by=by,
            correction_reason=reason,
        )

    @staticmethod
    def submit(version, by):
        return entry.submit(version=version, by=by)

    @staticmethod
    def said_in(version):
        return version.value_as_stated

    def reported_too_by(self, department):
        SeriesDepartment.objects.create(series=self.series, department=department)

    def stale(self):
        return StaleRow.objects.filter(series=self.series)

    @property
    def about(self):
        return f"observation:{self.series.code}:{self.year}"


class InWords:
    """One target in words and year; what is said of it is the narrative."""

    cells, versions = Judgement, JudgementVersion
    first, second = "制度已建立", "制度已建立并实施"

    def __init__(self, department, year=YEAR):
        self.target = make_text_target(f"plan-2011-9{next(_number):02}")
        name_department(self.target, department)
        self.year = year

    def save(self, said="制度已建立", *, by, read=None, reason="", evidence=()):
        fields = {"narrative": said}
        return self.save_with(fields, by=by, read=read, reason=reason, evidence=evidence)

    def save_with(self, fields, *, by, read=None, reason="", evidence=()):
        return judgements.save(
            target=self.target,
            year=self.year,
            **{"outcome": Outcome.DONE, "narrative": self.first, **fields},
            read_version=read,
            by=by,
            correction_reason=reason,
            evidence=evidence,
        )

    @staticmethod
    def submit(version, by):
        return judgements.submit(version=version, by=by)

    @staticmethod
    def said_in(version):
        return version.narrative

    def reported_too_by(self, department):
        name_department(self.target, department)

    def stale(self):
        return StaleRow.objects.filter(target=self.target)

    @property
    def about(self):
        return f"judgement:{self.target.code}:{self.year}"


KINDS = [Figure, InWords]
# Beside the states: what the signer returned stands elsewhere than what a reviewer did.
UNSIGNED = "returned unsigned"
STEPS: dict[str, Callable] = {
    "save": lambda thing, version, by: thing.save(
        thing.second, by=by, read=version.number, reason="原数有误"
    ),
    "submit": lambda thing, version, by: thing.submit(version, by),
    "sign": lambda thing, version, by: workflow.sign(version=version, by=by),
    "recall": lambda thing, version, by: workflow.recall(version=version, by=by),
    "return": lambda thing, version, by: workflow.return_to_official(
        version=version, by=by, reason="口径不符"
    ),
    "approve": lambda thing, version, by: workflow.approve(version=version, by=by),
}


@dataclass(frozen=True)
class Hands:
    """Through whose hands a version goes."""

    author: object
    sender: object
    signer: object
    reviewer: object


def make_hands(department, *, every_post=False, area=None):
    """Author, sender, signer and reviewer of a department.

    every_post: each of them holds all three posts, so that nothing but what he did before stands
    in his way.
    """
    roles = {
        "author": [Role.OFFICIAL],
        "sender": [Role.OFFICIAL],
        "signer": [Role.SIGNER],
        "reviewer": [Role.REVIEWER],
    }
    people = {}
    for name, held in roles.items():
        people[name] = make_user(f"{name}-{next(_number)}")
        for role in [Role.OFFICIAL, Role.SIGNER, Role.REVIEWER] if every_post else held:
            needs = None if role == Role.REVIEWER else department
            make_post(people[name], role, area=department.area, department=needs)
    return Hands(**people)


def bring_to(state, thing, hands, *, evidence=()):
    """A version in that state; with a signer in the department and a round open."""
    version = thing.save(by=hands.author, evidence=evidence)
    if state == State.DRAFT:
        return version
    version = thing.submit(version, hands.sender)
    if state == State.RECALLED:
        workflow.recall(version=version, by=hands.sender)
        return thing.versions.objects.get(pk=version.pk)
    if state == State.TO_SIGN:
        return version
    if state == UNSIGNED:
        return workflow.return_to_official(version=version, by=hands.signer, reason="笔误")
    version = workflow.sign(version=version, by=hands.signer)
    if state == State.RETURNED:
        return workflow.return_to_official(version=version, by=hands.reviewer, reason="口径不符")
    if state == State.APPROVED:
        return workflow.approve(version=version, by=hands.reviewer)
    assert version.state == State.SUBMITTED == state
    return version


def open_round(department, year=YEAR, **fields):
    return make_round(department.area, year, **fields)


def picture():
    """Everything that a step may change, as it stands."""
    tables = [Observation, ObservationVersion, Judgement, JudgementVersion, StaleRow, Entry]
    return [list(table.objects.order_by("pk").values()) for table in tables]


def trail_of(thing):
    """Action, actor and version of every entry about it, in order."""
    return [
        (each.action, each.actor, each.after["version"])
        for each in Entry.objects.filter(object=thing.about).order_by("seq")
    ]


def in_parallel(works):
    """Run the functions in real threads that start together; results or exceptions in order."""
    barrier = Barrier(len(works))

    def run(work):
        try:
            connection.ensure_connection()
            barrier.wait(30)
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def in_force(thing):
    return thing.cells.objects.get().in_force


def working(thing):
    return thing.cells.objects.get().working


def anywhere(name_zh):
    return make_department(name_zh=name_zh)


def close(department):
    now = timezone.now()
    department.area.rounds.update(closes_at=now - timedelta(seconds=1), due_at=now - timedelta(1))
