"""Files of one value a series, and a figure that somebody saves by hand."""

from decimal import Decimal

from indicators.actions import entry
from targets_site.figures import decimals_of
from tests.indicators.importing import changed_line, csv_file

BY_SERIES = ["series", "year", "value"]
GOOD = csv_file(changed_line())


def lines(series, *values, year=2020):
    """A file of so many series with one value each."""
    rows = [[each.code, str(year), value] for each, value in zip(series, values, strict=True)]
    return csv_file(*rows, headings=BY_SERIES)


def save(world, series, value, *, read_version=None):
    figure = entry.EnteredFigure(
        value=Decimal(value), stated_decimals=decimals_of(Decimal(value)), source_title="公报"
    )
    return entry.save(
        series=series, year=2020, figure=figure, read_version=read_version, by=world.official
    )
