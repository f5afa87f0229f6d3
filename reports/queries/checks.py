"""The check of each night: whether issued reports say what they said when they were issued."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.enums import Stage
from reports.models import Report
from reports.queries.contents import differs_from_issue
from targets_site.checks import Check, Finding


def changed_reports() -> Iterator[Finding]:
    """One each, in the order of the reports; a few queries a report, one report in memory."""
    issued = Report.objects.filter(stage=Stage.ISSUED).select_related("area", "department")
    for report in issued.iterator(chunk_size=1):
        text = report.texts.order_by("-number").first()
        if text is None or differs_from_issue(report, text):
            facts = {"report": report.in_trail, "address": report.get_absolute_url()}
            yield Finding("report_differs", report.in_trail, facts)


def say(finding: Finding) -> str:
    """In the active language."""
    return (
        _("%(report)s: its content is not the one that was issued; restore it from a backup.")
        % finding.facts
    )


def address(finding: Finding) -> str:
    return str(finding.facts["address"])


CHECK = Check("reports", gettext_lazy("Issued reports"), changed_reports, say, address)
