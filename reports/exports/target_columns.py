"""The columns about a target that more than one table has."""

from reports.exports.columns import Column, figure, text


def target_columns(target: str = "") -> dict[str, Column]:
    """Each by its heading; a table puts them where the order of its file wants them.

    target: the lookup from a row to its target, ending in `__`; empty where the row is the target.
    The row itself leads to the reading by `reading`.
    """
    columns = (
        text("document", f"{target}document__slug", "文件标识", "Short name of the document"),
        text(
            "area_code",
            f"{target}area__code",
            "行政区划代码（GB/T 2260，六位）",
            "GB/T 2260 area code",
        ),
        text("statement_zh", f"{target}statement_zh", "目标表述", "What is promised, in Chinese"),
        figure(
            "value",
            f"{target}value",
            "目标值，小数位数与原文一致",
            "Target value, with the decimals as printed",
            decimals=f"{target}stated_decimals",
        ),
        text("unit", f"{target}unit", "单位", "Unit of the value"),
        text("series", "reading__series__code", "指标序列", "Series that measures it"),
        text(
            "indicator_code",
            "reading__series__indicator__code",
            "指标代码",
            "Code of the indicator",
        ),
    )
    return {column.heading: column for column in columns}
