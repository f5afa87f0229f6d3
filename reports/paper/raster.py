"""A picture as dots, for programs that draw no SVG."""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO

from reports.paper.pdf import pdf_of

VIEW_BOX = re.compile(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')
DOTS_PER_PIXEL = 2.0
POINTS_PER_PIXEL = 0.75
# A frozen drawing is the same at each print; 50 kB or so each.
MOST_KEPT = 32


def size_of(svg: str) -> tuple[float, float]:
    """Width and height of the view box, in pixels. Raises ValueError where it has none."""
    match = VIEW_BOX.search(svg)
    if match is None:
        raise ValueError("a picture without viewBox")
    return float(match[1]), float(match[2])


@lru_cache(maxsize=MOST_KEPT)
def png_of(svg: str) -> bytes:
    """The picture as PNG, two dots a pixel; the same bytes for the same picture.

    Raises as `pdf_of`.
    """
    import pypdfium2

    width, height = size_of(svg)
    page = (
        '<html lang="zh-Hans">'
        f"<style>@page {{ size: {width}px {height}px; margin: 0;"
        " @bottom-left { content: none } @bottom-right { content: none } }"
        " img { display: block; width: 100% }</style>"
        '<img alt="-" src="paper:picture.svg">'
    )
    pdf = pdf_of(page, assets={"picture.svg": svg.encode()})
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=DOTS_PER_PIXEL / POINTS_PER_PIXEL)
    png = BytesIO()
    picture.to_pil().save(png, "PNG")
    return png.getvalue()
