"""`export observations`: the yearly figures in force."""

from django.db.models import Q, QuerySet

from indicators.models import Observation
from reports.exports.columns import code, figure, moment, number, text
from reports.exports.filters import of_series
from reports.exports.tables import Table


def _observations() -> QuerySet[Observation]:
    """Observations that have a version in force, by series and year."""
    return Observation.objects.filter(in_force__isnull=False).order_by("series__code", "year")


OBSERVATIONS = Table(
    name="observations",
    rows=_observations,
    filters={**of_series("series"), "year": lambda year: Q(year=year)},
    columns=(
        text(
            "series",
            "series__code",
            "指标序列：地区.指标.口径",
            "Series: <area>.<indicator>.<scope>",
        ),
        text(
            "area_code",
            "series__area__code",
            "行政区划代码（GB/T 2260，六位）",
            "GB/T 2260 area code",
        ),
        text("area_zh", "series__area__name_zh", "地区名称", "Name of the area in Chinese"),
        text("indicator_code", "series__indicator__code", "指标代码", "Code of the indicator"),
        text("indicator_zh", "series__indicator__name_zh", "指标名称", "Indicator in Chinese"),
        text(
            "indicator_en",
            "series__indicator__name_en",
            "指标名称（英文）",
            "Indicator in English",
        ),
        text("scope", "series__scope", "口径代码", "Code of the scope"),
        number("year", "year", "年度", "Year of the figure"),
        figure(
            "value",
            "in_force__value",
            "数值，小数位数与来源一致；缺数时为空",
            "Figure with the decimals of its source; empty where it is missing",
            decimals="in_force__stated_decimals",
        ),
        text("unit", "series__indicator__unit", "单位", "Unit of the figure"),
        code(
            "bound",
            "in_force__bound",
            "exact 准确、at_least 不低于、at_most 不高于、about 左右",
            "exact, at_least, at_most or about",
        ),
        figure("numerator", "in_force__numerator", "分子", "Numerator"),
        figure("denominator", "in_force__denominator", "分母", "Denominator"),
        code(
            "obs_status",
            "in_force__obs_status",
            "数据类别（SDMX，可多个）：A 正常、B 口径中断、E 估计、P 初步、M 缺数",
            "SDMX letters, one or more: A normal, B break, E estimate, P provisional, M missing",
        ),
        text("missing_reason", "in_force__missing_reason", "缺数原因", "Why there is no figure"),
        text("source_title", "in_force__source_title", "来源名称", "Title of the source"),
        text("source_url", "in_force__source_url", "来源网址", "Address of the source"),
        code(
            "source_grade",
            "in_force__source_grade",
            "来源等级：official 原文、press 媒体、reprint 转载待核、reported 部门填报",
            "official, press, reprint (to be checked) or reported by the department",
        ),
        text(
            "published_as",
            "in_force__published_as",
            "发布时的指标名称",
            "Name under which it was published",
        ),
        text(
            "published_on",
            "in_force__published_on",
            "发布日期（年、年月或年月日）",
            "When it was published: YYYY, YYYY-MM or YYYY-MM-DD",
        ),
        code("state", "in_force__state", "流程状态", "State in the workflow"),
        number("version", "in_force__number", "版本号", "Number of the version"),
        text("entered_by", "in_force__entered_by__username", "填报人", "Who entered it"),
        moment("entered_at", "in_force__entered_at", "填报时间", "When it was entered"),
        text(
            "approved_by",
            "in_force__reviewed_by__username",
            "审核人；随产品装载的数据为空",
            "Who approved it; empty for figures loaded with the product",
        ),
        moment("approved_at", "in_force__reviewed_at", "审核时间", "When it was approved"),
        text("note", "in_force__remark", "备注", "Remark"),
    ),
)
