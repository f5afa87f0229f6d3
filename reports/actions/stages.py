"""Moving a report on to its next stage, and giving it back."""

from __future__ import annotations

import hashlib
from copy import copy

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.actions.shared import Overtaken, check_reviews, locked, newest_text, note
from reports.enums import ReportStepKind, Stage
from reports.models import Report
from reports.paper.errors import PaperUnavailable
from reports.queries.papers import names_of, paper_of
from targets_site.accounts.models import User


def move_on(*, report: Report, version: int, by: User, confirmed: bool = False) -> Report:
    """To the next stage: for comment, for approval, issued, which is final.

    version: of the report as the person read it. confirmed: whether the person was asked and
    means to issue it. Raises NotAllowed, Overtaken, and ValidationError with the code unconfirmed.
    """
    check_reviews(by, area_id=report.area_id)
    following = report.next_stage
    if following is None or report.version != version:
        raise Overtaken(str(report))
    if following == Stage.ISSUED and not confirmed:
        message = _("Confirm that the report is issued: it cannot be changed afterwards.")
        raise ValidationError(message, code="unconfirmed")
    # Printing takes its time, and a lock would keep others from the report meanwhile.
    word_sha256 = _digest_of_issued_word(report) if following == Stage.ISSUED else ""
    with transaction.atomic():
        found = locked(report, version=version, by=by)
        return _moved(found, to=following, kind=ReportStepKind.MOVE, by=by, word_sha256=word_sha256)


@transaction.atomic
def give_back(*, report: Report, version: int, reason: str, by: User) -> Report:
    """Back to a draft, whose text stays. Raises as `move_on`, ValidationError without a reason."""
    found = locked(report, version=version, by=by)
    if not reason.strip():
        raise ValidationError(_("Say why it goes back."), code="reason")
    if found.stage == Stage.DRAFT:
        raise Overtaken(str(found))
    return _moved(found, to=Stage.DRAFT, kind=ReportStepKind.RETURN, by=by, reason=reason)


def _moved(
    report: Report,
    *,
    to: Stage,
    kind: ReportStepKind,
    by: User,
    reason: str = "",
    word_sha256: str = "",
) -> Report:
    before, report.stage = report.stage, to
    report.version += 1
    report.issued_at = timezone.now() if to == Stage.ISSUED else None
    report.save(update_fields=["stage", "version", "issued_at"])
    note(
        report,
        kind=kind,
        from_stage=before,
        text=newest_text(report),
        by=by,
        reason=reason,
        word_sha256=word_sha256,
    )
    return report


def _digest_of_issued_word(report: Report) -> str:
    """Of the Word file as it will be given out; empty where this machine cannot print it."""
    from reports.paper.word import word_of

    issued = copy(report)
    issued.stage = Stage.ISSUED
    try:
        word = word_of(paper_of(issued, newest_text(report)), names=names_of(issued))
    except PaperUnavailable:
        return ""
    return hashlib.sha256(word).hexdigest()
