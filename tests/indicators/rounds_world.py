"""What the tests of rounds, completeness and reminders build: cells in every state."""

from datetime import datetime
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from indicators.enums import Outcome, SourceGrade, State
from indicators.models import Judgement, JudgementVersion, Observation, ObservationVersion
from targets_site.figures import decimals_of
from tests.factories import (
    make_document,
    make_figure,
    make_indicator,
    make_reading,
    make_series,
    make_target,
    make_text_target,
    name_department,
)

_number = count(1)


def shanghai(text):
    """A moment of Asia/Shanghai, from ISO text."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def make_owed_series(department, *, start_year=2011, target_year=2020, **fields):
    """A series that the department reports and a target of its area counts on."""
    number, area = next(_number), department.area
    series = make_series(
        area, make_indicator(f"rate-{number}"), scope="all", department=department, **fields
    )
    years = {"start_year": start_year, "end_year": max(2020, target_year)}
    document = make_document(f"plan-{area.code}-{start_year}", area=area, **years)
    target = make_target(
        f"plan-{area.code}-{start_year}-{number % 1000:03}", document, target_year=target_year
    )
    make_reading(target, series)
    return series


def make_words(*departments, target_year=2020, area=None, **fields):
    """A target in words that names the departments."""
    area = area or departments[0].area
    document = make_document(f"plan-{area.code}-2011", area=area)
    code = f"plan-{area.code}-2011-{next(_number) % 1000:03}"
    target = make_text_target(code, document=document, target_year=target_year, **fields)
    for department in departments:
        name_department(target, department)
    return target


def put(series, year, state, *, by, value="97", **fields):
    """The newest version of a figure, in some state; what is in force stays so."""
    if state == State.APPROVED:
        return make_figure(series, year, value, entered_by=by, **fields)
    cell, _created = Observation.objects.get_or_create(series=series, year=year)
    return _append(
        cell,
        ObservationVersion(
            observation=cell,
            value=value,
            stated_decimals=decimals_of(Decimal(value)) if value is not None else 0,
            source_title="台账",
            source_grade=SourceGrade.REPORTED,
            **_step(cell, state, by),
            **fields,
        ),
    )


def judge(target, year, state, *, by):
    """The newest version of a judgement, in some state; in force where it is approved."""
    cell, _created = Judgement.objects.get_or_create(
        target_code=target.code, year=year, defaults={"target": target}
    )
    version = JudgementVersion(
        judgement=cell, outcome=Outcome.DONE, narrative="已完成", **_step(cell, state, by)
    )
    if state == State.APPROVED:
        version.save()
        cell.in_force = version
    return _append(cell, version)


def _step(cell, state, by):
    reason = "口径不符" if state == State.RETURNED else ""
    return {
        "number": cell.versions.count() + 1,
        "state": state,
        "entered_by": by,
        "return_reason": reason,
    }


def _append(cell, version):
    version.save()
    cell.working = version
    cell.save()
    return version
