"""Papers as files: PDF and Word."""

from django.template.loader import render_to_string
from django.utils import translation

from reports.paper.blocks import Paper, Picture
from reports.paper.pdf import one_page_of, pdf_of
from reports.paper.press import Pressed

# Of what has to stand on one page, in points: from what can just be read to that of an official
# letter (三号).
SIZES = tuple(half / 2 for half in range(14, 33))
# Word sets the same size wider or narrower, by the fonts of the machine that opens it.
SHARE_IN_WORD = 0.92


def pdf_of_paper(paper: Paper) -> bytes:
    """Raises PaperUnavailable where the machine cannot set text."""
    if paper.is_one_sheet:
        return _one_sheet(paper).content
    assets = {
        f"{tag}.svg": placed.svg.encode()
        for tag, placed in paper.placed.items()
        if isinstance(placed, Picture)
    }
    return pdf_of(_html_of(paper), assets=assets)


def word_of_paper(paper: Paper, *, names: dict[str, str] | None = None) -> bytes:
    """names: see `word_of`. What has to stand on one page is as large as in the PDF, or a little
    smaller. Raises PaperUnavailable."""
    # It is 10 MB that only who asks for Word needs.
    from reports.paper.word import word_of

    size = _one_sheet(paper).size if paper.is_one_sheet else None
    in_word = round(2 * size * SHARE_IN_WORD) / 2 if size else None
    return word_of(paper, names=names, one_sheet=in_word)


def _one_sheet(paper: Paper) -> Pressed:
    """A sheet has no pictures."""
    return one_page_of(_html_of(paper), sizes=SIZES)


def _html_of(paper: Paper) -> str:
    with translation.override(paper.language):
        return render_to_string("reports/paper/paper.html", {"paper": paper})
