"""The pieces that pages are made of, in the order in which a reader meets them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Piece:
    """slug: its anchor, and the end of the name of the partial with its examples. file: where it
    is written. use: how a page includes it; empty for what is only a class."""

    slug: str
    title: Promise
    about: Promise
    file: str
    use: str = ""

    @property
    def example(self) -> str:
        return f"reports/_components_{self.slug}.html"


PIECES = (
    Piece(
        "colours", _("Colours and type"),
        _("One accent, four colours of lights; six sizes, two weights, a grid of 8 px."),
        "site.css",
    ),
    Piece(
        "badge", _("Status badge"),
        _("Shape, word and colour together. In a black-and-white print the shape says it."),
        "targets_site/_status_badge.html", "{% status_badge verdict %}",
    ),
    Piece(
        "grade", _("Grade of the source"),
        _("Stands wherever a figure stands; a reprint still to be checked is the only one marked."),
        "targets_site/_source_grade.html", "{% source_grade grade %}",
    ),
    Piece(
        "figure", _("A figure"),
        _("The figure as printed, its unit, beneath it year and grade. One that is missing is a"
          " dash with the reason, never 0."),
        "targets_site/_figure.html",
        '{% include "targets_site/_figure.html" with figure=figure %}',
    ),
    Piece(
        "tile", _("A tile"),
        _("A number that opens what it counts. One of them is what the page is about; the others"
          " stand back."),
        "targets_site/_tile.html", '{% include "targets_site/_tile.html" with tile=tile %}',
    ),
    Piece(
        "bullet", _("Bullet"),
        _("The bar is the figure, the tick the target, the thin tick the milestone, the tint the"
          " way left."),
        "pictures.bullet", "{% bullet value target milestone=milestone unit=unit %}",
    ),
    Piece(
        "sparkline", _("Sparkline"),
        _("Dots at years with figures, gaps as gaps, the target as a hair line, a break as a"
          " stroke; hollow what is provisional or a reprint."),
        "pictures.sparkline",
        "{% sparkline points target=level start=2011 end=2020 unit=unit %}",
    ),
    Piece(
        "years", _("Lights by year"),
        _("How it stood, seen from each year; the year that is shown is marked."),
        "targets_site/_year_lights.html",
        '{% include "targets_site/_year_lights.html" with years=years label=label %}',
    ),
    Piece(
        "switch", _("Switch"),
        _("Goal years side by side, the years to look from small beside them; the one that is"
          " shown is marked."),
        "targets_site/_switch.html",
        '{% include "targets_site/_switch.html" with choices=choices label=label is_quiet=True %}',
    ),
    Piece(
        "matrix", _("Matrix"),
        _("Areas and domains: the worst light first, a cell opens what it counts."),
        "reports.templatetags.matrix", "{% matrix_cell row cell goal %}",
    ),
    Piece(
        "chart", _("Frame of the big chart"),
        _("The title is the finding; beneath it measure, unit, area and source; the same figures"
          " as a table."),
        "targets_site/_chart_frame.html",
        '{% include "targets_site/_chart_frame.html" with chart_id=id finding=finding'
        " subtitle=subtitle source=source drawing_template=drawing table_template=table"
        " folds=True %}",
    ),
    Piece(
        "provenance", _("Provenance line"),
        _("From the phrase of the document to the figure's source, in one line that unfolds."),
        "targets_site/_provenance.html",
        '{% include "targets_site/_provenance.html" with provenance=provenance %}',
    ),
    Piece(
        "empty", _("Empty state"),
        _("What is missing, since when, who owes it, what to do."),
        "targets_site/_empty.html",
        '{% include "targets_site/_empty.html" with what=what since=since owes=owes'
        " action=action action_url=address %}",
    ),
    Piece(
        "cell", _("Form cell"),
        _("Label and unit always in sight, last years beside it; its state by sign and word, an"
          " error under it."),
        "targets_site/_field.html",
        '{% include "targets_site/_field.html" with field=form.value unit="%" note=note %}',
    ),
    Piece(
        "table", _("Table"),
        _("Figures to the right, the unit once in the head; a wide one scrolls in its own box."),
        "site.css", '<table class="table">',
    ),
    Piece(
        "words", _("Messages, tags and buttons"),
        _("What was done, what to watch, what can be pressed."),
        "site.css", '<p class="notice notice--warn">',
    ),
)  # fmt: skip
