"""Taking an edited Word file: its words become the report's text, its figures stay as they are."""

from __future__ import annotations

from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.uploads import DOCX, CheckedUpload, check_upload
from reports.actions.shared import Overtaken, check_reviews, locked, newest_text, note
from reports.enums import ReportStepKind
from reports.models import Report, ReportText
from reports.paper.blocks import Block
from reports.paper.stored import blocks_as_json
from reports.paper.word_reading import read_word
from reports.queries.papers import paper_of
from targets_site.accounts.models import User


def take_word(
    *, report: Report, version: int, upload: IO[bytes], name: str, by: User
) -> ReportText:
    """The text of an edited Word file, as the next one of the report; the file is kept.

    version: of the report as the person read it. name: as the browser sent it. Raises NotAllowed,
    Overtaken, RefusedPaper (which says every place), and ValidationError for a file that is not
    taken at all (see `check_upload`) or says what the report says already (code same).
    """
    # Before a stranger's file is read.
    check_reviews(by, area_id=report.area_id)
    if report.version != version or not report.is_under_way:
        raise Overtaken(str(report))
    checked = check_upload(upload, name=name)
    if checked.media_type != DOCX.media_type:
        message = _("“%(name)s” is no Word document (.docx).")
        raise ValidationError(message, code="type", params={"name": checked.name})
    # Reading takes its time, and a transaction would keep others from the report meanwhile.
    before = newest_text(report)
    paper = paper_of(report, before)
    blocks = read_word(upload, paper=paper)
    if blocks == paper.blocks:
        message = _("The file says what the report says already; nothing was stored.")
        raise ValidationError(message, code="same")
    with transaction.atomic():
        found = locked(report, version=version, by=by)
        if newest_text(found) != before:
            raise Overtaken(str(found))
        return _stored(found, before, blocks, upload, checked, by=by)


def _stored(
    report: Report,
    before: ReportText,
    blocks: tuple[Block, ...],
    upload: IO[bytes],
    checked: CheckedUpload,
    *,
    by: User,
) -> ReportText:
    text = ReportText(
        report=report,
        number=before.number + 1,
        blocks=blocks_as_json(blocks),
        name=checked.name,
        size=checked.size,
        sha256=checked.sha256,
        made_by=by,
    )
    upload.seek(0)
    text.file.save(checked.name, File(upload), save=False)
    try:
        text.save()
        report.version += 1
        report.save(update_fields=["version"])
        note(
            report,
            kind=ReportStepKind.UPLOAD,
            from_stage=report.stage,
            text=text,
            by=by,
            files={"docx": text.sha256},
        )
    except BaseException:
        # The row goes with the transaction, the file would stay.
        text.file.delete(save=False)
        raise
    return text
