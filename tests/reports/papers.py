"""A paper with one of everything, and LibreOffice as a second reader of Word files."""

import subprocess
from pathlib import Path

import pytest

from reports.paper.blocks import (
    Cell,
    Column,
    Fixed,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Placed,
    Table,
)
from tests.conftest import in_ci

OFFICE = Path("/usr/bin/soffice")
# Where CI=true a test without it fails instead: what is skipped is not passed.
needs_office = pytest.mark.skipif(
    not OFFICE.exists() and not in_ci(), reason="LibreOffice is not installed"
)

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 240" width="600" height="240">'
    "<style>.bar{fill:#b3261e}</style>"
    '<rect class="bar" x="0" y="0" width="600" height="240"/></svg>'
)
BLOCKS = (
    Heading(1, ("一、总体情况",)),
    Paragraph(
        (
            "截至",
            Fixed("f001", "2015年"),
            "，抽检合格率为",
            Fixed("f002", "98.40 %"),
            "，目标为",
            Fixed("f003", "≥ 98 %"),
            "。",
        )
    ),
    Placed("table_1"),
    Heading(2, ("（一）产品质量",)),
    Paragraph(("下一步继续抓好。",)),
    Placed("picture_1"),
    Paragraph(("此件公开发布。",)),
)
TABLE = Table(
    caption="表1　主要指标完成情况",
    columns=(Column("指标", 4), Column("单位"), Column("数值", 1, True), Column("判定", 2)),
    rows=(
        (Cell("抽检合格率"), Cell("%"), Cell("98.40"), Cell("达标", "green")),
        (Cell("一次交验合格率"), Cell("%"), Cell("—"), Cell("无数据", "grey")),
    ),
)
PAPER = Paper(
    title="海南省2015年质量状况分析报告",
    subtitle="（征求意见稿）",
    line="海南省质量强省工作领导小组办公室",
    footing="数据截至2015年，方法版本1",
    blocks=BLOCKS,
    placed={"table_1": TABLE, "picture_1": Picture("图1　抽检合格率", "一根红色的柱", PICTURE)},
)


def converted(content: bytes, *, to: str, folder: Path) -> bytes:
    """The file as LibreOffice opens it and saves it anew, with a profile of its own."""
    source = folder / "source.docx"
    source.write_bytes(content)
    target = folder / "out"
    subprocess.run(
        [
            OFFICE,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            to,
            "--outdir",
            target,
            source,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (target / f"source.{to}").read_bytes()
