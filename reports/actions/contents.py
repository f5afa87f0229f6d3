"""Telling the auditors that an issued report was changed behind the product's back."""

from __future__ import annotations

from django.db import transaction

from reports.models import Report, ReportText
from reports.paper.stored import content_digest
from targets_site.audit.actions import record
from targets_site.audit.models import Entry

ACTION = "report_differs"


@transaction.atomic
def note_difference(report: Report, text: ReportText) -> None:
    """Once for each content that it was found to have, however often it is read."""
    found = {"text": text.number, "content_sha256": content_digest(report.frozen, text.blocks)}
    if not Entry.objects.filter(object=report.in_trail, action=ACTION, after=found).exists():
        record(ACTION, report.in_trail, after=found)
