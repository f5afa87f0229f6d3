"""The roll-up as it stood, counted from the verdicts in force then as `actions.tallies` counts."""

from django.db.models import BooleanField, Case, ExpressionWrapper, Value, When

from indicators.models import Verdict, VerdictTally
from indicators.standings import CONDITIONS, Standing, has_no_figure
from plans.enums import Kind
from plans.models import Document, Target
from targets_site.places.models import Area
from targets_site.then.views import At, as_literal, columns, quoted

_KEY = ("document_id", "area_id", "domain_id", "goal_year")
_NUMBERS = {standing: number for number, standing in enumerate(Standing)}
_SAID = (*Standing.values, "without_figure")
_GROUP = "target.document_id, target.area_id, target.domain_id, COALESCE(target.target_year, 0)"
_STANDINGS = ", ".join(
    f"SUM(number) FILTER (WHERE standing = {number}) AS {standing.value}"
    for standing, number in _NUMBERS.items()
)
# No year of a target lies outside.
_YEARS = """(
    WITH RECURSIVE counted(as_of) AS (
        SELECT 1900 UNION ALL SELECT as_of + 1 FROM counted WHERE as_of < 2100
    ) SELECT as_of FROM counted
) years"""
_LAST = "COALESCE(NULLIF(promised.goal_year, 0), document.end_year)"


# PostgreSQL's temporary tables: documents of which anything was recorded since, and their rows.
_CHANGED, _COUNTED = "then_changed", "then_counted"


def prepare(at: At) -> list[str]:
    """A nation is not counted for each question: what was recorded since is looked for once an
    opening, and what that concerns is counted once. Otherwise the table itself is right."""
    if not at.is_postgresql:
        return []
    return [
        f"DROP TABLE IF EXISTS pg_temp.{_COUNTED}, pg_temp.{_CHANGED} CASCADE",
        f"CREATE TEMPORARY TABLE {_CHANGED} ON COMMIT DROP AS {changed(at)}",
        f"ANALYZE pg_temp.{_CHANGED}",
        f"CREATE TEMPORARY TABLE {_COUNTED} ON COMMIT DROP AS"
        f" {counted(at, documents=f'SELECT document_id FROM pg_temp.{_CHANGED}')}",
        f"ANALYZE pg_temp.{_COUNTED}",
    ]


def select(at: At) -> str:
    if not at.is_postgresql:
        return counted(at)
    names = [quoted(str(field.column)) for field in VerdictTally._meta.concrete_fields]
    return f"""
SELECT {columns(VerdictTally, "own")} FROM {at.real(VerdictTally)} own
WHERE own.document_id NOT IN (SELECT document_id FROM pg_temp.{_CHANGED})
UNION ALL SELECT {", ".join(names)} FROM pg_temp.{_COUNTED}"""


def changed(at: At) -> str:
    """Documents with a target or verdict that was recorded or superseded since."""
    since = " OR ".join(f"{{of}}.{at_} > {at.moment}" for at_ in ("recorded_at", "superseded_at"))
    return f"""
    SELECT target.document_id FROM {at.real(Target)} target WHERE {since.format(of="target")}
    UNION SELECT target.document_id FROM {at.real(Verdict)} verdict
    JOIN {at.real(Target)} target ON target.id = verdict.target_id
    WHERE {since.format(of="verdict")}"""


def counted(at: At, *, documents: str = "") -> str:
    """One row for each that the table had, and for documents that nobody had counted yet. Its
    number is made of its first target and its year, since a view has none of its own.

    documents: SQL that gives the ids of those that are counted; empty for all.
    """
    of = f"AND target.document_id IN ({documents})" if documents else ""
    said = ", ".join(f"CAST(COALESCE(said.{name}, 0) AS integer) AS {name}" for name in _SAID)
    key = ", ".join(f"promised.{name}" for name in _KEY)
    same = " AND ".join(f"said.{name} = promised.{name}" for name in _KEY)
    return f"""
SELECT promised.first_target * 10000 + years.as_of AS id, {key}, years.as_of,
    COALESCE(parent.parent_id, area.parent_id, area.id) AS province_id,
    years.as_of = {_LAST} AS is_last, promised.computed, promised.in_words, {said}
FROM ({_promised(at, of)}) promised
JOIN {at.real(Document)} document ON document.id = promised.document_id
JOIN {at.real(Area)} area ON area.id = promised.area_id
LEFT JOIN {at.real(Area)} parent ON parent.id = area.parent_id
{_years(at)}
LEFT JOIN ({_said(at, of)}) said ON {same} AND said.as_of = years.as_of"""


def _promised(at: At, of: str) -> str:
    in_words = f"target.kind = '{Kind.TEXT.value}'"
    return f"""
    SELECT target.document_id, target.area_id, target.domain_id,
        COALESCE(target.target_year, 0) AS goal_year, MIN(target.id) AS first_target,
        COUNT(*) FILTER (WHERE NOT {in_words}) AS computed,
        COUNT(*) FILTER (WHERE {in_words}) AS in_words
    FROM {at.real(Target)} target WHERE {at.in_force("target")} {of}
    GROUP BY {_GROUP}"""


def _years(at: At) -> str:
    if at.is_postgresql:
        series = f"generate_series(document.start_year::integer, {_LAST}::integer)"
        return f"CROSS JOIN LATERAL {series} AS years(as_of)"
    return f"JOIN {_YEARS} ON years.as_of BETWEEN document.start_year AND {_LAST}"


def _said(at: At, of: str) -> str:
    """Counted by standing first: in one go a verdict's standing would be found out for each."""
    key = ", ".join(_KEY)
    return f"""
    SELECT {key}, as_of, {_STANDINGS}, SUM(number) FILTER (WHERE has_no_figure) AS without_figure
    FROM (
        SELECT target.document_id, target.area_id, target.domain_id,
            COALESCE(target.target_year, 0) AS goal_year, verdict.as_of, standing, has_no_figure,
            COUNT(*) AS number
        FROM {at.real(Target)} target JOIN ({_verdicts(at)}) verdict
            ON verdict.target_id = target.id
        WHERE {at.in_force("target")} {of}
        GROUP BY {_GROUP}, verdict.as_of, standing, has_no_figure
    ) counted
    GROUP BY {key}, as_of"""


def _verdicts(at: At) -> str:
    """The verdicts in force then, each with its standing."""
    standing = Case(*[When(CONDITIONS[each], then=Value(at)) for each, at in _NUMBERS.items()])
    found = (
        Verdict.objects.order_by()
        .annotate(
            standing=standing,
            has_no_figure=ExpressionWrapper(has_no_figure(), output_field=BooleanField()),
        )
        .values("target_id", "as_of", "standing", "has_no_figure")
    )  # fmt: skip
    table = quoted(Verdict._meta.db_table)
    return f"""{as_literal(*found.query.sql_with_params())} WHERE {at.in_force(table)}""".replace(
        f"FROM {table}", f"FROM {at.real(Verdict)} {table}"
    )
