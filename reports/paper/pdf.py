"""HTML to PDF by WeasyPrint, which fetches nothing: neither an address nor a file.

WeasyPrint is imported at the first print, since it costs a process 40 MB that a web worker which
never prints does not need.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.paper.errors import PaperUnavailable

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

PAPER_CSS = Path(__file__).with_name("paper.css")
ASSET_SCHEME = "paper:"
MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".css": "text/css"}


class NotGiven(ValueError):
    """The HTML asks for something that did not come with it."""


def pdf_of(html: str, *, assets: Mapping[str, bytes] | None = None) -> bytes:
    """A4 pages of a whole HTML document, set in `paper.css`; the same bytes for the same input.

    assets: pictures and style sheets by name, which the HTML names as `paper:NAME`; whatever else
    it names is refused. Raises PaperUnavailable where the machine cannot set text, NotGiven where
    the HTML asks for more than came with it.
    """
    weasyprint = _weasyprint()
    fetcher = _only_given()(assets or {})
    sheet = weasyprint.CSS(string=_paper_css(), url_fetcher=fetcher)
    document = weasyprint.HTML(string=html, url_fetcher=fetcher)
    pdf: bytes = document.write_pdf(stylesheets=[sheet], pdf_tags=True, presentational_hints=True)
    if fetcher.refused:
        raise NotGiven(", ".join(fetcher.refused))
    return pdf


@cache
def _paper_css() -> str:
    return PAPER_CSS.read_text(encoding="utf-8")


def _weasyprint() -> Any:
    try:
        import weasyprint
    except OSError as error:
        raise PaperUnavailable(str(error)) from error
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
