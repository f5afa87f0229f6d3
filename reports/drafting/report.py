"""A report as it is drafted: its text, and what is frozen of it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone, translation

from indicators.method import METHOD_VERSION
from reports.drafting.departments import add_departments
from reports.drafting.domains import add_domains
from reports.drafting.draft import Draft
from reports.drafting.in_words import add_in_words
from reports.drafting.notes import add_method, add_sources
from reports.drafting.overall import add_headline, add_overall
from reports.drafting.problems import add_problems
from reports.paper import LANGUAGE
from reports.paper.blocks import Block
from reports.queries.yearly import ReportedTarget, reported_targets
from targets_site.places.models import Area, Department


@dataclass(frozen=True)
class Drafted:
    """frozen: what stays as it is, as JSON: title, line, footing, figures, tables, pictures.
    blocks: the text that people edit. method_version: of the verdicts."""

    frozen: dict[str, Any]
    blocks: tuple[Block, ...]
    method_version: str


def draft_report(
    area: Area, *, year: int, department: Department | None, at: datetime.datetime, trail_seq: int
) -> Drafted:
    """From figures and verdicts as they stand now; in Chinese, whoever asks.

    at, trail_seq: when it is drafted, and the last entry of the trail then.
    """
    with translation.override(LANGUAGE):
        reported = reported_targets(area, year=year, department=department)
        version = _method_version(reported)
        draft = _written(reported, area=area, year=year, department=department, version=version)
        day = f"{timezone.localtime(at):%Y年%-m月%-d日}"
    head = {
        "title": f"{area.name_zh}{year}年质量状况分析报告",
        "part": f"（{department.name_zh}）" if department else "",
        "line": f"数据截至{year}年　{day}提取　判定方法版本{version}　审计日志第{trail_seq}条",
        "footing": f"数据截至{year}年，方法版本{version}",
    }
    content = {"figures": draft.figures, "tables": draft.tables, "pictures": draft.pictures}
    return Drafted({**head, **content}, tuple(draft.blocks), version)


def _written(
    reported: Sequence[ReportedTarget],
    *,
    area: Area,
    year: int,
    department: Department | None,
    version: str,
) -> Draft:
    draft = Draft()
    subject = f"{department.name_zh}牵头或负责、" if department else area.name_zh
    add_overall(draft, reported, subject=subject, year=year)
    add_headline(draft, reported)
    add_domains(draft, reported, year=year)
    if department is None:
        add_departments(draft, reported)
    add_in_words(draft, reported)
    add_problems(draft, reported)
    add_sources(draft, reported)
    add_method(draft, method_version=version)
    return draft


def _method_version(reported: Sequence[ReportedTarget]) -> str:
    """Of the verdicts; of the method as it is where there are none."""
    versions = sorted({each.verdict.method_version for each in reported})
    return "、".join(versions) or METHOD_VERSION
