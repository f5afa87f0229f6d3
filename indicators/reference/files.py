"""The YAML files of a reference folder, every value kept as the text that was typed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from indicators.reference.problems import Problem, RefusedReference

SINGLE = ("areas", "domains", "departments", "documents", "indicators", "series")
FOLDERS = ("targets", "readings", "observations")
MAX_FILE_BYTES = 20_000_000


@dataclass(frozen=True)
class Entry:
    """One mapping of a file. `name` says which one, for messages."""

    file: str
    name: str
    values: dict[str, Any]


# The C parser where PyYAML was built with it; the same constructor either way.
_BaseLoader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _TextLoader(_BaseLoader):  # type: ignore[misc]
    """Keeps 63.10 as text (a number would lose the 0) and refuses doubled keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _value in node.value:
            if key_node.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"doubled key {key_node.value}", key_node.start_mark
                )
            seen.add(key_node.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


def read_folder(folder: Path) -> dict[str, list[Entry]]:
    """Entries by kind (`areas` … `observations`), in file order.

    Raises RefusedReference naming each unreadable or unknown file.
    """
    if not folder.is_dir():
        raise RefusedReference([Problem(str(folder), "", "", _("There is no such folder."))])
    problems: list[Problem] = []
    entries: dict[str, list[Entry]] = {kind: [] for kind in (*SINGLE, *FOLDERS)}
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.suffix in {".md", ""}:
            continue
        name = path.relative_to(folder).as_posix()
        kind = _kind_of(path.relative_to(folder))
        if kind is None:
            problems.append(Problem(name, "", "", _("A file of this name does not belong here.")))
            continue
        try:
            entries[kind].extend(_entries(path, name))
        except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
            problems.append(Problem(name, "", "", _said(error)))
    if problems:
        raise RefusedReference(problems)
    if not any(entries.values()):
        raise RefusedReference([Problem(str(folder), "", "", _("The folder has no entries."))])
    return entries


def digest(folder: Path) -> str:
    """SHA-256 over names and bytes of all files, for the trail."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _kind_of(path: Path) -> str | None:
    if path.suffix != ".yaml":
        return None
    if len(path.parts) == 1 and path.stem in SINGLE:
        return path.stem
    if len(path.parts) == 2 and path.parts[0] in FOLDERS:
        return path.parts[0]
    return None


def _entries(path: Path, name: str) -> Iterator[Entry]:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ValueError("the file is larger than 20 MB")
    loaded = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_TextLoader)
    if loaded in (None, ""):
        return
    if not isinstance(loaded, list):
        raise ValueError("a file is a list of entries, each beginning with '- '")
    for number, values in enumerate(loaded, start=1):
        if not isinstance(values, dict):
            raise ValueError(f"entry {number} is not a mapping of keys to values")
        natural = values.get("code") or values.get("slug") or values.get("target")
        if natural is None and "series" in values:
            natural = f"{values['series']} {values.get('year', '')}".strip()
        if natural is None and "indicator" in values:
            natural = f"{values.get('area', '')}.{values['indicator']}"
        yield Entry(name, f"#{number} {natural or ''}".strip(), values)


def _said(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        line, column = error.problem_mark.line + 1, error.problem_mark.column + 1
        return f"{error.problem} (line {line}, column {column})"
    return str(error)
