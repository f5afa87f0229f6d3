"""A department of Shandong that imports files, and the files."""

from dataclasses import dataclass
from io import BytesIO

from indicators.actions import imports
from indicators.models import Indicator, Observation, ObservationVersion, Series
from targets_site.accounts.models import User
from targets_site.audit.models import Entry
from targets_site.csv_text import as_csv
from targets_site.places.models import Department
from tests.factories import (
    make_area,
    make_department,
    make_indicator,
    make_official,
    make_round,
    make_series,
)
from tests.sheets.files import workbook

HEADINGS = ["年份", "地区代码", "地区", "指标代码", "单位", "数值", "备注"]
LINE = ["2020", "370000", "山东省", "0101", "%", "98.5", ""]


@dataclass
class World:
    department: Department
    official: User
    indicator: Indicator
    series: Series


def make_world(*years: int) -> World:
    """Series 370000.0101.all in %, reported by one department; a round asks for 2020 and 2025."""
    area = make_area("370000", name_zh="山东省", name_en="Shandong")
    department = make_department(area, "省市场监管局")
    indicator = make_indicator("0101", name_zh="合格率", name_en="Pass rate")
    make_round(area, *(years or (2020, 2025)))
    return World(
        department=department,
        official=make_official("wang", department),
        indicator=indicator,
        series=make_series(area, indicator, department=department),
    )


def add_series(world, code, *, department=None, **fields):
    """One more series of the area; department None where it is the same."""
    indicator = make_indicator(code, name_zh=f"指标{code}", name_en=f"Indicator {code}", **fields)
    return make_series(world.series.area, indicator, department=department or world.department)


def csv_file(*rows, headings=HEADINGS):
    """In quotation marks what needs them."""
    return as_csv([headings, *rows]).encode("utf-8-sig")


def xlsx_file(*rows, headings=HEADINGS):
    """All cells as texts."""
    return workbook(headings, *rows)


def as_file(name, *rows, headings=HEADINGS):
    make = csv_file if name.endswith(".csv") else xlsx_file
    return make(*rows, headings=headings)


def changed_line(**cells):
    """The one good line with other cells, by Chinese heading."""
    return list((dict(zip(HEADINGS, LINE, strict=True)) | cells).values())


def hand_in(content, name="数据.csv", *, by, reason=""):
    return imports.start(upload=BytesIO(content), name=name, correction_reason=reason, by=by)


def read(content, name="数据.csv", *, by, reason=""):
    """The import as it is once a job has read it."""
    return imports.work_off(hand_in(content, name, by=by, reason=reason))


def store(imported, *, confirmed=False):
    """Have a preview stored, and let the job do it."""
    asked = imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=confirmed)
    return imports.work_off(asked)


def problems_of(imported):
    return [(each["line"], each["column"], each["message"]) for each in imported.problems]


def outcomes_of(imported):
    return list(imported.lines.values_list("number", "outcome"))


def what_is_stored():
    """What a refused file must leave alone; the trail without the file that was handed in and the
    jobs that worked on it."""
    return (
        list(Observation.objects.order_by("pk").values()),
        list(ObservationVersion.objects.order_by("pk").values()),
        Entry.objects.exclude(action="attach").exclude(object__startswith="job:").count(),
    )
