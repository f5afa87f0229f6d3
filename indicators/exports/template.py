"""The workbook that a department fills in for a round and imports again (导入模板)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from indicators.enums import Bound, ObsStatus
from indicators.import_columns import BY_KEY, SHEET, Column
from indicators.models import Round
from indicators.queries.asked import AskedFigure
from indicators.queries.imports import stored_texts
from indicators.typed_figures import KINDS_OF_FIGURE
from plans.validators import DECIMALS
from targets_site.localized import in_each_language
from targets_site.places.models import Department

EXPLANATION_SHEET = "填写说明"
# Of the columns that can be imported those that a department needs, with their widths; the series
# says area and scope.
WIDTHS = {
    "series": 30, "indicator": 32, "year": 8, "value": 14, "unit": 8, "missing_reason": 22,
    "source_title": 34, "source_url": 30, "published_on": 12, "published_as": 20, "numerator": 12,
    "denominator": 12, "bound": 11, "obs_status": 18, "remark": 34, "shortfall_reason": 34,
    "next_steps": 34,
}  # fmt: skip
FIXED = frozenset({"series", "indicator_zh", "indicator_en", "unit"})
NUMBERS = frozenset({"year", "value", "numerator", "denominator"})
WRAPPED = frozenset({"indicator_zh", "indicator_en", "source_title", "remark", "shortfall_reason",
                     "next_steps"})  # fmt: skip
# Offered and not prescribed.
MISSING_REASONS = (
    gettext_lazy("Not surveyed this year"),
    gettext_lazy("Not published yet"),
    gettext_lazy("No longer surveyed"),
    gettext_lazy("Scope changed: nothing comparable"),
)
STEPS = (
    gettext_lazy(
        "Fill in the sheet 数据, one line a figure; do not rename, add or merge anything."
    ),
    gettext_lazy("Leave a line as it is where you have nothing to say about its figure."),
    gettext_lazy("Where there is no figure, leave the value empty and say why."),
    gettext_lazy("Save the file as an Excel workbook (*.xlsx) and import it."),
    gettext_lazy("You see what would be stored before anything is; one wrong line refuses all."),
)


@dataclass(frozen=True)
class Formats:
    """numbers: by decimals."""

    heading: Format
    fixed: Format
    text: Format
    wrapped: Format
    numbers: tuple[Format, ...]

    def of(self, column: Column) -> Format:
        if column.key in NUMBERS:
            return self.numbers[0]
        if column.key in FIXED:
            return self.fixed
        return self.wrapped if column.key in WRAPPED else self.text


def template_workbook(
    *, round: Round, department: Department, figures: Sequence[AskedFigure]
) -> bytes:
    """A line for each figure with what is stored of it, in the reader's language.

    The unit stands in the heading of the values where all have the same, else in a column of its
    own. Codes and texts are text cells, so that none loses a zero or becomes a formula.
    """
    units = {each.series.indicator.unit for each in figures}
    shared_unit = units.pop() if len(units) == 1 else ""
    columns = [_column(key) for key in WIDTHS if not (key == "unit" and shared_unit)]
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        formats = _formats(book)
        sheet = book.add_worksheet(SHEET)
        _write_headings(sheet, columns, shared_unit=shared_unit, formats=formats)
        for number, line in enumerate(_lines(figures), start=1):
            _write_line(sheet, number, columns, line, formats)
        _add_lists(sheet, columns, lines=len(figures))
        explanation = book.add_worksheet(EXPLANATION_SHEET)
        _write_explanation(explanation, _about(round, department), columns, formats)
    return buffer.getvalue()


def _column(key: str) -> Column:
    """`indicator` is its name in the reader's language."""
    return BY_KEY[_name_key() if key == "indicator" else key]


def _name_key() -> str:
    return "indicator_en" if (get_language() or "").startswith("en") else "indicator_zh"


def _formats(book: xlsxwriter.Workbook) -> Formats:
    top = {"valign": "top"}
    text = {**top, "num_format": "@"}
    decimals = ["General", *("0." + "0" * number for number in range(1, DECIMALS + 1))]
    return Formats(
        heading=book.add_format(
            {**top, "bold": True, "bg_color": "#E8EEF7", "border": 1, "text_wrap": True}
        ),
        fixed=book.add_format({**text, "font_color": "#59636E", "text_wrap": True}),
        text=book.add_format(text),
        wrapped=book.add_format({**text, "text_wrap": True}),
        numbers=tuple(book.add_format({**top, "num_format": each}) for each in decimals),
    )


def _write_headings(
    sheet: Worksheet, columns: Sequence[Column], *, shared_unit: str, formats: Formats
) -> None:
    for place, column in enumerate(columns):
        unit = f"（{_unit_word(shared_unit)}）" if column.key == "value" and shared_unit else ""
        width = WIDTHS.get(column.key, WIDTHS["indicator"])
        sheet.set_column(place, place, width, formats.of(column))
        sheet.write_string(0, place, f"{column.heading}{unit}", formats.heading)
    # Series, indicator and year stay in sight.
    sheet.freeze_panes(1, 3)


def _unit_word(unit: str) -> str:
    """As officials write it; it is understood when the file comes back."""
    return "指数" if unit == "index" and _name_key() == "indicator_zh" else unit


def _lines(figures: Sequence[AskedFigure]) -> Iterator[dict[str, str]]:
    """Texts by key of the column."""
    texts = stored_texts({each.newest.pk for each in figures if each.newest})
    for each in figures:
        indicator = each.series.indicator
        yield _typed(texts[each.newest.pk] if each.newest else {}) | {
            "series": each.series.code,
            "indicator_zh": indicator.name_zh,
            "indicator_en": indicator.name_en,
            "year": str(each.year),
            "unit": _unit_word(indicator.unit),
        }


def _typed(said: Mapping[str, str]) -> dict[str, str]:
    """What is stored as a person would type it: what goes without saying is left out."""
    typed = {**said}
    if said.get("bound"):
        exact = said["bound"] == Bound.EXACT
        typed["bound"] = "" if exact else str(Bound(said["bound"]).label)
    letters = said.get("obs_status", "")
    plain = letters in {ObsStatus.NORMAL, ObsStatus.MISSING}
    typed["obs_status"] = "" if plain else str(dict(KINDS_OF_FIGURE).get(letters, letters))
    return typed


def _write_line(
    sheet: Worksheet,
    number: int,
    columns: Sequence[Column],
    line: Mapping[str, str],
    formats: Formats,
) -> None:
    for place, column in enumerate(columns):
        text = line.get(column.key, "")
        if text and column.key in NUMBERS:
            decimals = len(text.partition(".")[2])
            # A cell of Excel holds nothing else; the format shows its digits.
            # nosemgrep: figure-as-float
            sheet.write_number(number, place, float(text), formats.numbers[decimals])
        elif text:
            sheet.write_string(number, place, text, formats.of(column))


def _add_lists(sheet: Worksheet, columns: Sequence[Column], *, lines: int) -> None:
    """Lists to choose from; only the bound is one of them in any case."""
    offered = {
        "bound": ("stop", [str(label) for label in Bound.labels]),
        "obs_status": ("information", [str(label) for _letters, label in KINDS_OF_FIGURE]),
        "missing_reason": ("information", [str(each) for each in MISSING_REASONS]),
    }
    for place, column in enumerate(columns):
        if column.key in offered and lines:
            kind, texts = offered[column.key]
            sheet.data_validation(
                1, place, lines, place,
                {
                    "validate": "list",
                    "source": texts,
                    "error_type": kind,
                    "input_title": column.heading[:32],
                    "input_message": column.meaning[:255],
                },
            )  # fmt: skip


def _about(round: Round, department: Department) -> list[tuple[str, str]]:
    due = f"{localtime(round.due_at):%Y-%m-%d %H:%M}"
    return [
        (in_each_language(lambda: _("Round")), round.name),
        (in_each_language(lambda: _("Department")), department.name_zh),
        (in_each_language(lambda: _("Deadline")), due),
    ]


def _write_explanation(
    sheet: Worksheet,
    about: Sequence[tuple[str, str]],
    columns: Sequence[Column],
    formats: Formats,
) -> None:
    """In both languages: the sheet travels further than the person who downloaded it."""
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, 3, 60)
    row = 0
    for heading, text in about:
        sheet.write_string(row, 0, heading, formats.heading)
        sheet.write_string(row, 1, text)
        row += 1
    for number, step in enumerate(STEPS, start=1):
        said = in_each_language(step.__str__, between="\n")
        sheet.write_string(row + number, 0, f"{number}", formats.heading)
        sheet.merge_range(row + number, 1, row + number, 3, said, formats.wrapped)
        sheet.set_row(row + number, 32)
    row += len(STEPS) + 2
    for number, column in enumerate(columns, start=row):
        texts = (column.heading_zh, column.heading_en, column.meaning_zh, column.meaning_en)
        for place, text in enumerate(texts):
            sheet.write_string(
                number, place, text, formats.heading if place < 2 else formats.wrapped
            )
