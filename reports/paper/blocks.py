"""What a paper consists of, whatever it is printed as: text with locked figures, tables, pictures.

Text is edited by people; tables and pictures are ours and stand in the text by their tag.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from indicators.templatetags.lights import SHAPES


@dataclass(frozen=True)
class Fixed:
    """A figure as printed, with its unit, or a finding, that nobody edits. tag: unique in its
    paper."""

    tag: str
    text: str

    @property
    def is_figure(self) -> bool:
        """Whether it stays on one line; a sentence may be locked as a whole."""
        return "。" not in self.text


Inline = str | Fixed


@dataclass(frozen=True)
class Heading:
    """level 1: 一、; level 2: （一）."""

    level: int
    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class Paragraph:
    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class Placed:
    """Where the table or picture of this tag stands."""

    tag: str


Block = Heading | Paragraph | Placed


@dataclass(frozen=True)
class Cell:
    """light: a verdict's, whose shape stands before the text; empty for plain text. exported: which
    cell of the exports the figure is, as table, key and column; empty where it is none."""

    text: str
    light: str = ""
    exported: str = ""

    @property
    def shape(self) -> str:
        return SHAPES.get(self.light, "")

    @property
    def printed(self) -> str:
        return f"{self.shape} {self.text}".strip()


@dataclass(frozen=True)
class Column:
    """width: its share of the table, in any unit; numbers stand at the right."""

    heading: str
    width: int = 1
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """rows: as many cells each as there are columns."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def percents(self) -> list[int]:
        """How wide each column is, in percent of the table, rounded down."""
        whole = sum(column.width for column in self.columns)
        return [100 * column.width // whole for column in self.columns]

    @property
    def rows_with_columns(self) -> list[list[tuple[Cell, Column]]]:
        """For templates: each cell beside its column."""
        return [list(zip(row, self.columns, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Picture:
    """svg: complete in itself, with viewBox; alt: what it shows, in words."""

    caption: str
    alt: str
    svg: str


@dataclass(frozen=True)
class ShownBlock:
    """kind: heading, paragraph, table or picture; what does not belong to it is empty."""

    kind: str
    level: int = 0
    inlines: tuple[Inline, ...] = ()
    tag: str = ""
    placed: Table | Picture | None = None


@dataclass(frozen=True)
class Paper:
    """title, subtitle, line: the head. footing: at the foot of every page. base: the number of the
    text that it is made from. language: what it is written in, as HTML names it. is_one_sheet:
    small enough for one page."""

    title: str
    subtitle: str
    line: str
    footing: str
    blocks: tuple[Block, ...]
    placed: dict[str, Table | Picture] = field(default_factory=dict)
    base: int = 1
    language: str = "zh-Hans"
    is_one_sheet: bool = False

    @property
    def shown(self) -> list[ShownBlock]:
        """For templates: each block with its kind and what stands there."""
        return [_shown(block, self.placed) for block in self.blocks]


def _shown(block: Block, placed: dict[str, Table | Picture]) -> ShownBlock:
    if isinstance(block, Heading):
        return ShownBlock("heading", level=block.level, inlines=block.inlines)
    if isinstance(block, Paragraph):
        return ShownBlock("paragraph", inlines=block.inlines)
    thing = placed[block.tag]
    kind = "picture" if isinstance(thing, Picture) else "table"
    return ShownBlock(kind, tag=block.tag, placed=thing)
