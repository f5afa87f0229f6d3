from dataclasses import dataclass
from decimal import Decimal

import pytest

from indicators.relations import relation


@dataclass(frozen=True)
class Promise:
    kind: str
    comparator: str
    value: Decimal | None
    target_year: int | None


def promise(text: str) -> Promise:
    kind, comparator, value, year = text.split()
    return Promise(
        kind,
        comparator,
        None if value == "-" else Decimal(value),
        None if year == "-" else int(year),
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
    ],
)
def test_relation_follows_from_the_parts(original, restated, expected):
    result = relation(promise(original), promise(restated), same_series=True)

    assert result == expected


def test_relation_is_redefined_for_another_series():
    result = relation(promise("reach ge 98 2020"), promise("reach ge 98 2020"), same_series=False)

    assert result == "redefined"
