"""A report as a paper that can be printed, at the stage where it is."""

from __future__ import annotations

from django.utils import translation

from reports.enums import Stage
from reports.models import Report, ReportText
from reports.paper import LANGUAGE
from reports.paper.blocks import Paper
from reports.paper.stored import blocks_of, placed_of


def paper_of(report: Report, text: ReportText, *, stage: Stage | None = None) -> Paper:
    """In Chinese, as it is printed; a reader of the page sees the same. stage: None for its own."""
    frozen = report.frozen
    return Paper(
        title=frozen["title"],
        subtitle=_subtitle(report, stage or Stage(report.stage)),
        line=frozen["line"],
        footing=frozen["footing"],
        blocks=blocks_of(text.blocks, figures=frozen["figures"]),
        placed=placed_of(frozen),
        base=text.number,
    )


def names_of(report: Report) -> dict[str, str]:
    """By a figure's tag, what Word shows of it: the target that it belongs to."""
    figures = report.frozen["figures"]
    return {tag: figure["target"] for tag, figure in figures.items() if "target" in figure}


def _subtitle(report: Report, stage: Stage) -> str:
    """Its department, its stage until it is issued, and its edition from the second on."""
    part: str = report.frozen["part"]
    with translation.override(LANGUAGE):
        said = "" if stage == Stage.ISSUED else f"（{stage.label}）"
    edition = f"（第{report.edition}版）" if report.edition > 1 else ""
    return f"{part}{said}{edition}"
