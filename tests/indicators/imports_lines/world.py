"""What each line of an imported file comes to: which figure, what it says, what stays."""

from decimal import Decimal

from indicators.actions import entry
from indicators.actions.entry import EnteredFigure

NEEDS_REASON = "The figure is approved: it is corrected only with a reason, given for the file."


BY_SERIES = ["series", "year", "value"]


def saved(world, year=2020, *, read_version=None, reason="", **said):
    """A draft of the official, by the form's action."""
    said = {"value": "98.5", "source_title": "公报", **said}
    value = said.pop("value")
    figure = EnteredFigure(
        value=None if value is None else Decimal(value),
        stated_decimals=0 if value is None else len(value.partition(".")[2]),
        **said,
    )
    return entry.save(
        series=world.series,
        year=year,
        figure=figure,
        read_version=read_version,
        by=world.official,
        correction_reason=reason,
    )


def only_line(imported):
    assert imported.problems == []
    return imported.lines.get()
