"""What has changed since it was approved."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from indicators.enums import State
from indicators.models import ObservationVersion, Series
from indicators.queries.differences import differences_of_figures, listed
from indicators.queries.registers.turns import Turn, turns_of
from indicators.queries.review import change_of, readable_files
from indicators.queries.steps import PEOPLE, TakenStep, steps_of
from targets_site.accounts.models import User

CHANGES_A_PAGE = 25


@dataclass(frozen=True)
class Change:
    """What replaced an approved figure, or is to replace it once it is approved.

    turns: the verdicts that it may have turned, in the order of the targets.
    """

    version: ObservationVersion
    before: ObservationVersion
    turns: tuple[Turn, ...] = ()

    @property
    def series(self) -> Series:
        return self.version.observation.series

    @property
    def year(self) -> int:
        return self.version.observation.year

    @property
    def change(self) -> Decimal | None:
        """In the figure's unit; None where one of the two has no value."""
        return change_of(self.version, since=self.before)

    @property
    def also(self) -> str:
        """What else was changed beside the value itself, by the fields' labels."""
        found = differences_of_figures(self.before, self.version)
        return listed(each.label for each in found if each.label != _("Value"))

    @property
    def steps(self) -> list[TakenStep]:
        return steps_of(self.version)


def changed_versions(user: User) -> "QuerySet[ObservationVersion]":
    """Each version that replaced an approved one, in force or replaced itself since, and the
    corrections under way that the person may read; the latest step first."""
    approved = ObservationVersion.objects.filter(
        observation=OuterRef("observation"), number__lt=OuterRef("number"), state=State.APPROVED
    )
    return (
        ObservationVersion.objects.readable_by(user)
        .filter(
            Q(state=State.APPROVED) | Q(observation__working=F("pk")),
            Exists(approved),
            number__gt=1,
        )
        .annotate(replaces=Subquery(approved.order_by("-number").values("pk")[:1]))
        .annotate(last_step=Coalesce("reviewed_at", "signed_at", "submitted_at", "entered_at"))
        .order_by("-last_step", "-pk")
    )


@dataclass(frozen=True)
class Changes:
    page: "Page[ObservationVersion]"
    rows: list[Change]


def changes_page(versions: "QuerySet[ObservationVersion]", *, user: User, number: int) -> Changes:
    """versions: of `changed_versions`, narrowed. number: the nearest one where there is no such
    page."""
    evidence = Prefetch("evidence", readable_files(user))
    shown = versions.select_related(
        "observation__series__area", "observation__series__indicator", *PEOPLE
    )
    page = Paginator(shown.prefetch_related(evidence), CHANGES_A_PAGE).get_page(number)
    replaced = ObservationVersion.objects.prefetch_related(evidence).in_bulk(
        [_replaces(version) for version in page]
    )
    turns = turns_of(page)
    rows = [
        Change(version, replaced[_replaces(version)], turns.get(version.pk, ())) for version in page
    ]
    return Changes(page, rows)


def _replaces(version: ObservationVersion) -> int:
    """As `changed_versions` found it."""
    return int(version.replaces)  # type: ignore[attr-defined]  # annotated
