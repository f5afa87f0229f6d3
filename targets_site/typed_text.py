"""Texts that people type or send in files: cleaned, or refused with a reason.

The policy: NFC and not NFKC, so full-width characters stay; NUL, controls and lone surrogates are
refused; zero-width and direction marks are refused in names and dropped from remarks; line and
paragraph separators and unseen letters are refused in names too; what is kept is stored raw and
escaped where it is shown.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAME_LENGTH = 50
REMARK_LENGTH = 2000

# What Chinese input methods and Word put in the place of ASCII; nothing else is mapped.
TYPED_AS = str.maketrans("０１２３４５６７８９．。，－＋％−", "0123456789..,-+%-")

ZERO_WIDTH_JOINER = "\u200d"
DIRECTION_MARKS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# Letters to Unicode, and shown as nothing.
FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")

TEXT_MESSAGES = {
    "control": gettext_lazy("“%(field)s” contains control characters."),
    "too_long": gettext_lazy("“%(field)s” is too long."),
    "invisible": gettext_lazy(
        "“%(field)s” contains a space or an invisible character; type it anew by hand."
    ),
    "bidi": gettext_lazy("“%(field)s” contains hidden characters that turn the text round."),
}


class Outcome(Enum):
    ACCEPT = "accept"
    NORMALISED = "normalise"
    BLANK = "blank"
    CONFIRM = "confirm"


class TextKind(Enum):
    """A name stands in lists and is compared; a remark is prose of several lines."""

    NAME = "name"
    REMARK = "remark"


@dataclass(frozen=True)
class ParsedText:
    outcome: Outcome
    value: str = ""


def clean_text(
    text: str | None, *, kind: TextKind, longest: int | None = None, label: str = ""
) -> ParsedText:
    """Text in the form it is stored: NFC (full-width characters stay), ends stripped.

    longest: in characters; 50 for a name and 2,000 for a remark where left out.
    Raises ValidationError (codes control, bidi, invisible, too_long): controls are refused, hidden
    characters refused in names and dropped from remarks.
    """
    name = label or _("Text")
    raw = text or ""
    if kind is TextKind.REMARK:
        cleaned = _without_hidden(LINE_ENDS.sub("\n", raw))
    else:
        cleaned = strip_ends(raw, keep=DIRECTION_MARKS)
        _refuse_hidden(cleaned, name=name)
    cleaned = unicodedata.normalize("NFC", cleaned.strip())
    allowed = "\n\t" if kind is TextKind.REMARK else ""
    if any(unicodedata.category(each) in {"Cc", "Cs"} and each not in allowed for each in cleaned):
        raise _wrong("control", name)
    if len(cleaned) > (longest or (NAME_LENGTH if kind is TextKind.NAME else REMARK_LENGTH)):
        raise _wrong("too_long", name)
    if not cleaned:
        return ParsedText(Outcome.BLANK)
    return ParsedText(accepted_if(cleaned == raw), cleaned)


def accepted_if(unchanged: bool) -> Outcome:
    return Outcome.ACCEPT if unchanged else Outcome.NORMALISED


def is_space_or_invisible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) == "Cf"


def is_unseen(character: str) -> bool:
    """Whether nobody sees it in a name: a format character, a line or paragraph separator, a
    filler."""
    return character in FILLERS or unicodedata.category(character) in {"Cf", "Zl", "Zp"}


def strip_ends(text: str, *, keep: frozenset[str] = frozenset()) -> str:
    """Without spaces and invisible characters at both ends."""
    if text.isprintable():
        # Of these characters only the plain space is printable.
        return text.strip(" ")
    start, end = 0, len(text)
    while start < end and is_space_or_invisible(text[start]) and text[start] not in keep:
        start += 1
    while end > start and is_space_or_invisible(text[end - 1]) and text[end - 1] not in keep:
        end -= 1
    return text[start:end]


def _wrong(code: str, name: str) -> ValidationError:
    return ValidationError(TEXT_MESSAGES[code], code=code, params={"field": name})


def _refuse_hidden(text: str, *, name: str) -> None:
    if not DIRECTION_MARKS.isdisjoint(text):
        raise _wrong("bidi", name)
    if any(is_unseen(each) for each in text):
        raise _wrong("invisible", name)


def _without_hidden(text: str) -> str:
    """Without format characters, except the joiners that hold an emoji together."""
    kept = []
    for position, each in enumerate(text):
        if unicodedata.category(each) != "Cf" or _joins_emoji(text, position):
            kept.append(each)
    return "".join(kept)


def _joins_emoji(text: str, position: int) -> bool:
    around = text[max(0, position - 1) : position] + text[position + 1 : position + 2]
    categories = {unicodedata.category(each) for each in around}
    return (
        text[position] == ZERO_WIDTH_JOINER
        and len(around) == 2
        and categories <= {"So", "Sk", "Mn"}
    )
