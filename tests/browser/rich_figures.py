"""Figures of every sort that pages print, since the published ones are few: trailing zeros, bounds,
reprints, breaks, a missing one, a count, and areas that may be compared."""

from indicators.models import Series
from targets_site.places.models import Area
from tests.factories import (
    make_document,
    make_figure,
    make_indicator,
    make_reading,
    make_series,
    make_target,
)

RATES = {
    "140000": {2012: "95.10", 2013: "96.0", 2014: None, 2015: "97.40", 2016: "97.40"},
    "340000": {2011: "94.50", 2012: "94.50", 2013: "95.00", 2015: "95.20"},
    "460000": {2013: "96.25", 2014: "96.8", 2015: "96.50"},
}  # fmt: skip
SPECIAL = {
    ("140000", 2013): {"source_grade": "reprint"},
    ("140000", 2016): {"obs_status": "P"},
    ("340000", 2013): {"obs_status": "B", "remark": "抽样范围改变"},
    ("340000", 2012): {"bound": "at_least"},
    ("460000", 2014): {"bound": "about"},
}


def make_rich_figures() -> None:
    """Without verdicts."""
    for code, figures in RATES.items():
        series = make_series(
            Area.objects.get(code=code), make_indicator("made-up-rate", name_zh="林地保有率")
        )
        promise(series, "001", value="96.50", target_year=2015, key=True)
        promise(series, "002", value="97.0", target_year=2020, kind="hold")
        for year, value in figures.items():
            make_figure(series, year, value, **SPECIAL.get((code, year), {}))
    count_products()


def promise(series: Series, number: str, **fields: object) -> None:
    slug = f"made-up-{series.area.code}"
    document = make_document(slug, area=series.area, start_year=2011, end_year=2020)
    make_reading(make_target(f"{slug}-{number}", document, **fields), series)


def count_products() -> None:
    series = make_series(
        Area.objects.get(code="460000"), make_indicator("made-up-count", unit="个", largest=None)
    )
    promise(series, "003", value="120", unit="个", target_year=2015)
    for year, value in {2011: "40", 2013: "85", 2015: "122"}.items():
        make_figure(series, year, value)
