"""What the completeness pages are asked for: which area, round, years and department."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from indicators.forms.rounds import AreaForm, ScopeForm
from indicators.models import Round
from indicators.queries.completeness import Scope, rounds_of, years_asked
from indicators.queries.sight import (
    Sight,
    areas_followed,
    departments_of,
    lineage,
    sight_of,
    top_areas,
    with_parents,
    within,
)
from indicators.views.shared import found, person
from targets_site.places.models import Area, Department


@dataclass(frozen=True)
class Asked:
    """What a completeness page is asked for, and whether the reader sees all of the area.

    tops: the areas where the reader starts.
    """

    sight: Sight
    tops: list[Area]
    scope: Scope
    form: ScopeForm

    @property
    def area(self) -> Area | None:
        return self.scope.area

    @property
    def department(self) -> Department | None:
        chosen: Department | None = self.form.cleaned_data.get("department")
        return chosen

    @property
    def sees_all(self) -> bool:
        return self.area is not None and self.scope.departments is None

    def query(self, **more: object) -> str:
        """The choice as the end of an address; `more` is added, None takes a part away."""
        chosen: dict[str, object] = {
            "area": self.area.code if self.area else None,
            "round": self.scope.round.pk if self.scope.round else "",
            "year": list(self.form.cleaned_data.get("year") or []) or None,
        } | more
        given = {key: value for key, value in chosen.items() if value is not None}
        return f"?{urlencode(given, doseq=True)}"

    @property
    def above(self) -> list[Area]:
        """The areas above that the reader may open, the widest first."""
        if self.area is None:
            return []
        areas = [area for area in lineage(self.area) if self.sight.sees_all_of(area)]
        return [area for area in reversed(areas) if area != self.area]


def asked_by(request: HttpRequest) -> Asked | None:
    """None for somebody who follows nobody's reporting."""
    sight = sight_of(person(request))
    tops = top_areas(sight)
    if not tops:
        return None
    area = _area(request, sight, tops)
    now = timezone.now()
    places = [area] if area else _seen_whole(sight, tops)
    rounds = rounds_of(area, moment=now)
    seen = sight.departments_in(area) if area else None
    years = years_asked(within([each.pk for each in places], path="round__area__"), moment=now)
    newest = rounds.first()
    form = ScopeForm(
        _with_newest(request.GET, newest),
        rounds=rounds,
        years=years,
        departments=departments_of(area, seen) if area else Department.objects.none(),
    )
    form.is_valid()
    scope = Scope(
        area=area,
        years=form.years_of(form.cleaned_data.get("round"), asked=years),
        round=form.cleaned_data.get("round"),
        departments=seen,
        moment=now,
    )
    return Asked(sight, tops, scope, form)


def _area(request: HttpRequest, sight: Sight, tops: list[Area]) -> Area | None:
    """The area asked for; else where the reader starts, None where he sees all of several areas."""
    form = AreaForm(request.GET)
    code = form.cleaned_data["area"] if form.is_valid() else ""
    if code:
        return found(request, with_parents(areas_followed(sight)), code=code)
    return None if len(_seen_whole(sight, tops)) > 1 else tops[0]


def _seen_whole(sight: Sight, tops: list[Area]) -> list[Area]:
    return [area for area in tops if sight.sees_all_of(area)]


def _with_newest(given: QueryDict, newest: Round | None) -> Mapping[str, object]:
    """Where neither a round nor years are chosen, the newest round is."""
    if newest is None or "round" in given or "year" in given:
        return given
    data = given.copy()
    data["round"] = str(newest.pk)
    return data
