"""Setting pages and drawing pictures: WeasyPrint and PDFium, in the press's process only.

Nothing is fetched: neither an address nor a file.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.paper.errors import NotGiven, PaperUnavailable

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

PAPER_CSS = Path(__file__).with_name("paper.css")
ASSET_SCHEME = "paper:"
MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".css": "text/css"}
DOTS_PER_POINT = 2.0 / 0.75


def set_pages(
    html: str, assets: Mapping[str, bytes], *, sizes: Sequence[float] = ()
) -> tuple[bytes, float]:
    """A PDF, and in which of the sizes its body is set: the largest with which all is on one page,
    or the smallest. sizes: in points, the smallest first; none: as the style sheet says, and 0.

    Raises PaperUnavailable where the machine cannot set text, NotGiven where the HTML asks for more
    than came with it.
    """
    weasyprint = _weasyprint()
    fetcher = _only_given()(assets)
    page = weasyprint.HTML(string=html, url_fetcher=fetcher)
    sheet = weasyprint.CSS(string=_paper_css(), url_fetcher=fetcher)

    def laid_out(size: float) -> Any:
        own = weasyprint.CSS(string=f"body {{ font-size: {size}pt }}", url_fetcher=fetcher)
        sheets = [sheet, own] if size else [sheet]
        return page.render(stylesheets=sheets, pdf_tags=True, presentational_hints=True)

    document, size = _largest_on_one_page(laid_out, sizes) if sizes else (laid_out(0), 0)
    pdf: bytes = document.write_pdf()
    if fetcher.refused:
        raise NotGiven(", ".join(fetcher.refused))
    return pdf, size


def draw(pdf: bytes) -> bytes:
    """The first page as PNG, two dots a pixel of CSS."""
    import pypdfium2

    png = BytesIO()
    pypdfium2.PdfDocument(pdf)[0].render(scale=DOTS_PER_POINT).to_pil().save(png, "PNG")
    return png.getvalue()


def _largest_on_one_page(laid_out: Any, sizes: Sequence[float]) -> tuple[Any, float]:
    """By halves: what fits in one size fits in every smaller one."""
    fits, too_large = laid_out(sizes[0]), len(sizes)
    place = 0
    while too_large - place > 1:
        middle = (place + too_large) // 2
        document = laid_out(sizes[middle])
        if len(document.pages) == 1:
            fits, place = document, middle
        else:
            too_large = middle
    return fits, sizes[place]


@cache
def _paper_css() -> str:
    return PAPER_CSS.read_text(encoding="utf-8")


def _weasyprint() -> Any:
    try:
        import weasyprint
    except OSError as error:
        raise PaperUnavailable(str(error)) from error
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    return weasyprint


@cache
def _only_given() -> type[URLFetcher]:
    """The fetcher's class, which can be written only once WeasyPrint is there."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyGiven(URLFetcher):  # type: ignore[misc]
        """Hands out what was given. WeasyPrint goes on without what it does not get, so what was
        refused is remembered."""

        def __init__(self, assets: Mapping[str, bytes]) -> None:
            super().__init__(allowed_protocols=[])
            self._assets = assets
            self.refused: list[str] = []

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            name = url.removeprefix(ASSET_SCHEME)
            if not url.startswith(ASSET_SCHEME) or name not in self._assets:
                self.refused.append(url)
                raise NotGiven(url)
            kind = MEDIA_TYPES[Path(name).suffix]
            return URLFetcherResponse(url, self._assets[name], {"Content-Type": kind})

    return OnlyGiven
