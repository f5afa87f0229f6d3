"""What is stored about the figures of an imported file, read in blocks and never line by line."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from indicators.enums import Bound, LineOutcome, ObsStatus
from indicators.models import (
    Import,
    ImportLine,
    Indicator,
    Observation,
    ObservationVersion,
    Round,
    Series,
    SeriesDepartment,
    returned_by_reviewer,
)
from indicators.queries.rounds import open_rounds
from indicators.typed_figures import LABELS
from targets_site.accounts.access import entered_among, held_by
from targets_site.accounts.models import User
from targets_site.figures import plain
from targets_site.places.models import Area, Department
from targets_site.templatetags.shown import with_unit

LINES_A_PAGE = 50
# The lines that ask for something, beside the outcomes.
QUESTIONS = "questions"
# What a figure says where nothing is said.
DEFAULTS = {"bound": Bound.EXACT.value, "obs_status": ObsStatus.NORMAL.value}
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class StoredCell:
    """A series and year that has versions. newest: the working version, else the one in force.

    value: the one in force with its decimals, None where nothing is in force or it is missing.
    """

    pk: int
    newest_id: int
    newest_number: int
    newest_state: str
    in_force_id: int | None
    value: Decimal | None
    stated_decimals: int
    was_returned: bool


@dataclass(frozen=True, slots=True)
class KnownSeries:
    """A series with its indicator and area, the departments that report it from one year to
    another, and its cells by year."""

    series: Series
    links: list[tuple[int, int | None, int | None]] = field(default_factory=list)
    cells: dict[int, StoredCell] = field(default_factory=dict)

    def reporting_in(self, year: int) -> frozenset[int]:
        return frozenset(
            department
            for department, first, last in self.links
            if (first or year) <= year <= (last or year)
        )

    def in_force_before(self, year: int) -> tuple[int, Decimal, int] | None:
        """Year, value and decimals of the latest figure in force of an earlier year."""
        years = [
            each for each, cell in self.cells.items() if each < year and cell.value is not None
        ]
        if not years:
            return None
        cell = self.cells[max(years)]
        assert cell.value is not None
        return max(years), cell.value, cell.stated_decimals


class Stored:
    """Series by code, and by area and indicator; each is read once, with all its cells.

    by: for whom, None where nobody is; what belongs to other departments is known too, so that it
    can be told apart from what does not exist.
    """

    def __init__(self, by: User | None) -> None:
        self.by = by
        self._entered = held_by(by).entered if by else frozenset()
        self._entering: dict[frozenset[int], frozenset[int]] = {}
        self._by_code: dict[str, KnownSeries | None] = {}
        self._by_id: dict[int, KnownSeries] = {}
        self._by_pair: dict[tuple[str, str], list[KnownSeries]] = {}
        self._open_years: dict[tuple[int, frozenset[int]], frozenset[int]] = {}
        self._areas: dict[int, Area] = {}
        self._indicators: dict[int, Indicator] = {}

    def learn(self, *, codes: Iterable[str], pairs: Iterable[tuple[str, str]]) -> None:
        """Read the series of these codes, and of these pairs of area and indicator code."""
        new_codes = {code for code in codes if code.isprintable()} - set(self._by_code)
        new_pairs = {pair for pair in pairs if "".join(pair).isprintable()} - set(self._by_pair)
        found = list(_in_parts(Series.objects.all(), "code", new_codes))
        if new_pairs:
            found += Series.objects.filter(
                area__code__in={area for area, _indicator in new_pairs},
                indicator__code__in={indicator for _area, indicator in new_pairs},
            )
        new = {each.pk: each for each in found if each.pk not in self._by_id}
        self._by_id |= self._known(new)
        known = [self._by_id[pk] for pk in {each.pk for each in found}]
        self._by_code |= dict.fromkeys(new_codes)
        self._by_code |= {each.series.code: each for each in known if each.series.code in new_codes}
        self._by_pair |= {pair: [] for pair in new_pairs}
        for each in sorted(known, key=lambda each: each.series.code):
            pair = (each.series.area.code, each.series.indicator.code)
            if pair in new_pairs:
                self._by_pair[pair].append(each)

    def of_code(self, code: str) -> KnownSeries | None:
        return self._by_code.get(code)

    def of_id(self, pk: int) -> KnownSeries:
        return self._by_id[pk]

    def of_pair(self, area: str, indicator: str) -> list[KnownSeries]:
        """By scope."""
        return self._by_pair.get((area, indicator), [])

    def entering(self, known: KnownSeries, year: int) -> frozenset[int]:
        """Those of the departments that report a figure for which the person enters; empty where
        it is not the person's (see `entered_among`)."""
        reporting = known.reporting_in(year)
        if self.by is None or not reporting & self._entered:
            return frozenset()
        if reporting not in self._entering:
            self._entering[reporting] = _entering(self.by, reporting)
        return self._entering[reporting]

    def is_open(self, series: Series, year: int, *, departments: frozenset[int]) -> bool:
        """Whether a round asks the departments for the year now."""
        key = series.area_id, departments
        if key not in self._open_years:
            self._open_years[key] = _open_years(*key)
        return year in self._open_years[key]

    def rules_still_hold(self, series: "QuerySet[Any, Any]") -> bool:
        """Whether who reports these series, the person's rights and the rounds are now what they
        were when this was asked about them; the series have been learnt. A few queries."""
        if self.by is None:
            return True
        links = SeriesDepartment.objects.filter(series__in=series).order_by()
        known = {(pk, *link) for pk, each in self._by_id.items() for link in each.links}
        return (
            set(links.values_list("series_id", "department_id", "from_year", "to_year")) == known
            and held_by(self.by).entered == self._entered
            and all(_entering(self.by, each) == held for each, held in self._entering.items())
            and all(_open_years(*each) == years for each, years in self._open_years.items())
        )

    def _known(self, series: Mapping[int, Series]) -> dict[int, KnownSeries]:
        """With one object for each area and indicator, however many series have it."""
        self._areas |= Area.objects.in_bulk({each.area_id for each in series.values()})
        self._indicators |= Indicator.objects.in_bulk(
            {each.indicator_id for each in series.values()}
        )
        known = {pk: KnownSeries(each) for pk, each in series.items()}
        for each in series.values():
            each.area = self._areas[each.area_id]
            each.indicator = self._indicators[each.indicator_id]
        for link in _in_parts(SeriesDepartment.objects.all(), "series", known):
            known[link.series_id].links.append((link.department_id, link.from_year, link.to_year))
        self._read_cells(known)
        return known

    def _read_cells(self, known: Mapping[int, KnownSeries]) -> None:
        returned = _returned_cells(known)
        newest = Coalesce("working_id", "in_force_id")
        cells = Observation.objects.annotate(newest=newest).filter(newest__isnull=False).order_by()
        for part in _parts(known):
            rows = cells.filter(series__in=part).values_list(
                "series_id", "year", "pk", "newest", "working__number", "working__state",
                "in_force", "in_force__number", "in_force__state", "in_force__value",
                "in_force__stated_decimals",
            )  # fmt: skip
            for (
                series_id, year, pk, newest, working_number, working_state,
                in_force, number, state, value, decimals,
            ) in rows:  # fmt: skip
                known[series_id].cells[year] = StoredCell(
                    pk=pk,
                    newest_id=newest,
                    newest_number=working_number or number,
                    newest_state=working_state or state,
                    in_force_id=in_force,
                    value=value,
                    stated_decimals=decimals or 0,
                    was_returned=pk in returned,
                )


def _entering(user: User, reporting: frozenset[int]) -> frozenset[int]:
    departments = Department.objects.filter(pk__in=reporting).values_list("pk", flat=True)
    return entered_among(user, departments)


def _open_years(area_id: int, departments: frozenset[int]) -> frozenset[int]:
    rounds = open_rounds(area_id=area_id, departments=departments)
    return frozenset(rounds.values_list("year_rows__year", flat=True))


def areas_like(code: str) -> list[str]:
    """Codes of areas that are this one, or become it where the first zeros are lost."""
    return _codes_like(Area.objects.filter(code__endswith=code), code)


def indicators_like(code: str) -> list[str]:
    """As `areas_like`, of indicators."""
    return _codes_like(Indicator.objects.filter(code__endswith=code), code)


def _codes_like(rows: QuerySet[Any], code: str) -> list[str]:
    if not code.isprintable():
        return []
    found = rows.order_by("code").values_list("code", flat=True)
    return [each for each in found if each == code or each.lstrip("0") == code]


def _returned_cells(series: Iterable[int]) -> set[int]:
    """Cells of which a reviewer returned a version after the one in force: they stay open."""
    returned = ObservationVersion.objects.filter(
        Q(observation__in_force__isnull=True) | Q(number__gt=F("observation__in_force__number")),
        returned_by_reviewer(),
    ).order_by()
    return {
        pk
        for part in _parts(series)
        for pk in returned.filter(observation__series__in=part).values_list(
            "observation_id", flat=True
        )
    }


def _parts(keys: Iterable[Any]) -> list[list[Any]]:
    """SQLite takes only so many parameters in a statement."""
    ordered = sorted(keys)
    return [ordered[start : start + AT_A_TIME] for start in range(0, len(ordered), AT_A_TIME)]


def _in_parts(rows: QuerySet[Any], lookup: str, keys: Iterable[Any]) -> Iterable[Any]:
    for part in _parts(keys):
        yield from rows.filter(**{f"{lookup}__in": part})


def stored_texts(versions: Iterable[int]) -> dict[int, dict[str, str]]:
    """By version id, what it says, as an export writes it: text, by the names of the fields."""
    fields = [name for name in ObservationVersion.CONTENT if name != "stated_decimals"]
    found = {}
    for part in _parts(versions):
        rows = ObservationVersion.objects.filter(pk__in=part).order_by()
        for pk, decimals, *said in rows.values_list("pk", "stated_decimals", *fields):
            found[pk] = {
                name: _as_text(each, decimals if name == "value" else None)
                for name, each in zip(fields, said, strict=True)
            }
    return found


def _as_text(value: str | Decimal | None, decimals: int | None) -> str:
    return value if isinstance(value, str) else plain(value, decimals=decimals)


def evidence_of(versions: Iterable[int]) -> dict[int, list[int]]:
    """By version id, the ids of its evidence; versions without any are not in it."""
    through = ObservationVersion.evidence.through
    found: dict[int, list[int]] = {}
    for part in _parts(versions):
        links = through._default_manager.filter(observationversion__in=part)
        for version, attachment in links.order_by("attachment").values_list(
            "observationversion_id", "attachment_id"
        ):
            found.setdefault(version, []).append(attachment)
    return found


def imports_of(user: User) -> QuerySet[Import]:
    """The person's own, newest first; nobody else sees them."""
    rows = Import.objects.filter(imported_by=user)
    return rows.select_related("attachment", "job").order_by("-pk")


def lines_page(imported: Import, *, outcome: str, number: int) -> Page[ImportLine]:
    """Lines of a preview in the order of the file. outcome: a LineOutcome, `questions` for those
    to be confirmed, empty for all."""
    lines = imported.lines.select_related("series__indicator", "series__area").order_by("number")
    if outcome == QUESTIONS:
        lines = lines.filter(content__has_key=QUESTIONS)
    elif outcome:
        lines = lines.filter(outcome=outcome)
    return Paginator(lines, LINES_A_PAGE).get_page(number)


@dataclass(frozen=True)
class OutcomeCount:
    """How many lines of a preview have an outcome; outcome empty for all lines."""

    outcome: str
    label: str
    number: int
    is_chosen: bool


def outcome_counts(imported: Import, *, chosen: str) -> list[OutcomeCount]:
    """For the whole file, by outcome, and how many are asked about; none of those that are 0."""
    named = [(each.value, str(each.label)) for each in LineOutcome]
    counts = [(*each, imported.counts.get(each[0], 0)) for each in named]
    found = [
        ("", _("All"), sum(number for _outcome, _label, number in counts)),
        *counts,
        (QUESTIONS, _("Lines to confirm"), imported.counts.get(QUESTIONS, 0)),
    ]
    return [
        OutcomeCount(outcome, label, number, outcome == chosen)
        for outcome, label, number in found
        if number
    ]


@dataclass(frozen=True)
class Difference:
    """A field that storing a line would write; `before` empty where it says nothing yet."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownLine:
    """A line of a preview. before, after: the figure with its unit, or why there is none; empty
    where nothing is stored or would be."""

    line: ImportLine
    before: str
    after: str
    differences: tuple[Difference, ...]
    questions: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def says_more(self) -> bool:
        return bool(self.differences or self.questions or self.notes or self.is_blank)

    @property
    def is_blank(self) -> bool:
        """Nothing stands in the line and nothing is stored."""
        return not self.line.content


def shown(line: ImportLine) -> ShownLine:
    """Exactly what storing a line would write, as people read it."""
    said: dict[str, str] = line.content.get("figure", {})
    before: dict[str, str] = line.content.get("before", {})
    unit = line.series.indicator.unit
    return ShownLine(
        line=line,
        before=_figure({**said, **before}, unit) if line.outcome != LineOutcome.NEW else "",
        after=_figure(said, unit),
        differences=tuple(
            Difference(
                str(label),
                _word(name, before.get(name, "")),
                _word(name, said.get(name) or DEFAULTS.get(name, "")),
            )
            for name, label in LABELS.items()
            if name not in {"value", "missing_reason"}
            and (name in before or (line.outcome == LineOutcome.NEW and name in said))
            and said.get(name) != ObsStatus.MISSING
        ),
        questions=tuple(line.content.get(QUESTIONS, ())),
        notes=tuple(line.note.splitlines()),
    )


def _figure(said: Mapping[str, str], unit: str) -> str:
    if said.get("value"):
        return with_unit(said["value"], unit)
    return said.get("missing_reason", "")


def _word(name: str, text: str) -> str:
    if name == "bound" and text:
        return str(Bound(text).label)
    if name == "obs_status":
        return ", ".join(str(ObsStatus(letter).label) for letter in text)
    return text


@dataclass(frozen=True)
class Template:
    """A round whose template a department can fill in."""

    round: Round
    department: Department


def templates_for(departments: Collection[int]) -> list[Template]:
    """Of the rounds that are open to the departments, by due date."""
    existing = Department.objects.filter(pk__in=departments, successor__isnull=True)
    return [
        Template(one, department)
        for department in existing.order_by("code")
        for one in open_rounds(area_id=department.area_id, departments=departments).order_by(
            "due_at"
        )
    ]
