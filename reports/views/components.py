"""The pieces that all pages are made of, each with little and with much data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.components import cells, examples
from reports.components.catalogue import PIECES
from targets_site.accounts.access import reading_page
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@kept_page()
def components(request: HttpRequest) -> HttpResponse:
    context = {
        "pieces": PIECES,
        "examples": examples,
        "matrix": examples.matrix(),
        "domains": examples.domains(),
        "standings": examples.standings(),
        "cells": cells.cells(),
        "forms": cells.example_forms(),
    }
    return render(request, "reports/components.html", context)
