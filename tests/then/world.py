"""A year of work on the real data: what was done in spring, and what was corrected in summer."""

from decimal import Decimal

from indicators.actions import entry, judgements, proposals, workflow
from indicators.actions.entry import EnteredFigure
from indicators.actions.observations import load_figure
from indicators.actions.tallies import count_anew
from indicators.actions.targets import StatedTarget, state_target
from indicators.actions.verdicts import recompute
from indicators.enums import Outcome
from indicators.models import Judgement, Observation, Series, TargetReading
from indicators.reference.load import VERSION_DEFAULTS, reference_user
from plans.enums import Kind
from plans.models import Document, Target
from targets_site.accounts.models import Role
from targets_site.places.models import Area
from tests.factories import (
    make_document,
    make_figure,
    make_indicator,
    make_post,
    make_reading,
    make_round,
    make_series,
    make_target,
    make_user,
)
from tests.then.clock import done_at, here

HAINAN = "460000"
THEN = here(2026, 3, 1, 23, 59, 59, 999999)


class World:
    """People of Hainan, and their acts, each at its time."""

    def __init__(self):
        self.area = Area.objects.get(code=HAINAN)
        self.series = list(
            Series.objects.filter(area=self.area, department_links__isnull=False, frequency=1)
            .filter(readings__superseded_at__isnull=True, readings__target__target_year=2020)
            .order_by("code").distinct()[:6]
        )  # fmt: skip
        self.official, self.reviewer = make_user("official"), make_user("reviewer")
        for department in self.area.departments.all():
            make_post(self.official, Role.OFFICIAL, department=department)
        make_post(self.reviewer, Role.REVIEWER, area=self.area)
        self.stewards = [make_user(name) for name in ("first", "second")]
        for steward in self.stewards:
            make_post(steward, Role.STEWARD, area=self.area)

    def drafted(self, series, year, value, at):
        cell = Observation.objects.filter(series=series, year=year).first()
        read = cell.working.number if cell and cell.working else None
        said = EnteredFigure(
            value=Decimal(value),
            stated_decimals=2,
            source_title="统计公报",
            remark="一",
            shortfall_reason="二",
            next_steps="三",
        )
        with done_at(at):
            return entry.save(
                series=series, year=year, figure=said, read_version=read, by=self.official,
                correction_reason="核对有误" if cell and cell.in_force else "",
            )  # fmt: skip

    def sent(self, series, year, value, at):
        version = self.drafted(series, year, value, at)
        with done_at(at):
            return entry.submit(version=version, by=self.official)

    def approved(self, series, year, value, at):
        version = self.sent(series, year, value, at)
        with done_at(at):
            return workflow.approve(version=version, by=self.reviewer)


def spring():
    """Before THEN. Returns the world and what waits for a decision."""
    world = World()
    to_come()
    with done_at(here(2026, 2, 2, 9)):
        make_round(
            world.area, 2019, 2020, name="2019—2020年数据补报",
            due_at=here(2026, 2, 20), closes_at=here(2026, 12, 1),
        )  # fmt: skip
    first, second, third, *_others = world.series
    world.approved(first, 2020, "61.50", here(2026, 2, 3, 10))
    waiting = world.sent(first, 2020, "62.50", here(2026, 3, 1, 9))
    returned = world.sent(second, 2020, "97.10", here(2026, 3, 1, 10))
    with done_at(here(2026, 3, 1, 11)):
        workflow.return_to_official(version=returned, by=world.reviewer, reason="缺少依据")
    world.drafted(third, 2020, "90.10", here(2026, 3, 1, 12))
    judge(world, Outcome.PARTLY, here(2026, 2, 10, 9))
    recomputed(here(2026, 3, 1, 20))
    return world, waiting


def to_come():
    """A target whose year lies ahead, with figures for a forecast."""
    with done_at(here(2026, 2, 1, 10)):
        area = Area.objects.get(code=HAINAN)
        document = make_document("made-up", area=area, start_year=2021, end_year=2030)
        target = make_target("made-up-001", document, target_year=2030)
        series = make_series(area, make_indicator("made-up"))
        make_reading(target, series)
        for year, value in enumerate(("96", "96.4", "96.5", "97.1"), start=2022):
            make_figure(series, year, value)


def summer(world, waiting):
    """After THEN: everything that can be corrected is."""
    first, second, third, fourth, fifth, *_others = world.series
    with done_at(here(2026, 3, 2, 0)):
        workflow.approve(version=waiting, by=world.reviewer)
    world.approved(first, 2020, "63.70", here(2026, 4, 1, 9))
    world.approved(second, 2020, "98.20", here(2026, 4, 2, 9))
    world.approved(third, 2020, "1.10", here(2026, 4, 3, 9))
    world.approved(fourth, 2020, "2.20", here(2026, 4, 4, 9))
    content = {**VERSION_DEFAULTS, "value": Decimal("3.30"), "stated_decimals": 2,
               "source_title": "年鉴", "source_grade": "press"}  # fmt: skip
    with done_at(here(2026, 5, 1, 9)):
        made_up = Series.objects.get(indicator__code="made-up")
        for one, year in ((fifth, 2021), (made_up, 2024)):
            load_figure(series=one, year=year, content=content, by=reference_user())
    read_anew(world, here(2026, 5, 2, 9))
    stated_anew(Target.objects.in_force().get(code="hainan-2013-032"), here(2026, 5, 3, 9))
    stated_anew(in_words(world), here(2026, 5, 3, 10))
    judge(world, Outcome.NOT, here(2026, 5, 4, 9))
    late_round(world)
    recomputed(here(2026, 5, 10, 9))


def judge(world, outcome, at):
    target = in_words(world)
    cell = Judgement.objects.filter(target_code=target.code, year=2020).first()
    with done_at(at):
        version = judgements.save(
            target=target, year=2020, outcome=outcome, narrative=f"{at:%Y-%m-%d} 已经评价",
            read_version=cell.working.number if cell else None, by=world.official,
            correction_reason="核对有误" if cell else "",
        )  # fmt: skip
        sent = judgements.submit(version=version, by=world.official)
        workflow.approve(version=sent, by=world.reviewer)


def in_words(world):
    named = Target.objects.in_force().filter(departments__isnull=False)
    return named.filter(kind=Kind.TEXT, area=world.area, target_year=2020).earliest("code")


def read_anew(world, at):
    reading = TargetReading.objects.in_force().filter(
        target__area=world.area, target__kind=Kind.REACH
    ).first()  # fmt: skip
    content = {name: getattr(reading, name) for name in proposals.CONTENT}
    content["note_zh"] += "（修订）"
    with done_at(at):
        proposal = proposals.propose(
            target=reading.target, series=reading.series, content=content, by=world.stewards[0]
        )
        proposals.confirm(proposal=proposal, by=world.stewards[1])


def stated_anew(before, at):
    """With another value, department and statement; and one more that restates it."""
    names = [field.attname for field in Target._meta.concrete_fields]
    left_out = {"id", "recorded_at", "superseded_at", "recorded_by_id"}
    content = {name: getattr(before, name) for name in names if name not in left_out}
    links = [(link.department, link.part) for link in before.department_links.all()]
    replaced = [each.code for each in before.replaces.all()]
    content["statement_zh"] = "改过的表述"
    if before.value is not None:
        content |= {"value": before.value + Decimal("0.5"), "stated_decimals": 1}
    with done_at(at):
        state_target(StatedTarget(content, links[:-1] or links, replaced), by=reference_user())
        further = {**content, "code": f"{before.code[:-3]}9{before.code[-2:]}"}
        state_target(StatedTarget(further, links, [before.code]), by=reference_user())


def late_round(world):
    with done_at(here(2026, 5, 5, 9)):
        make_round(
            world.area, 2018, name="2018年数据补报", opens_at=here(2026, 2, 1),
            due_at=here(2026, 2, 2), closes_at=here(2026, 12, 1),
        )  # fmt: skip


def recomputed(at):
    with done_at(at):
        count_anew(Document.objects.all())
        recompute(Target.objects.in_force())
