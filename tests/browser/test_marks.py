"""Every chart of the reading pages has a mark for each of its rows, at the values of the exports.

A drawing's rows are what its text for screen readers lists, or the table beside it.
"""

import json
import re
from collections import Counter
from decimal import Decimal

import pytest
from django.urls import reverse

from tests.browser.addresses import reading_pages
from tests.browser.exported import Exports
from tests.browser.seen import open_whole
from tests.browser.test_counts import TABLES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIGURE = re.compile(r"^(\d{4}): (?:[≥≤≈] )?(-?[\d.]+)")
KINDS = {
    "sparkline", "bullet", "multiple", "strip", "coverage bar", "trend", "ranked",
    "Plotly trend", "Plotly ranked",
}  # fmt: skip
# The chart of each page as plain data; Plotly's only where it was drawn.
CHARTS = """() => {
  const all = (where, of = document) => [...of.querySelectorAll(where)];
  const series = (each) => {
    const holder = each.closest("[data-series]");
    return holder ? holder.dataset.series : "";
  };
  const numbers = (each) => (each.getAttribute("points") || "").trim().split(/\\s+/).length;
  const cells = (where, of) => all(where, of).map((cell) => cell.textContent.trim());
  return {
    sparklines: all("svg.sparkline").map((svg) => ({
      said: svg.getAttribute("aria-label"), series: series(svg),
      dots: all(".sparkline__dot", svg).length, targets: all(".sparkline__target", svg).length,
      label: svg.querySelector(".sparkline__label").textContent,
    })),
    bullets: all("svg.bullet").map((svg) => ({
      said: svg.getAttribute("aria-label"),
      marks: [".bullet__bar", ".bullet__target"].map((name) => all(name, svg).length),
    })),
    multiples: all("svg.multiple").map((svg) => ({
      said: svg.getAttribute("aria-label"), series: series(svg),
      marks: all(".multiple__mark", svg).map((mark) => [mark.dataset.year, mark.dataset.value]),
      targets: all(".multiple__target", svg).length,
      level: (svg.querySelector(".multiple__target") || {dataset: {}}).dataset.value,
      target: (svg.closest("[data-target]") || {dataset: {}}).dataset.target || "",
      label: svg.querySelector(".multiple__value")?.textContent || "",
    })),
    strips: all("ol.strip").map((strip) => ({
      columns: all(".strip__column", strip).map((svg) =>
        all(".strip__part", svg).map((part) => part.dataset.count)),
      rows: all("details tbody tr", strip.parentElement).map((row) =>
        cells("td", row).slice(0, -1)),
    })),
    bars: all("svg.coverage-bar").map((svg) => ({
      said: svg.getAttribute("aria-label"), parts: all("rect", svg).length,
    })),
    trends: all(".chart:has(svg.trend)").map((chart) => ({
      table: all(".chart__table tbody tr", chart).map((row) =>
        cells("th, td", row)),
      drawings: all("svg.trend", chart).map((svg) => ({
        figures: all(".trend__figure", svg).map((mark) => mark.querySelector("title").textContent),
        shapes: all(".trend__figure > :not(title)", svg).length,
        path: all(".trend__path", svg).map(numbers),
      })),
      heads: cells(".chart__table thead th", chart),
      drawn: all(".chart__plotly .scatterlayer .trace", chart).slice(0, 1).map((trace) =>
        all(".points path", trace).length),
      plotly: all(".chart__plotly", chart).map((over) => ({
        x: [...over.data[0].x], y: [...over.data[0].y]})),
      reference: all(".chart__table [data-exported]", chart).map((cell) => cell.dataset.exported),
    })),
    ranked: all(".chart--ranked").map((chart) => ({
      rows: all(".ranked-table tbody tr", chart).map((row) => cells("td", row)),
      references: all(".ranked-table td.num [data-exported]", chart).map((cell) =>
        cell.dataset.exported),
      marks: all("svg.ranked .multiple__mark", chart).map((mark) => mark.dataset.value),
      values: all("svg.ranked .multiple__value", chart).map((text) => text.textContent),
      targets: all("svg.ranked .ranked__target", chart).length,
      drawn: all(".ranked-plotly .scatterlayer .trace", chart).map((trace) =>
        all("path.point", trace).length),
      plotly: all(".ranked-plotly", chart).filter((over) => over.data).map((over) =>
        [...over.data[0].x]),
    })),
  };
}"""


class Marks:
    """Charts and marks by kind, and what is wrong."""

    def __init__(self, exports):
        self.exports, self.charts, self.marks, self.problems = exports, Counter(), Counter(), []
        self.address = ""

    def saw(self, kind, marks, expected, what):
        self.charts[kind] += 1
        self.marks[kind] += marks if isinstance(marks, int) else sum(marks)
        self.check(marks == expected, (kind, marks, expected, what))

    def check(self, holds, problem):
        if not holds:
            self.problems.append((self.address, problem))

    def page(self, address, charts):
        self.address = address
        for name, some in charts.items():
            for each in some:
                getattr(self, f"of_{name}")(each)

    def of_sparklines(self, svg):
        said = figures_said(svg["said"])
        self.saw("sparkline", svg["dots"], len(said), svg["said"])
        self.check(svg["targets"] == ("目标值" in svg["said"]), ("hair line", svg))
        self.equals_export(svg["series"], said)
        self.last_as_printed(svg)

    def of_bullets(self, svg):
        self.saw("bullet", svg["marks"], [1, 1], svg["said"])

    def of_multiples(self, svg):
        said = figures_said(svg["said"])
        marks = [(year, Decimal(value)) for year, value in svg["marks"]]
        of_text = [(year, Decimal(value)) for year, value in said]
        self.saw("multiple", len(marks), len(said), svg["said"])
        self.check(marks == of_text, ("multiple", marks, said))
        self.check(svg["targets"] == ("目标值" in svg["said"]), ("target line", svg))
        self.equals_export(svg["series"], said)
        self.last_as_printed(svg)
        if svg["target"] and svg["level"]:
            level = self.exports.targets[svg["target"]]["value"]
            self.check(Decimal(svg["level"]) == Decimal(level), ("level", svg))

    def of_strips(self, strip):
        rows = [sorted(cell for cell in row if cell not in {"0", ""}) for row in strip["rows"]]
        self.saw("strip", sum(map(len, strip["columns"])), sum(map(len, rows)), strip)
        self.check(list(map(sorted, strip["columns"])) == rows, ("strip", strip))

    def of_bars(self, svg):
        self.saw("coverage bar", svg["parts"], len(svg["said"].split(";")), svg["said"])

    def of_trends(self, chart):
        rows = [row for row in chart["table"] if row[1] != "—"]
        figures = [f"{row[0]} · {row[1]}" for row in rows]
        at_path = chart["heads"].index("序时进度") if "序时进度" in chart["heads"] else None
        path = sum(row[at_path] != "—" for row in chart["table"]) if at_path else 0
        for drawing in chart["drawings"]:
            said = [" · ".join(title.split(" · ")[:2]) for title in drawing["figures"]]
            self.saw("trend", len(said), len(figures), chart["reference"])
            self.check(said == figures, ("trend", said, figures))
            self.check(drawing["shapes"] == len(figures), ("trend", drawing))
            self.check(sum(drawing["path"]) == path, ("path", drawing, path))
        self.check(len(chart["drawings"]) in {1, 3}, ("drawings", len(chart["drawings"])))
        self.of_plotly(chart, rows)

    def of_plotly(self, chart, rows):
        if not chart["plotly"]:
            self.check(not chart["reference"], ("Plotly did not draw", chart["reference"]))
            return
        line = chart["plotly"][0]
        drawn = [(year, value) for year, value in zip(line["x"], line["y"], strict=True)
                 if value is not None]  # fmt: skip
        self.saw("Plotly trend", chart["drawn"], [len(rows)], chart["reference"])
        cells = [reference.split()[1:3] for reference in chart["reference"]]
        of_file = [(year, float(self.exports.observations[series, year]["value"]))
                   for series, year in cells]  # fmt: skip
        self.check(drawn == of_file, ("Plotly", drawn, of_file))

    def of_ranked(self, chart):
        of_file = [self.exports.observations[tuple(reference.split()[1:3])]["value"]
                   for reference in chart["references"]]  # fmt: skip
        marks = list(map(Decimal, chart["marks"]))
        self.saw("ranked", len(marks), len(of_file), chart["rows"])
        self.check(marks == list(map(Decimal, of_file)), ("ranked", marks, of_file))
        plain = [re.sub(r"^[≥≤≈] ", "", text) for text in chart["values"]]
        self.check(plain == of_file, ("ranked values", plain, of_file))
        targets = sum(row[3] != "—" for row in chart["rows"])
        self.check(chart["targets"] == targets, ("ranked targets", chart))
        self.check(len(chart["plotly"]) == 1, ("Plotly did not draw", chart))
        for values in chart["plotly"]:
            drawn = [len(of_file), targets] if targets else [len(of_file)]
            self.saw("Plotly ranked", chart["drawn"], drawn, chart["rows"])
            self.check(values == list(map(float, of_file)), ("Plotly ranked", values))

    def equals_export(self, series, said):
        """The first of the series' figures, all up to the year that the page is seen from."""
        if not series:
            return
        figures = [(str(year), Decimal(value))
                   for year, value in self.exports.figures_of(series).items()]  # fmt: skip
        shown = [(year, Decimal(value)) for year, value in said]
        self.check(shown == figures[: len(shown)], ("not the file's", series, shown, figures))

    def last_as_printed(self, svg):
        """63.10 stays 63.10 in the label of the last figure."""
        figures = self.exports.figures_of(svg["series"])
        said = figures_said(svg["said"])
        if figures and said:
            label = re.sub(r"^[≥≤≈] ", "", svg["label"])
            self.check(label == figures[int(said[-1][0])], ("label", svg["label"], figures))


def figures_said(text):
    """Year and figure of each, as the text for screen readers lists them."""
    found = [FIGURE.match(part.strip()) for part in re.split("[;；]", text)]
    return [match.groups() for match in found if match]


def test_every_chart_has_a_mark_for_each_row(page, rich_site, target_to_come):
    files = {table: page.request.get(f"{rich_site}/exports/{table}.csv") for table in TABLES}
    exports = Exports({table: each.body().decode("utf-8-sig") for table, each in files.items()})
    marks = Marks(exports)
    page.set_viewport_size({"width": 1280, "height": 900})
    addresses = [
        *reading_pages(),
        target_to_come.get_absolute_url(),
        *[reverse("reports:target", args=[f"made-up-{code}-002"]) for code in (140000, 340000)],
        reverse("reports:indicator", args=["made-up-rate"]) + "?year=2015",
    ]
    for address in dict.fromkeys(addresses):
        open_whole(page, rich_site + address)
        marks.page(address, page.evaluate(CHARTS))

    print(json.dumps({"charts": marks.charts, "marks": marks.marks}))  # noqa: T201
    assert marks.problems == [], "\n".join(map(str, marks.problems))
    assert {kind for kind in KINDS if marks.charts[kind] and marks.marks[kind]} == KINDS
