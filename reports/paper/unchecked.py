"""Numbers that people typed into a report's text, which nothing compares with the figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reports.paper.blocks import Block, Fixed, Placed

# Around a locked figure, so that what stands in it is told from what was typed.
OPENS, CLOSES = "\ue000", "\ue001"
LOCKED = re.compile(f"{OPENS}[^{CLOSES}]*{CLOSES}")
SENTENCE_END = re.compile("(?<=[。！？；])")
# Also 三成, 两倍, 百分之五; what merely counts a heading (一、) is none.
NUMBER = re.compile(r"\d|百分之|千分之|[一二三四五六七八九十两半几][成倍]")


def unchecked_sentences(blocks: Sequence[Block], *, drafted: Sequence[Block]) -> list[str]:
    """Sentences with a number outside the locked figures that the draft did not have so; in the
    order of the text, each as it is read."""
    known = set(_sentences(drafted))
    return [
        sentence.replace(OPENS, "").replace(CLOSES, "")
        for sentence in _sentences(blocks)
        if sentence not in known and NUMBER.search(LOCKED.sub("", sentence))
    ]


def _sentences(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if not isinstance(block, Placed):
            text = "".join(
                f"{OPENS}{each.text}{CLOSES}" if isinstance(each, Fixed) else each
                for each in block.inlines
            )
            yield from filter(None, map(str.strip, SENTENCE_END.split(text)))
