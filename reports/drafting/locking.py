"""The figures of a sentence, which nobody edits."""

import re
from collections.abc import Iterator

# Counted things; the unit of the target at hand comes beside them.
UNITS = ("%", "个百分点", "百分点", "年", "项", "个", "月", "日")
SIGN = "(?:[≥≤><≈] ?)?[−-]?"
NUMBER = r"\d+(?:\.\d+)?"


def parts_of(sentence: str, *, unit: str = "") -> Iterator[tuple[str, bool]]:
    """The sentence cut into its parts, each with whether it is a figure: a number with the sign
    before it and the unit behind it.

    unit: of the target that the sentence is about.
    """
    units = "|".join(re.escape(each) for each in sorted({*UNITS, unit} - {""}, key=len)[::-1])
    figure = re.compile(f"{SIGN}{NUMBER}(?: ?(?:{units}))?")
    end = 0
    for match in figure.finditer(sentence):
        if match.start() > end:
            yield sentence[end : match.start()], False
        yield match[0], True
        end = match.end()
    if end < len(sentence):
        yield sentence[end:], False
