"""Whether an issued report says what it said when it was issued."""

from __future__ import annotations

from reports.enums import Stage
from reports.models import Report, ReportText
from reports.paper.stored import content_digest
from targets_site.audit.models import Entry


def differs_from_issue(report: Report, text: ReportText) -> bool:
    """Whether figures or text are others than the trail, or the step that issued it, has recorded.

    text: the newest. False of a report under way, and of one issued before there were digests.
    Two queries.
    """
    if report.stage != Stage.ISSUED:
        return False
    found = content_digest(report.frozen, text.blocks)
    return any(recorded not in {"", found} for recorded in _recorded(report))


def _recorded(report: Report) -> list[str]:
    """Either may have been taken away with what it is about, so both are asked."""
    steps = report.steps.filter(to_stage=Stage.ISSUED)
    entries = Entry.objects.filter(object=report.in_trail, action="move_report")
    issued = entries.filter(after__stage=Stage.ISSUED.value).order_by("seq")
    said = [(each.after or {}).get("content_sha256", "") for each in issued]
    return [*steps.values_list("content_sha256", flat=True), *said]
