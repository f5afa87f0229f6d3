"""Opening a page until all of it is there, without waiting where nothing comes later."""

import re

# What comes after the page itself: charts near the view, the API's list, pictures far down.
LATE = "[data-chart], [data-ranked], [data-schema], img[loading=lazy]"
DRAWN = (
    "document.querySelectorAll('.chart:has([data-chart]), .chart--ranked').length"
    " === document.querySelectorAll('.chart.is-drawn').length"
)


def open_whole(page, address):
    """With what Plotly draws when it comes near the view."""
    response = page.goto(address)
    assert response.status == 200, address
    if late := page.locator(LATE).all():
        for each in late:
            each.scroll_into_view_if_needed()
        page.wait_for_function(DRAWN)
        page.wait_for_load_state("networkidle")


def markup_only(page):
    """Pages come without scripts, styles and pictures: enough to read figures, in half the time."""
    page.route(re.compile(r"/static/"), lambda route: route.abort())
