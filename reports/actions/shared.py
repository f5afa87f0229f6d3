"""What every step with a report has in common."""

from __future__ import annotations

from collections.abc import Mapping

from reports.enums import ReportStepKind
from reports.models import Report, ReportStep, ReportText
from reports.paper.stored import content_digest
from targets_site.accounts.access import NotAllowed, held_by
from targets_site.accounts.models import Role, User
from targets_site.audit.actions import record


class Overtaken(Exception):
    """Somebody has done something with the report since the person read its page."""


def check_reviews(user: User, *, area_id: int) -> None:
    """Raises NotAllowed unless the person reviews the area today."""
    if area_id not in held_by(user).reviewed:
        raise NotAllowed("Reports are written by the reviewers of their area.")


def locked(report: Report, *, version: int, by: User) -> Report:
    """The report's row, locked until the transaction ends, at the version that the person saw.

    Raises NotAllowed, and Overtaken where it has another version, is issued or was replaced.
    """
    rows = Report.objects.select_related("area", "department").select_for_update(of=("self",))
    found = rows.get(pk=report.pk)
    check_reviews(by, area_id=found.area_id)
    if found.version != version or not found.is_under_way:
        raise Overtaken(str(found))
    return found


def newest_text(report: Report) -> ReportText:
    return report.texts.order_by("-number")[0]


def note(
    report: Report,
    *,
    kind: ReportStepKind,
    from_stage: str,
    text: ReportText,
    by: User,
    reason: str = "",
    files: Mapping[str, str] | None = None,
) -> ReportStep:
    """Append the step to the history and to the trail; the report is saved already.

    files: digests by ending of the files that were drafted, handed in or issued by this step.
    """
    content_sha256 = content_digest(report.frozen, text.blocks)
    digests = dict(files or {})
    step = ReportStep.objects.create(
        report=report,
        version=report.version,
        kind=kind,
        from_stage=from_stage,
        to_stage=report.stage,
        text=text,
        by=by,
        reason=reason,
        content_sha256=content_sha256,
        word_sha256=digests.get("docx", ""),
    )
    record(
        f"{kind}_report",
        report.in_trail,
        by=by.username,
        role=Role.REVIEWER,
        before={"stage": from_stage, "version": report.version - 1},
        after={
            "stage": report.stage,
            "version": report.version,
            "text": text.number,
            "content_sha256": content_sha256,
            "files": digests,
        },
        reason=reason,
    )
    return step
