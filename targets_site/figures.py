"""Exact decimals as text, and back."""

from decimal import Decimal


def decimals_of(value: Decimal) -> int:
    """Digits after the point as written: 2 for 63.10, 0 for 1E+3."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def plain(value: Decimal | None, *, decimals: int | None = None) -> str:
    """A figure as text, without exponent; empty where there is none.

    decimals: digits after the point as printed (63.10 stays 63.10); never fewer than the value
    has. None strips trailing zeros.
    """
    if value is None:
        return ""
    stripped = value.normalize()
    if decimals is not None and decimals > decimals_of(stripped):
        stripped = stripped.quantize(Decimal(1).scaleb(-decimals))
    return "0" if stripped == 0 and not decimals else f"{stripped:f}"
