"""A row of the input policy: what is typed for a figure, and what becomes of it at each door.

The rows themselves stand in `policy_rows`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parent.parent
NUMBERS = json.loads((TESTS / "indicators" / "data" / "bad_inputs.json").read_text("utf-8"))
TEXTS = json.loads((TESTS / "data" / "bad_texts.json").read_text("utf-8"))

FORM, API, CSV, XLSX = "form", "api", "csv", "xlsx"
FILES = frozenset({CSV, XLSX})
DOORS = frozenset({FORM, API}) | FILES
# Kinds of figures, as the corpus names them. A stored figure has nine digits before the point.
KINDS = {
    name: {
        "unit": kind["unit"],
        "decimals": kind["decimals"],
        "smallest": Decimal(kind["min"]),
        "largest": min(Decimal(kind["max"]), Decimal("999999999.999999")),
    }
    for name, kind in NUMBERS["fields"].items()
    if kind["kind"] == "decimal"
}
# Words by which each message is known; in the code of the policy or, where it has none, in ours.
SAID = {
    "not_number": "takes a number only, for example 98.5",
    "scientific": "type a plain number, not the scientific notation",
    "unit_suffix": "digits only",
    "percent_unit": "leave the % sign out",
    "decimals": "nothing is rounded for you",
    "range": "lies between",
    "placeholder": "empty and say why there is none; do not type",
    "interval": "no range and no sign of comparison",
    "grouping": "the comma stands in the wrong place",
    "heading": "looks like a heading; copy the numbers only",
    "invisible": "contains a space or an invisible character",
    "too_long": "is too long",
    "control": "contains control characters",
    "bidi": "turn the text round",
    "year": "is a year of four digits",
    "required": "is empty: type it, or say why there is no figure",
    "both": "leave the reason empty",
    "missing": "M says that there is no value",
    "pair": "Give numerator and denominator, or neither",
    "denominator": "A denominator is more than 0",
    "share": "The numerator is larger than the denominator",
    "rate": "correct one of them",
    "no_rate": "belong to a rate in %",
    "address": "is no web address",
    "choice": "is one of:",
    "letters": "each once",
    "date": "write 2020, 2020-06 or 2020-06-05",
    "unit": "nothing is converted",
    "fraction": "if it is right, confirm it",
    "change": "more than 10. Check it",
    "no_text": "This is no text file",
    "bad_request": "The request is not well-formed",
    "is_date": "Excel has made a date or a time of this cell",
    "is_boolean": "The cell holds TRUE or FALSE",
}


@dataclass(frozen=True)
class Outcome:
    """What became of a row.

    refused: code of what is wrong, by field. asked: codes of what was to be confirmed. stored: what
    the version says, without blanks and defaults. Nothing at all where a line was left out.
    """

    refused: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    stored: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """typed: texts by field, and `year` and `unit` in files; a number in XLSX is a cell of one.

    doors: those that can hold such a text. otherwise: the outcome at doors where it has to differ.
    before: what is in force for the year before.
    """

    id: str
    of: str
    typed: Mapping[str, Any]
    outcome: Outcome
    doors: frozenset[str] = DOORS
    otherwise: Mapping[str, Outcome] = field(default_factory=dict)
    before: str = ""

    def outcome_at(self, door: str) -> Outcome:
        return self.otherwise.get(door, self.outcome)


def code_of(message: str) -> str:
    """The code of a message; the message itself where no or more than one code fits."""
    found = [code for code, words in SAID.items() if words in message]
    return found[0] if len(found) == 1 else message


def typed(entry: Mapping[str, Any]) -> str:
    """What an entry of the corpus types."""
    if entry["input"] is not None:
        return str(entry["input"])
    repeat = entry["repeat"]
    return str(repeat["prefix"] + repeat["unit"] * repeat["times"] + repeat["suffix"])


# What a door cannot hold

# Sent alone, a blank cell is refused where somebody means to save it; a file leaves it out, as
# templates have a line for every figure.
REQUIRED = Outcome({"value": "required"})
LEFT_OUT = dict.fromkeys(FILES, Outcome())


def held_by(texts: Iterable[str]) -> tuple[frozenset[str], dict[str, Outcome]]:
    """Which doors can hold these texts, and where the whole request or file is refused for one."""
    doors, otherwise = DOORS, {}
    whole = "".join(map(str, texts))
    if any("\ud800" <= each <= "\udfff" for each in whole):
        # A browser sends U+FFFD instead; neither UTF-8 nor XML can write it.
        doors = frozenset({API})
        otherwise = {API: Outcome({"": "bad_request"})}
    elif "\0" in whole:
        otherwise = {API: Outcome({"": "bad_request"}), CSV: Outcome({"": "no_text"})}
    return doors, otherwise


# Rows in short


_number = count(1)


def _id(of: str, said: Mapping[str, Any]) -> str:
    text = " ".join(f"{name}={str(each)[:20]!a}" for name, each in said.items())
    return f"U{next(_number):03} {of} {text}"


def refused(of: str, code: str, *texts: str, doors: frozenset[str] = DOORS) -> list[Row]:
    """Values that are refused with that code."""
    found = []
    for text in texts:
        able, otherwise = held_by([text])
        outcome = Outcome({"value": code})
        said = {"value": text}
        found.append(Row(_id(of, said), of, said, outcome, able & doors, otherwise))
    return found


def stored(of: str, *pairs: tuple[str, str], asked: str = "", before: str = "") -> list[Row]:
    """Values, each with the text as which it is stored, after a question where one is named."""
    questions = (asked,) if asked else ()
    return [
        Row(
            _id(of, {"value": text}),
            of,
            {"value": text},
            Outcome(asked=questions, stored={"value": value}),
            before=before,
        )
        for text, value in pairs
    ]


def said(
    of: str,
    wrong: Mapping[str, str] | None = None,
    *,
    becomes: Mapping[str, str] | None = None,
    asked: tuple[str, ...] = (),
    doors: frozenset[str] = DOORS,
    **typed: Any,
) -> Row:
    """Several fields together: refused with these codes, or stored as that."""
    able, otherwise = held_by(typed.values())
    outcome = Outcome(wrong or {}, asked, becomes or {})
    return Row(_id(of, typed), of, typed, outcome, able & doors, otherwise)


def with_98(name: str, text: str, becomes: str = "", *, wrong: str = "", **more: Any) -> Row:
    """A field beside a plain value: refused, or stored as that."""
    kept = {"value": "98", **({name: becomes} if becomes else {})}
    if wrong:
        return said("pct2", {name: wrong}, value="98", **{name: text}, **more)
    return said("pct2", becomes=kept, value="98", **{name: text}, **more)


def missing(reason: str, becomes: str, **more: Any) -> Row:
    """A figure that is missing for that reason."""
    kept = {"missing_reason": becomes, "obs_status": "M"}
    return said("pct2", becomes=kept, missing_reason=reason, **more)


def blank(**texts: str) -> Row:
    """Texts that say nothing at all."""
    return Row(_id("pct2", texts), "pct2", texts, REQUIRED, otherwise=LEFT_OUT)


# A browser drops line ends from a field of one line, and offers a choice as a list.
NOT_TYPED = DOORS - {FORM}
AS_CELL = frozenset({XLSX})
