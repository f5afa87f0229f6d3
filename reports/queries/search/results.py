"""What is found for some words: everywhere alike, by what the text contains.

No full text engine: Chinese has no spaces to cut words at, and PostgreSQL and SQLite are to answer
alike. Each group is read up to `MOST_FOUND` rows and ranked here, so that a word that stands
everywhere costs no more than one that stands nowhere.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from indicators.models import Indicator, Verdict
from plans.models import Document, Target
from reports.queries.rows import final_verdicts
from targets_site.places.models import Area, Department

MOST_FOUND, MOST_SHOWN = 100, 20

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Found(Generic[M]):
    """rows: the best ones first, as many as a group shows. count: how many were found; is_more:
    there are more, which nobody counted."""

    rows: "Sequence[M]"
    count: int
    is_more: bool

    @property
    def is_cut(self) -> bool:
        return self.is_more or self.count > len(self.rows)


@dataclass(frozen=True)
class FoundTarget:
    """verdict: the final one; None where nothing was computed yet."""

    target: Target
    verdict: Verdict | None


@dataclass(frozen=True)
class Results:
    """The groups in the order of the page. target_lines: the rows of `targets`."""

    areas: Found[Area]
    documents: Found[Document]
    indicators: Found[Indicator]
    targets: Found[Target]
    target_lines: list[FoundTarget]
    departments: Found[Department]

    @property
    def count(self) -> int:
        groups = (self.areas, self.documents, self.indicators, self.targets, self.departments)
        return sum(group.count for group in groups)


def search(words: Sequence[str]) -> Results:
    """Rows in which each of the words stands somewhere. Six queries."""
    targets = _found(
        Target.objects.in_force().select_related("document", "area", "domain"),
        words,
        ("statement_zh", "statement_en", "stated", "code"),
        name=lambda row: (not row.key, row.statement),
        # A word beside others may name the area: 海南 森林.
        beside=("area__name_zh", "area__name_en") if len(words) > 1 else (),
    )
    return Results(
        areas=_found(
            Area.objects.select_related("parent"),
            words,
            ("name_zh", "name_en", "code"),
            name=lambda row: (len(row.name_zh), row.name_zh),
        ),
        documents=_found(
            Document.objects.select_related("area"),
            words,
            ("title_zh", "title_en", "number", "slug", "issuer_zh", "issuer_en"),
            name=lambda row: (row.area.code, row.title_zh),
            beside=("area__name_zh", "area__name_en"),
        ),
        indicators=_found(
            Indicator.objects.all(),
            words,
            ("name_zh", "name_en", "code"),
            name=lambda row: (len(row.name_zh), row.name_zh),
        ),
        targets=targets,
        target_lines=_with_verdicts(targets.rows),
        departments=_found(
            Department.objects.select_related("area", "successor"),
            words,
            ("name_zh", "name_en", "code"),
            name=lambda row: (row.area.code, row.name_zh),
        ),
    )


def _found(
    rows: "QuerySet[M]",
    words: Sequence[str],
    columns: Sequence[str],
    *,
    name: Callable[[Any], Any],
    beside: Sequence[str] = (),
) -> Found[M]:
    """name: what rows that fit equally well are ordered by. beside: further columns that a word
    may stand in. One query."""
    for word in words:
        rows = rows.filter(_stands_in((*columns, *beside), word))
    found = list(rows[: MOST_FOUND + 1])
    ranked = sorted(found[:MOST_FOUND], key=lambda row: (_rank(row, words, columns), name(row)))
    return Found(ranked[:MOST_SHOWN], len(ranked), len(found) > MOST_FOUND)


def _stands_in(columns: Iterable[str], word: str) -> Q:
    """`%`, `_` and `\\` stand for themselves. Without letters of two cases the plain comparison
    finds the same and takes half the time."""
    lookup = "icontains" if word.upper() != word.lower() else "contains"
    condition = Q()
    for column in columns:
        condition |= Q(**{f"{column}__{lookup}": word})
    return condition


def _rank(row: Model, words: Sequence[str], columns: Sequence[str]) -> int:
    """0: is just that; 1: begins so; 2: the words stand together; 3: it holds each of them."""
    text = " ".join(words).lower()
    texts = [str(getattr(row, column)).lower() for column in columns]
    if text in texts:
        return 0
    if any(each.startswith(text) for each in texts):
        return 1
    return 2 if any(text in each for each in texts) else 3


def _with_verdicts(targets: Sequence[Target]) -> list[FoundTarget]:
    verdicts = Verdict.objects.in_force().filter(final_verdicts(), target__in=targets)
    by_target = {verdict.target_id: verdict for verdict in verdicts}
    for verdict in by_target.values():
        verdict.target = next(each for each in targets if each.pk == verdict.target_id)
    return [FoundTarget(target, by_target.get(target.pk)) for target in targets]
