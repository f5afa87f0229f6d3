import re

from reports.drawings.strip import HEIGHT, strip_column
from reports.queries.rows import LightCount


def parts(svg):
    """Light, count, upper edge and height, from the foot upwards."""
    found = re.findall(
        r'strip__part--(\w+)" data-count="(\d+)" x="[\d.]+" y="([\d.]+)" width="\d+"'
        r' height="([\d.]+)"',
        svg,
    )
    return [(light, int(count), float(top), float(height)) for light, count, top, height in found]


def test_the_worst_stands_at_the_foot_and_the_others_on_it():
    column = parts(strip_column([LightCount("red", 10), LightCount("grey", 30)], most=40))

    # 96 high, 1 left at each end, 4 for each part whatever its count: 86 for 40 targets.
    assert column == [("red", 10, 69.5, 25.5), ("grey", 30, 1.0, 68.5)]


def test_columns_beside_each_other_are_drawn_by_the_same_measure():
    [(_, _, _, high)] = parts(strip_column([LightCount("grey", 50)], most=50))
    [(_, _, _, low)] = parts(strip_column([LightCount("grey", 25)], most=50))

    assert (high, low) == (94.0, 49.0)


def test_one_target_among_hundreds_is_still_seen():
    [red, _grey] = parts(strip_column([LightCount("red", 1), LightCount("grey", 199)], most=200))

    assert red[3] > 4


def test_a_single_target_does_not_fill_the_column():
    [(_, _, top, height)] = parts(strip_column([LightCount("grey", 1)], most=1))

    assert (top, height) == (79.8, 15.2)
    assert height < HEIGHT / 4


def test_nothing_to_count_draws_an_empty_column():
    assert parts(strip_column([], most=0)) == []
