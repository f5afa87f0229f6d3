"""Which yearly figures a verdict was made of."""

from dataclasses import dataclass

from plans.enums import Kind
from reports.enums import FigurePart
from reports.workings import Case

Parts = dict[int, list[FigurePart]]


@dataclass(frozen=True)
class _Collected:
    parts: Parts

    def add(self, year: int | None, part: FigurePart) -> None:
        if year is not None and part not in self.parts.setdefault(year, []):
            self.parts[year].append(part)


def parts_of(case: Case) -> Parts:
    """What each year's figure counts for in the verdict of the case, the most important part
    first; years that count for nothing are left out. A baseline that the reading names, or the 0
    that a sum starts from, is no figure of that year.

    Source: METHOD.md; the years that are stored with the verdict are taken from there.
    """
    found = _Collected({})
    if not case.status:
        return found.parts
    found.add(case.actual_year, FigurePart.DECIDES)
    if case.is_summed:
        _add_summed(case, found)
    else:
        found.add(None if case.is_baseline_named else case.baseline_year, FigurePart.BASELINE)
        _add_before(case, found)
    _add_years_looked_at(case, found)
    found.add(case.side_year, FigurePart.SIDE)
    return found.parts


def _add_summed(case: Case, found: _Collected) -> None:
    last = case.actual_year
    for figure in case.figures:
        if last is not None and case.start_year <= figure.year <= last:
            found.add(figure.year, FigurePart.SUMMED)


def _add_before(case: Case, found: _Collected) -> None:
    """The figure that the last step was taken from, where the verdict has one."""
    has_step = case.actual_year is not None and case.last_pace is not None
    before = case.figure_before(case.actual_year or 0) if has_step else None
    found.add(before.year if before else None, FigurePart.BEFORE)


def _add_years_looked_at(case: Case, found: _Collected) -> None:
    """Of a level to hold every year counts, of a course every year but none before a break."""
    years = {figure.year for figure in case.figures}
    if case.level.kind == Kind.HOLD:
        for year in sorted(years.intersection(case.hold_years)):
            found.add(year, FigurePart.HELD)
    if case.level.kind == Kind.MONOTONE:
        for year in _compared(case):
            found.add(year, FigurePart.COMPARED)


def _compared(case: Case) -> list[int]:
    span = [f for f in case.figures if case.start_year - 1 <= f.year <= case.last_year]
    first = max((f.year for f in span if f.is_break), default=0)
    return [figure.year for figure in span if figure.year >= first]
