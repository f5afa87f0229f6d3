"""Pictures as dots, for programs that draw no SVG."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reports.paper.pdf import press
from reports.paper.press import Task, as_text

VIEW_BOX = re.compile(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')
NAME = "picture.svg"


def size_of(svg: str) -> tuple[float, float]:
    """Width and height of the view box, in pixels. Raises ValueError where it has none."""
    match = VIEW_BOX.search(svg)
    if match is None:
        raise ValueError("a picture without viewBox")
    return float(match[1]), float(match[2])


def pngs_of(svgs: Iterable[str]) -> dict[str, bytes]:
    """By picture, as PNG with two dots a pixel; the same bytes for the same picture.

    Raises as `pdf_of`.
    """
    wanted = list(dict.fromkeys(svgs))
    drawn = press([_task(svg) for svg in wanted]) if wanted else []
    return {svg: each.content for svg, each in zip(wanted, drawn, strict=True)}


def _task(svg: str) -> Task:
    width, height = size_of(svg)
    page = (
        '<html lang="zh-Hans">'
        f"<style>@page {{ size: {width}px {height}px; margin: 0;"
        " @bottom-left { content: none } @bottom-right { content: none } }"
        " img { display: block; width: 100% }</style>"
        f'<img alt="-" src="paper:{NAME}">'
    )
    return Task(page, {NAME: as_text(svg.encode())}, as_picture=True)
