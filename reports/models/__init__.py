"""The yearly report, its texts and what was done with it."""

from reports.models.reports import Report, ReportStep, ReportText

__all__ = ["Report", "ReportStep", "ReportText"]
