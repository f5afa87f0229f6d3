"""Sentences about a forecast: what it comes to, what that says of the level, what it is not."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.enums import SideState


@dataclass(frozen=True)
class ForecastFacts:
    """The forecast of the target year. value, low, high: as said, with their unit.

    first_year, last_year, count: of the figures that it rests on. value_state: what the level
    says of `value`; outlook: of the whole interval (indicators.method.forecast).
    """

    year: int
    value: str
    low: str
    high: str
    first_year: int
    last_year: int
    count: int
    value_state: str
    outlook: str


def forecast_sentences(facts: ForecastFacts) -> list[str]:
    """The line with its interval, then what it says of the level and that it is no verdict."""
    forecast = _(
        "If the %(count)s figures from %(first)s to %(last)s go on as they did, %(year)s comes to "
        "%(value)s; the 80%% prediction interval is %(low)s to %(high)s."
    )
    words = {
        "count": facts.count,
        "first": facts.first_year,
        "last": facts.last_year,
        "year": facts.year,
        "value": facts.value,
        "low": facts.low,
        "high": facts.high,
    }
    return [forecast % words, _against_level(facts)]


def _against_level(facts: ForecastFacts) -> str:
    if facts.outlook == SideState.MET:
        return _("All of the interval meets the level of the target.")
    if facts.outlook == SideState.SHORT:
        return _("None of the interval meets the level of the target.")
    if facts.value_state == SideState.MET:
        return _("The forecast meets the level of the target, part of the interval does not.")
    if facts.value_state == SideState.SHORT:
        return _("The forecast does not meet the level of the target, part of the interval does.")
    return _("Whether it meets the target depends on how far “about” reaches.")
