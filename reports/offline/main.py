"""The command: which bundle, what is checked, and how it ends."""

import argparse
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reports.offline.files import MANIFEST, Bundle, check_files
from reports.offline.said import Said, fault
from reports.offline.trail import TRAIL, check_trail
from reports.offline.verdicts import check_verdicts
from reports.offline.versions import check_versions

HELP = """
核验导出的数据包：文件哈希、审计日志链，并按判定方法由 CSV 重算每一条进度判定。
只需 Python 标准库，不联网。
Check an exported bundle: digests of the files, the chain of the trail, and each verdict computed
anew from the CSV files by the method. Needs Python's standard library only, and no network.
Exit code 0: nothing is wrong with what could be checked; 1: something is; 2: there is no bundle.
"""
# Filters that keep everything together which a verdict rests on.
HARMLESS = frozenset({"area", "below", "document", "at", "bom"})


def checks(bundle: Bundle, manifest: Mapping[str, Any]) -> list[Said]:
    """All of them, in the order in which they are said."""
    filters = set(manifest["filters"])
    names = bundle.names()

    def rows(table: str) -> Iterator[dict[str, str]] | None:
        return bundle.rows(f"{table}.csv") if f"{table}.csv" in names else None

    read = {table: rows(table) for table in ("targets", "observations", "verdicts")}
    tables = {table: found for table, found in read.items() if found is not None}
    return [
        *check_files(bundle, manifest),
        check_trail(rows(TRAIL), head=manifest["trail"], is_whole="at" not in filters),
        check_versions(rows("observations"), rows("versions")),
        check_verdicts(tables, narrowed=sorted(filters - HARMLESS)),
    ]


def check(path: Path) -> list[Said]:
    """Raises OSError and zipfile.BadZipFile where there is no bundle."""
    bundle = Bundle(path)
    try:
        manifest = bundle.manifest()
        return checks(bundle, manifest)
    except (ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        return [fault("数据包不可读", "The bundle cannot be read", [repr(error)])]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "bundle", nargs="?", type=Path, default=Path(sys.argv[0]).resolve().parent,
        help="数据包（ZIP）或解压后的文件夹；缺省为本文件所在文件夹 "
        "the bundle (ZIP) or its folder; by default the folder of this file",
    )  # fmt: skip
    path: Path = parser.parse_args(arguments).bundle
    try:
        said = check(path)
    except (OSError, zipfile.BadZipFile) as error:
        sys.stderr.write(f"{path}: 没有数据包 no bundle with {MANIFEST} ({error})\n")
        return 2
    sys.stdout.writelines(f"{each}\n" for each in said)
    return 1 if any(each.is_well is False for each in said) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
