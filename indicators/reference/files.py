"""The YAML files of a reference folder, every value kept as the text that was typed."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.reference.problems import Filled, Problem, RefusedReference

SINGLE = ("areas", "domains", "departments", "documents", "indicators", "series")
FOLDERS = ("targets", "readings", "observations")
MAX_FILE_BYTES = 20_000_000


class Unreadable(Exception):
    """The file cannot be read as a list of entries; `said` says why in any language."""

    def __init__(self, message: str | Promise, params: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.said = Filled(message, params or {})


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
                mark = key_node.start_mark
                raise Unreadable(
                    _("The key %(key)s stands twice in one entry (line %(line)s)."),
                    {"key": key_node.value, "line": mark.line + 1},
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
        except Unreadable as error:
            problems.append(Problem(name, "", "", error.said))
        except UnicodeDecodeError:
            problems.append(Problem(name, "", "", _("The file is not UTF-8.")))
        except (yaml.YAMLError, ValueError, OSError) as error:
            problems.append(Problem(name, "", "", _said(error)))
    if problems:
        raise RefusedReference(problems)
    if not any(entries.values()):
        raise RefusedReference([Problem(str(folder), "", "", _("The folder has no entries."))])
    return entries


def digest(folder: Path) -> str:
    """SHA-256 over names and bytes of all files, for the trail."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*.yaml") if path.is_file()):
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
        raise Unreadable(_("The file is larger than 20 MB."))
    # The loader is a safe one that leaves every text as it stands.
    # nosemgrep: runs-what-it-reads
    loaded = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_TextLoader)
    if loaded in (None, ""):
        return
    if not isinstance(loaded, list):
        raise Unreadable(_("A file is a list of entries, each beginning with a dash."))
    for number, values in enumerate(loaded, start=1):
        if not isinstance(values, dict):
            raise Unreadable(_("Entry %(number)s has no keys and values."), {"number": number})
        natural = values.get("code") or values.get("slug") or values.get("target")
        if natural is None and "series" in values:
            natural = f"{values['series']} {values.get('year', '')}".strip()
        if natural is None and "indicator" in values:
            natural = f"{values.get('area', '')}.{values['indicator']}"
        yield Entry(name, f"#{number} {natural or ''}".strip(), values)


def _said(error: Exception) -> Filled:
    """Where the file stops being YAML; the parser's own words are English."""
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Filled(
        _("Not readable as YAML at line %(line)s, column %(column)s: %(reason)s"),
        {"line": line, "column": column, "reason": getattr(error, "problem", "") or error},
    )
