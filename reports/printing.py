"""Papers as files: PDF and Word."""

from django.template.loader import render_to_string
from django.utils import translation

from reports.paper.blocks import Paper, Picture
from reports.paper.pdf import pdf_of


def pdf_of_paper(paper: Paper) -> bytes:
    """Raises PaperUnavailable where the machine cannot set text."""
    with translation.override(paper.language):
        html = render_to_string("reports/paper/paper.html", {"paper": paper})
    assets = {
        f"{tag}.svg": placed.svg.encode()
        for tag, placed in paper.placed.items()
        if isinstance(placed, Picture)
    }
    return pdf_of(html, assets=assets)
