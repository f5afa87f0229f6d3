"""The columns of a file of figures: one list for reading, the template and its explanation.

A line names its figure by `series`, or by area and indicator (and scope where there are several),
and the year. What it then says of the figure is read by `typed_figures.understand`; names, unit and
scope are only compared with what they should be. The columns with which an export says who did what
may stand in the file and are not read.
"""

from dataclasses import dataclass

from indicators.typed_figures import FIELDS, TEXTS
from targets_site.localized import localized


@dataclass(frozen=True)
class Column:
    """One column. key: as `understand` names it where it says something of the figure; heading_en
    is the one of our exports; also: further headings under which people send it."""

    key: str
    heading_en: str
    heading_zh: str
    meaning_en: str
    meaning_zh: str
    also: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        return localized(self, "heading")

    @property
    def meaning(self) -> str:
        return localized(self, "meaning")

    @property
    def headings(self) -> tuple[str, ...]:
        return (self.heading_zh, self.heading_en, *self.also)


COLUMNS = (
    Column(
        "series", "series", "指标序列",
        "Code of the series: <area>.<indicator>.<scope>. It alone says whose figure it is.",
        "指标序列代码：地区.指标.口径；有此列即可确定是哪一项数据。",
    ),
    Column(
        "area_code", "area_code", "地区代码",
        "Six digits (GB/T 2260), as text. With indicator_code in place of the series.",
        "六位行政区划代码（GB/T 2260），须为文本；与指标代码一起可代替指标序列。",
        ("行政区划代码",),
    ),
    Column(
        "area_zh", "area_zh", "地区", "Name of the area; only checked.", "地区名称，仅用于核对。",
        ("地区名称",),
    ),
    Column(
        "indicator_code", "indicator_code", "指标代码", "Code of the indicator, as text.",
        "指标代码，须为文本。",
    ),
    Column(
        "indicator_zh", "indicator_zh", "指标", "Name of the indicator; only checked.",
        "指标名称，仅用于核对。", ("指标名称",),
    ),
    Column(
        "indicator_en", "indicator_en", "指标英文名称", "English name; only checked.",
        "指标英文名称，仅用于核对。", ("指标名称（英文）",),
    ),
    Column(
        "scope", "scope", "口径", "Code of the scope; needed where an indicator has several.",
        "口径代码；同一指标有多个口径时必填。", ("口径代码",),
    ),
    Column("year", "year", "年度", "Four digits.", "四位年份。", ("年份",)),
    Column(
        "value", "value", "数值",
        "A plain number in the unit of the indicator. Empty where there is no figure.",
        "按指标单位填写纯数字；没有数据时留空。",
    ),
    Column(
        "unit", "unit", "单位", "Unit of the indicator; checked, nothing is converted.",
        "指标单位，仅用于核对，系统不作换算。", ("计量单位",),
    ),
    Column(
        "bound", "bound", "来源表述", "exact, at_least, at_most or about; empty means exact.",
        "准确数、不低于、不高于或约数；留空表示准确数。", ("限定",),
    ),
    Column(
        "numerator", "numerator", "分子", "Only of a rate in %, together with the denominator.",
        "仅用于百分率，须与分母同时填写。",
    ),
    Column(
        "denominator", "denominator", "分母", "Only of a rate in %, together with the numerator.",
        "仅用于百分率，须与分子同时填写。",
    ),
    Column(
        "obs_status", "obs_status", "数据类别",
        "Chosen from the list; empty means a normal figure. The letters of our exports are "
        "understood too: A normal, B break, E estimate, P provisional.",
        "从列表中选择，留空表示正常数据；也可填导出文件中的字母："
        "A 正常、B 口径变化、E 估计、P 初步。",
        ("数据状态",),
    ),
    Column(
        "missing_reason", "missing_reason", "缺数原因", "Why there is no figure; only where the "
        "value is empty.", "没有数据的原因，仅在数值留空时填写。",
    ),
    Column(
        "source_title", "source_title", "来源", "Title of the document, report or letter.",
        "数据出处：公报、报告或函件的名称。", ("来源名称", "数据来源"),
    ),
    Column(
        "source_url", "source_url", "来源网址", "Starts with http:// or https://; may stay empty.",
        "以 http:// 或 https:// 开头，可留空。",
    ),
    Column(
        "published_as", "published_as", "发布时的指标名称", "Name under which it was published.",
        "来源中使用的指标名称。",
    ),
    Column(
        "published_on", "published_on", "发布日期", "YYYY, YYYY-MM or YYYY-MM-DD, as text.",
        "年、年-月或年-月-日（如 2021-03-05），须为文本。", ("发布时间",),
    ),
    Column(
        "remark", "note", "备注", "Up to 2,000 characters.", "不超过 2000 字。", ("remark",),
    ),
    Column(
        "shortfall_reason", "shortfall_reason", "未完成原因",
        "Needed when it is submitted where the figure falls short of a target.",
        "数据未达目标时，报送前必填。",
    ),
    Column(
        "next_steps", "next_steps", "下一步措施",
        "Needed when it is submitted where the figure falls short of a target.",
        "数据未达目标时，报送前必填。",
    ),
)  # fmt: skip
# Who did what, as exports say it; each stands in the trail and cannot be imported.
IGNORED = (
    "source_grade", "state", "version", "entered_by", "entered_at", "approved_by", "approved_at",
    "来源等级", "流程状态", "版本号", "填报人", "填报时间", "审核人", "审核时间", "部门",
)  # fmt: skip

BY_KEY = {column.key: column for column in COLUMNS}
HEADINGS = {column.key: column.headings for column in COLUMNS}
REQUIRED = ("year", "value")
CODES = ("series", "area_code", "indicator_code", "scope")
CODE_LENGTHS = {"area_code": 6}
# What says something of a figure, in the order of the file; the others say which figure it is.
SAID = tuple(column.key for column in COLUMNS if column.key in FIELDS)
# Prose, in which our exports guard the first character against being run as a formula.
PROSE = frozenset(TEXTS) | {"area_zh", "indicator_zh", "indicator_en", "scope"}
# With these, a new value starts anew where the file does not have the column.
ABOUT_THE_VALUE = ("missing_reason", "numerator", "denominator", "bound", "obs_status")
# With these too, where the value replaces one in force.
ABOUT_THE_SOURCE = ("source_title", "source_url", "published_as", "published_on")

SHEET = "数据"


def units_alike(one: str, other: str) -> bool:
    """Whether two ways of writing a unit mean the same; nothing is ever converted."""
    return _plain_unit(one) == _plain_unit(other)


def _plain_unit(unit: str) -> str:
    text = unit.strip().replace("％", "%")
    return {"指数": "index"}.get(text, text)
