"""What people wrote into a report: what changed from its text before, and figures they typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from reports.models import Report, ReportText
from reports.paper.blocks import Block, Placed
from reports.paper.stored import blocks_of

# Figures in digits, in Chinese numerals before a unit, and the words that say how a target stands.
TYPED = re.compile(
    r"\d|百分之|[一二两三四五六七八九十百千万]+(?:项|个|成|倍|万|亿)|达标|已?完成|达到|灯"
)


@dataclass(frozen=True)
class Change:
    """A paragraph that was there before, that is there now, or both; empty where there is none."""

    before: str
    after: str


@dataclass(frozen=True)
class WrittenWords:
    """changes: from the text before the newest. typed: paragraphs by people with figures or words
    of a verdict that are not locked."""

    changes: Sequence[Change] = ()
    typed: Sequence[str] = ()


def written_words(report: Report) -> WrittenWords:
    """Nothing while there is only the drafted text. One query."""
    texts = list(report.texts.order_by("number"))
    if len(texts) < 2:
        return WrittenWords()
    drafted, before, newest = (_said(report, text) for text in (texts[0], *texts[-2:]))
    typed = [text for text, free in newest if TYPED.search(free) and (text, free) not in drafted]
    changes = _changes([text for text, _free in before], [text for text, _free in newest])
    return WrittenWords(list(changes), typed)


def _said(report: Report, text: ReportText) -> list[tuple[str, str]]:
    """Each paragraph, and what of it is not locked."""
    blocks = blocks_of(text.blocks, figures=report.frozen["figures"])
    return [_words(block) for block in blocks if not isinstance(block, Placed)]


def _words(block: Block) -> tuple[str, str]:
    inlines = () if isinstance(block, Placed) else block.inlines
    whole = "".join(each if isinstance(each, str) else each.text for each in inlines)
    # A blank where a locked figure stood, so that no two parts read as one.
    return whole, " ".join(each for each in inlines if isinstance(each, str))


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            old, new = before[start:end], after[new_start:new_end]
            for place in range(max(len(old), len(new))):
                yield Change("".join(old[place : place + 1]), "".join(new[place : place + 1]))
