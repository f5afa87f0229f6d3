"""CSV as this product writes it: UTF-8 with a byte-order mark, RFC 4180, no live formulas."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

BOM = "\ufeff"
# A spreadsheet would run a text that begins so; numeric cells are never touched.
FORMULA_STARTS = frozenset("=+-@\t\r")


def safe_text(text: str) -> str:
    """A text cell; one that a spreadsheet would read as a formula gets a leading apostrophe.

    Source: DESIGN.md, "CSV columns".
    """
    return f"'{text}" if text and text[0] in FORMULA_STARTS else text


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as RFC 4180 text: CRLF, quotes only where needed and doubled inside."""
    buffer = StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()
