"""Small pictures by what they draw; how they say it to who does not see them stands with them."""

import re
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.utils.translation import override

from targets_site.pictures import HEIGHT, bullet, sparkline


@dataclass(frozen=True)
class Dot:
    year: int
    value: Decimal | None
    is_break: bool = False
    is_hollow: bool = False


def numbers(picture, css_class, *names):
    """The named attributes of each element of the class."""
    found = re.findall(f'<[a-z]+ class="{css_class}[^>]*>', picture)
    return [
        tuple(float(re.search(rf' {name}="([-\d.]+)"', each)[1]) for name in names)
        for each in found
    ]


@pytest.mark.parametrize("years", [(2014, 2015), (2012, 2015), (2015, 2015)])
def test_break_stands_between_the_years_and_clear_of_the_dot(years):
    dots = [Dot(years[0], Decimal(90))] if years[0] != years[1] else []
    picture = sparkline([*dots, Dot(years[1], Decimal(95), is_break=True)])

    ((at, top, bottom),) = numbers(picture, "sparkline__break", "x1", "y1", "y2")
    *before, (x, y) = numbers(picture, "sparkline__dot", "cx", "cy")

    assert at <= x - 4
    assert all(at >= earlier + 4 for earlier, _height in before)
    assert 0 < top < y < bottom < HEIGHT
    assert bottom - top <= 16


def test_hollow_dots_are_the_provisional_ones():
    picture = sparkline([Dot(2014, Decimal(90)), Dot(2015, Decimal(91), is_hollow=True)])

    assert picture.count("is-hollow") == 1
    assert picture.rindex("is-hollow") > picture.index("sparkline__dot")


def test_bullet_of_a_figure_beyond_the_target_ends_behind_the_tick():
    picture = bullet(Decimal("99.4"), Decimal(98), unit="%")

    ((bar,),) = numbers(picture, "bullet__bar", "width")
    ((tick,),) = numbers(picture, "bullet__target", "x1")

    assert bar > tick


def test_pictures_say_their_figures():
    with override("en"):
        assert 'aria-label="41 against a target of 60"' in bullet(Decimal(41), Decimal(60))
        assert 'aria-label="2014: 90 (%); target 95"' in sparkline(
            [Dot(2014, Decimal(90))], target=Decimal(95), unit="%"
        )


@dataclass(frozen=True)
class PrintedDot(Dot):
    stated: str = ""
    sign: str = ""


def test_a_figure_keeps_the_zeros_that_it_was_printed_with():
    dots = [PrintedDot(2014, Decimal("95"), stated="95.0", sign="≥"),
            PrintedDot(2015, Decimal("63.1"), stated="63.10")]  # fmt: skip
    picture = sparkline(dots, unit="%")

    assert 'aria-label="2014: ≥ 95.0; 2015: 63.10 (%)"' in picture
    assert picture.count(">63.10</text>") == 1
