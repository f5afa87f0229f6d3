"""A cell of a sheet as the text that a person would have typed into the form."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite

from django.utils.translation import gettext as _

from targets_site.sheets.problems import shortened
from targets_site.sheets.xlsx.container import damaged
from targets_site.sheets.xlsx.number_formats import NumberFormat, UnclearFormat
from targets_site.sheets.xlsx.rows import RawCell
from targets_site.sheets.xlsx.texts import unescaped

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
SHARED = re.compile("[0-9]{1,9}")
# Excel keeps 15 significant digits; what stands behind them comes from binary fractions.
SIGNIFICANT = ".15g"


class UnusableCell(Exception):
    """Its text says why the cell cannot be read as it stands."""


@dataclass
class Remarks:
    """What to say about a cell, each with whether it needs to be confirmed."""

    found: list[tuple[str, bool]] = field(default_factory=list)

    def add(self, message: str, *, needs_confirmation: bool = False) -> None:
        self.found.append((message, needs_confirmation))

    def take(self) -> list[tuple[str, bool]]:
        found, self.found = self.found, []
        return found


@dataclass(frozen=True)
class CellReader:
    """strings: the shared texts of the workbook; formats: by style."""

    strings: list[str]
    formats: dict[str, NumberFormat | None]

    def text_of(
        self,
        cell: RawCell,
        remarks: Remarks,
        *,
        is_code: bool = False,
        code_length: int | None = None,
    ) -> str:
        """The text of a cell; empty where it is blank.

        is_code: whether a number would have lost its leading zeros here; code_length: with so many
        digits it has not. Raises UnusableCell, and RefusedFile where the file contradicts itself.
        """
        _column, kind, style, stored, is_formula = cell
        if not stored and (stored is None or kind != "str"):
            if is_formula:
                raise UnusableCell(_never_computed())
            return ""
        if kind == "s":
            text = self._shared_text(stored)
        elif kind == "n":
            text, number_format = self._number(stored, style)
            if not is_code:
                text = _percent_text(text, number_format, remarks)
            elif number_format is not None or not _has_length(text, code_length):
                raise UnusableCell(_lost_zeros(text))
        elif kind in {"str", "inlineStr"}:
            text = unescaped(stored) if kind == "str" else stored
        else:
            raise UnusableCell(_other_kind(kind, stored))
        if is_formula:
            remarks.add(_saved_result(text), needs_confirmation=True)
        return text

    def _shared_text(self, number: str) -> str:
        if not SHARED.fullmatch(number) or int(number) >= len(self.strings):
            raise damaged()
        return self.strings[int(number)]

    def _number(self, stored: str, style: str) -> tuple[str, NumberFormat | None]:
        text = decimal_text(stored)
        if style not in self.formats:
            raise damaged()
        number_format = self.formats[style]
        if number_format is not None and number_format.is_date:
            raise UnusableCell(_date())
        return text, number_format


def _has_length(text: str, length: int | None) -> bool:
    return len(text) == length and text.isdecimal()


def decimal_text(stored: str) -> str:
    """A stored number with at most 15 significant digits, without exponent."""
    if not NUMBER.fullmatch(stored):
        raise damaged()
    # Excel stores doubles; their 15 digits are what it shows.
    # nosemgrep: figure-as-float
    number = float(stored)
    if not isfinite(number):
        raise UnusableCell(_("The number is too large."))
    text = format(number, SIGNIFICANT)
    return format(Decimal(text), "f") if "e" in text else text


def _percent_text(text: str, number_format: NumberFormat | None, remarks: Remarks) -> str:
    """The number in percent with its sign, where Excel shows it with one."""
    if number_format is None:
        return text
    try:
        percentage = number_format.percentage(Decimal(text))
    except UnclearFormat:
        message = _("The cell format %(format)s leaves open whether this is a percentage.")
        raise UnusableCell(message % {"format": shortened(number_format.code)}) from None
    if percentage is None:
        return text
    read = format(percentage.value, "f")
    if percentage.shown is None:
        remarks.add(_("Read as %(read)s %%.") % {"read": read})
    else:
        message = _("Shown as %(shown)s %%, read as %(read)s %%.")
        remarks.add(message % {"shown": percentage.shown, "read": read})
    return f"{read}%"


def _never_computed() -> str:
    return _(
        "The cell holds a formula without a saved result: open the file in Excel and save it, or "
        "type the result."
    )


def _saved_result(text: str) -> str:
    if not text:
        return _("The cell holds a formula whose saved result is empty; confirm that it is.")
    message = _("The cell holds a formula; its saved result %(text)s was read. Confirm it.")
    return message % {"text": shortened(text)}


def _other_kind(kind: str, stored: str) -> str:
    if kind == "b":
        return _("The cell holds TRUE or FALSE; type a number or a text.")
    if kind == "e":
        message = _("The cell holds the error %(error)s instead of a value.")
        return message % {"error": shortened(stored)}
    if kind == "d":
        return _date()
    raise damaged()


def _date() -> str:
    return _(
        "Excel has made a date or a time of this cell: format it as text and type the content anew."
    )


def _lost_zeros(text: str) -> str:
    message = _(
        "A code stands here as the number %(text)s, so leading zeros are lost: format the column "
        "as text and type the code anew."
    )
    return message % {"text": shortened(text)}
