"""One target with its reading, figure and verdicts."""

from decimal import Decimal

import pytest

from plans.enums import DepartmentPart
from tests import factories


@pytest.fixture
def target(db):
    """At least 63.10 % by 2020, read, with a lead and two responsible departments."""
    target = factories.make_target(value="63.10", key=True)
    area = target.area
    lead = factories.make_department(area, "省农业厅")
    first = factories.make_department(area, "省海洋厅")
    second = factories.make_department(area, "省林业厅")
    factories.name_department(target, lead)
    for position, department in enumerate([first, second]):
        link = factories.name_department(target, department, DepartmentPart.RESPONSIBLE)
        link.position = position
        link.save()
    series = factories.make_series(area, frequency=5)
    factories.make_reading(
        target, series, hold_from=2012, baseline_year=2010, baseline_value=Decimal("40.50")
    )
    return target
