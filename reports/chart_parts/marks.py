"""The colours of charts (VISUAL.md, "Tokens") and the shapes and labels that they are made of."""

from decimal import Decimal

ACCENT = "#1f4e8c"
INK = "#1b1f24"
MUTED = "#59636e"
HAIRLINE = "#d9dde2"
RED = "#b3261e"
RED_TINT = "#fbe9e7"
GREEN_TINT = "#e3f3ec"
PAPER = "#ffffff"
FONT = (
    '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", '
    "system-ui, sans-serif"
)


def rectangle(
    left: float, right: float, bottom: float, top: float, colour: str
) -> dict[str, object]:
    """A tint behind everything; left and right as places on the axis of years, from 0."""
    return {
        "type": "rect",
        "layer": "below",
        "x0": left,
        "x1": right,
        "y0": bottom,
        "y1": top,
        "fillcolor": colour,
        "line": {"width": 0},
    }


def line(
    x: tuple[float, float], y: tuple[Decimal, Decimal], colour: str, width: float
) -> dict[str, object]:
    """A line above the tints and below the figures; x as places on the axis of years."""
    return {
        "type": "line",
        "layer": "between",
        "x0": x[0],
        "x1": x[1],
        "y0": float(y[0]),
        "y1": float(y[1]),
        "line": {"color": colour, "width": width},
    }
