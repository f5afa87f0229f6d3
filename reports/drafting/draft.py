"""What the sections of a report write on; figures, tables, pictures are numbered as they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from reports.drafting.locking import parts_of
from reports.paper.blocks import (
    Block,
    Cell,
    Column,
    Fixed,
    Heading,
    Inline,
    Paragraph,
    Picture,
    Placed,
    Table,
)
from reports.paper.stored import table_as_json

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Facts:
    """What a figure rests on; empty where it counts targets.

    unit, grade: as printed. locator: where in the document the target stands.
    """

    target: str = ""
    document: str = ""
    locator: str = ""
    unit: str = ""
    grade: str = ""
    source: str = ""


COUNTED = Facts()


@dataclass
class Draft:
    """blocks: the text. figures, tables, pictures: by tag, as they are frozen."""

    blocks: list[Block] = field(default_factory=list)
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    pictures: dict[str, dict[str, Any]] = field(default_factory=dict)
    _headings: list[int] = field(default_factory=lambda: [0, 0])

    def heading(self, text: str, *, level: int = 1) -> None:
        """一、 and below it （一）, numbered as they come."""
        if level == 1:
            self._headings = [self._headings[0] + 1, 0]
            number = f"{numeral(self._headings[0])}、"
        else:
            self._headings[1] += 1
            number = f"（{numeral(self._headings[1])}）"
        self.blocks.append(Heading(level, (number + text,)))

    def paragraph(self, *sentences: str, facts: Facts = COUNTED) -> None:
        """One paragraph; every figure in it is locked. Empty sentences are left out."""
        inlines = [
            self._figure(part, facts) if is_figure else part
            for part, is_figure in parts_of("".join(sentences), unit=facts.unit)
        ]
        if inlines:
            self.blocks.append(Paragraph(tuple(inlines)))

    def finding(self, *sentences: str, facts: Facts = COUNTED) -> None:
        """A paragraph that says how targets stand: locked as a whole, since its words carry the
        verdict as its figures do. People write before and behind it."""
        said = "".join(sentences)
        if said:
            self.blocks.append(Paragraph((self._figure(said, facts),)))

    def table(
        self,
        caption: str,
        columns: Sequence[Column],
        rows: Sequence[tuple[tuple[Cell, ...], Facts]],
    ) -> None:
        """rows: cells, and what their figures rest on. A table without rows is left out."""
        if not rows:
            return
        number = len(self.tables) + 1
        cells = tuple(row for row, _facts in rows)
        table = Table(f"表{number}　{caption}", tuple(columns), cells)
        about = [_filled(facts) for _row, facts in rows]
        self.tables[f"table_{number}"] = table_as_json(table, about=about)
        self.blocks.append(Placed(f"table_{number}"))

    def picture(self, caption: str, *, alt: str, svg: str) -> None:
        number = len(self.pictures) + 1
        picture = Picture(f"图{number}　{caption}", alt, svg)
        self.pictures[f"picture_{number}"] = asdict(picture)
        self.blocks.append(Placed(f"picture_{number}"))

    def _figure(self, text: str, facts: Facts) -> Inline:
        tag = f"f{len(self.figures) + 1:04d}"
        self.figures[tag] = {"text": text, **_filled(facts)}
        return Fixed(tag, text)


def numeral(number: int) -> str:
    """1 → 一, 11 → 十一, up to 19."""
    return NUMERALS[number - 1] if number <= 10 else f"十{NUMERALS[number - 11]}"


def _filled(facts: Facts) -> dict[str, str]:
    return {name: value for name, value in asdict(facts).items() if value}
