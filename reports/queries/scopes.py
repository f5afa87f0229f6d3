"""What the overview is about: the nation, or an area with all that is below it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When

from indicators.models import Verdict, VerdictTally
from plans.models import Target
from targets_site.places.models import Area


@dataclass(frozen=True)
class Scope:
    """area: None for the nation; with its parents, as `area_of_code` finds it."""

    area: Area | None = None

    @property
    def path(self) -> list[Area]:
        """From the province down to the area; empty for the nation."""
        path: list[Area] = []
        area = self.area
        while area is not None:
            path.insert(0, area)
            area = area.parent
        return path

    @property
    def query(self) -> str:
        """What an address needs to stay here, after another parameter."""
        return f"&area={self.area.code}" if self.area else ""

    def tallies(self) -> "QuerySet[Any]":
        """VerdictTallies with `child`: the id of the area of the level at hand that a row belongs
        to, which is the scope's own area where the row is no part of one below it."""
        tallies = VerdictTally.objects.order_by()
        if self.area is None:
            return tallies.annotate(child=F("province"))
        tallies = tallies.filter(province=self.path[0])
        own_or_part = Q(area=self.area) | Q(area__parent=self.area)
        if len(self.path) > 1:
            return tallies.filter(own_or_part).annotate(child=F("area"))
        return tallies.annotate(child=Case(When(own_or_part, then="area"), default="area__parent"))

    def areas(self) -> "QuerySet[Area]":
        if self.area is None:
            return Area.objects.all()
        below = Q(parent=self.area) | Q(parent__parent=self.area)
        return Area.objects.filter(Q(pk=self.area.pk) | below)

    def narrow(self, verdicts: "QuerySet[Verdict]") -> "QuerySet[Verdict]":
        return verdicts.filter(target__area__in=self.areas()) if self.area else verdicts

    def has_targets(self) -> bool:
        """Also where nobody has counted them yet. One query."""
        return Target.objects.in_force().filter(area__in=self.areas()).exists()

    def has_targets_below(self) -> bool:
        """One query."""
        return self.tallies().filter(is_last=True).exclude(area=self.area).exists()


def area_of_code(code: str) -> Area | None:
    """One query."""
    return Area.objects.select_related("parent__parent").filter(code=code).first()


def areas_at_hand(scope: Scope, shown: "list[int]", *, goal: int) -> list[Area]:
    """What can be chosen from here, in the order of their codes: the areas shown; where nothing
    is below the area, those beside it with targets of the goal year. One query."""
    areas: QuerySet[Area, Any] = Area.objects.only("code", "name_zh", "name_en")
    if scope.area is None or set(shown) - {scope.area.pk}:
        return list(areas.filter(pk__in=shown))
    above = Scope(scope.area.parent)
    beside = above.tallies().filter(goal_year=goal, is_last=True).values("child")
    return list(areas.filter(Q(pk__in=beside, parent=scope.area.parent) | Q(pk=scope.area.pk)))
