"""What storing each line of an imported file would do: new, changed, unchanged, or refused.

The rights and rounds are those of `entry.save`; the texts are read by the parser of the form. What
a file does not say stays as it is: a column that it does not have is kept from the newest version,
except that a new value does not keep what described the old one, nor, where that is in force, its
source.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from indicators.actions.entry import EnteredFigure
from indicators.enums import LineOutcome, State
from indicators.import_columns import (
    ABOUT_THE_SOURCE,
    ABOUT_THE_VALUE,
    CODES,
    PROSE,
    SAID,
    units_alike,
)
from indicators.models import Series
from indicators.parsing import FIRST_REPORTED_YEAR, parse_figure, parse_year
from indicators.queries.figures import Before
from indicators.queries.imports import (
    DEFAULTS,
    QUESTIONS,
    KnownSeries,
    Stored,
    StoredCell,
    areas_like,
    evidence_of,
    indicators_like,
    stored_texts,
)
from indicators.typed_figures import Understood, limits_of, understand
from targets_site.csv_text import text_behind
from targets_site.figures import decimals_of, plain
from targets_site.sheets import Line, Problem, RefusedFile, Table
from targets_site.typed_text import strip_ends

# Lines that are judged at a time, and those whose series are looked up at a time.
BLOCK = 1000
AHEAD = 5 * BLOCK
MOST_PROBLEMS = 100
NAMES = ("area_code", "area_zh", "indicator_code", "indicator_zh", "indicator_en", "scope")
TOTALS = frozenset("合计 总计 小计 共计 汇总 总和 平均 平均值 total subtotal sum average".split())
FIGURES = ("value", "numerator", "denominator")
NOT_YOURS = gettext_noop("Your department does not report this in that year.")
NO_ROUND = gettext_noop("No round asks your department for this year now.")


class RefusedLine(Exception):
    """faults: key of the column (empty for the whole line) and what is wrong, one or more."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__(faults)
        self.faults = faults


class ForeignLine(RefusedLine):
    """The line is about a series that the person's departments do not report."""


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A line that may be stored, or need not be.

    content: `figure`, the texts that would be stored without blanks and defaults; `before`, the
    stored texts that they would replace; `questions` to be confirmed; `evidence`, ids that stay
    with the figure; each only where there is something. read_version: number of the newest version.
    """

    number: int
    series: Series
    year: int
    outcome: LineOutcome
    content: dict[str, Any]
    read_version: int | None
    value_before: str = ""
    note: str = ""


@dataclass
class Tally:
    """How many lines had which outcome. problems: the first hundred, in the order of the file;
    problems_found: all of them."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    blank: int = 0
    questions: int = 0
    problems_found: int = 0
    foreign: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return self.new + self.changed + self.unchanged + self.refused

    @property
    def to_store(self) -> int:
        return self.new + self.changed

    def counts(self) -> dict[str, int]:
        """As numbers by name, without those that are 0."""
        found = {key: number for key, number in asdict(self).items() if key != "problems"}
        return {key: number for key, number in found.items() if number}

    def add(self, *problems: Problem) -> None:
        self.problems_found += len(problems)
        self.problems += problems[: max(0, MOST_PROBLEMS - len(self.problems))]


class LineReader:
    """Reads the lines of a table in blocks; `tally` says what was found so far.

    stored: what there is already. has_rights: False where nobody stands behind the file, so that
    neither rights nor rounds are checked.
    """

    def __init__(
        self, table: Table, stored: Stored, *, correction_reason: str, has_rights: bool = True
    ) -> None:
        self.table, self.stored, self.has_rights = table, stored, has_rights
        self.correction_reason = correction_reason
        self.tally = Tally()
        self.this_year = timezone.localdate().year
        self.said = tuple(key for key in SAID if key in table.keys)
        self.left_out = tuple(key for key in SAID if key not in table.keys)
        self.named = tuple(key for key in NAMES if key in table.keys)
        self._first_line: dict[tuple[int, int], int] = {}
        self._years: dict[str, int] = {}
        self._names: dict[int, list[str]] = {}
        self._unknown_pairs = 0

    def blocks(self) -> Iterator[list[JudgedLine]]:
        """What may be stored, in the order of the file; refused lines are in the tally only."""
        try:
            self._check_headings()
            while ahead := list(islice(self.table.lines, AHEAD)):
                self._learn(ahead)
                for start in range(0, len(ahead), BLOCK):
                    yield self._judged(ahead[start : start + BLOCK])
        except RefusedFile as refused:
            self.tally.add(*refused.problems)
            self.tally.refused += len({each.line for each in refused.problems} - {None})
        if not self.tally.lines and not self.tally.problems:
            self.tally.add(Problem(None, "", _("The file has headings and no lines below them.")))

    def _check_headings(self) -> None:
        keys = set(self.table.keys)
        if "series" not in keys and not {"area_code", "indicator_code"} <= keys:
            message = _(
                "The file does not say which figures it is about: it needs the column 指标序列 / "
                "series, or 地区代码 / area_code and 指标代码 / indicator_code."
            )
            raise RefusedFile([Problem(1, "", message)])

    def _learn(self, lines: list[Line]) -> None:
        codes = [_codes(line) for line in lines]
        self.stored.learn(
            codes={series for series, _pair in codes if series},
            pairs={pair for series, pair in codes if not series and all(pair)},
        )

    def _judged(self, lines: list[Line]) -> list[JudgedLine]:
        places = [self._place(line, *_codes(line)) for line in lines]
        compared = [
            self._compared(*place) if isinstance(place, tuple) else None for place in places
        ]
        newest = {pk for pk in compared if pk is not None}
        texts, evidence = stored_texts(newest), evidence_of(newest)
        judged = []
        for line, place, pk in zip(lines, places, compared, strict=True):
            try:
                if isinstance(place, RefusedLine):
                    raise place
                one = self._judge(line, *place, texts.get(pk or 0), evidence.get(pk or 0, []))
            except RefusedLine as refused:
                self._refuse(line, refused)
            else:
                self._count(one)
                judged.append(one)
        return judged

    def _refuse(self, line: Line, refused: RefusedLine) -> None:
        self.tally.refused += 1
        self.tally.foreign += isinstance(refused, ForeignLine)
        headings = self.table.headings
        self.tally.add(
            *(Problem(line.number, headings.get(key, ""), text) for key, text in refused.faults)
        )

    def _count(self, line: JudgedLine) -> None:
        setattr(self.tally, line.outcome, getattr(self.tally, line.outcome) + 1)
        self.tally.questions += QUESTIONS in line.content
        self.tally.blank += line.outcome is LineOutcome.UNCHANGED and not line.content

    def _place(
        self, line: Line, series: str, pair: tuple[str, str]
    ) -> tuple[KnownSeries, int] | RefusedLine:
        """The series and year of a line with these codes, or why it has none."""
        try:
            known = self._series(line, series, pair)
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
            if said and expected not in _readings(strip_ends(said)):
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

    def _is_own(self, known: KnownSeries, year: int) -> bool:
        return not self.has_rights or bool(self.stored.entering(known, year))

    def _compared(self, known: KnownSeries, year: int) -> int | None:
        """The version that a line is compared with: the newest one; of what other departments
        report the one in force, which everybody reads."""
        cell = known.cells.get(year)
        if cell is None:
            return None
        return cell.newest_id if self._is_own(known, year) else cell.in_force_id

    def _judge(
        self,
        line: Line,
        known: KnownSeries,
        year: int,
        stored: Mapping[str, str] | None,
        evidence: list[int],
    ) -> JudgedLine:
        """stored: what the version says with which the line is compared. Raises RefusedLine."""
        cell = known.cells.get(year)
        number = cell.newest_number if cell else None
        typed = {key: line.cells[key] for key in self.said}
        _restore(typed, stored or {})
        if stored is not None and all(typed[key] == stored[key] for key in self.said):
            return _unchanged(line, known, year, number, stored)
        if not self._is_own(known, year):
            raise ForeignLine(("", _(NOT_YOURS)))
        is_new_value = stored is not None and self._is_new_value(typed, stored, known)
        typed = self._filled_up(typed, stored, cell, is_new_value=is_new_value)
        if _says_nothing(typed, stored, known.series, year):
            return _left_out(line, known, year, number, stored)
        understood = self._understood(typed, known, year)
        assert understood.figure is not None
        said = texts_of(understood.figure)
        if stored is not None and said == stored:
            return _unchanged(line, known, year, number, stored)
        self._check_rules(known, year, cell)
        if is_new_value and cell and cell.newest_state == State.APPROVED:
            evidence = []
        return JudgedLine(
            number=line.number,
            series=known.series,
            year=year,
            outcome=LineOutcome.NEW if stored is None else LineOutcome.CHANGED,
            content=_content(said, stored, _questions(line, understood), evidence),
            read_version=number,
            value_before=(stored["value"] or stored["missing_reason"]) if stored else "",
            note="\n".join([*_notes(line), *understood.notes]),
        )

    def _is_new_value(
        self, typed: Mapping[str, str], stored: Mapping[str, str], known: KnownSeries
    ) -> bool:
        if typed["value"] == stored["value"]:
            return False
        try:
            parsed = parse_figure(typed["value"], limits=limits_of(known.series.indicator))
        except ValidationError:
            return True
        return plain(parsed.value) != plain(Decimal(stored["value"]) if stored["value"] else None)

    def _filled_up(
        self,
        typed: dict[str, str],
        stored: Mapping[str, str] | None,
        cell: StoredCell | None,
        *,
        is_new_value: bool,
    ) -> dict[str, str]:
        """With what the file's missing columns keep from the newest version."""
        if stored is None or cell is None or not self.left_out:
            return typed
        anew: set[str] = set()
        if is_new_value:
            anew |= set(ABOUT_THE_VALUE)
            anew |= set(ABOUT_THE_SOURCE) if cell.newest_state == State.APPROVED else set()
        return typed | {key: stored[key] for key in self.left_out if key not in anew}

    def _understood(self, typed: Mapping[str, str], known: KnownSeries, year: int) -> Understood:
        before = known.in_force_before(year)
        found = understand(
            typed,
            indicator=known.series.indicator,
            year=year,
            before=Before(*before) if before else None,
        )
        if found.errors:
            raise RefusedLine(*((key, each.messages[0]) for key, each in found.errors.items()))
        return found

    def _check_rules(self, known: KnownSeries, year: int, cell: StoredCell | None) -> None:
        """Raises RefusedLine, ForeignLine where the series is another department's."""
        fault = rule_against(
            known,
            year,
            stored=self.stored if self.has_rights else None,
            is_reasoned=bool(self.correction_reason),
        )
        if fault:
            key = "year" if fault == _(NO_ROUND) else ""
            raise (ForeignLine if fault == _(NOT_YOURS) else RefusedLine)((key, fault))


def rule_against(known: KnownSeries, year: int, *, stored: Stored | None, is_reasoned: bool) -> str:
    """Why the next version of a figure may not be stored; empty where it may.

    stored: None where rights and rounds are not asked for. is_reasoned: whether the file says why
    it corrects. The same rules as `workflow.append_draft`.
    """
    cell = known.cells.get(year)
    departments = stored.entering(known, year) if stored is not None else frozenset()
    if stored is not None and not departments:
        return _(NOT_YOURS)
    if cell is not None and cell.newest_state in State.waiting():
        return _("The figure is submitted and waits for a decision; recall it first.")
    if cell is not None and cell.in_force_id:
        if is_reasoned:
            return ""
        return _("The figure is approved: it is corrected only with a reason, given for the file.")
    is_asked_back = cell is not None and cell.was_returned
    if stored is None or is_asked_back:
        return ""
    if not stored.is_open(known.series, year, departments=departments):
        return _(NO_ROUND)
    return ""


def texts_of(figure: EnteredFigure) -> dict[str, str]:
    """What a version of the figure would say, as `stored_texts` has it."""
    content = figure.content()
    said = {key: str(content[key]) for key in SAID if key not in FIGURES}
    said |= {key: plain(content[key]) for key in FIGURES}
    return said | {"value": figure.value_as_stated}


def figure_of(content: Mapping[str, Any]) -> EnteredFigure:
    """The figure that the content of a line stands for."""
    said: dict[str, Any] = {**DEFAULTS, **content["figure"]}
    for key in FIGURES:
        said[key] = Decimal(said[key]) if said.get(key) else None
    return EnteredFigure(
        **said,
        stated_decimals=decimals_of(said["value"]) if said["value"] is not None else 0,
        evidence=frozenset(content.get("evidence", ())),
    )


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


def _readings(text: str) -> tuple[str, ...]:
    """A text as it stands, and without the apostrophe by which our exports keep a spreadsheet
    from running it."""
    return text, text_behind(text)


def _restore(typed: dict[str, str], stored: Mapping[str, str]) -> None:
    """Undo what a file does to texts on its way: the apostrophe of `_readings`, and the zeros
    that a spreadsheet drops at the end of 63.10."""
    for key, text in typed.items():
        if text[:1] == "'" and key in PROSE and text != stored.get(key):
            typed[key] = _readings(text)[-1]
    if _lost_zeros(typed["value"], stored.get("value", "")):
        typed["value"] = stored["value"]


def _lost_zeros(text: str, stored: str) -> bool:
    if len(text) >= len(stored) or "." not in stored:
        return False
    kept = text.rstrip("0").rstrip(".") if "." in text else text
    return kept == stored.rstrip("0").rstrip(".")


def _says_nothing(
    typed: Mapping[str, str], stored: Mapping[str, str] | None, series: Series, year: int
) -> bool:
    """Whether a line was not filled in: neither a figure nor why there is none, and beside it
    nothing that is not stored already."""
    if any(strip_ends(typed.get(key, "")) for key in (*FIGURES, "missing_reason")):
        return False
    said = {key: text for key, text in typed.items() if strip_ends(text)}
    if stored is None or not said:
        return not said
    understood = understand({**stored, **said}, indicator=series.indicator, year=year)
    return understood.figure is not None and texts_of(understood.figure) == stored


def _left_out(
    line: Line, known: KnownSeries, year: int, number: int | None, stored: Mapping[str, str] | None
) -> JudgedLine:
    """A line that was not filled in never empties what is stored."""
    if stored is None:
        return JudgedLine(line.number, known.series, year, LineOutcome.UNCHANGED, {}, number)
    note = _("Nothing was filled in: what is stored stays.")
    return replace(_unchanged(line, known, year, number, stored), note=note)


def _unchanged(
    line: Line, known: KnownSeries, year: int, number: int | None, stored: Mapping[str, str]
) -> JudgedLine:
    said = {key: stored[key] for key in ("value", "missing_reason") if stored[key]}
    return JudgedLine(
        line.number, known.series, year, LineOutcome.UNCHANGED, {"figure": said}, number
    )


def _content(
    said: Mapping[str, str],
    stored: Mapping[str, str] | None,
    questions: list[str],
    evidence: list[int],
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "figure": {key: text for key, text in said.items() if text != DEFAULTS.get(key, "")}
    }
    if stored is not None:
        found["before"] = {key: stored[key] for key in said if said[key] != stored[key]}
    if questions:
        found[QUESTIONS] = questions
    if evidence:
        found["evidence"] = evidence
    return found


def _questions(line: Line, understood: Understood) -> list[str]:
    asked = [each for each in line.notes if each.needs_confirmation]
    return [*_about(asked), *understood.questions]


def _notes(line: Line) -> list[str]:
    return _about(each for each in line.notes if not each.needs_confirmation)


def _about(notes: Iterable[Problem]) -> list[str]:
    return [
        without_controls(
            _("%(column)s: %(message)s") % {"column": each.column, "message": each.message}
            if each.column
            else each.message
        )
        for each in notes
    ]


def without_controls(text: str) -> str:
    """A message that quotes a file: a control character in it says nothing, and PostgreSQL takes
    no NUL."""
    return "".join(
        "\ufffd" if unicodedata.category(each) in {"Cc", "Cs"} else each for each in text
    )
