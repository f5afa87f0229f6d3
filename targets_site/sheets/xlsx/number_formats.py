"""What a cell format makes of a number: a date, a percentage, or the number itself."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cached_property

# Built into Excel and therefore not written into the file. 27 to 36 and 50 to 58 are dates in
# Chinese, Japanese and Korean Excel (57 shows 2015年6月). Source: ECMA-376 part 1, 18.8.30.
BUILTIN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
BUILTIN_PERCENTAGES = {9: "0%", 10: "0.00%"}
A_DATE = "yyyy-mm-dd"

TOKEN = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]|.', re.DOTALL)
LITERAL_STARTS = ('"', "\\", "_", "*", "[")
ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
CONDITION = re.compile(r"\[[<>=]")
DATE_LETTERS = re.compile(r"[dmyhs]|aaa", re.IGNORECASE)
PERCENT_SIGNS = re.compile("[%％]")
DECIMALS = re.compile(r"\.([0#?]*)")
PLAIN_DIGITS = re.compile(r"[0#?,]*(?:\.[0#?]*)?%?")


class UnclearFormat(Exception):
    """The format shows a percentage in a way that leaves open what the number means."""


@dataclass(frozen=True)
class Section:
    """Part of a format for one sign. bare: what is code; literal: what is printed as it stands."""

    bare: str
    literal: str
    has_condition: bool

    @property
    def percent_signs(self) -> tuple[int, int]:
        """How many signs stand as code (each times 100) and how many are only printed."""
        return self.bare.count("%"), len(PERCENT_SIGNS.findall(self.literal))


@dataclass(frozen=True)
class Percentage:
    """value: in percent; shown: the digits that Excel shows, None where that is hard to tell."""

    value: Decimal
    shown: str | None


@dataclass(frozen=True)
class NumberFormat:
    code: str

    @cached_property
    def sections(self) -> list[Section]:
        """For positive numbers, negative ones, zero and text; fewer where some share one."""
        tokens: list[list[str]] = [[]]
        for token in TOKEN.findall(self.code):
            if token == ";":
                tokens.append([])
            else:
                tokens[-1].append(token)
        return [_section(each) for each in tokens]

    @cached_property
    def is_date(self) -> bool:
        return any(
            ELAPSED.search(self.code)
            or DATE_LETTERS.search(re.sub("general", "", section.bare, flags=re.IGNORECASE))
            for section in self.sections[:3]
        )

    @property
    def is_plain(self) -> bool:
        return not self.is_date and not PERCENT_SIGNS.search(self.code)

    def percentage(self, value: Decimal) -> Percentage | None:
        """The number in percent where a % sign stands behind it, else None.

        Raises UnclearFormat where several signs stand there, or only some numbers get one by size.
        """
        section, shows_digits = self._section_of(value)
        scaling, printed = section.percent_signs
        if scaling + printed > 1:
            raise UnclearFormat
        if scaling + printed == 0:
            return None
        percent = value.scaleb(2) if scaling else value
        return Percentage(percent, _shown(percent, section.bare) if shows_digits else None)

    def _section_of(self, value: Decimal) -> tuple[Section, bool]:
        """Which section shows the number, and whether with all its digits and sign."""
        numeric = self.sections[:3]
        if any(each.has_condition for each in numeric):
            if len({each.percent_signs for each in numeric}) > 1:
                raise UnclearFormat
            return numeric[0], False
        place = 1 if value < 0 else 2 if value == 0 else 0
        if place >= len(numeric):
            return numeric[0], True
        # A section for negative numbers draws their sign itself, or leaves it out.
        return numeric[place], place != 1


def format_of(number: int, codes: dict[int, str]) -> NumberFormat | None:
    """The format with a number; None where numbers are shown as they are.

    codes: what the file itself defines.
    """
    if number in codes:
        found = NumberFormat(codes[number])
    elif number in BUILTIN_DATES:
        found = NumberFormat(A_DATE)
    else:
        found = NumberFormat(BUILTIN_PERCENTAGES.get(number, ""))
    return None if found.is_plain else found


def _section(tokens: list[str]) -> Section:
    bare = "".join(token for token in tokens if not token.startswith(LITERAL_STARTS))
    literal = "".join(token for token in tokens if token.startswith(('"', "\\")))
    return Section(bare, literal, any(map(CONDITION.match, tokens)))


def _shown(percent: Decimal, bare: str) -> str | None:
    """The digits of a number as a plain format (0.0%) shows them."""
    if not PLAIN_DIGITS.fullmatch(bare):
        return None
    match = DECIMALS.search(bare)
    places = match[1] if match else ""
    try:
        rounded = percent.quantize(Decimal(1).scaleb(-len(places)), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return None
    text = f"{rounded:f}"
    for place in reversed(places):
        if place == "0" or not text.endswith("0"):
            break
        text = text[:-1]
    return text.rstrip(".") if "." in text else text
