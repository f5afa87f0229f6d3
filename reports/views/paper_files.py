"""Papers as they leave the house: the meeting sheet and the yearly report alike."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from indicators.uploads import DOCX, PDF
from reports.paper.errors import PaperUnavailable, PressOccupied
from targets_site.audit.actions import record

MEDIA_TYPES = {"pdf": PDF.media_type, "docx": DOCX.media_type}


@dataclass(frozen=True)
class PaperFile:
    """title: what people find it by among their files, without its ending (pdf or docx)."""

    content: bytes
    title: str
    ending: str


def handed_out(
    file: PaperFile, *, about: str, said: Mapping[str, object] | None = None
) -> HttpResponse:
    """The file, whose digest stands in the trail. said: what the trail tells of it besides."""
    digest = hashlib.sha256(file.content).hexdigest()
    with transaction.atomic():
        record("export", about, after={"file": file.ending, **(said or {}), "sha256": digest})
    disposition = content_disposition_header(
        as_attachment=True, filename=f"{file.title}.{file.ending}"
    )
    return HttpResponse(
        file.content,
        content_type=MEDIA_TYPES[file.ending],
        headers={"Content-Disposition": disposition or "", "Cache-Control": "no-store"},
    )


def why_not(error: PaperUnavailable) -> str:
    """What the page tells a person who gets no file."""
    if isinstance(error, PressOccupied):
        return _("Others are printing just now, or this took too long. Try again in a minute.")
    return _("This server cannot print: it lacks a library. Tell the system administrator.")
