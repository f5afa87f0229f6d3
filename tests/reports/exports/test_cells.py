"""What stands in the cells of each table."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone as django_timezone

from targets_site.accounts.models import User
from tests import factories
from tests.reports.exports.world import NOON, exported


def test_export_targets_cells(target):
    earlier = factories.make_target("old-2008-001", factories.make_document("old-2008"))
    target.replaces.add(earlier)

    row = exported("targets")[1]

    assert row == {
        "document": "plan-2011",
        "target_code": "plan-2011-001",
        "area_code": "990000",
        "area_zh": "某省990000",
        "domain": "product",
        "statement_zh": "抽检合格率达到98%以上",
        "statement_en": "Pass rate of at least 98%",
        "kind": "reach",
        "comparator": "ge",
        "value": "63.10",
        "value_upper": "",
        "unit": "%",
        "target_year": "2020",
        "firmness": "stated",
        "key": "1",
        "stated": "达到98%以上",
        "locator": "一、目标",
        "series": "990000.pass-rate.all",
        "indicator_code": "pass-rate",
        "start_year": "2011",
        "hold_from": "2012",
        "tolerance": "",
        "baseline_year": "2010",
        "baseline_value": "40.5",
        "nature": "level",
        "frequency": "5",
        "lead_departments": "省农业厅",
        "responsible_departments": "省海洋厅;省林业厅",
        "replaces": "old-2008-001",
    }


def test_export_targets_without_a_reading_leaves_its_cells_empty(db):
    factories.make_text_target()

    [row] = exported("targets")

    of_reading = ["series", "indicator_code", "hold_from", "nature", "frequency", "value"]
    assert [row[heading] for heading in of_reading] == [""] * 6
    assert row["start_year"] == "2011"


def test_export_targets_shows_what_is_in_force_once(target):
    reading = target.readings.get()
    reading.superseded_at = django_timezone.now()
    reading.save()
    factories.make_reading(target, reading.series, hold_from=2014)
    factories.make_target("plan-2011-002", superseded_at=django_timezone.now())

    rows = exported("targets")

    assert [(row["target_code"], row["hold_from"]) for row in rows] == [("plan-2011-001", "2014")]


def test_export_observations_cells(db):
    clerk = User.objects.create(username="clerk")
    reviewer = User.objects.create(username="reviewer")
    series = factories.make_series()
    factories.make_figure(
        series,
        2015,
        "63.10",
        numerator=Decimal("631"),
        denominator=Decimal("1000"),
        bound="at_least",
        obs_status="BP",
        source_url="https://example.org/a?b=1",
        published_as="合格率",
        published_on="2016-03",
        remark='第一行\n第二行, “引号”和"双引号"',
        entered_by=clerk,
        entered_at=NOON,
        reviewed_by=reviewer,
        reviewed_at=NOON + timedelta(hours=1),
    )

    [row] = exported("observations")

    assert row == {
        "series": "990000.pass-rate.all",
        "area_code": "990000",
        "area_zh": "某省990000",
        "indicator_code": "pass-rate",
        "indicator_zh": "抽检合格率",
        "indicator_en": "Pass rate",
        "scope": "all",
        "year": "2015",
        "value": "63.10",
        "unit": "%",
        "bound": "at_least",
        "numerator": "631",
        "denominator": "1000",
        "obs_status": "BP",
        "missing_reason": "",
        "source_title": "统计公报",
        "source_url": "https://example.org/a?b=1",
        "source_grade": "official",
        "published_as": "合格率",
        "published_on": "2016-03",
        "state": "approved",
        "version": "1",
        "entered_by": "clerk",
        "entered_at": "2024-03-01T12:00:00+08:00",
        "approved_by": "reviewer",
        "approved_at": "2024-03-01T13:00:00+08:00",
        "note": '第一行\n第二行, “引号”和"双引号"',
    }


def test_export_observations_leaves_drafts_out_and_keeps_missing_apart_from_zero(db):
    series = factories.make_series()
    factories.make_figure(series, 2014, None)
    factories.make_figure(series, 2013, "0")
    draft = factories.make_figure(series, 2015, "5", state="draft")
    draft.observation.in_force = None
    draft.observation.save()

    rows = exported("observations")

    cells = [(row["year"], row["value"], row["missing_reason"]) for row in rows]
    assert cells == [("2013", "0", ""), ("2014", "", "未统计")]


def test_export_verdicts_by_target_and_year_in_force(target):
    factories.make_verdict(
        target, 2016, "on_track", light="green", recorded_at=NOON, actual_value=Decimal("60.0")
    )
    factories.make_verdict(
        target, 2015, "behind", light="yellow", recorded_at=NOON, missing_years="2013;2014"
    )
    factories.make_verdict(target, 2015, "near", superseded_at=django_timezone.now())

    rows = exported("verdicts")

    headings = ["target_code", "as_of", "status", "light", "value", "actual_value"]
    cells = [[row[heading] for heading in headings] for row in rows]
    assert cells == [
        ["plan-2011-001", "2015", "behind", "yellow", "63.10", ""],
        ["plan-2011-001", "2016", "on_track", "green", "63.10", "60"],
    ]
    assert rows[0]["missing_years"] == "2013;2014"
    assert rows[0]["computed_at"] == "2024-03-01T12:00:00+08:00"


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\ttab", "'\ttab"),
        ("\rcr", "'\rcr"),
        ("1-2", "1-2"),
    ],
)
def test_export_makes_text_harmless_for_a_spreadsheet(db, name, cell):
    factories.make_figure(factories.make_series(), 2015, "-5.20", remark=name)

    [row] = exported("observations")

    assert (row["note"], row["value"]) == (cell, "-5.20")
