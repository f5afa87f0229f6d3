"""How many provinces, prefectures and counties, in the nation's proportion, and their codes."""

from dataclasses import dataclass

from targets_site.places.models import AreaLevel

# The nation: 31 provinces, 340 prefectures and 2,850 counties.
PROVINCES, PREFECTURES, NATION = 31, 340, 3_221
# Codes begin with 11, so that two digits hold the provinces of so many areas.
MOST_AREAS = 9_000


@dataclass(frozen=True)
class Place:
    """parent: the code of the area above, empty for a province."""

    code: str
    level: str
    parent: str


def places(number: int) -> list[Place]:
    """So many areas, those above before those below, as evenly spread as codes allow."""
    provinces = max(1, round(number * PROVINCES / NATION))
    prefectures = min(number - provinces, round(number * PREFECTURES / NATION))
    found = [Place(f"{11 + at}0000", AreaLevel.PROVINCE, "") for at in range(provinces)]
    below_provinces = [
        _below(found[at % provinces].code, 1 + at // provinces, AreaLevel.PREFECTURE)
        for at in range(prefectures)
    ]
    # Where there is no prefecture, counties stand directly below their province.
    above = below_provinces or found
    counties = [
        _below(above[at % len(above)].code, 1 + at // len(above), AreaLevel.COUNTY)
        for at in range(number - provinces - prefectures)
    ]
    return found + below_provinces + counties


def _below(parent: str, number: int, level: str) -> Place:
    head = parent[:2] if level == AreaLevel.PREFECTURE else parent[:4]
    return Place(f"{head}{number:02}".ljust(6, "0"), level, parent)
