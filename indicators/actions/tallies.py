"""Counting verdicts where they are stored, so that no page has to."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import BooleanField, Case, ExpressionWrapper, QuerySet, Value, When

from indicators.models import Verdict
from indicators.models.tallies import COUNTS
from indicators.standings import CONDITIONS, Standing, has_no_figure
from plans.enums import Kind
from plans.models import Document

# The database groups the verdicts of so many documents in its memory.
DOCUMENTS_AT_ONCE = 1000

_KEY = ("document_id", "area_id", "domain_id", "goal_year")
_COUNTS = ("province_id", "is_last", *COUNTS)
_OF_VERDICTS = (*Standing.values, "without_figure")
# A verdict gets the number of its standing once, and the numbers are counted.
_NUMBERS = {standing: number for number, standing in enumerate(Standing)}


def _listed(names: Iterable[str], pattern: str = "{}") -> str:
    return ", ".join(pattern.format(name) for name in names)


_LAST = "COALESCE(target.target_year, document.end_year)"
_GROUP = "target.document_id, target.area_id, target.domain_id, COALESCE(target.target_year, 0)"
_STANDINGS = ", ".join(
    f"COUNT(*) FILTER (WHERE standing = {number}) AS {standing.value}"
    for standing, number in _NUMBERS.items()
)
# Targets and verdicts are counted apart and put together in as few rows as there will be.
_COUNT = f"""
WITH RECURSIVE promised AS (
    SELECT target.document_id, target.area_id, target.domain_id,
        COALESCE(target.target_year, 0) AS goal_year,
        COUNT(*) FILTER (WHERE target.kind <> '{Kind.TEXT.value}') AS computed,
        COUNT(*) FILTER (WHERE target.kind = '{Kind.TEXT.value}') AS in_words
    FROM plans_target target
    WHERE target.superseded_at IS NULL AND target.document_id IN ({{documents}})
    GROUP BY {_GROUP}
), stated AS (
    SELECT promised.*, COALESCE(parent.parent_id, area.parent_id, area.id) AS province_id,
        document.start_year AS first_year,
        COALESCE(NULLIF(promised.goal_year, 0), document.end_year) AS last_year
    FROM promised
    JOIN plans_document document ON document.id = promised.document_id
    JOIN places_area area ON area.id = promised.area_id
    LEFT JOIN places_area parent ON parent.id = area.parent_id
), said AS (
    SELECT target.document_id, target.area_id, target.domain_id,
        COALESCE(target.target_year, 0) AS goal_year, verdict.as_of,
        {_STANDINGS}, COUNT(*) FILTER (WHERE has_no_figure) AS without_figure
    FROM plans_target target {{verdicts}}
    WHERE target.superseded_at IS NULL AND target.document_id IN ({{documents}})
    GROUP BY {_GROUP}, verdict.as_of
), years AS (
    SELECT CAST(COALESCE(%s, MIN(first_year)) AS integer) AS as_of FROM stated
    UNION ALL
    SELECT as_of + 1 FROM years WHERE as_of < (SELECT COALESCE(%s, MAX(last_year)) FROM stated)
)
INSERT INTO indicators_verdicttally ({_listed(_KEY)}, as_of, {_listed(_COUNTS)})
SELECT {_listed(_KEY, "stated.{}")}, years.as_of,
    stated.province_id, years.as_of = stated.last_year, stated.computed, stated.in_words,
    {_listed(_OF_VERDICTS, "COALESCE(said.{}, 0)")}
FROM stated JOIN years ON years.as_of BETWEEN stated.first_year AND stated.last_year
LEFT JOIN said
    ON {" AND ".join(f"said.{name} = stated.{name}" for name in _KEY)}
    AND said.as_of = years.as_of
WHERE TRUE
ON CONFLICT ({_listed(_KEY)}, as_of)
DO UPDATE SET ({_listed(_COUNTS)}) = ({_listed(_COUNTS, "excluded.{}")})
WHERE ({_listed(_COUNTS, "indicators_verdicttally.{}")}) <> ({_listed(_COUNTS, "excluded.{}")})
"""
# What no target in force is counted in any more.
_DROP = f"""
DELETE FROM indicators_verdicttally WHERE document_id IN ({{documents}}) AND NOT EXISTS (
    SELECT 1 FROM plans_target target
    JOIN plans_document document ON document.id = target.document_id
    WHERE target.superseded_at IS NULL
    AND target.document_id = indicators_verdicttally.document_id
    AND target.area_id = indicators_verdicttally.area_id
    AND target.domain_id = indicators_verdicttally.domain_id
    AND COALESCE(target.target_year, 0) = indicators_verdicttally.goal_year
    AND indicators_verdicttally.as_of BETWEEN document.start_year AND {_LAST}
)
"""


def tally(documents: Collection[int], *, as_of: int | None = None) -> None:
    """Count anew how the targets of these documents (ids) stand, as seen from each year or from
    one; only rows that differ are written.

    Works in the caller's transaction, who holds the lock on the documents.
    """
    in_order = sorted(documents)
    for start in range(0, len(in_order), DOCUMENTS_AT_ONCE):
        _tally(in_order[start : start + DOCUMENTS_AT_ONCE], as_of)


@transaction.atomic
def count_anew(documents: "QuerySet[Document]") -> None:
    """`tally`, for who holds no lock on the documents yet."""
    found = documents.order_by().values("pk")
    locked = Document.objects.select_for_update().filter(pk__in=found).order_by("pk")
    tally(locked.values_list("pk", flat=True))


def _tally(documents: Sequence[int], as_of: int | None) -> None:
    places = _listed(["%s"] * len(documents))
    verdicts, of_verdicts = _verdicts(is_one_year=as_of is not None)
    of_year = [] if as_of is None else [as_of]
    count = _COUNT.format(documents=places, verdicts=verdicts)
    with connection.cursor() as cursor:
        if as_of is None:
            # As many placeholders as documents.
            # nosemgrep: sql-from-pieces
            cursor.execute(_DROP.format(documents=places), documents)
        cursor.execute(count, [*documents, *of_verdicts, *of_year, *documents, as_of, as_of])


@cache
def _verdicts(*, is_one_year: bool) -> tuple[str, tuple[Any, ...]]:
    """The verdicts in force of a target, each with the number of its standing, as SQL with its
    parameters; of one year the year is a further one."""
    standing = Case(*[When(CONDITIONS[each], then=Value(at)) for each, at in _NUMBERS.items()])
    found, parameters = (
        Verdict.objects.in_force().order_by()
        .annotate(
            standing=standing,
            has_no_figure=ExpressionWrapper(has_no_figure(), output_field=BooleanField()),
        )
        .values("target_id", "as_of", "standing", "has_no_figure")
        .query.sql_with_params()
    )  # fmt: skip
    if is_one_year:
        found += " AND indicators_verdict.as_of = %s"
    if connection.vendor == "postgresql":
        # OFFSET 0: each target's verdicts by their index; a join would read all of a nation's.
        found += " AND indicators_verdict.target_id = target.id OFFSET 0"
        return f"CROSS JOIN LATERAL ({found}) verdict", parameters
    return f"JOIN ({found}) verdict ON verdict.target_id = target.id", parameters
