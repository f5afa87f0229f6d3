"""A province that does not exist, for the pictures of the manual: all of it is called 演示."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from indicators.actions import entry, workflow
from indicators.actions.entry import EnteredFigure
from indicators.enums import MaterialKind
from indicators.models import Round, RoundMaterial, Series
from targets_site.accounts.models import Role, User
from targets_site.figures import decimals_of
from targets_site.places.models import Area, Department
from tests.factories import (
    make_area,
    make_department,
    make_document,
    make_figure,
    make_indicator,
    make_post,
    make_reading,
    make_round,
    make_series,
    make_target,
    make_text_target,
    make_user,
    name_department,
)

PLAN = "plan-990000"
# Named after its year.
SOURCE = "{}年演示省农产品质量安全公报"


class Measure(NamedTuple):
    """An indicator with the level to reach by 2020 and the figures of 2015 to 2018."""

    code: str
    name: str
    unit: str
    level: str
    past: str


# In the order of their codes, in which the pages show them.
FARM = [
    Measure("f1-produce", "主要农产品抽检合格率", "%", "98", "96.9 97.2 97.5 97.8"),
    Measure("f2-processed", "加工农产品抽检合格率", "%", "96", "94.4 94.8 95.1 95.3"),
    Measure("f3-green-food", "有效期内绿色食品产品数", "个", "300", "185 212 236 251"),
    Measure("f4-origin", "地理标志农产品数", "个", "20", "9 11 13 14"),
]
OTHERS = {
    "演示省生态环境厅": Measure("air", "空气质量优良天数比例", "%", "95", "96.8 97.1 97.9 98.0"),
    "演示省住房和城乡建设厅": Measure(
        "works", "工程质量验收合格率", "%", "100", "99.5 99.6 99.7 99.8"
    ),
}


@dataclass
class World:
    department: Department
    round: Round
    people: dict[str, User]

    def series(self, name: str) -> Series:
        return Series.objects.get(code=f"990000.{name}.all")

    def say(self, name: str, year: int, value: str, *, by: str = "official"):
        """A draft of somebody, with a source."""
        exact = Decimal(value)
        figure = EnteredFigure(exact, decimals_of(exact), source_title=SOURCE.format(year))
        return entry.save(
            series=self.series(name), year=year, figure=figure, read_version=None,
            by=self.people[by],
        )  # fmt: skip

    def submit(self, name: str, year: int, value: str, *, by: str = "official"):
        return entry.submit(version=self.say(name, year, value, by=by), by=self.people[by])


def make_world() -> World:
    """The department of agriculture with one figure approved, one submitted and one returned; two
    further departments; a target in words."""
    area = make_area("990000", name_zh="演示省", name_en="Demonstration Province")
    document = make_document(
        PLAN, area, title_zh="演示省质量发展行动方案（2016—2020年）", start_year=2016
    )
    department = make_department(area, "演示省农业农村厅")
    people = {
        "official": make_user("official", full_name="演示填报员甲"),
        "colleague": make_user("colleague", full_name="演示填报员乙"),
        "other": make_user("other", full_name="演示填报员丙"),
        "reviewer": make_user("reviewer", full_name="演示审核员"),
    }
    make_post(people["official"], Role.OFFICIAL, department=department)
    make_post(people["colleague"], Role.OFFICIAL, department=department)
    make_post(people["reviewer"], Role.REVIEWER, area=area)
    measured = [(measure, department) for measure in FARM]
    for name, measure in OTHERS.items():
        other = make_department(area, name)
        make_post(people["other"], Role.OFFICIAL, department=other)
        measured.append((measure, other))
    for number, (measure, whose) in enumerate(measured, 1):
        _measured(document, number, measure, whose)
    _in_words(document, len(measured) + 1, department)
    _neighbour()
    world = World(department, _round(area, people["reviewer"]), people)
    _on_the_way(world)
    return world


def _measured(document, number, measure, department):
    is_rate = measure.unit == "%"
    indicator = make_indicator(
        measure.code, name_zh=measure.name, name_en=measure.code, unit=measure.unit,
        decimals=2 if is_rate else 0, largest=Decimal(100 if is_rate else 10_000),
    )  # fmt: skip
    series = make_series(document.area, indicator, department=department)
    target = make_target(
        f"{PLAN}-{number:03}", document, value=measure.level, unit=measure.unit,
        statement_zh=f"{measure.name}达到目标", stated=f"{measure.level}{measure.unit}以上",
    )  # fmt: skip
    make_reading(target, series)
    for year, value in enumerate(measure.past.split(), 2015):
        make_figure(series, year, value, source_title=f"{year}年演示省统计公报")


def _in_words(document, number, department):
    target = make_text_target(
        f"{PLAN}-{number:03}", document=document, statement_zh="建立食用农产品质量追溯制度",
        stated="建立食用农产品质量追溯制度", locator="三、主要任务",
    )  # fmt: skip
    name_department(target, department)


def _neighbour():
    """Another area with a figure of the same indicator."""
    area = make_area("980000", name_zh="演示乙省", name_en="Second Demonstration Province")
    series = make_series(area, make_indicator("f2-processed"))
    make_figure(series, 2020, "96.4", source_title="2020年演示乙省统计公报")


def _round(area: Area, reviewer: User) -> Round:
    one = make_round(
        area, 2019, 2020, name="演示：2019—2020年数据补报", form_number="演示表1",
        opens_at=_moment(-20, 9), due_at=_moment(10, 18), closes_at=_moment(40, 18),
        created_by=reviewer,
    )  # fmt: skip
    RoundMaterial.objects.create(round=one, kind=MaterialKind.SELF_REPORT, due_at=one.due_at)
    return one


def _moment(days: int, hour: int) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _on_the_way(world: World) -> None:
    reviewer = world.people["reviewer"]
    world.submit("f1-produce", 2019, "97.9")
    workflow.approve(version=world.submit("f2-processed", 2019, "95.6"), by=reviewer)
    workflow.return_to_official(
        version=world.submit("f3-green-food", 2019, "268"),
        by=reviewer,
        reason="与公报所列263个不一致，请核对；如公报有误，请附更正函。",
    )
    workflow.approve(version=world.submit("air", 2019, "98.2", by="other"), by=reviewer)
    world.submit("air", 2020, "98.6", by="other")
    world.say("works", 2019, "99.9", by="other")
