"""The order of targets in their document, from the paths that say where they stand."""

import pytest
import yaml
from django.conf import settings

from plans.locators import in_order_of_text


def in_order(*locators):
    return [locators[at] for at in in_order_of_text(locators)]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(
            ["一、总", "二、分", "十、合", "十一、附", "二十、终", "二十八、末"], id="chinese"
        ),
        pytest.param(["（一）总", "（二）分", "（十二）合"], id="wide-brackets"),
        pytest.param(["(一)总", "(二)分", "(二十)合"], id="brackets"),
        pytest.param(["1．产品", "2.工程", "3、服务", "10．环境"], id="arabic"),
        pytest.param(["第1段", "第2段", "第10段"], id="paragraphs"),
        pytest.param(["标题", "第1句", "第2句", "建筑工程", "（一）分", "末句"], id="ranks"),
    ],
)
def test_numbers_are_read_as_numbers(parts):
    locators = [f"三、目标 / {part}" for part in parts]

    assert in_order(*reversed(locators)) == locators


def test_nothing_at_all():
    assert in_order_of_text([]) == []


def test_one_place_keeps_the_order_of_codes():
    assert in_order_of_text(["一、甲", "二、乙", "一、甲", "一、甲"]) == [0, 2, 3, 1]


def test_what_is_said_of_a_heading_stands_between_its_title_and_its_parts():
    found = in_order("一、甲 / 第1句", "一、甲", "一、甲 / 标题", "一、甲 / （一）乙")

    assert found == ["一、甲 / 标题", "一、甲", "一、甲 / 第1句", "一、甲 / （一）乙"]


def test_headings_without_a_number_stand_as_they_were_read():
    """Targets with figures were read first, those in words in a second reading; only the second
    one says that 2020 comes before 2015, and what stands between."""
    found = in_order(
        "一、甲 / 到2015年 / 农产品",
        "一、甲 / 到2015年 / 工业",
        "二、乙",
        "一、甲 / 到2020年",
        "一、甲 / 到2015年 / 农产品",
        "一、甲 / 到2015年 / 新兴产业",
        "一、甲 / 到2015年 / 工业",
    )

    assert found == [
        "一、甲 / 到2020年",
        "一、甲 / 到2015年 / 农产品",
        "一、甲 / 到2015年 / 农产品",
        "一、甲 / 到2015年 / 新兴产业",
        "一、甲 / 到2015年 / 工业",
        "一、甲 / 到2015年 / 工业",
        "二、乙",
    ]


def test_a_year_is_no_number_of_a_heading():
    assert in_order("2015年底 / 第1句", "2011年底 / 第1句") == [
        "2015年底 / 第1句",
        "2011年底 / 第1句",
    ]


@pytest.mark.parametrize(
    ("slug", "order"),
    [
        # As the texts have it: figures and words of a clause together.
        ("anhui-2013", ["002", "028", "041", "046", "003", "006", "009", "011", "058", "014"]),
        ("hainan-2018", ["035", "041", "044", "001", "005", "007", "020", "023", "034"]),
        ("jiangxi-2012", ["017", "022", "001", "003", "040", "010", "042", "012", "013", "016"]),
        ("shanxi-undated", ["042", "001", "049", "002", "075", "015", "079", "036", "038", "041"]),
    ],
)
def test_the_documents_at_hand(slug, order):
    file = settings.BASE_DIR / "fixtures" / "targets" / f"{slug}.yaml"
    targets = sorted(yaml.safe_load(file.read_text("utf-8")), key=lambda each: each["code"])

    found = in_order_of_text([each["locator"] for each in targets])

    codes = [targets[at]["code"][-3:] for at in found]
    assert len(set(codes)) == len(targets)
    assert [code for code in codes if code in order] == order
