"""A yearly report as PDF or Word: as it was issued, or set now."""

from __future__ import annotations

import hashlib

from reports import printing
from reports.enums import Stage
from reports.models import Report, ReportText
from reports.queries.papers import names_of, paper_of

ENDINGS = ("pdf", "docx")


class Altered(Exception):
    """What is stored of an issued report is not what was issued."""


def file_of(report: Report, text: ReportText, *, ending: str) -> bytes:
    """ending: one of ENDINGS. Raises PaperUnavailable, and Altered where the stored file does not
    have its digest."""
    issued = report.files.filter(ending=ending).first()
    if issued is None:
        return set_file(report, text, ending=ending, stage=Stage(report.stage))
    content = bytes(issued.content)
    if hashlib.sha256(content).hexdigest() != issued.sha256:
        raise Altered(f"{report}.{ending}")
    return content


def set_file(report: Report, text: ReportText, *, ending: str, stage: Stage) -> bytes:
    """As of now, with what is said of the stage. Raises PaperUnavailable."""
    paper = paper_of(report, text, stage=stage)
    if ending == "pdf":
        return printing.pdf_of_paper(paper)
    return printing.word_of_paper(paper, names=names_of(report))
