from dataclasses import dataclass
from decimal import Decimal

import pytest

from indicators.relations import relation


@dataclass(frozen=True)
class Promise:
    kind: str
    comparator: str
    value: Decimal | None
    value_upper: Decimal | None
    target_year: int | None
    unit: str = "%"
    firmness: str = "stated"


def promise(text: str, **fields) -> Promise:
    """kind, comparator, value (2-3 for a range), year and, where it is not %, the unit."""
    kind, comparator, value, year, *unit = text.split()
    lower, _, upper = value.partition("-") if comparator == "between" else (value, "", "")
    return Promise(
        kind,
        comparator,
        None if lower == "-" else Decimal(lower),
        Decimal(upper) if upper else None,
        None if year == "-" else int(year),
        unit[0] if unit else "%",
        **fields,
    )


@pytest.mark.parametrize(
    ("original", "restated", "expected"),
    [
        pytest.param("reach ge 97 2020", "reach ge 98 2020", "stronger", id="higher-level"),
        pytest.param("reach ge 98 2020", "reach ge 97 2020", "weaker", id="lower-level"),
        pytest.param("reach le 3 2020", "reach le 2 2020", "stronger", id="lower-limit"),
        pytest.param("reach ge 98 2020", "reach ge 98.0 2020", "same", id="same"),
        pytest.param("reach ge 98 2020", "hold ge 98 2020", "stronger", id="hold-after-reach"),
        pytest.param("hold ge 98 2020", "reach ge 98 2020", "weaker", id="reach-after-hold"),
        pytest.param("hold ge 97 2020", "reach ge 98 2020", "mixed", id="higher-but-not-held"),
        pytest.param("reach ge 98 2015", "reach ge 98 2020", "weaker", id="later"),
        pytest.param("hold ge 98 2015", "hold ge 98 2020", "stronger", id="held-longer"),
        pytest.param("reach ge 97 2015", "reach ge 98 2020", "mixed", id="higher-but-later"),
        pytest.param("reach ge 98 2020", "reach gt 98 2020", "stronger", id="strict"),
        pytest.param("reach about 98 2020", "reach ge 98 2020", "stronger", id="about-to-ge"),
        pytest.param("reach ge 98 -", "reach ge 98 2020", "stronger", id="gets-a-year"),
        pytest.param("text ge - 2020", "reach ge 98 2020", "redefined", id="words-to-figure"),
        pytest.param("reach ge 98 2020", "reach le 2 2020", "redefined", id="turned-round"),
        pytest.param("monotone le - 2015", "monotone le - 2015", "same", id="monotone"),
        pytest.param("reach ge 9 2020 个", "reach ge 9 2020 项", "redefined", id="other-unit"),
        pytest.param("reach ge 9 2020", "relative ge 9 2020", "redefined", id="level-to-share"),
        pytest.param("reach ge 2 2020", "reach between 2-3 2020", "redefined", id="to-a-range"),
        pytest.param("reach between 2-3 2020", "reach between 2-3 2020", "same", id="same-range"),
        pytest.param("reach between 2-5 2020", "reach between 3-4 2020", "stronger", id="narrower"),
        pytest.param("reach between 2-3 2020", "reach between 2-5 2020", "weaker", id="wider"),
        pytest.param("reach between 2-3 2020", "reach between 3-4 2020", "redefined", id="moved"),
    ],
)
def test_relation_follows_from_the_parts(original, restated, expected):
    result = relation(promise(original), promise(restated), same_series=True)

    assert result == expected


def test_relation_is_redefined_for_another_series():
    result = relation(promise("reach ge 98 2020"), promise("reach ge 98 2020"), same_series=False)

    assert result == "redefined"


@pytest.mark.parametrize(
    ("original", "restated", "expected"),
    [
        ("strive", "stated", "stronger"),
        ("stated", "strive", "weaker"),
        ("strive", "strive", "same"),
    ],
)
def test_striving_asks_for_less(original, restated, expected):
    result = relation(
        promise("reach ge 98 2020", firmness=original),
        promise("reach ge 98 2020", firmness=restated),
        same_series=True,
    )

    assert result == expected
