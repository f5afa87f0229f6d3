"""LibreOffice as a second reader of our tables, with a profile of its own."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import in_ci
from tests.reports.papers import OFFICE

CALC = Path("/usr/lib/libreoffice/program/libsclo.so")
# Where CI=true a test without it fails instead: what is skipped is not passed.
needs_calc = pytest.mark.skipif(
    not (OFFICE.exists() and CALC.exists()) and not in_ci(),
    reason="LibreOffice's Calc is not installed (apt-get install libreoffice-calc-nogui)",
)
# Comma, quotation mark, UTF-8, from the first row on.
CSV_FILTER = "CSV:44,34,76,1"
AS_IT_IS, TEXT = 1, 2
ENGLISH = 1033


def reading_csv(formats: list[int]) -> str:
    """What a person chooses in the dialogue: the kind of each column, English numbers."""
    columns = "/".join(f"{place}/{kind}" for place, kind in enumerate(formats, 1))
    return f"{CSV_FILTER},{columns},{ENGLISH},false,false"


def saved_by_office(path: Path, *, to: str, folder: Path, reading: str = "") -> bytes:
    """The file as LibreOffice opens it and saves it anew."""
    subprocess.run(
        [
            OFFICE,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            *([f"--infilter={reading}"] if reading else []),
            "--convert-to",
            to,
            "--outdir",
            folder / "out",
            path,
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    ending = to.partition(":")[0]
    return (folder / "out" / f"{path.stem}.{ending}").read_bytes()
