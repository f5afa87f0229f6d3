"""A report says of a target what the target's page says."""

import pytest
from django.utils import translation

from indicators.actions.verdicts import recompute
from plans.models import Target
from reports.queries.targets import target_page
from reports.queries.yearly import reported_targets
from targets_site.places.models import Area
from tests.factories import (
    make_area,
    make_document,
    make_figure,
    make_reading,
    make_series,
    make_target,
)

pytestmark = pytest.mark.django_db


def make_held(*, milestone: bool):
    """97 % to be held to 2020 by a plan from 2013 on, figures of 2012 and 2017 only; with a
    milestone of 96 % in 2015 held from 2016 on, else from 2013 on."""
    area = make_area()
    document = make_document(area=area, start_year=2013, end_year=2020)
    series = make_series(area)
    make_figure(series, 2012, "96.4")
    make_figure(series, 2017, "97.5")
    held = make_target("plan-2013-002", document, kind="hold", value="97")
    make_reading(held, series)
    if milestone:
        earlier = make_target("plan-2013-001", document, value="96", target_year=2015)
        make_reading(earlier, series)
    recompute(Target.objects.in_force())
    return area


def sentence_of(area, code: str, year: int) -> str:
    found = {each.target.code: each.sentence for each in reported_targets(area, year=year)}
    return found[code]


@pytest.mark.parametrize(
    ("milestone", "year", "expected"),
    [
        (False, 2020, "2020年没有数据；8年中已知1年达到。"),
        (True, 2020, "2020年没有数据；5年中已知1年达到。"),
        (False, 2018, "6年中有数据的1年均达到"),
        (True, 2018, "3年中有数据的1年均达到"),
    ],
)
def test_years_to_hold_are_counted_from_the_milestone_on(milestone, year, expected):
    area = make_held(milestone=milestone)

    with translation.override("zh-hans"):
        assert expected in sentence_of(area, "plan-2013-002", year)


def test_every_sentence_of_the_real_data_is_that_of_the_page(real_data):
    compared = 0
    for year in (2015, 2020):
        for area in Area.objects.all():
            for each in reported_targets(area, year=year):
                page = target_page(each.target, as_of=year)
                assert page.verdict == each.verdict
                assert each.sentence.rstrip("。.") in page.sentence, each.target.code
                compared += 1

    assert compared > 400
