"""`export verdicts`: how far each target is, seen from each as-of year (METHOD.md)."""

from django.db.models import Q, QuerySet

from indicators.models import Verdict
from indicators.queries.stated import with_stated_decimals
from reports.exports.columns import code, figure, moment, number, text
from reports.exports.filters import of_target
from reports.exports.tables import Table
from reports.exports.target_columns import target_columns


def _verdicts() -> QuerySet[Verdict]:
    """Verdicts in force of targets in force, by target and as-of year; with the decimals with
    which the figures that they rest on were stated."""
    in_force = Verdict.objects.in_force().filter(target__superseded_at__isnull=True)
    return with_stated_decimals(in_force).order_by("target__code", "as_of")


_SHARED = target_columns("target__")

VERDICTS = Table(
    name="verdicts",
    rows=_verdicts,
    filters={**of_target("target__"), "year": lambda year: Q(as_of=year)},
    columns=(
        _SHARED["document"],
        text("target_code", "target__code", "目标编号", "Code of the target"),
        _SHARED["area_code"],
        _SHARED["series"],
        _SHARED["indicator_code"],
        _SHARED["statement_zh"],
        number("target_year", "target__target_year", "目标年", "Target year"),
        code("kind", "target__kind", "目标类型", "Kind of the target"),
        text("comparator", "target__comparator", "比较方式", "Comparator"),
        _SHARED["value"],
        _SHARED["unit"],
        number("as_of", "as_of", "截至年份", "Year from which it is seen"),
        code(
            "status", "status", "进度判定代码（见判定方法）", "Code of the verdict (see the method)"
        ),
        code(
            "light",
            "light",
            "green 绿、pale 浅绿、yellow 黄、red 红、grey 灰、none 不判定",
            "green, pale, yellow, red, grey or none",
        ),
        number("actual_year", "actual_year", "所用数据的年度", "Year of the figure compared"),
        figure(
            "actual_value",
            "actual_value",
            "所用数据，小数位数与来源一致",
            "Figure compared with the target, with the decimals of its source",
            decimals="actual_decimals",
        ),
        figure(
            "gap",
            "gap",
            "差距，未达到时为正（目标的单位）",
            "Gap in the target's unit, positive while short",
        ),
        number("baseline_year", "baseline_year", "基期", "Year of the baseline"),
        figure(
            "baseline_value",
            "baseline_value",
            "基期值",
            "Baseline",
            decimals="baseline_decimals",
        ),
        figure(
            "expected_value",
            "expected_value",
            "序时进度应达到的值（4 位小数）",
            "Value expected on the path, to 4 places",
        ),
        figure("ratio", "ratio", "实际进度与序时进度之比", "Way covered over way expected"),
        figure("share", "share", "已走过的路程占比", "Share of the way covered"),
        figure("required_pace", "required_pace", "今后每年所需进度", "Pace needed, a year"),
        figure("last_pace", "last_pace", "最近每年实际进度", "Latest pace, a year"),
        text("missing_years", "missing_years", "缺数年份，用 ; 分隔", "Years missing, joined by ;"),
        text(
            "breached_years",
            "breached_years",
            "未保持的年份，用 ; 分隔",
            "Years not held, joined by ;",
        ),
        number("side_year", "side_year", "旁证数据的年度", "Year of the side evidence"),
        figure(
            "side_value",
            "side_value",
            "旁证数据，不作判定",
            "Side evidence, which decides nothing",
            decimals="side_decimals",
        ),
        text("source_grade", "source_grade", "所用数据的来源等级", "Grade of the source used"),
        text("method_version", "method_version", "判定方法版本", "Version of the method"),
        moment("computed_at", "recorded_at", "计算时间", "When it was computed"),
    ),
)
