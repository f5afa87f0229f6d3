"""The yearly report, its texts and what was done with it."""

from reports.models.reports import Report, ReportFile, ReportStep, ReportText

__all__ = ["Report", "ReportFile", "ReportStep", "ReportText"]
