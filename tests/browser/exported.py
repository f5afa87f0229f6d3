"""What the three CSV files say, read as a reader's own script would read them, and whether an
element that prints one of their figures says the same. Uses nothing of the product."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
HAN = re.compile("[\u4e00-\u9fff]")
COUNTED_IN_ENGLISH = {"": "", "%": "%", "天": "days"}
MISSING = "—"
# Elements that print a figure, with what stands around them. A row of a table of years names its
# series once: each of its cells is then the figure of the year at the head of its column.
COLLECT = """() => {
  const text = (each) => {
    const copy = each.cloneNode(true);
    copy.querySelectorAll(".visually-hidden, .mark").forEach((other) => other.remove());
    return copy.textContent.replace(/\\s+/g, " ").trim();
  };
  const head = (cell) => text(cell.closest("table").tHead.rows[0].cells[cell.cellIndex]);
  const seen = (each, reference) => ({
    reference,
    text: text(each.querySelector(".side-figure") || each),
    around: [
      text(each.closest("tr, li, article, dd, p") || each),
      each.closest("td") ? head(each.closest("td")) : "",
      ...[...(each.closest("section, figure") || document).querySelectorAll("h2, h3")].map(text),
      text(each.closest("table")?.caption || each),
      text(document.querySelector("h1")),
    ].join(" | "),
  });
  const one = [...document.querySelectorAll("[data-exported]")].map(
    (each) => seen(each, each.dataset.exported));
  const rows = [...document.querySelectorAll("[data-exported-series]")].flatMap((row) =>
    [...row.querySelectorAll("td")].map((cell) => ({mayLackRow: true, ...seen(
      cell, `observations ${row.dataset.exportedSeries} ${head(cell)} value`)})));
  return [...one, ...rows];
}"""


@dataclass(frozen=True)
class Expected:
    """numbers: as the file prints them; none where the cell is empty. unit: as the file has it;
    year: which has to stand beside the number. is_said: in words where there is no number."""

    numbers: list
    unit: str = ""
    year: str = ""
    is_said: bool = False


class Exports:
    """The tables by their keys; the cells are the text of the file."""

    def __init__(self, files):
        """files: text of the CSV by the name of its table."""
        read = {name: list(csv.DictReader(io.StringIO(text))) for name, text in files.items()}
        self.targets = {row["target_code"]: row for row in read["targets"]}
        self.observations = {(row["series"], row["year"]): row for row in read["observations"]}
        self.verdicts = {(row["target_code"], row["as_of"]): row for row in read["verdicts"]}

    def figures_of(self, series):
        """Value as printed by year, oldest first; missing ones are left out."""
        found = {int(year): row["value"] for (of, year), row in self.observations.items()
                 if of == series and row["value"]}  # fmt: skip
        return dict(sorted(found.items()))

    def expected(self, reference):
        """Raises KeyError where the files have no such row or column."""
        table, *key, column = reference.split()
        if table == "targets":
            return self._of_target(self.targets[key[0]], column)
        if table == "observations":
            row = self.observations[tuple(key)]
            return Expected([row[column]] if row[column] else [], row["unit"], key[1])
        return self._of_verdict(self.verdicts[tuple(key)], column)

    def _of_target(self, row, column):
        if column == "baseline_value":
            unit = next(each["unit"] for (series, _year), each in self.observations.items()
                        if series == row["series"])  # fmt: skip
            return Expected([row[column]], unit, row["baseline_year"])
        numbers = [each for each in (row["value"], row["value_upper"]) if each]
        # "Every year", "in words": no number is asked for.
        if row["kind"] in {"text", "monotone"}:
            return Expected([], is_said=True)
        return Expected(numbers, row["unit"], row["target_year"])

    def _of_verdict(self, row, column):
        if column == "gap":
            distance = Decimal(row["gap"])
            return Expected([f"{abs(distance)}"] if distance else [], is_said=not distance)
        year = row[column.replace("value", "year")]
        published = self.observations.get((row["series"], year))
        if not row[column]:
            return Expected([])
        # As its source printed it; a sum of several years, which no source printed, as it is.
        is_same = published and Decimal(published["value"] or "NaN") == Decimal(row[column])
        unit = next(each["unit"] for (series, _year), each in self.observations.items()
                    if series == row["series"])  # fmt: skip
        return Expected([published["value"] if is_same else row[column]], unit, year)


def problem_of(seen, exports, *, is_english):
    """What differs between an element and the cell that it says it prints; empty where nothing."""
    _table, *key, column = seen["reference"].split()
    text = seen["text"].replace("\N{NO-BREAK SPACE}", " ")
    if column == "stated":
        return "" if text == " ".join(exports.targets[key[0]]["stated"].split()) else "other words"
    try:
        expected = exports.expected(seen["reference"])
    except (KeyError, StopIteration):
        # A table of years has a cell also for a year of which nobody said anything.
        is_blank = seen.get("mayLackRow") and text == MISSING
        return "" if is_blank else "no such row"
    found = NUMBER.findall(text)
    if len(found) > len(expected.numbers) and expected.year in found:
        found.remove(expected.year)
    if found != expected.numbers:
        return f"the file says {expected.numbers}"
    if not expected.numbers:
        is_dash = text.startswith(MISSING)
        return "" if is_dash != expected.is_said else "neither a number nor a dash"
    if is_english and HAN.search(text):
        return "Chinese on an English page"
    unit = unit_shown(expected.unit, is_english)
    around = seen["around"].replace("\N{NO-BREAK SPACE}", " ")
    if unit and unit not in text and unit not in around:
        return f"without its unit {unit}"
    if expected.year and expected.year not in f"{text} {around}":
        return f"without its year {expected.year}"
    return wrong_side(text, key, exports, is_english) if column == "gap" else ""


def unit_shown(unit, is_english):
    if unit == "index":
        return ""
    return COUNTED_IN_ENGLISH.get(unit, "") if is_english else unit


def wrong_side(text, key, exports, is_english):
    """A gap is positive while short."""
    row = exports.verdicts[tuple(key)]
    short, beyond = ("short", "beyond") if is_english else ("差", "超出")
    if (short if Decimal(row["gap"]) > 0 else beyond) not in text:
        return "says the wrong side"
    is_rate = (row["unit"] or "%") == "%"
    if is_rate and ("point" if is_english else "个百分点") not in text:
        return "a distance between rates is in points"
    return ""


@dataclass
class Compared:
    """How many numbers were compared, by kind of page, and what differed."""

    numbers: Counter
    distinct: dict
    problems: list

    @classmethod
    def nothing(cls):
        return cls(Counter(), {}, [])

    def page(self, kind, address, shown, exports, *, is_english):
        for seen in shown:
            problem = problem_of(seen, exports, is_english=is_english)
            if problem:
                self.problems.append((address, seen["reference"], seen["text"], problem))
            elif NUMBER.search(seen["text"]) and not seen["reference"].endswith(" stated"):
                self.numbers[kind] += 1
                self.distinct.setdefault(kind, set()).add(seen["reference"])

    def said(self):
        everything = set().union(*self.distinct.values())
        of_kinds = ", ".join(
            f"{kind} {count} ({len(self.distinct[kind])} distinct)"
            for kind, count in sorted(self.numbers.items())
        )
        return f"{sum(self.numbers.values())} numbers, {len(everything)} distinct: {of_kinds}"
