"""One column of a strip of lights: how many targets stood how in one year.

Inline SVG; colours and strokes come from site.css (`.strip__part`). The numbers stand beneath it
as text, so that it says nothing to a reader who does not see it.
"""

from collections.abc import Iterable, Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reports.queries.rows import LightCount

WIDTH, HEIGHT, BAR = 44, 96, 36
# One target among hundreds is still to be seen.
SMALLEST = 4.0
# One target alone does not fill a column.
FEW = 8


def strip_column(lights: Iterable[LightCount], *, most: int) -> SafeString:
    """Parts stacked from the foot upwards in the order of `lights`, so that the worst can be
    compared from year to year.

    most: targets of the fullest column that it stands beside, which is as high as the picture
    unless they are very few; 0 draws nothing.
    """
    parts = format_html_join(
        "",
        '<rect class="strip__part strip__part--{}" data-count="{}" x="{}" y="{}" width="{}"'
        ' height="{}"/>',
        [
            (light, count, (WIDTH - BAR) / 2, foot, BAR, height)
            for light, count, foot, height in _stacked(list(lights), most)
        ],
    )
    return format_html(
        '<svg class="strip__column" aria-hidden="true" viewBox="0 0 {} {}" width="{}"'
        ' height="{}">{}</svg>',
        WIDTH, HEIGHT, WIDTH, HEIGHT, parts,
    )  # fmt: skip


def _stacked(lights: list[LightCount], most: int) -> Iterator[tuple[str, int, float, float]]:
    """Light, count, upper edge and height of each part."""
    room = HEIGHT - 2 - SMALLEST * len(lights)
    at = HEIGHT - 1.0
    for each in lights if most else []:
        height = round(SMALLEST + room * each.count / max(most, FEW), 1)
        at = round(at - height, 1)
        yield each.light, each.count, at, height
