"""What the overview is about: the nation, or an area with all that is below it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from indicators.models import VerdictTally
from plans.models import Target
from targets_site.accounts.models import Post, User
from targets_site.places.models import Area


@dataclass(frozen=True)
class Scope:
    """area: None for the nation; with its parents, as `area_of_code` finds it. near: areas one
    level below it and those beside it. is_named: whether the address names it, an empty one for
    the nation, so that the addresses that lead on from there do so too."""

    area: Area | None = None
    near: tuple[Area, ...] = ()
    is_named: bool = False

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
        if self.area is None:
            return "&area=" if self.is_named else ""
        return f"&area={self.area.code}"

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

    def narrow(self, rows: "QuerySet[Any]", *, path: str = "target__area") -> "QuerySet[Any]":
        """path: leads from the row to its area."""
        return rows.filter(**{f"{path}__in": self.areas()}) if self.area else rows

    def has_targets(self) -> bool:
        """Also where nobody has counted them yet. One query."""
        return Target.objects.in_force().filter(area__in=self.areas()).exists()


def area_of_code(code: str) -> Area | None:
    """One query."""
    return Area.objects.select_related("parent__parent").filter(code=code).first()


def scope_of_code(code: str) -> Scope | None:
    """The area with those below it and those beside it that have targets; None without such an
    area. One query."""
    of_code = Area.objects.filter(code=code)
    beside = Q(parent__in=of_code.values("parent"))
    beside |= Q(Exists(of_code.filter(parent=None)), parent=None)
    has_own = VerdictTally.objects.filter(area=OuterRef("pk"), is_last=True)
    found = list(
        Area.objects.filter(Q(code=code) | Q(parent__code=code) | beside)
        .select_related("parent__parent").annotate(has_own=Exists(has_own)).order_by("code")
    )  # fmt: skip
    area = next((each for each in found if each.code == code), None)
    if area is None:
        return None
    others = (each for each in found if each != area)
    near = (each for each in others if each.has_own or each.parent_id == area.pk)
    return Scope(area, tuple(near), is_named=True)


def home_of(user: User) -> str:
    """The code of the one area that the person's posts of today are in; empty for none and for
    several. One query."""
    own = Post.objects.of_user(user).today().order_by()
    codes = list(own.values_list("area__code", flat=True).distinct()[:2])
    return codes[0] if len(codes) == 1 else ""
