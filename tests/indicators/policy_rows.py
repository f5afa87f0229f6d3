"""The input policy as one table: what is typed for a figure, and what becomes of it at each door.

The shared rows come from the corpora; the others were thought up from the text of the policy
(SECURITY.md, part C) and hold what the corpora do not. Every outcome was written down by hand: as
which exact text a figure is stored, what is asked before, or which field is refused for what.
Where the policy is silent, all doors agree on the outcome.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.indicators.policy import (
    AS_CELL,
    FILES,
    LEFT_OUT,
    NOT_TYPED,
    NUMBERS,
    REQUIRED,
    TEXTS,
    Outcome,
    Row,
    blank,
    held_by,
    missing,
    refused,
    said,
    stored,
    typed,
    with_98,
)

# The shared rows

# The corpus writes 0.00 for what is typed as 0 with two decimals permitted; what is stored has the
# decimals that were typed.
AS_STATED = {
    "N02": "0", "N03": "-5.2", "N05": "1200", "N06": "98.5", "N07": "-5.2", "N08": "-5.2",
    "N14": "0.5", "N18": "1", "N22": "1234", "N43": "12", "N47": "98.5", "N79": "98.5",
    "N83": "98.5",
}  # fmt: skip


def _of_number(entry: Mapping[str, Any]) -> Row:
    said, text = entry["expect"], typed(entry)
    doors, otherwise = held_by([text])
    if said["outcome"] == "reject":
        outcome = Outcome({"value": said["message_id"]})
    elif said["outcome"] == "blank":
        outcome, otherwise = REQUIRED, LEFT_OUT
    else:
        asked = (said["message_id"],) if said["outcome"] == "confirm" else ()
        stated = AS_STATED[entry["id"]]
        assert Decimal(stated) == Decimal(said["value"])
        outcome = Outcome(asked=asked, stored={"value": stated})
    return Row(entry["id"], entry["field"], {"value": text}, outcome, doors, otherwise)


def _of_year(entry: Mapping[str, Any]) -> Row:
    """Years head the columns of the grid and stand in the address of the API."""
    said = entry["expect"]
    refused = said["outcome"] == "reject"
    outcome = Outcome({"year": said["message_id"]}) if refused else Outcome(stored={"value": "98"})
    return Row(entry["id"], "pct2", {"year": typed(entry), "value": "98"}, outcome, FILES)


def _of_text(entry: Mapping[str, Any]) -> Row:
    name = {"name": "source_title", "comment": "remark"}[entry["field"]]
    said = entry["expect"]
    if said["outcome"] == "reject":
        outcome = Outcome({name: said["message_id"]})
    else:
        text = {name: said["value"]} if said["outcome"] != "blank" else {}
        outcome = Outcome(stored={"value": "98", **text})
    return Row(entry["id"], "pct2", {"value": "98", name: entry["input"]}, outcome)


SHARED = [
    *(_of_number(each) for each in NUMBERS["entries"] if each["target"] == "numeric"),
    *(_of_year(each) for each in NUMBERS["entries"] if each["target"] == "year"),
    *(_of_text(each) for each in TEXTS["entries"]),
]
assert len(SHARED) == 65


# The unseen rows

VALUES = [
    # 1: the map of full-width characters, and nothing beside it
    *stored("pct2", ("９８．５％", "98.5"), ("98。", "98"), ("＋1.50", "1.50")),
    *stored("growth2", ("－０．５％", "-0.5"), ("\u22125.20", "-5.20")),
    *stored("count0", ("1，234，567", "1234567")),
    *refused(
        "pct2", "not_number",
        "\u0669\u0668\u066b\u0665",  # Arabic digits and point
        "\U0001d7d7\U0001d7d6", "\u2079\u2078", "\u216b", "\u3007", "98、5", "98\ufe6a",
        "98\u066a", "98%%", "%98", "百分之九十八",
    ),
    *refused("growth2", "not_number", "–5.2", "\u20145.2", "\ufe635.2", "+-5", "5.2-", "（5.2）"),
    # 2: spaces and invisible characters
    *stored(
        "pct2",
        ("\u00a098.5\u00a0", "98.5"), ("\u202d98.5\u202c", "98.5"), ("98.5\u00ad", "98.5"),
        ("98.5\t", "98.5"), (" " * 60 + "98.5", "98.5"),
    ),
    *refused(
        "pct2", "invisible",
        "98.5 %", "98\u3000.5", "9\u202e8.5", "9\ufeff8", "98\t.5", "98\x075", "98\x1b[0m",
        "95 - 98", "' OR 1=1 --", "98\x005%",
    ),
    *refused("pct2", "invisible", "98\n.5", "98\u2028.5", doors=NOT_TYPED),
    *refused("pct2", "not_number", "9\ufe0f\u20e38\ufe0f\u20e3", "9\u31648", "\U0001f4af"),
    # 3: thousands separators, and what is no plain number
    *stored("amount2", ("1,234,567.80", "1234567.80"), ("-0", "0")),
    *stored("growth2", ("-0.00", "0.00"), ("1,000", "1000")),
    *refused("amount2", "grouping", "1,2345", "0,123", "1,,234", "1.000,50", "1，23"),
    *refused("amount2", "scientific", "1E5", "1E+400"),
    *refused(
        "amount2", "not_number",
        "1\u2019234", "1e5%", "1.5×10^3", "0b11", "Infinity", "NaN", "1.2.3", "+", "$5", "1/2",
        "1+1", "8O", "伍佰", "一万", "TRUE",
    ),
    *refused("count0", "unit_suffix", "12家", "1.2万", "3万家", "5年", "1,200件"),
    *refused("count0", "heading", "2020年", "２０２０年度"),
    *refused("amount2", "unit_suffix", "5万元", "1.5亿"),
    *refused("pct2", "unit_suffix", "98分", "98\u2030"),
    *refused(
        "pct2", "interval",
        "95-98", "95～98", "95至98", "95±1", "≥95", "<5>", "约95", "不低于95", "2020-12-31",
    ),
    *refused("pct2", "placeholder", "\u2014", "——", "－", "\u2026", "/", "。", "暂无", "None"),
    *refused("pct2", "not_number", "#N/A", "见附件"),
    # Formulas, markup, dates
    *refused(
        "pct2", "not_number",
        "=98.5", "=SUM(A1:A3)", "@98.5", "'98.5", '"98.5"', "<b>98</b>", "2020/12/31", "12:30",
        "_x0039_8", "&#57;8", "𠮷98",
    ),
    # 4: decimals, limits, length
    *refused("pct2", "decimals", "98.001", "0.000000001", "100.001"),
    *refused("count0", "decimals", "1,234.5"),
    *refused("growth2", "decimals", "-5.201"),
    *refused("pct2", "range", "100.01", "-0.01", "101%", "44196"),
    *refused("growth2", "range", "1000.01", "-101%"),
    *refused("count0", "range", "-1", "1000000000", "9" * 40),
    *refused("pct2", "too_long", "9" * 41, "x" * 5000, "98" + "%" * 60),
    *stored(
        "pct2", ("98.50", "98.50"), ("0.00", "0.00"), ("98.500", "98.50"), ("0" * 38 + "98", "98"),
    ),
    *stored("count0", ("007", "7"), ("999999999", "999999999")),
    # 5: per cent and fractions
    *stored("idx2", ("0.5", "0.5")),
    *refused("idx2", "percent_unit", "0.5％", "1,2%"),
    *refused("count0", "percent_unit", "1,200％"),
    *stored("pct2", ("1%", "1"), ("0%", "0"), ("1.01", "1.01")),
    *stored("pct2", ("0.98", "0.98"), ("1.00", "1.00"), ("．5", "0.5"), asked="fraction"),
    *stored("growth2", ("-1", "-1"), ("+0.5", "0.5"), asked="fraction"),
    *stored("pct2", ("78.89", "78.89"), ("９９％", "99"), asked="change", before="88.9"),
    *stored("pct2", ("98.9", "98.9"), ("78.90", "78.90"), before="88.9"),
]  # fmt: skip
COUNTS = [
    said(
        "pct2", becomes={"value": "94.74", "numerator": "90", "denominator": "95"},
        numerator="９０", denominator=" 95\u200b",
    ),
    said(
        "pct2", becomes={"value": "94.7", "numerator": "1800", "denominator": "1900"},
        value="94.7", numerator="1,800", denominator="1，900.0",
    ),
    said(
        "pct2", becomes={"value": "0.50", "numerator": "1", "denominator": "200"},
        numerator="1", denominator="200",
    ),
    said(
        "pct2", becomes={"value": "0.00", "numerator": "0", "denominator": "5"},
        numerator="-0", denominator="5",
    ),
    said(
        "growth2", becomes={"value": "1000", "numerator": "10", "denominator": "1"},
        value="1,000", numerator="10", denominator="1",
    ),
    said(
        "pct2", becomes={"value": "0.95", "numerator": "19", "denominator": "2000"},
        asked=("fraction",), value="0.95", numerator="19", denominator="2000",
    ),
    said("pct2", {"numerator": "rate"}, value="94.73", numerator="90", denominator="95"),
    said("pct2", {"numerator": "rate"}, value="0.95", numerator="95", denominator="100"),
    said("pct2", {"numerator": "pair"}, value="98", denominator="95"),
    said("pct2", {"numerator": "pair"}, numerator="\u3000", denominator="95"),
    said("pct2", {"numerator": "denominator"}, numerator="0", denominator="0"),
    said("pct2", {"numerator": "share"}, numerator="96", denominator="95"),
    said("growth2", {"numerator": "range"}, numerator="1000.01", denominator="100"),
    said("pct2", {"denominator": "range"}, numerator="1", denominator="1000000000"),
    said("pct2", {"numerator": "percent_unit"}, numerator="90%", denominator="95"),
    said("pct2", {"numerator": "unit_suffix"}, numerator="90万", denominator="95"),
    said("pct2", {"denominator": "invisible"}, numerator="90", denominator="9 5"),
    said("pct2", {"numerator": "decimals"}, numerator="1.1234567", denominator="95"),
    said(
        "pct2", {"value": "not_number", "denominator": "interval"},
        value="x", numerator="90", denominator="≥95",
    ),
    # The form has these fields for rates only.
    said(
        "idx2", {"numerator": "no_rate"},
        value="98", numerator="1", denominator="2", doors=NOT_TYPED,
    ),
]  # fmt: skip
MISSING = [
    missing("当年未调查", "当年未调查"),
    missing("\ufeff 未\u200b调\u202e查 ", "未调查"),
    missing("=1+1", "=1+1"),
    missing("无", "无", value="\u3000"),
    said("pct2", {"missing_reason": "both"}, value="0", missing_reason="未调查"),
    said(
        "pct2", {"missing_reason": "both"},
        numerator="1", denominator="2", missing_reason="未调查",
    ),
    said("pct2", {"value": "placeholder"}, value="—", missing_reason="未调查"),
    said("pct2", {"missing_reason": "too_long"}, missing_reason="因" * 201),
    said("pct2", {"missing_reason": "control"}, missing_reason="未\x07调查"),
    said("pct2", {"value": "required"}, source_title="公报"),
    said("pct2", {"value": "required"}, value="\u3000", remark="注"),
    blank(value="\ufeff\u200b"),
    blank(missing_reason="\u00a0"),
]  # fmt: skip
OTHER_FIELDS = [
    # 6: names
    with_98("source_title", "\u3000２０２０年 公报（修订）\u00a0", "２０２０年 公报（修订）"),
    with_98("source_title", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    with_98("source_title", "\U00020bb7野家 \ufb01le ㎡", "\U00020bb7野家 \ufb01le ㎡"),
    with_98("source_title", "=1+1", "=1+1"),
    with_98("source_title", "_x0041_", "_x0041_"),
    with_98("source_title", "公\u200b报", wrong="invisible"),
    with_98("source_title", "\U0001f468\u200d\U0001f469", wrong="invisible"),
    with_98("source_title", "公报\u202e", wrong="bidi"),
    with_98("source_title", "公\u2028报", wrong="invisible", doors=NOT_TYPED),
    with_98("source_title", "公\u2029报", wrong="invisible", doors=NOT_TYPED),
    with_98("source_title", "公\u115f报", wrong="invisible"),
    with_98("source_title", "\u1160公报", wrong="invisible"),
    with_98("source_title", "公报\u3164", wrong="invisible"),
    with_98("published_as", "\uffa0", wrong="invisible"),
    with_98("source_title", "공 보", "공 보"),
    with_98("source_title", "公\x1b报", wrong="control"),
    with_98("source_title", "公\x00报", wrong="control"),
    with_98("source_title", "公\ud83d报", wrong="control"),
    with_98("source_title", "公\n报", wrong="control", doors=NOT_TYPED),
    with_98("source_title", "公" * 301, wrong="too_long"),
    with_98("published_as", "率" * 121, wrong="too_long"),
    with_98("source_url", " https://example.cn/a?b=1 ", "https://example.cn/a?b=1"),
    with_98("source_url", "http://统计局.中国/公报", "http://统计局.中国/公报"),
    with_98("source_url", "javascript:alert(1)", wrong="address"),
    with_98("source_url", "http://[::1", wrong="address"),
    with_98("source_url", "https://exa\u200bmple.cn/", wrong="invisible"),
    with_98("published_on", "２０２１－０３－０５", "2021-03-05"),
    with_98("published_on", "\u30002021-03\u200b", "2021-03"),
    with_98("published_on", "2021-02-30", wrong="date"),
    with_98("published_on", "2021-3-5", wrong="date"),
    with_98("published_on", "2021\x00", wrong="date"),
    with_98("published_on", "\u0662\u0660\u0662\u0661", wrong="date"),
    # Lists in the form
    with_98("bound", "约数", "about", doors=NOT_TYPED),
    with_98("bound", "\u200bat_most\u3000", "at_most", doors=NOT_TYPED),
    with_98("bound", "exact", doors=NOT_TYPED),
    with_98("bound", "≥", wrong="choice", doors=NOT_TYPED),
    with_98("bound", "at\u200b_least", wrong="choice", doors=NOT_TYPED),
    with_98("obs_status", "\u200bBP\u00a0", "BP", doors=NOT_TYPED),
    with_98("obs_status", "p", wrong="letters", doors=NOT_TYPED),
    with_98("obs_status", "PP", wrong="letters", doors=NOT_TYPED),
    with_98("obs_status", "M", wrong="missing", doors=NOT_TYPED),
    # Remarks
    with_98("remark", "a\u2028b\u0085c\u2029d", "a\nb\nc\nd"),
    with_98("remark", "说\u200b明\u202e。\ufeff", "说明。"),
    with_98("remark", '他说"好",\t然后', '他说"好",\t然后'),
    with_98("remark", "\U0001f600" * 2000, "\U0001f600" * 2000),
    with_98("remark", "\u200b \n"),
    with_98("remark", "注" * 2001, wrong="too_long"),
    with_98("remark", "a\x00b", wrong="control"),
    with_98("shortfall_reason", "因\r\n由", "因\n由"),
    with_98("next_steps", "@SUM(1) ", "@SUM(1)"),
]
ONLY_IN_FILES = [
    *(
        said("pct2", becomes={"value": "98"}, value="98", year=year, doors=FILES)
        for year in ["２０２０", " 2020\u200b", "2020年度"]
    ),
    *(
        said("pct2", {"year": "year"}, value="98", year=year, doors=FILES)
        for year in ["2020.0", "20 20", "-2020", "二〇二〇", "2020-12", "1e3", "3020", "2020\x07"]
    ),
    *(
        said("pct2", becomes={"value": "98"}, value="98", unit=unit, doors=FILES)
        for unit in ["%", "％", " %\u200b"]
    ),
    *(
        said(of, {"unit": "unit"}, value="98", unit=unit, doors=FILES)
        for of, unit in [
            ("pct2", "分"),
            ("pct2", "\u2030"),
            ("amount2", "亿元"),
            ("count0", "万家"),
        ]
    ),
]
CELLS_OF_NUMBERS = [
    # A number of a workbook has no decimals of its own; what Excel shows with % is in per cent.
    *(
        said(of, becomes={"value": value}, asked=asked, value=cell, doors=AS_CELL)
        for of, cell, value, asked in [
            ("pct2", 98.5, "98.5", ()),
            ("pct2", 98.50, "98.5", ()),
            ("pct2", (98.5, "0.00"), "98.5", ()),
            ("pct2", (0.985, "0.00%"), "98.5", ()),
            ("pct2", (0.0075, "0.00%"), "0.75", ()),
            ("pct2", 1, "1", ("fraction",)),
            ("pct2", 0.98, "0.98", ("fraction",)),
            ("growth2", -0.0, "0", ()),
            ("growth2", (-0.052, "0.0%"), "-5.2", ()),
            ("amount2", 0.1 + 0.2, "0.3", ()),
            ("amount2", 1e5, "100000", ()),
            ("amount2", (1234.5, "#,##0.00"), "1234.5", ()),
        ]
    ),
    *(
        said(of, {"value": code}, value=cell, doors=AS_CELL)
        for of, cell, code in [
            ("pct2", 0.985, "decimals"),
            ("pct2", 98.567, "decimals"),
            ("count0", 12.5, "decimals"),
            ("count0", 1e300, "too_long"),
            ("amount2", 1e15, "range"),
            ("idx2", (0.985, "0.0%"), "percent_unit"),
            ("pct2", True, "is_boolean"),
            ("pct2", (44196, "yyyy-mm-dd"), "is_date"),
        ]
    ),
]

UNSEEN = [*VALUES, *COUNTS, *MISSING, *OTHER_FIELDS, *ONLY_IN_FILES, *CELLS_OF_NUMBERS]


def rows_at(door: str) -> list[Row]:
    return [row for row in [*SHARED, *UNSEEN] if door in row.doors]
