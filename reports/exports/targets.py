"""`export targets`: what the documents promise, with the reading in force."""

from collections.abc import Callable, Collection

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FilteredRelation, OuterRef, Q, QuerySet

from plans.enums import DepartmentPart
from plans.models import Target, TargetDepartment
from reports.exports.columns import Joined, code, figure, flag, joined_texts, listed, number, text
from reports.exports.filters import of_target
from reports.exports.tables import Table
from reports.exports.target_columns import target_columns


def _targets() -> QuerySet[Target]:
    """Targets in force by code, each with `reading`, the reading in force if there is one."""
    in_force = FilteredRelation("readings", condition=Q(readings__superseded_at__isnull=True))
    return Target.objects.in_force().annotate(reading=in_force).order_by("code")


def _named(part: DepartmentPart) -> QuerySet[TargetDepartment]:
    """In the document's order."""
    return TargetDepartment.objects.filter(part=part).order_by("position", "pk")


def _departments(part: DepartmentPart) -> tuple[Callable[[Collection[int]], Joined], ArraySubquery]:
    """Chinese names of the departments per target, for Python and for PostgreSQL."""

    def joined(targets: Collection[int]) -> Joined:
        links = _named(part).filter(target__in=targets)
        return joined_texts(links.values_list("target_id", "department__name_zh"))

    of_target = _named(part).filter(target=OuterRef("pk"))
    return joined, ArraySubquery(of_target.values("department__name_zh"))


def _replaced(targets: Collection[int]) -> Joined:
    """Codes of the earlier targets, sorted, per target; a corrected one stands once."""
    links = REPLACED.filter(from_target__in=targets).order_by("to_target__code")
    return joined_texts(links.values_list("from_target_id", "to_target__code").distinct())


REPLACED = Target.replaces.through._default_manager.all()
_REPLACED_ARRAY = ArraySubquery(
    REPLACED.filter(from_target=OuterRef("pk"))
    .order_by("to_target__code")
    .values("to_target__code")
    .distinct()
)
_LEAD, _LEAD_ARRAY = _departments(DepartmentPart.LEAD)
_RESPONSIBLE, _RESPONSIBLE_ARRAY = _departments(DepartmentPart.RESPONSIBLE)
_SHARED = target_columns()

TARGETS = Table(
    name="targets",
    rows=_targets,
    filters={**of_target(), "year": lambda year: Q(target_year=year)},
    columns=(
        _SHARED["document"],
        text("target_code", "code", "目标编号，不重复使用", "Code of the target, never reused"),
        _SHARED["area_code"],
        text("area_zh", "area__name_zh", "地区名称", "Name of the area in Chinese"),
        text("domain", "domain__code", "领域代码", "Code of the domain"),
        _SHARED["statement_zh"],
        text("statement_en", "statement_en", "目标表述（英文）", "What is promised, in English"),
        code(
            "kind",
            "kind",
            "目标类型：reach 达到、hold 保持、relative 相对基期、monotone 逐年、text 定性",
            "Kind: reach, hold, relative (to a baseline), monotone (year after year), text",
        ),
        text(
            "comparator",
            "comparator",
            "比较方式：ge ≥、gt >、le ≤、lt <、between 区间、about 左右",
            "Comparator: ge ≥, gt >, le ≤, lt <, between, about",
        ),
        _SHARED["value"],
        figure(
            "value_upper",
            "value_upper",
            "区间上限",
            "Upper end of a range",
            decimals="stated_decimals",
        ),
        _SHARED["unit"],
        number("target_year", "target_year", "目标年，原文未写则为空", "Target year, if stated"),
        code(
            "firmness",
            "firmness",
            "stated 明确目标、strive 力争目标",
            "stated, or strive (to be aimed at)",
        ),
        flag("key", "key", "是否主要指标（1/0）", "Headline target of its document (1/0)"),
        text("stated", "stated", "原文数字短语", "Shortest figure phrase as printed"),
        text("locator", "locator", "在文件中的位置", "Place in the document"),
        _SHARED["series"],
        _SHARED["indicator_code"],
        number("start_year", "document__start_year", "规划期起始年", "First year of the period"),
        number("hold_from", "reading__hold_from", "保持起始年", "First year to be held"),
        figure("tolerance", "reading__tolerance", "允许偏差（“左右”）", "Tolerance of “about”"),
        number("baseline_year", "reading__baseline_year", "基期", "Year of the named baseline"),
        figure("baseline_value", "reading__baseline_value", "基期值", "Named baseline"),
        code(
            "nature",
            "reading__series__indicator__nature",
            "指标性质：level 水平、cumulative 累计数、flow 当年数",
            "Nature of the indicator: level, cumulative, flow",
        ),
        number(
            "frequency",
            "reading__series__frequency",
            "数据间隔年数",
            "Years between figures that are due",
        ),
        listed(
            "lead_departments",
            _LEAD,
            "文件写明的牵头部门，用 ; 分隔",
            "Lead departments named by the document, in Chinese, joined by ;",
            copied=_LEAD_ARRAY,
        ),
        listed(
            "responsible_departments",
            _RESPONSIBLE,
            "文件写明的责任部门，用 ; 分隔",
            "Responsible departments named by the document, in Chinese, joined by ;",
            copied=_RESPONSIBLE_ARRAY,
        ),
        listed(
            "replaces",
            _replaced,
            "所重述的原目标编号，用 ; 分隔",
            "Codes of the earlier targets it restates, joined by ;",
            copied=_REPLACED_ARRAY,
        ),
    ),
)
