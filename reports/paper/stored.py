"""A paper as JSON and back: what was frozen apart from the text that people edit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

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

Json = dict[str, Any]


def blocks_as_json(blocks: Sequence[Block]) -> list[Json]:
    """A figure is its tag: what it says is frozen."""
    return [_block_as_json(block) for block in blocks]


def blocks_of(stored: Sequence[Json], *, figures: Mapping[str, Json]) -> tuple[Block, ...]:
    """figures: the frozen ones by tag, each with its `text`. Raises KeyError for another tag."""
    return tuple(_block_of(block, figures) for block in stored)


def placed_of(frozen: Json) -> dict[str, Table | Picture]:
    """Tables and pictures by tag."""
    tables = {tag: _table_of(table) for tag, table in frozen["tables"].items()}
    return tables | {tag: Picture(**picture) for tag, picture in frozen["pictures"].items()}


def content_digest(frozen: Json, blocks: Sequence[Json]) -> str:
    """SHA-256, in hex, of what was frozen and the text around it: the JSON {"blocks", "frozen"} in
    UTF-8, names in order, without spaces, nothing escaped that needs not be. Files differ with the
    stage that they name and the program that printed them; this stays."""
    said = json.dumps(
        {"blocks": blocks, "frozen": frozen},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(said.encode()).hexdigest()


def table_as_json(table: Table, *, about: Sequence[Json]) -> Json:
    """about: for each row, what its figures rest on; empty where they are counts."""
    return {**asdict(table), "about": list(about)}


def _block_as_json(block: Block) -> Json:
    if isinstance(block, Placed):
        return {"placed": block.tag}
    inlines = [each if isinstance(each, str) else {"figure": each.tag} for each in block.inlines]
    if isinstance(block, Heading):
        return {"heading": block.level, "inlines": inlines}
    return {"inlines": inlines}


def _block_of(stored: Json, figures: Mapping[str, Json]) -> Block:
    if "placed" in stored:
        return Placed(stored["placed"])
    inlines = tuple(_inline_of(each, figures) for each in stored["inlines"])
    return Heading(stored["heading"], inlines) if "heading" in stored else Paragraph(inlines)


def _inline_of(stored: str | Json, figures: Mapping[str, Json]) -> Inline:
    if isinstance(stored, str):
        return stored
    return Fixed(stored["figure"], figures[stored["figure"]]["text"])


def _table_of(stored: Json) -> Table:
    return Table(
        caption=stored["caption"],
        columns=tuple(Column(**column) for column in stored["columns"]),
        rows=tuple(tuple(Cell(**cell) for cell in row) for row in stored["rows"]),
    )
