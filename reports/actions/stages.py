"""Moving a report on to its next stage, and giving it back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.actions.shared import Overtaken, check_reviews, locked, newest_text, note
from reports.enums import ReportStepKind, Stage
from reports.models import Report, ReportFile
from reports.queries.report_files import ENDINGS, set_file
from targets_site.accounts.models import User


def move_on(*, report: Report, version: int, by: User, confirmed: bool = False) -> Report:
    """To the next stage: for comment, for approval, issued, which is final.

    version: of the report as the person read it. confirmed: whether the person was asked and
    means to issue it. Raises NotAllowed, Overtaken, PaperUnavailable, and ValidationError with the
    code same_person (who drafted or edited the edition does not issue it) or unconfirmed.
    """
    files = {}
    if confirmed and report.next_stage == Stage.ISSUED and by.pk not in people_of(report):
        check_reviews(by, area_id=report.area_id)
        # Before the transaction: it takes seconds. The version says whether it is the same still.
        files = _files_to_issue(report)
    with transaction.atomic():
        found = locked(report, version=version, by=by)
        following = found.next_stage
        if following is None:
            raise Overtaken(str(found))
        if following == Stage.ISSUED and by.pk in people_of(found):
            message = _(
                "You drafted or edited this edition; another reviewer of the area has to issue it."
            )
            raise ValidationError(message, code="same_person")
        if following == Stage.ISSUED and not confirmed:
            message = _("Confirm that the report is issued: it cannot be changed afterwards.")
            raise ValidationError(message, code="unconfirmed")
        if following == Stage.ISSUED and not files:
            raise Overtaken(str(found))
        digests = _stored(found, files)
        return _moved(found, to=following, kind=ReportStepKind.MOVE, by=by, files=digests)


def _files_to_issue(report: Report) -> dict[str, bytes]:
    text = newest_text(report)
    return {ending: set_file(report, text, ending=ending, stage=Stage.ISSUED) for ending in ENDINGS}


def _stored(report: Report, files: Mapping[str, bytes]) -> dict[str, str]:
    """Their digests by ending."""
    digests = {ending: hashlib.sha256(content).hexdigest() for ending, content in files.items()}
    for ending, content in files.items():
        ReportFile.objects.create(
            report=report, ending=ending, content=content, sha256=digests[ending]
        )
    return digests


def people_of(report: Report) -> set[int]:
    """Who drafted the edition or handed in a text of it."""
    return {report.made_by_id, *report.texts.values_list("made_by", flat=True)}


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
    files: Mapping[str, str] | None = None,
) -> Report:
    before, report.stage = report.stage, to
    report.version += 1
    report.issued_at = timezone.now() if to == Stage.ISSUED else None
    report.save(update_fields=["stage", "version", "issued_at"])
    text = newest_text(report)
    note(report, kind=kind, from_stage=before, text=text, by=by, reason=reason, files=files)
    return report
