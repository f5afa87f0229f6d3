"""Two documents side by side, target by target."""

from collections.abc import Sequence

from django.db.models import Case, Prefetch, Q, QuerySet, Value, When

from indicators.enums import Nature
from indicators.models import TargetReading
from plans.enums import Kind
from plans.locators import in_order_of_text
from plans.models import Document, Target
from reports.enums import Change
from reports.queries import rows
from reports.queries.compare.matching import Matched, pairs
from reports.queries.compare.rule import (
    Comparison,
    Stated,
    compared,
    only_in_first,
    only_in_second,
)
from reports.queries.compare.shown import ChangeGroup, ComparedTarget, ComparePage, Side
from reports.sentences.comparison import Promised, difference_in_words, hindrance_in_words
from targets_site.places.models import AreaLevel
from targets_site.templatetags.shown import target_level

# As many documents as a list to choose from can have.
MOST_CHOICES = 300


def documents_to_choose(*chosen: str | None) -> list[Document]:
    """Those of provinces, and all of the areas of what is chosen, by slug. One query."""
    named = Document.objects.filter(slug__in=[slug for slug in chosen if slug])
    near = Q(area__in=named.values("area"))
    found: QuerySet[Document] = Document.objects.select_related("area").filter(
        near | Q(area__level=AreaLevel.PROVINCE)
    )
    first = Case(When(near, then=Value(0)), default=Value(1))
    ordered = found.annotate(nearness=first).order_by("nearness", "area__code", "start_year")
    return list(ordered[:MOST_CHOICES])


def compare_page(
    first: Document, second: Document, *, chosen: Change | None, as_of: int | None
) -> ComparePage:
    """Five queries. chosen: the class to list, None for all but the targets in words."""
    sides = _sides([first, second], as_of=as_of)
    ours = [side for side in sides if side.target.document_id == first.pk]
    theirs = [side for side in sides if side.target.document_id == second.pk]
    later_start = (
        second.start_year
        if first.area_id == second.area_id and second.start_year > first.start_year
        else None
    )
    ties = {
        (side.target.code, other.code)
        for side in sides
        for other in side.target.restates  # type: ignore[attr-defined]  # prefetched
    }
    found = [
        _compared(
            None if here is None else ours[here],
            None if there is None else theirs[there],
            ties,
            later_start,
        )
        for here, there in pairs(
            [_matched(each) for each in ours], [_matched(each) for each in theirs], ties=ties
        )
    ]
    address = _address(first, second, as_of)
    groups = [
        _group([row for row in found if row.change == change], change, chosen, address)
        for change in Change
        if change != Change.ENDED or later_start is not None
    ]
    restated = sum(row.is_restated for row in found)
    return ComparePage(first, second, groups, chosen, address, restated)


def _group(
    found: list[ComparedTarget], change: Change, chosen: Change | None, address: str
) -> ChangeGroup:
    """Targets in words are listed where they are asked for only: there are many."""
    is_asked = chosen == change or (chosen is None and change != Change.IN_WORDS)
    own = f"{address}&change={change}#{change}"
    return ChangeGroup(
        change, found, own, is_shown=bool(found) and is_asked, is_chosen=chosen == change
    )


def _address(first: Document, second: Document, as_of: int | None) -> str:
    year = f"&as_of={as_of}" if as_of else ""
    return f"?a={first.slug}&b={second.slug}{year}"


def _sides(documents: Sequence[Document], *, as_of: int | None) -> list[Side]:
    others = Target.objects.in_force()
    targets = list(
        others.filter(document__in=documents)
        .select_related("document", "area", "domain").order_by("code")
        .prefetch_related(Prefetch("replaces", queryset=others, to_attr="restates"))
    )  # fmt: skip
    ordered = [target for each in documents for target in _in_order(targets, each)]
    lines = rows.lines_of_targets(ordered, as_of=as_of, with_figures=False)
    readings = {
        reading.target_id: reading
        for reading in TargetReading.objects.in_force()
        .filter(target__in=targets)
        .select_related("series__indicator")
    }
    return [_side(line, readings.get(line.target.pk)) for line in lines]


def _in_order(targets: Sequence[Target], document: Document) -> list[Target]:
    own = [target for target in targets if target.document_id == document.pk]
    return [own[at] for at in in_order_of_text([target.locator for target in own])]


def _side(line: rows.TargetLine, reading: TargetReading | None) -> Side:
    series = reading.series if reading else None
    names = [series.indicator.name, series.scope_name] if series else []
    return Side(line, reading, " · ".join(name for name in names if name))


def _matched(side: Side) -> Matched:
    series = side.reading.series if side.reading else None
    return Matched(
        code=side.target.code,
        indicator=series.indicator.code if series else "",
        scope=series.scope if series else "",
        target_year=side.target.target_year,
    )


def _stated(side: Side) -> Stated:
    target, reading = side.target, side.reading
    series = reading.series if reading else None
    return Stated(
        kind=target.kind,
        comparator=target.comparator,
        value=target.value,
        value_upper=target.value_upper,
        unit=target.unit,
        target_year=target.target_year,
        firmness=target.firmness,
        measure=f"{series.indicator.code}.{series.scope}" if series else "",
        counts_from=_counts_from(target, reading),
    )


def _counts_from(target: Target, reading: TargetReading | None) -> int | None:
    if reading is None:
        return None
    if target.kind == Kind.RELATIVE:
        return reading.baseline_year
    is_sum = reading.series.indicator.nature == Nature.FLOW
    return target.document.start_year if is_sum else None


def _compared(
    first: Side | None,
    second: Side | None,
    ties: "set[tuple[str, str]]",
    later_start: int | None,
) -> ComparedTarget:
    if first is None or second is None:
        return _alone(first, second, later_start)
    comparison = compared(_stated(first), _stated(second))
    codes = (first.target.code, second.target.code)
    return ComparedTarget(
        first,
        second,
        comparison.change,
        _why(first, second, comparison),
        is_restated=codes in ties or codes[::-1] in ties,
    )


def _alone(first: Side | None, second: Side | None, later_start: int | None) -> ComparedTarget:
    if first is not None:
        change = only_in_first(_stated(first), later_start=later_start)
    elif second is not None:
        change = only_in_second(_stated(second))
    else:
        raise TypeError("a target of neither document")
    return ComparedTarget(first, second, change, [], is_restated=False)


def _why(first: Side, second: Side, comparison: Comparison) -> list[str]:
    one, other = _promised(first), _promised(second)
    if comparison.hindrance is not None:
        return hindrance_in_words(one, other, comparison.hindrance)
    return difference_in_words(one, other, comparison.parts)


def _promised(side: Side) -> Promised:
    target = side.target
    return Promised(
        kind=target.kind,
        level=target_level(target),
        value=target.value,
        unit=target.unit,
        target_year=target.target_year,
        measured_by=side.measured_by,
    )
