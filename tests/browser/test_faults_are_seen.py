"""What the script of faults finds on pages that are wrong on purpose, and on one that is not."""

import pytest

from tests.browser.looker import FAULTS

pytestmark = pytest.mark.browser
WRONG = {
    "overlap": (
        '<p style="position:absolute;top:9px">目标完成</p>'
        '<p style="position:absolute;top:12px">数据缺失</p>',
        ["stand on each other: 目标完成 | 数据缺失"],
    ),
    "cut off": (
        '<div style="width:60px;overflow:hidden;white-space:nowrap">省市场监督管理局</div>',
        ["cut off: 省市场监督管理局"],
    ),
    "cut off by a picture": (
        '<svg width="80" height="30"><text x="50" y="20">达到98%</text></svg>',
        ["cut off by its picture: 达到98%"],
    ),
    "leaves the window": (
        '<p style="margin-left:330px;white-space:nowrap">不低于95%</p>',
        ["leaves the window: 不低于95%"],
    ),
    "folded, read aloud, in a box that scrolls": (
        '<details><summary>表格</summary><p style="position:absolute;top:0">一</p></details>'
        '<span class="visually-hidden" style="position:absolute;top:0">二</span>'
        '<div class="scroll" style="overflow-x:auto"><p style="width:900px">三</p></div>',
        [],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_faults_are_seen(page, name):
    markup, expected = WRONG[name]
    page.set_viewport_size({"width": 360, "height": 740})
    page.set_content(f"<!doctype html><body style='font:16px sans-serif'>{markup}</body>")

    assert page.evaluate(FAULTS) == expected
