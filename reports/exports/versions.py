"""`export versions`: everything that was ever said of a figure, and who did what with it when."""

from collections.abc import Callable, Collection
from typing import cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from indicators.enums import State
from indicators.models import Observation, ObservationVersion
from indicators.models.observations import ObservationVersionQuerySet
from reports.exports.columns import (
    Joined,
    code,
    figure,
    flag,
    joined_texts,
    listed,
    moment,
    number,
    text,
)
from reports.exports.filters import of_series
from reports.exports.tables import Rows, Table
from targets_site.accounts.models import User

EVIDENCE = ObservationVersion.evidence.through._default_manager.order_by("attachment_id")


def _versions() -> ObservationVersionQuerySet:
    """By series, year and number, each with `counts_now`."""
    in_force = Observation.objects.filter(in_force=OuterRef("pk"))
    rows = ObservationVersion.objects.annotate(counts_now=Exists(in_force))
    return rows.order_by("observation__series__code", "observation__year", "number")


def _readable(rows: Rows, reader: User | None) -> Rows:
    if reader is None:
        return rows.filter(state=State.APPROVED)
    return cast(ObservationVersionQuerySet, rows).readable_by(reader)


def _evidence(field: str) -> tuple[Callable[[Collection[int]], Joined], ArraySubquery]:
    """Of the files in the order in which they came in, for Python and for PostgreSQL."""

    def joined(versions: Collection[int]) -> Joined:
        links = EVIDENCE.filter(observationversion__in=versions)
        return joined_texts(links.values_list("observationversion_id", f"attachment__{field}"))

    of_version = EVIDENCE.filter(observationversion=OuterRef("pk"))
    return joined, ArraySubquery(of_version.values(f"attachment__{field}"))


_NAMES, _NAMES_ARRAY = _evidence("name")
_DIGESTS, _DIGESTS_ARRAY = _evidence("sha256")
SERIES = "observation__series__"

VERSIONS = Table(
    name="versions",
    rows=_versions,
    filters={
        **of_series("observation__series"),
        "year": lambda year: Q(observation__year=year),
        "state": lambda state: Q(state=state),
    },
    readable=_readable,
    columns=(
        text("series", f"{SERIES}code", "指标序列", "Series: <area>.<indicator>.<scope>"),
        text("area_code", f"{SERIES}area__code", "行政区划代码", "GB/T 2260 area code"),
        text("area_zh", f"{SERIES}area__name_zh", "地区名称", "Name of the area in Chinese"),
        text("indicator_code", f"{SERIES}indicator__code", "指标代码", "Code of the indicator"),
        text("indicator_zh", f"{SERIES}indicator__name_zh", "指标名称", "Indicator in Chinese"),
        text("scope", f"{SERIES}scope", "口径代码", "Code of the scope"),
        number("year", "observation__year", "年度", "Year of the figure"),
        number("version", "number", "版本号，每个数据自1起", "Number of the version, from 1"),
        flag("in_force", "counts_now", "是否为现行版本（1/0）", "The version in force (1/0)"),
        code(
            "state",
            "state",
            "draft 草稿、to_sign 待签发、submitted 已报送、returned 已退回、recalled 已撤回、"
            "approved 已审核通过",
            "draft, to_sign (by the signer), submitted, returned, recalled or approved",
        ),
        figure(
            "value",
            "value",
            "数值，小数位数与填报一致；缺数时为空",
            "Figure with the decimals as stated; empty where it is missing",
            decimals="stated_decimals",
        ),
        text("unit", f"{SERIES}indicator__unit", "单位", "Unit of the figure"),
        code(
            "bound",
            "bound",
            "exact 准确、at_least 不低于、at_most 不高于、about 左右",
            "exact, at_least, at_most or about",
        ),
        figure("numerator", "numerator", "分子", "Numerator"),
        figure("denominator", "denominator", "分母", "Denominator"),
        code(
            "obs_status",
            "obs_status",
            "数据类别（SDMX）：A 正常、B 口径中断、E 估计、P 初步、M 缺数",
            "SDMX letters: A normal, B break, E estimate, P provisional, M missing",
        ),
        text("missing_reason", "missing_reason", "缺数原因", "Why there is no figure"),
        text("published_scope", "published_scope", "发布口径", "Scope as it was published"),
        text("source_title", "source_title", "来源名称", "Title of the source"),
        text("source_url", "source_url", "来源网址", "Address of the source"),
        code(
            "source_grade",
            "source_grade",
            "来源等级：official 原文、press 媒体、reprint 转载待核、reported 部门填报",
            "official, press, reprint (to be checked) or reported by the department",
        ),
        text("published_as", "published_as", "发布时的指标名称", "Name it was published under"),
        text("published_on", "published_on", "发布日期", "When it was published"),
        listed(
            "evidence",
            _NAMES,
            "佐证材料文件名，用 ; 分隔",
            "Names of the files of evidence, joined by ;",
            copied=_NAMES_ARRAY,
        ),
        listed(
            "evidence_sha256",
            _DIGESTS,
            "佐证材料的 SHA-256，顺序同上，用 ; 分隔",
            "SHA-256 of these files in the same order, joined by ;",
            copied=_DIGESTS_ARRAY,
        ),
        text("entered_by", "entered_by__username", "填报人", "Who entered it"),
        moment("entered_at", "entered_at", "填报时间", "When it was entered"),
        text("correction_reason", "correction_reason", "更正原因", "Why it corrects another"),
        text("submitted_by", "submitted_by__username", "报送人", "Who submitted it"),
        moment("submitted_at", "submitted_at", "报送时间", "When it was submitted"),
        text("submitted_for", "submitted_for__name_zh", "报送部门", "Department it was sent for"),
        text("signed_by", "signed_by__username", "签发人（单位负责人）", "Who signed it"),
        moment("signed_at", "signed_at", "签发时间", "When it was signed"),
        moment("recalled_at", "recalled_at", "撤回时间", "When it was recalled"),
        text(
            "reviewed_by",
            "reviewed_by__username",
            "审核通过或退回的人；随产品装载的数据为空",
            "Who approved or returned it; empty for figures loaded with the product",
        ),
        moment("reviewed_at", "reviewed_at", "审核通过或退回的时间", "When that was"),
        text("return_reason", "return_reason", "退回原因", "Why it was returned"),
        flag(
            "returned_by_signer",
            "returned_by_signer",
            "是否由单位负责人退回（1/0）",
            "Returned by the department's own signer (1/0)",
        ),
        text("note", "remark", "备注", "Remark"),
        text("shortfall_reason", "shortfall_reason", "未完成原因", "Why the target is not met"),
        text("next_steps", "next_steps", "下一步措施", "Next steps"),
    ),
)
