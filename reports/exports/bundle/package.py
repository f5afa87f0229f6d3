"""`datapackage.json`: the files of a bundle, said so that programs read them as meant.

Source: Frictionless Data, "Data Package", "Table Schema" and "CSV Dialect", version 1.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.exports.columns import Column, Kind
from reports.exports.tables import Table

NAME = "quality-targets"
TITLE = "质量发展目标数据 / Quality targets"
DESCRIPTION = (
    "文件提出的目标、年度数据和进度判定，取自数据库的同一时刻。 / Targets, yearly figures and "
    "verdicts, read from one state of the database."
)
DIALECT = {
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
    "header": True,
    "caseSensitiveHeader": True,
}
# What the database holds once in force.
PRIMARY_KEYS = {
    "targets": ["target_code"],
    "observations": ["series", "year"],
    "verdicts": ["target_code", "as_of"],
    "versions": ["series", "year", "version"],
    "audit": ["seq"],
}
FOREIGN_KEYS: Mapping[str, Sequence[tuple[list[str], str]]] = {
    "verdicts": [(["target_code"], "targets")],
}


@dataclass(frozen=True)
class File:
    """One file of the bundle as it was written; size in bytes."""

    table: Table
    rows: int
    sha256: str
    size: int

    @property
    def name(self) -> str:
        return f"{self.table.name}.csv"


def data_package(files: Sequence[File]) -> bytes:
    """The same for the same files, byte by byte."""
    names = {file.table.name for file in files}
    said = {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "resources": [_resource(file, names) for file in files],
    }
    return as_json(said)


def as_json(said: Mapping[str, Any]) -> bytes:
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(file: File, names: Collection[str]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": file.table.name,
        "path": file.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "dialect": DIALECT,
        "schema": schema(file.table, names),
    }


def schema(table: Table, names: Collection[str]) -> dict[str, Any]:
    """names: of the tables that stand beside it, to which keys may lead."""
    said: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": PRIMARY_KEYS[table.name],
    }
    keys = [
        {"fields": fields, "reference": {"resource": other, "fields": fields}}
        for fields, other in FOREIGN_KEYS.get(table.name, ())
        if other in names
    ]
    return {**said, "foreignKeys": keys} if keys else said


def _field(column: Column) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": column.heading,
        "type": type_of(column),
        "description": f"{column.meaning_zh} / {column.meaning_en}",
    }
    return {**said, **_HOW.get(said["type"], {})}


_HOW: Mapping[str, dict[str, Any]] = {
    "boolean": {"trueValues": ["1"], "falseValues": ["0"]},
    "datetime": {"format": "%Y-%m-%dT%H:%M:%S%z"},
}


def type_of(column: Column) -> str:
    """As Table Schema names it."""
    return Kind.TEXT.value if column.kind is Kind.CODE else column.kind.value
