"""The words around the chart of a target: finding, subtitle and source."""

from django.utils.translation import gettext as _

from indicators.amounts import difference
from indicators.models import TargetReading
from plans.enums import Comparator
from reports.queries.targets.figures import ObservationLine
from reports.sentences import level_in_words
from reports.workings import Case, facts_of


def finding(case: Case) -> str:
    """What the chart shows, in one line: the figure that counts against the level."""
    facts = facts_of(case)
    figure = case.judged_figures[-1]
    words = {
        "level": level_in_words(case.level),
        "at": facts.actual_year or figure.year,
        "actual": facts.actual or case.said_of(figure.year, figure.value),
        "gap": difference(case.gap, case.unit),
    }
    counted = case.figure(case.actual_year)
    if not case.gap or counted is None or counted.is_bounded or not _has_one_level(case):
        return _("%(actual)s in %(at)s; the target is %(level)s") % words
    is_above = (case.gap < 0) == (case.direction > 0)
    if is_above:
        return _("%(actual)s in %(at)s, %(gap)s above the level of the target") % words
    return _("%(actual)s in %(at)s, %(gap)s below the level of the target") % words


def _has_one_level(case: Case) -> bool:
    """Whether a distance to the level can be said: not to one that is only named about, nor to a
    range."""
    return case.threshold is not None and case.level.comparator not in {
        Comparator.ABOUT,
        Comparator.BETWEEN,
    }


def subtitle(reading: TargetReading, case: Case) -> str:
    """Measure, scope, unit, area."""
    series = reading.series
    measure = series.indicator.name
    if case.is_summed:
        measure = _("%(measure)s, added up from %(start)s on") % {
            "measure": measure,
            "start": case.start_year,
        }
    parts = [measure, series.scope_name, _unit_words(case.unit), series.area.name]
    return " · ".join(part for part in parts if part)


def _unit_words(unit: str) -> str:
    return _("unit: %(unit)s") % {"unit": _("index points") if unit == "index" else unit}


def source(line: ObservationLine) -> str:
    """Where the figure that counts was read."""
    words = {"title": line.version.source_title, "grade": line.version.get_source_grade_display()}
    return _("source: %(title)s (%(grade)s)") % words
