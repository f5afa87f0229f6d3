"""Which figure a line is about."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.import_columns import CODES, units_alike
from indicators.imported_lines.judged import MOST_PROBLEMS, RefusedLine
from indicators.models import Series
from indicators.parsing import FIRST_REPORTED_YEAR, parse_year
from indicators.queries.imports import KnownSeries, Stored, areas_like, indicators_like
from targets_site.csv_text import text_behind
from targets_site.sheets import Line, Table
from targets_site.typed_text import strip_ends

NAMES = ("area_code", "area_zh", "indicator_code", "indicator_zh", "indicator_en", "scope")
TOTALS = frozenset("合计 总计 小计 共计 汇总 总和 平均 平均值 total subtotal sum average".split())


class Places:
    """Finds the series and year of each line of a table, once in the file."""

    def __init__(self, table: Table, stored: Stored) -> None:
        self.table, self.stored = table, stored
        self.this_year = timezone.localdate().year
        self.named = tuple(key for key in NAMES if key in table.keys)
        self._first_line: dict[tuple[int, int], int] = {}
        self._years: dict[str, int] = {}
        self._names: dict[int, list[str]] = {}
        self._unknown_pairs = 0

    def learn(self, lines: list[Line]) -> None:
        """Look up what the lines name, all at once."""
        codes = [_codes(line) for line in lines]
        self.stored.learn(
            codes={series for series, _pair in codes if series},
            pairs={pair for series, pair in codes if not series and all(pair)},
        )

    def place(self, line: Line) -> tuple[KnownSeries, int] | RefusedLine:
        """The series and year of a line, or why it has none."""
        try:
            known = self._series(line, *_codes(line))
            year = self._year(line)
            self._check_names(line, known.series)
            self._check_unit(line, known.series)
            self._check_first(line, known.series, year)
        except RefusedLine as refused:
            return _if_totals(line) or refused
        return known, year

    def _series(self, line: Line, code: str, pair: tuple[str, str]) -> KnownSeries:
        if code:
            found = self.stored.of_code(code)
            if found is None:
                raise RefusedLine(("series", _unknown(code)))
            return found
        if not all(pair):
            key = "indicator_code" if pair[0] else "area_code"
            key = key if key in self.named else "series"
            raise RefusedLine((key, _("The line does not say which figure it is about.")))
        scope = _cell(line, "scope")
        scopes = self.stored.of_pair(*pair)
        fitting = [each for each in scopes if scope in {"", each.series.scope}]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            message = _("There are several scopes; name one in the column 口径 / scope: %(known)s.")
            known = ", ".join(each.series.scope for each in fitting)
            raise RefusedLine(
                ("scope" if "scope" in self.named else "", message % {"known": known})
            )
        if scopes:
            raise RefusedLine(("scope", _unknown(scope)))
        raise RefusedLine(self._no_series(*pair))

    def _no_series(self, area: str, indicator: str) -> tuple[str, str]:
        """Which of the two codes nobody knows, and what it may have been; looked up for the lines
        only that are shown."""
        self._unknown_pairs += 1
        if self._unknown_pairs > MOST_PROBLEMS:
            return "indicator_code", _unknown(indicator)
        for key, code, known in (
            ("area_code", area, areas_like(area)),
            ("indicator_code", indicator, indicators_like(indicator)),
        ):
            if code in known:
                continue
            if known:
                message = _("“%(code)s” is not known; is it “%(meant)s” without its first zeros?")
                return key, message % {"code": code[:80], "meant": known[0]}
            return key, _unknown(code)
        return "indicator_code", _("The area has no series of this indicator.")

    def _year(self, line: Line) -> int:
        text = line.cells["year"]
        if text not in self._years:
            try:
                year = parse_year(
                    text, smallest=FIRST_REPORTED_YEAR, largest=self.this_year, label=_("Year")
                ).value
            except ValidationError as error:
                raise RefusedLine(("year", error.messages[0])) from None
            if year is None:
                raise RefusedLine(("year", _("“Year” is missing.")))
            self._years[text] = year
        return self._years[text]

    def _check_names(self, line: Line, series: Series) -> None:
        """What a line says besides the code agrees with it, or nobody knows which one is meant."""
        names = self._names_of(series)
        said_names = [line.cells[key] for key in self.named]
        if said_names == names:
            return
        faults = []
        for key, said, expected in zip(self.named, said_names, names, strict=True):
            if said and expected not in readings(strip_ends(said)):
                message = _("“%(said)s” disagrees with the code, which means “%(expected)s”.")
                faults.append((key, message % {"said": said[:80], "expected": expected}))
        if faults:
            raise RefusedLine(*faults)

    def _names_of(self, series: Series) -> list[str]:
        if series.pk not in self._names:
            self._names[series.pk] = [_name_of(series, key) for key in self.named]
        return self._names[series.pk]

    def _check_unit(self, line: Line, series: Series) -> None:
        unit = series.indicator.unit
        for key, said in (
            ("value", self.table.units.get("value", "")),
            ("unit", line.cells.get("unit", "")),
        ):
            if said and said != unit and not units_alike(strip_ends(said), unit):
                message = _("The unit is %(unit)s and not “%(said)s”; nothing is converted.")
                raise RefusedLine((key, message % {"unit": unit, "said": said[:40]}))

    def _check_first(self, line: Line, series: Series, year: int) -> None:
        first = self._first_line.setdefault((series.pk, year), line.number)
        if first != line.number:
            message = _("The figure of this series and year stands in line %(line)s already.")
            raise RefusedLine(("", message % {"line": first}))


def _codes(line: Line) -> tuple[str, tuple[str, str]]:
    """The series that a line names, else the area and indicator; empty what it does not name."""
    if series := _cell(line, "series"):
        return series, ("", "")
    return "", (_cell(line, "area_code"), _cell(line, "indicator_code"))


def _cell(line: Line, key: str) -> str:
    return strip_ends(line.cells.get(key, ""))


def _name_of(series: Series, key: str) -> str:
    if key == "scope":
        return series.scope
    kind, name = key.split("_")
    row = series.area if kind == "area" else series.indicator
    return str(row.code if name == "code" else getattr(row, f"name_{name}"))


def _unknown(code: str) -> str:
    return _("“%(code)s” is not known.") % {"code": code[:80]}


def _if_totals(line: Line) -> RefusedLine | None:
    """A better reason why a line names no figure."""
    for key in ("year", *CODES, *NAMES):
        if "".join(line.cells.get(key, "").split()).casefold() in TOTALS:
            return RefusedLine((key, _("This looks like a row of totals; leave it out.")))
    return None


def readings(text: str) -> tuple[str, ...]:
    """A text as it stands, and without the apostrophe by which our exports keep a spreadsheet
    from running it."""
    return text, text_behind(text)
