"""The big chart in each width that a page may have room for; the style sheet shows one of them."""

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from reports.chart_parts.frame import WIDTHS
from reports.chart_parts.kept import kept_drawing
from reports.drawings.trend import trend_drawing
from reports.figure_rows import TargetFigureRows

_NAMES = ("narrow", "medium", "wide")


def sized_drawings(rows: TargetFigureRows, *, label: str) -> SafeString:
    """The same drawing in each of `WIDTHS`, so that its words keep their size and its room is
    taken before any script runs.

    label: as in `trend_drawing`. Each stands in a box `chart__svg--narrow`, `--medium` or
    `--wide`. Drawing takes 2–3 ms a width; cached by what it shows.
    """

    def build() -> str:
        sizes = zip(_NAMES, WIDTHS, strict=True)
        return format_html_join(
            "",
            '<div class="chart__svg chart__svg--{}">{}</div>',
            [(name, trend_drawing(rows, width=width, label=label)) for name, width in sizes],
        )

    # What is kept was put together with its data escaped.
    # nosemgrep: markup-from-pieces
    return SafeString(kept_drawing(f"drawings-1/{label}", rows, build))
