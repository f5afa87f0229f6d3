"""CSV as this product writes it: UTF-8 with a byte-order mark, RFC 4180, no live formulas."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

BOM = "\ufeff"
# A spreadsheet would run a text that begins so; numeric cells are never touched. Apostrophes
# before it count, so that one that we add can be told from one that stood there.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
GUARDED_FORMULA = re.compile(r"'+[=+\-@\t\r]")


def safe_text(text: str) -> str:
    """A text cell; one that a spreadsheet would read as a formula gets a leading apostrophe, and
    so does one that looks like a text guarded so. No two texts become the same.

    Source: DESIGN.md, "CSV columns".
    """
    return f"'{text}" if FORMULA.match(text) else text


def text_behind(cell: str) -> str:
    """The text that `safe_text` made the cell from."""
    return cell[1:] if GUARDED_FORMULA.match(cell) else cell


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as RFC 4180 text: CRLF, quotes only where needed and doubled inside."""
    buffer = StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()
