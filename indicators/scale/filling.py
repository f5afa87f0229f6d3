"""An empty database filled with made areas, targets and figures."""

from collections.abc import Callable
from itertools import chain

from django.core.management.color import no_style
from django.db import connection, models, transaction

from indicators.actions.bulk import insert
from indicators.models import (
    Indicator,
    Observation,
    ObservationVersion,
    Series,
    TargetReading,
)
from indicators.reference.load import reference_user
from indicators.scale import rows
from indicators.scale.measures import Measure, measures
from indicators.scale.places import Place, places
from indicators.scale.rows import MADE_EN, MADE_ZH, Known
from plans.models import Document, Domain, Target
from targets_site.places.models import Area

AREAS_AT_A_TIME = 20
DOMAINS = 10
FILLED: tuple[type[models.Model], ...] = (
    Area, Domain, Document, Indicator, Series, Target, TargetReading, Observation,
    ObservationVersion,
)  # fmt: skip


class NotEmpty(Exception):
    """The database holds areas or figures already; made ones never stand among real ones."""


def fill(
    *,
    areas: int,
    indicators: int,
    first: int,
    last: int,
    say: Callable[[int], None] = lambda done: None,
) -> None:
    """Fill an empty database: so many areas with a document each, two targets an indicator, and
    a figure of each year from `first` to `last`. No verdict is computed.

    say: told how many areas are done. All or nothing. Raises NotEmpty.
    """
    with transaction.atomic():
        if any(model._default_manager.exists() for model in FILLED):
            raise NotEmpty
        found = places(areas)
        known = _known(measures(indicators), first=first, last=last)
        _insert_areas(found)
        for start in range(0, areas, AREAS_AT_A_TIME):
            some = found[start : start + AREAS_AT_A_TIME]
            _insert_all_of(list(enumerate(some, start=start + 1)), known)
            say(start + len(some))
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(FILLED)):
                cursor.execute(statement)
    _gather_statistics()


def _known(of: list[Measure], *, first: int, last: int) -> Known:
    insert(
        Domain,
        [
            {
                "id": at,
                "code": f"made-{at}",
                "name_zh": f"生成领域{at}",
                "name_en": f"{MADE_EN}, domain {at}",
                "position": at,
            }
            for at in range(1, DOMAINS + 1)
        ],
    )
    insert(
        Indicator,
        [
            {
                "id": at,
                "code": each.code,
                "name_zh": f"{MADE_ZH}：指标{at}",
                "name_en": f"{MADE_EN}: indicator {at}",
                "unit": each.unit,
                "nature": each.nature,
                "smallest": "0",
                "largest": "100" if each.is_rate else None,
            }
            for at, each in enumerate(of, start=1)
        ],
    )
    return Known(
        user=reference_user().pk,
        domains=range(1, DOMAINS + 1),
        indicators=range(1, len(of) + 1),
        measures=of,
        first=first,
        last=last,
    )


def _insert_areas(found: list[Place]) -> None:
    ids = {place.code: at for at, place in enumerate(found, start=1)}
    insert(
        Area,
        [
            {
                "id": at,
                "code": place.code,
                "level": place.level,
                "parent_id": ids.get(place.parent),
                "name_zh": f"生成地区{place.code}",
                "name_en": f"Made area {place.code}",
            }
            for at, place in enumerate(found, start=1)
        ],
    )


def _insert_all_of(some: list[tuple[int, Place]], known: Known) -> None:
    """Each area has the id of its document."""
    insert(Document, [rows.document(at, at, known) for at, _place in some])
    insert(Series, list(chain(*(rows.series(at, at, each.code, known) for at, each in some))))
    insert(Target, list(chain(*(rows.targets(at, at, known) for at, _place in some))))
    insert(TargetReading, list(chain(*(rows.readings(at, known) for at, _place in some))))
    for at, place in some:
        cells, versions = rows.figures(at, place.code, known)
        insert(Observation, cells)
        insert(ObservationVersion, versions)


def _gather_statistics() -> None:
    """So that the first query is planned for what is there now; PostgreSQL does it by itself only
    a while later, and not inside a transaction, where tests are."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
