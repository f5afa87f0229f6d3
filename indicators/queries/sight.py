"""Whose reporting a person follows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from targets_site.accounts.access import held_by
from targets_site.accounts.models import Post, Role, User
from targets_site.places.models import Area, AreaLevel, Department

AnyModel = TypeVar("AnyModel", bound=Model)

# Of an area and all below it; officials and signers follow their departments only.
FOLLOWS_AREAS = (Role.REVIEWER, Role.AUDITOR, Role.LEADER)
# A county has at most this many areas above it.
LEVELS_ABOVE = len(AreaLevel.values) - 1


@dataclass(frozen=True)
class Sight:
    """areas: ids, each with all below it; departments: ids of the person's own, with those that
    they succeeded; keeps_rounds: whether the person opens rounds somewhere."""

    areas: frozenset[int] = frozenset()
    departments: frozenset[int] = frozenset()
    keeps_rounds: bool = False

    def sees_all_of(self, area: Area) -> bool:
        """area: with its parents (see `with_parents`)."""
        return not self.areas.isdisjoint(each.pk for each in lineage(area))

    def departments_in(self, area: Area) -> frozenset[int] | None:
        """Whose rows the person sees there: None for all departments."""
        return None if self.sees_all_of(area) else self.departments


def sight_of(user: User) -> Sight:
    areas = Post.objects.of_user(user).today().filter(role__in=FOLLOWS_AREAS)
    held = held_by(user)
    return Sight(
        areas=frozenset(areas.values_list("area_id", flat=True)),
        departments=held.departments,
        keeps_rounds=bool(held.reviewed),
    )


def areas_followed(sight: Sight) -> "QuerySet[Area]":
    """Every area whose completeness the person may open, in whole or for his departments."""
    return Area.objects.filter(
        within(sight.areas) | Q(departments__in=sight.departments)
    ).distinct()


def top_areas(sight: Sight) -> list[Area]:
    """Where the person starts: areas of his posts that lie in no other of them, by code."""
    own = with_parents(
        Area.objects.filter(Q(pk__in=sight.areas) | Q(departments__in=sight.departments))
    )
    found = list(own.distinct().order_by("code"))
    return [area for area in found if sight.areas.isdisjoint(_above(area))]


def with_parents(rows: "QuerySet[AnyModel]", *, path: str = "") -> "QuerySet[AnyModel]":
    """path: leads from the row to its area."""
    return rows.select_related("__".join([*([path] if path else []), *["parent"] * LEVELS_ABOVE]))


def departments_of(area: Area, seen: Collection[int] | None) -> "QuerySet[Department]":
    """The departments that work today in the area, all or those of `seen` (ids), by code."""
    departments = Department.objects.filter(area=area, successor__isnull=True).order_by("code")
    return departments if seen is None else departments.filter(pk__in=seen)


def lineage(area: Area) -> Iterable[Area]:
    """The area, then what it lies in."""
    each: Area | None = area
    while each is not None:
        yield each
        each = each.parent


def within(areas: Collection[int], *, path: str = "") -> Q:
    """The areas and all below them; path: leads from the row to its area, with `__` at the end."""
    found = Q()
    for steps in range(LEVELS_ABOVE + 1):
        found |= Q(**{f"{path}{'parent__' * steps}pk__in": areas})
    return found


def _above(area: Area) -> set[int]:
    return {each.pk for each in lineage(area)} - {area.pk}
