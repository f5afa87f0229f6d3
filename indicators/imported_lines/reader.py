"""Reading the lines of a table, and telling of each what storing it would do."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from indicators.enums import LineOutcome, State
from indicators.import_columns import ABOUT_THE_SOURCE, ABOUT_THE_VALUE, SAID
from indicators.imported_lines.contents import (
    content,
    left_out,
    notes,
    questions,
    restore,
    says_nothing,
    texts_of,
    unchanged,
)
from indicators.imported_lines.judged import ForeignLine, JudgedLine, RefusedLine, Tally
from indicators.imported_lines.places import Places
from indicators.imported_lines.rules import NO_ROUND, NOT_YOURS, rule_against
from indicators.parsing import parse_figure
from indicators.queries.figures import Before
from indicators.queries.imports import (
    QUESTIONS,
    KnownSeries,
    Stored,
    StoredCell,
    evidence_of,
    stored_texts,
)
from indicators.typed_figures import Understood, limits_of, understand
from targets_site.figures import plain
from targets_site.sheets import Line, Problem, RefusedFile, Table

# Lines that are judged at a time, and those whose series are looked up at a time.
BLOCK = 1000
AHEAD = 5 * BLOCK


class LineReader:
    """Reads the lines of a table in blocks; `tally` says what was found so far.

    stored: what there is already. has_rights: False where nobody stands behind the file, so that
    neither rights nor rounds are checked.
    """

    def __init__(
        self, table: Table, stored: Stored, *, correction_reason: str, has_rights: bool = True
    ) -> None:
        self.table, self.stored, self.has_rights = table, stored, has_rights
        self.places = Places(table, stored)
        self.correction_reason = correction_reason
        self.tally = Tally()
        self.said = tuple(key for key in SAID if key in table.keys)
        self.left_out = tuple(key for key in SAID if key not in table.keys)

    def blocks(self) -> Iterator[list[JudgedLine]]:
        """What may be stored, in the order of the file; refused lines are in the tally only."""
        try:
            self._check_headings()
            while ahead := list(islice(self.table.lines, AHEAD)):
                self.places.learn(ahead)
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

    def _judged(self, lines: list[Line]) -> list[JudgedLine]:
        places = [self.places.place(line) for line in lines]
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
        restore(typed, stored or {})
        if stored is not None and all(typed[key] == stored[key] for key in self.said):
            return unchanged(line, known, year, number, stored)
        if not self._is_own(known, year):
            raise ForeignLine(("", _(NOT_YOURS)))
        is_new_value = stored is not None and self._is_new_value(typed, stored, known)
        typed = self._filled_up(typed, stored, cell, is_new_value=is_new_value)
        if says_nothing(typed, stored, known.series, year):
            return left_out(line, known, year, number, stored)
        understood = self._understood(typed, known, year)
        assert understood.figure is not None
        said = texts_of(understood.figure)
        if stored is not None and said == stored:
            return unchanged(line, known, year, number, stored)
        self._check_rules(known, year, cell)
        if is_new_value and cell and cell.newest_state == State.APPROVED:
            evidence = []
        return JudgedLine(
            number=line.number,
            series=known.series,
            year=year,
            outcome=LineOutcome.NEW if stored is None else LineOutcome.CHANGED,
            content=content(said, stored, questions(line, understood), evidence),
            read_version=number,
            value_before=(stored["value"] or stored["missing_reason"]) if stored else "",
            note="\n".join([*notes(line), *understood.notes]),
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
