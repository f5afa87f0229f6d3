"""What an area's page counts: its rows of the roll-up, read once, and sums of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, Q

from indicators.enums import Light
from indicators.models import VerdictTally
from indicators.models.tallies import COUNTS
from indicators.standings import IN_WORDS, Standing
from plans.models import Document, Domain
from reports.enums import Coverage
from reports.queries import rows, standings
from reports.queries.standings import Counts
from reports.queries.tallies import InWords, Tally
from targets_site.places.models import Area

M = TypeVar("M", bound=Model)

_DOCUMENT = ("id", "slug", "title_zh", "title_en", "number", "start_year", "end_year")
_DOMAIN = ("id", "code", "name_zh", "name_en", "position")
_OF_DOCUMENT = slice(0, len(_DOCUMENT))
_OF_DOMAIN = slice(len(_DOCUMENT), len(_DOCUMENT) + len(_DOMAIN))
_JUDGED = [each.value for each in IN_WORDS if standings.LIGHT_OF[each] != Light.NONE]
_STANDINGS_OF = {
    part: [each.value for each in Standing if standings.COVERAGE_OF[each] == part]
    for part in Coverage
}


@dataclass(frozen=True)
class Seen(Counts):
    """A document's targets of one domain and goal year (0: none given), as seen from one year.

    is_last: there is no later year to look from; seen from a later one they stand the same.
    """

    document: Document
    goal: int
    as_of: int
    is_last: bool

    def is_seen_from(self, year: int) -> bool:
        return self.as_of == year or (self.is_last and self.as_of < year)


def counted_of(area: Area) -> list[Seen]:
    """From each year up to this one, oldest first, with the last rows of goals that still lie
    ahead. One query."""
    found = (
        VerdictTally.objects.filter(Q(as_of__lte=rows.this_year()) | Q(is_last=True), area=area)
        .order_by("goal_year", "as_of", "document__start_year", "document_id")
        .values_list(
            *[f"document__{name}" for name in _DOCUMENT],
            *[f"domain__{name}" for name in _DOMAIN],
            "goal_year", "as_of", "is_last", *COUNTS,
        )
    )  # fmt: skip
    documents: dict[int, Document] = {}
    domains: dict[int, Domain] = {}
    seen = []
    for row in found:
        goal, as_of, is_last, *counts = row[_OF_DOMAIN.stop :]
        seen.append(
            Seen(
                area_id=area.pk,
                area=area,
                domain=_once(domains, Domain, _DOMAIN, row[_OF_DOMAIN]),
                has_below=False,
                counts=dict(zip(COUNTS, counts, strict=True)),
                document=_once(documents, Document, _DOCUMENT, row[_OF_DOCUMENT]),
                goal=goal,
                as_of=as_of,
                is_last=is_last,
            )
        )
    return seen


def _once(kept: dict[int, M], model: type[M], names: Sequence[str], values: Sequence[Any]) -> M:
    """The row of the model with these values, made at its first appearance."""
    if values[0] not in kept:
        kept[values[0]] = model(**dict(zip(names, values, strict=True)))
    return kept[values[0]]


def tally_of(counted: Iterable[Seen]) -> Tally:
    """The sum of rows that are seen from the same year."""
    counts = [each.counts for each in counted]
    return tally_of_sums({name: sum(each[name] for each in counts) for name in COUNTS})


def tally_of_sums(sums: Mapping[str, int]) -> Tally:
    """sums: by the names of the roll-up's counts."""
    return Tally(
        total=sums["computed"],
        lights=_lights(sums, standings.COMPUTED_NAMES),
        coverage={part: sum(sums[name] for name in _STANDINGS_OF[part]) for part in Coverage},
        in_words=InWords(sums["in_words"], _lights(sums, _JUDGED)),
    )


def _lights(sums: Mapping[str, int], names: Iterable[str]) -> list[rows.LightCount]:
    lights = defaultdict[str, int](int)
    for name in names:
        lights[standings.LIGHT_OF[Standing(name)].value] += sums[name]
    return rows.worst_first(lights)
