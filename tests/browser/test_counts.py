"""Tiles, lights, matrix and year columns of the overview and of areas, counted anew from the rows
of the verdicts file, one by one."""

from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.exported import Exports

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABLES = ["targets", "observations", "verdicts"]
PARTS = [
    "decided", "undetermined", "unfounded", "not_due", "side", "not_collected", "in_words",
]  # fmt: skip
WITHOUT_FIGURE = {"not_collected", "no_data", "outdated"}
COLOURED = {"red", "yellow", "pale", "green"}
LIGHTS = """(all) => Object.fromEntries(all.map((each) => [
  [...each.querySelector(".shape").classList].find((name) => name.startsWith("shape--")).slice(7),
  Number(each.textContent.match(/\\d+/)[0]),
]))"""
# Address and number of each count of the matrix.
MATRIX = "(all) => all.map((each) => [each.href, Number(each.textContent.match(/\\d+/)[0])])"
COLUMNS = """(all) => all.map((each) => [
  each.querySelector(".strip__label").textContent,
  Object.fromEntries([...each.querySelectorAll(".strip__part")].map((part) => [
    part.classList[1].slice("strip__part--".length), Number(part.dataset.count)])),
])"""
TABLE = """(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim()))"""


@pytest.fixture
def exports(page, rich_site):
    return Exports(
        {
            table: page.request.get(f"{rich_site}/exports/{table}.csv").body().decode("utf-8-sig")
            for table in TABLES
        }
    )


def seen_from(exports, *, goal, as_of, area=""):
    """Rows of the goal year, each as of the year."""
    return [
        row
        for (_code, year), row in exports.verdicts.items()
        if row["target_year"] == str(goal) and year == str(as_of) and area in {"", row["area_code"]}
    ]


def part_of(row):
    if row["kind"] == "text":
        return "in_words"
    if row["light"] in COLOURED:
        return "decided"
    if row["light"] == "none":
        return "not_due"
    if row["status"] not in WITHOUT_FIGURE:
        return "undetermined" if row["actual_value"] else "unfounded"
    return "side" if row["side_value"] else "not_collected"


def parts_of(rows):
    """By part, those with none left out."""
    return dict(Counter(map(part_of, rows)))


def lights_of(rows, *parts):
    return dict(Counter(row["light"] for row in rows if part_of(row) in parts))


def key_rows(rows, exports):
    return [row for row in rows if exports.targets[row["target_code"]]["key"] == "1"]


def tiles(page):
    """By part; a tile of none is there too, but says nothing else."""
    found = {}
    for part in PARTS:
        for tile in page.locator(f".tile--{part} .tile__count").all():
            found[part] = int(tile.inner_text())
    assert len(found) == page.locator(".tile").count()
    return {part: count for part, count in found.items() if count}


def lights(page, where):
    return page.locator(f"{where} .light-count").evaluate_all(LIGHTS)


def matrix(page):
    found = Counter()
    for href, count in page.locator("a.matrix__count").evaluate_all(MATRIX):
        query = {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}
        said = "in_words" if query.get("coverage") == "in_words" else query["light"]
        found[query["area"], query["domain"], said] += count
    return found


def matrix_of(rows, exports):
    return Counter(
        (
            row["area_code"],
            exports.targets[row["target_code"]]["domain"],
            "in_words" if row["kind"] == "text" else row["light"],
        )
        for row in rows
    )


@pytest.mark.parametrize(("goal", "as_of"), [(2015, 2015), (2020, 2020), (2020, 2016)])
def test_the_overview_counts_what_the_file_holds(page, rich_site, exports, goal, as_of):
    rows = seen_from(exports, goal=goal, as_of=as_of)
    query = f"?goal={goal}" + (f"&as_of={as_of}" if as_of != goal else "")
    page.goto(f"{rich_site}/{query}")

    assert tiles(page) == parts_of(rows)
    assert lights(page, ".tile--decided") == lights_of(rows, "decided")
    headline = Counter(row["light"] for row in key_rows(rows, exports))
    assert lights(page, "#headline") == dict(headline)
    assert matrix(page) == matrix_of(rows, exports)
    assert sum(matrix(page).values()) == len(rows) >= 100


@pytest.mark.parametrize("goal", [2015, 2020])
def test_areas_count_what_the_file_holds(page, rich_site, exports, goal):
    areas = {row["area_code"] for row in seen_from(exports, goal=goal, as_of=goal)}
    assert len(areas) >= 3
    for area in sorted(areas):
        rows = seen_from(exports, goal=goal, as_of=goal, area=area)
        page.goto(f"{rich_site}/areas/{area}/?goal={goal}")

        assert tiles(page) == parts_of(rows)
        assert lights(page, ".tile--decided") == lights_of(rows, "decided")
        domains_count_what_the_file_holds(page, rows, exports)
        years_count_what_the_file_holds(page, exports, goal, area)


def domains_count_what_the_file_holds(page, rows, exports):
    for section in page.locator(".area-domain").all():
        code = section.get_attribute("aria-labelledby").removeprefix("domain-")
        own = [row for row in rows if exports.targets[row["target_code"]]["domain"] == code
               and row["kind"] != "text"]  # fmt: skip
        head = section.locator(".area-domain__head")
        assert int(head.locator("> .num").inner_text()) == len(own)
        assert head.locator(".light-count").evaluate_all(LIGHTS) == dict(
            Counter(row["light"] for row in own)
        )


def years_count_what_the_file_holds(page, exports, goal, area):
    """Of the columns and of the table beneath them."""
    columns = page.locator(".strip__year").evaluate_all(COLUMNS)
    table = page.locator("#story-heading ~ details tbody tr").evaluate_all(TABLE)
    for (year, counts), cells in zip(columns, table, strict=True):
        rows = seen_from(exports, goal=goal, as_of=year, area=area)
        computed = Counter(row["light"] for row in rows if row["kind"] != "text")
        assert counts == dict(computed)
        assert cells[0] == year
        assert sum(map(int, cells[1:-1])) == int(cells[-1]) == sum(computed.values())
