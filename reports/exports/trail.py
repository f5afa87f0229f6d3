"""`export audit`: the trail in the order of its chain, each entry as its hash covers it."""

from typing import Any

from django.db.models import F, Q, QuerySet

from reports.exports.columns import Column, Kind, number, text
from reports.exports.tables import Table
from targets_site.accounts.rights import reads_trail
from targets_site.audit.chain import json_cell
from targets_site.audit.models import Entry
from targets_site.moments import to_the_microsecond


def _entries() -> QuerySet[Entry]:
    """By position in the chain; what is not chained yet comes last, by its number."""
    return Entry.objects.order_by(F("link__position").asc(nulls_last=True), "seq")


def _json(heading: str, zh: str, en: str) -> Column:
    """Canonical JSON, which only Python writes."""
    return Column(heading, (heading,), zh, en, Kind.TEXT, json_cell)


def _text_cell(value: Any) -> str:
    return value or ""


AUDIT = Table(
    name="audit",
    rows=_entries,
    filters={"year": lambda year: Q(at__year=year)},
    is_for=reads_trail,
    columns=(
        number("seq", "seq", "序号，可能不连续", "Number of the entry; some may be missing"),
        Column(
            "at",
            ("at",),
            "时间（北京时间，精确到微秒）",
            "When, local time to the microsecond",
            Kind.MOMENT,
            to_the_microsecond,
        ),
        text("actor", "actor", "操作人", "Who did it"),
        text("role", "role", "岗位", "In which role"),
        text("action", "action", "动作", "What was done"),
        text("object", "object", "对象（类别:标识）", "To what, as kind:natural key"),
        _json("before", "修改前（JSON）", "What it was before, as JSON"),
        _json("after", "修改后（JSON）", "What it was afterwards, as JSON"),
        text("reason", "reason", "原因", "Why"),
        Column("ip", ("ip",), "来源地址", "From which address", Kind.TEXT, _text_cell),
        text(
            "prev_hash", "link__prev_hash", "前一条的散列值；尚未入链为空", "Hash of the one before"
        ),
        text("hash", "link__hash", "散列值；尚未入链为空", "Hash; empty while it is not chained"),
    ),
)
