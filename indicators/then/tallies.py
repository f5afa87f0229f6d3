"""The roll-up as it stood, counted from the verdicts in force then as `actions.tallies` counts."""

from django.db.models import BooleanField, Case, ExpressionWrapper, Value, When

from indicators.models import Verdict
from indicators.standings import CONDITIONS, Standing, has_no_figure
from plans.enums import Kind
from plans.models import Document, Target
from targets_site.places.models import Area
from targets_site.then.views import At, as_literal

_KEY = ("document_id", "area_id", "domain_id", "goal_year")
_NUMBERS = {standing: number for number, standing in enumerate(Standing)}
_SAID = (*Standing.values, "without_figure")
_GROUP = "target.document_id, target.area_id, target.domain_id, COALESCE(target.target_year, 0)"
_STANDINGS = ", ".join(
    f"COUNT(*) FILTER (WHERE standing = {number}) AS {standing.value}"
    for standing, number in _NUMBERS.items()
)
# No year of a target lies outside.
_YEARS = """(
    WITH RECURSIVE counted(as_of) AS (
        SELECT 1900 UNION ALL SELECT as_of + 1 FROM counted WHERE as_of < 2100
    ) SELECT as_of FROM counted
) years"""
_LAST = "COALESCE(NULLIF(promised.goal_year, 0), document.end_year)"


def select(at: At) -> str:
    """One row for each that the table had, and for documents that nobody had counted yet. Its
    number is made of its first target and its year, since a view has none of its own."""
    said = ", ".join(f"COALESCE(said.{name}, 0) AS {name}" for name in _SAID)
    key = ", ".join(f"promised.{name}" for name in _KEY)
    same = " AND ".join(f"said.{name} = promised.{name}" for name in _KEY)
    return f"""
SELECT promised.first_target * 10000 + years.as_of AS id, {key}, years.as_of,
    COALESCE(parent.parent_id, area.parent_id, area.id) AS province_id,
    years.as_of = {_LAST} AS is_last, promised.computed, promised.in_words, {said}
FROM ({_promised(at)}) promised
JOIN {at.real(Document)} document ON document.id = promised.document_id
JOIN {at.real(Area)} area ON area.id = promised.area_id
LEFT JOIN {at.real(Area)} parent ON parent.id = area.parent_id
{_years(at)}
LEFT JOIN ({_said(at)}) said ON {same} AND said.as_of = years.as_of"""


def _promised(at: At) -> str:
    in_words = f"target.kind = '{Kind.TEXT.value}'"
    return f"""
    SELECT target.document_id, target.area_id, target.domain_id,
        COALESCE(target.target_year, 0) AS goal_year, MIN(target.id) AS first_target,
        COUNT(*) FILTER (WHERE NOT {in_words}) AS computed,
        COUNT(*) FILTER (WHERE {in_words}) AS in_words
    FROM {at.then(Target)} target WHERE target.superseded_at IS NULL GROUP BY {_GROUP}"""


def _years(at: At) -> str:
    if at.is_postgresql:
        series = f"generate_series(document.start_year::integer, {_LAST}::integer)"
        return f"CROSS JOIN LATERAL {series} AS years(as_of)"
    return f"JOIN {_YEARS} ON years.as_of BETWEEN document.start_year AND {_LAST}"


def _said(at: At) -> str:
    return f"""
    SELECT target.document_id, target.area_id, target.domain_id,
        COALESCE(target.target_year, 0) AS goal_year, verdict.as_of,
        {_STANDINGS}, COUNT(*) FILTER (WHERE has_no_figure) AS without_figure
    FROM {at.then(Target)} target JOIN ({_verdicts()}) verdict ON verdict.target_id = target.id
    WHERE target.superseded_at IS NULL GROUP BY {_GROUP}, verdict.as_of"""


def _verdicts() -> str:
    """The verdicts in force, from the view that stands before them."""
    standing = Case(*[When(CONDITIONS[each], then=Value(at)) for each, at in _NUMBERS.items()])
    found = (
        Verdict.objects.in_force().order_by()
        .annotate(
            standing=standing,
            has_no_figure=ExpressionWrapper(has_no_figure(), output_field=BooleanField()),
        )
        .values("target_id", "as_of", "standing", "has_no_figure")
    )  # fmt: skip
    return as_literal(*found.query.sql_with_params())
