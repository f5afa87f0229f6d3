import gzip
import json
import re
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import plotly
import pytest
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.utils import translation

from reports import charts
from reports.chart_parts.marks import GREEN_TINT, RED_TINT
from reports.figure_rows import ChartLevel, ChartMark, ChartPoint, HoldBand, TargetFigureRows
from targets_site import cached
from targets_site.pause import Pause

STATIC = Path(charts.__file__).parent / "static" / "reports"
VENDOR = STATIC / "vendor" / "plotly"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def point(year: int, value: str, **fields: object) -> ChartPoint:
    return ChartPoint(year, Decimal(value), f"{value}%", **fields)


def reach_rows(**fields: object) -> TargetFigureRows:
    shown = {
        "points": [point(2011, "96.2"), point(2013, "97"), point(2014, "97.4")],
        "unit": "%",
        "level": ChartLevel(Decimal(98), "≥ 98 %, 2020", 2011, 2020),
        "path": [(2011, Decimal("96.2")), (2015, Decimal(97)), (2020, Decimal(98))],
        "milestones": [ChartMark(2015, Decimal(97), "≥ 97 %, 2015")],
        "y_limits": (Decimal(0), Decimal(100)),
        **fields,
    }
    return TargetFigureRows(**shown)


def texts(figure: object) -> list[str]:
    return [annotation.text for annotation in figure.layout.annotations]


def test_observed_line_never_bridges_a_missing_year():
    observed = charts.build_target_figure(reach_rows()).data[0]

    assert observed.x == ("2011", "2012", "2013", "2014")
    assert observed.y == (96.2, None, 97.0, 97.4)
    assert observed.connectgaps is False


def test_observed_line_is_interrupted_before_a_break():
    figure = charts.build_target_figure(reach_rows(breaks=[2014]))

    assert figure.data[0].x == ("2011", "2012", "2013", "2014", "2014")
    assert figure.data[0].y == (96.2, None, 97.0, None, 97.4)
    assert "Break" in texts(figure)


def test_path_runs_over_its_knots():
    path = charts.build_target_figure(reach_rows()).data[1]

    assert path.x == ("2011", "2015", "2020")
    assert path.y == (96.2, 97.0, 98.0)
    assert path.line.dash == "6px,5px"


def test_every_year_stands_on_a_category_axis():
    axis = charts.build_target_figure(reach_rows()).layout.xaxis

    assert axis.type == "category"
    assert axis.categoryarray == tuple(str(year) for year in range(2011, 2021))


def test_level_and_milestone_are_named_at_their_line():
    figure = charts.build_target_figure(reach_rows())

    assert [text for text in texts(figure) if "≥" in text] == ["≥ 98 %, 2020", "≥ 97 %, 2015"]
    assert figure.layout.showlegend is False


def test_markers_tell_bounds_breaches_and_figures_that_are_not_firm():
    points = [
        point(2011, "96"),
        point(2012, "95", is_hollow=True),
        point(2013, "97", bound="at_least"),
        point(2014, "97", bound="at_most", is_hollow=True),
        point(2015, "94", is_breach=True),
    ]
    marker = charts.build_target_figure(reach_rows(points=points)).data[0].marker

    assert marker.symbol == (
        "circle", "circle-open", "triangle-up", "triangle-down-open", "square",
    )  # fmt: skip


def test_hold_band_and_breached_years_are_tinted():
    rows = reach_rows(
        points=[point(2018, "98.4"), point(2019, "97", is_breach=True)],
        path=[],
        milestones=[],
        band=HoldBand(Decimal(98), 2018, 2020),
        level=ChartLevel(Decimal(98), "≥ 98 %, 2020", 2018, 2020),
    )
    shapes = charts.build_target_figure(rows).layout.shapes

    tinted = [(s.x0, s.x1, s.fillcolor) for s in shapes if s.type == "rect"]
    assert tinted == [(-0.5, 2.5, GREEN_TINT), (0.5, 1.5, RED_TINT)]


def test_what_the_target_was_at_first_is_a_thin_line_with_its_words():
    figure = charts.build_target_figure(
        reach_rows(other_level=ChartLevel(Decimal(99), "originally ≥ 99 %, 2020", 2011, 2020))
    )

    levels = [(s.y0, s.line.width) for s in figure.layout.shapes if s.y0 == s.y1]
    assert levels == [(99.0, 1), (98.0, 1.5), (97.0, 1)]
    assert "originally ≥ 99 %, 2020" in texts(figure)
    assert figure.layout.yaxis.range[1] > 99


def test_axis_of_rates_may_start_above_zero_and_says_so():
    figure = charts.build_target_figure(reach_rows())

    assert figure.layout.yaxis.range[0] > 90
    assert "The axis does not start at 0" in texts(figure)


def test_axis_of_counts_starts_at_zero():
    figure = charts.build_target_figure(
        reach_rows(unit="个", starts_at_zero=True, y_limits=(Decimal(0), None))
    )

    assert figure.layout.yaxis.range[0] == 0
    assert "The axis does not start at 0" not in texts(figure)


def test_one_figure_without_a_level_is_drawn():
    rows = TargetFigureRows(points=[point(2015, "63.10")], unit="%")
    figure = charts.build_target_figure(rows)

    assert figure.data[0].y == (63.1,)
    assert texts(figure) == ["63.10%", "The axis does not start at 0"]


def test_chart_json_is_built_once_for_what_it_shows(monkeypatch):
    cache.clear()
    built = []
    build = charts.build_target_figure
    monkeypatch.setattr(
        charts, "build_target_figure", lambda rows: built.append(rows) or build(rows)
    )
    rows = reach_rows()

    first, again = charts.chart_json(rows), charts.chart_json(reach_rows())
    other = charts.chart_json(replace(rows, unit="index"))

    assert first == again != other
    assert len(built) == 2
    assert json.loads(first)["data"][0]["type"] == "scatter"


def test_chart_json_is_kept_apart_by_language(monkeypatch):
    cache.clear()
    monkeypatch.setattr(charts, "_", lambda text: f"{translation.get_language()}: {text}")

    english = charts.chart_json(reach_rows())
    with translation.override("zh-hans"):
        chinese = charts.chart_json(reach_rows())

    assert json.loads(english)["data"][0]["name"] == "en: Observed"
    assert json.loads(chinese)["data"][0]["name"] == "zh-hans: Observed"


class CacheThatIsDown(BaseCache):
    def __init__(self, _location, params):
        super().__init__(params)

    def get(self, *_args, **_options):
        raise ConnectionError("no Redis")


class CacheThatIsFull(CacheThatIsDown):
    def get(self, *_args, **_options):
        return None

    def set(self, *_args, **_options):
        raise ConnectionError("no room")


@pytest.mark.parametrize("backend", [CacheThatIsDown, CacheThatIsFull])
def test_chart_json_is_built_where_the_cache_fails(settings, caplog, monkeypatch, backend):
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.{backend.__name__}"}}
    monkeypatch.setitem(cached._pauses, "default", Pause(seconds=10))

    text = charts.chart_json(reach_rows())

    assert json.loads(text)["data"][0]["type"] == "scatter"
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_cache_that_has_just_failed_is_left_alone(settings, caplog, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.CacheThatIsDown"}}
    monkeypatch.setitem(cached._pauses, "default", Pause(seconds=0.2))

    for _time in range(3):
        charts.chart_json(reach_rows())
    assert len(caplog.records) == 1
    time.sleep(0.3)
    charts.chart_json(reach_rows())

    assert len(caplog.records) == 2


def test_chart_json_is_small():
    assert len(gzip.compress(charts.chart_json(reach_rows()).encode())) < 2_500


def test_bundle_and_python_library_go_together():
    """plotly 7.1 writes figures for plotly.js 4.1.1; raise both together."""
    header = (VENDOR / "plotly-basic.min.js").read_text(encoding="utf-8")[:200]

    assert plotly.__version__.startswith("7.1.")
    assert "plotly.js (basic - minified) v4.1.1" in header


def test_bundle_names_no_source_map():
    for path in VENDOR.iterdir():
        assert "sourceMappingURL" not in path.read_text(encoding="utf-8")


def test_charts_send_nothing_anywhere():
    config = re.search(
        r"const CONFIG = \{(.*?)\};", (STATIC / "charts.js").read_text("utf-8"), re.S
    ).group(1)

    for setting in (
        "displayModeBar: false",
        'modeBarButtons: [["toImage"]]',
        "showSendToCloud: false",
        'plotlyServerURL: ""',
        "displaylogo: false",
    ):
        assert setting in config
