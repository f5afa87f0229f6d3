"""The bundle as it lies there: a ZIP file or a folder of the same files, and its manifest."""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from reports.offline.said import Said, fault, well

MANIFEST = "manifest.json"
# Cells may hold a whole remark.
LONGEST_CELL = 10_000_000
GUARDED = re.compile(r"'+[=+\-@\t\r]")


class Bundle:
    """Files by name. Raises OSError and zipfile.BadZipFile where there is no bundle."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.archive = None if path.is_dir() else zipfile.ZipFile(path)

    def names(self) -> set[str]:
        if self.archive:
            return set(self.archive.namelist())
        return {each.name for each in self.path.iterdir() if each.is_file()}

    def open(self, name: str) -> IO[bytes]:
        return self.archive.open(name) if self.archive else (self.path / name).open("rb")

    def manifest(self) -> dict[str, Any]:
        """Raises ValueError, KeyError and OSError where there is none that can be read."""
        with closing(self.open(MANIFEST)) as file:
            said = json.loads(file.read().decode("utf-8"))
        if not isinstance(said, dict):
            raise ValueError(MANIFEST)
        return said

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """The lines of a CSV file by heading, texts as they are in the product."""
        csv.field_size_limit(LONGEST_CELL)
        with closing(self.open(name)) as file:
            text = io.TextIOWrapper(file, "utf-8-sig", newline="")
            for row in csv.DictReader(text, strict=True):
                if None in row or None in row.values():
                    raise ValueError(f"{name}: {row}")
                yield {heading: unguarded(cell) for heading, cell in row.items()}


def unguarded(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from reading a text as a formula."""
    return cell[1:] if GUARDED.match(cell) else cell


def check_files(bundle: Bundle, manifest: Mapping[str, Any]) -> list[Said]:
    """Each file against the size, the digest and the number of rows in the manifest."""
    listed = {each["name"]: each for each in manifest["files"]}
    names = bundle.names()
    said = [check_file(bundle, each) for each in listed.values() if each["name"] in names]
    if missing := sorted(set(listed) - names):
        said.append(fault("缺少文件", "Files are missing", missing))
    if unknown := sorted(names - set(listed) - {MANIFEST}):
        said.append(fault("有清单之外的文件", "Files that the manifest does not list", unknown))
    return said


def check_file(bundle: Bundle, listed: Mapping[str, Any]) -> Said:
    name, digest, size = listed["name"], hashlib.sha256(), 0
    with closing(bundle.open(name)) as file:
        while block := file.read(1 << 20):
            digest.update(block)
            size += len(block)
    if (digest.hexdigest(), size) != (listed["sha256"], listed.get("bytes", size)):
        return fault(
            f"{name}：内容与清单不符，文件被改动过",
            f"{name}: not what the manifest says, the file was changed",
            [f"SHA-256 {digest.hexdigest()}", f"manifest {listed['sha256']}"],
        )
    return check_rows(bundle, listed)


def check_rows(bundle: Bundle, listed: Mapping[str, Any]) -> Said:
    name, rows = listed["name"], listed.get("rows")
    if rows is None:
        return well(f"{name}：SHA-256 相符", f"{name}: SHA-256 agrees")
    try:
        found = sum(1 for _ in bundle.rows(name))
    except (csv.Error, ValueError) as error:
        return fault(f"{name}：不是完整的 CSV", f"{name}: no whole CSV file", [str(error)])
    if found != rows:
        return fault(f"{name}：{found} 行，清单为 {rows} 行", f"{name}: {found} rows, not {rows}")
    return well(f"{name}：{rows} 行，SHA-256 相符", f"{name}: {rows} rows, SHA-256 agrees")
