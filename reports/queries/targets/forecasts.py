"""What lies ahead of a target: the forecast of its figures and the pace that is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.amounts import amount
from indicators.enums import Bound, Nature, Status
from indicators.method import ObservationRow
from indicators.method.forecast import Forecast, ForecastYear, forecast, outlook
from indicators.models import Indicator
from indicators.pace import Pace, needed_against_last
from reports.figure_rows import ChartForecast
from reports.sentences import ForecastFacts, forecast_sentences
from reports.workings import Case, Figure, judge
from targets_site.figures import decimals_of, plain
from targets_site.then import today_shown

# A figure has at most so many decimals.
_MOST_DECIMALS = 6


@dataclass(frozen=True)
class TargetForecast:
    """fan: one entry a year, from the one after the last figure to the target year."""

    fan: Sequence[ChartForecast]
    sentences: Sequence[str]


def pace_sentence(case: Case) -> str:
    """What is needed a year against what the last step gave; empty where nothing is needed."""
    before = case.figure_before(case.actual_year) if case.actual_year else None
    return needed_against_last(
        Pace(
            required=case.required_pace,
            last=case.last_pace,
            last_years=case.actual_year - before.year if case.actual_year and before else None,
            unit=case.unit,
            falls=case.level.less_is_better,
        )
    )


def target_forecast(case: Case, indicator: Indicator) -> TargetForecast | None:
    """None with too few figures, and where a forecast would answer nothing (`_is_open`)."""
    if not _is_open(case) or case.target_year is None:
        return None
    found = forecast(
        [_row(figure) for figure in case.figures],
        years=range(case.figures[-1].year + 1, case.target_year + 1),
        smallest=_smallest(case, indicator),
        largest=indicator.largest,
    )
    if found is None:
        return None
    decimals = _decimals(case, found.years)
    return TargetForecast(
        fan=[
            ChartForecast(
                year=each.year,
                value=each.value,
                low=each.low,
                high=each.high,
                shown=_shown(case, each, decimals),
            )
            for each in found.years
        ],
        sentences=forecast_sentences(_facts(case, found, decimals)),
    )


def _is_open(case: Case) -> bool:
    """Whether the figures still have a level ahead of them that they can be held against.

    Not where the target year has come: as seen from the as-of year, or by now, since a forecast
    of a year that has passed would stand where its figure is missing. Not where the latest figure
    is too old to say anything (METHOD.md, rule 2), nor where a count has been reached, nor for
    running sums: a flow is forecast by its yearly counts, and the target asks for their sum.
    """
    if case.target_year is None or case.threshold is None or not case.figures:
        return False
    is_ahead = case.as_of < case.target_year >= today_shown().year
    is_recent = case.as_of - case.figures[-1].year <= max(2, case.frequency)
    return is_ahead and is_recent and not case.is_summed and case.status != Status.ACHIEVED


def _smallest(case: Case, indicator: Indicator) -> Decimal | None:
    """A running total never falls below what it has reached."""
    last = case.figures[-1]
    if case.nature == Nature.CUMULATIVE and last.bound != Bound.AT_MOST:
        return last.value
    smallest: Decimal | None = indicator.smallest
    return smallest


def _row(figure: Figure) -> ObservationRow:
    status = "B" if figure.is_break else "A"
    return ObservationRow("", figure.year, figure.value, figure.bound, status)


def _facts(case: Case, found: Forecast, decimals: int) -> ForecastFacts:
    last = found.years[-1]
    return ForecastFacts(
        year=last.year,
        **_said(case, last, decimals),
        first_year=found.rests_on[0],
        last_year=found.rests_on[-1],
        count=len(found.rests_on),
        value_state=judge(case, last.value),
        outlook=outlook(last, lambda value: judge(case, value)),
    )


def _shown(case: Case, each: ForecastYear, decimals: int) -> str:
    return _("%(value)s (%(low)s–%(high)s)") % _said(case, each, decimals)


def _said(case: Case, each: ForecastYear, decimals: int) -> dict[str, str]:
    """The line and the ends of the interval with their unit."""
    figures = {"value": each.value, "low": each.low, "high": each.high}
    return {
        name: amount(plain(_rounded(figure, decimals), decimals=decimals), case.unit)
        for name, figure in figures.items()
    }


def _decimals(case: Case, years: Sequence[ForecastYear]) -> int:
    """As many as the figures have, and more for all years where rounding would look in one of
    them as if the level were met that is missed, or the other way round."""
    stated = max(decimals_of(Decimal(figure.shown)) for figure in case.figures)
    ends = [end for each in years for end in (each.value, each.low, each.high)]
    for decimals in range(stated, _MOST_DECIMALS):
        if all(judge(case, _rounded(end, decimals)) == judge(case, end) for end in ends):
            return decimals
    return _MOST_DECIMALS


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals))
