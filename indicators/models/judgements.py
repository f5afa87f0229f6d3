"""How people judge targets in words (评价): never computed."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from indicators.enums import Outcome, State
from indicators.models.attachments import Attachment
from indicators.models.stale import StaleRow
from indicators.models.workflow import Cell, Worked, left_department, workflow_constraints
from plans.models import Target, TargetDepartment
from plans.validators import year_in_range
from targets_site.accounts.access import held_by
from targets_site.accounts.models import User
from targets_site.places.models import Area, Department


class Judgement(Cell):
    """A target in words and the year it is judged for: the identity behind its versions."""

    RELATED = ("target__area", "target__document")

    target_code = models.CharField(max_length=50)
    target = models.ForeignKey(Target, models.PROTECT, related_name="judgements")
    year = models.PositiveSmallIntegerField()
    in_force = models.ForeignKey(
        "JudgementVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    working = models.ForeignKey(
        "JudgementVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["target_code", "year"]
        constraints = [
            # By code: a target that is stated anew keeps what was judged of it.
            models.UniqueConstraint(fields=["target_code", "year"], name="judgement_once_a_year"),
            year_in_range("year", name="judgement_year_range"),
        ]

    def __str__(self) -> str:
        return f"{self.target_code}:{self.year}"

    @property
    def about(self) -> str:
        return f"judgement:{self.target_code}:{self.year}"

    @property
    def area(self) -> Area:
        return self.target.area

    def reporting(self) -> "models.QuerySet[Department, int]":
        """Those that the document names for the target; where it names none, all of the area."""
        named = Department.objects.filter(target_links__target=self.target_id)
        chosen = named if named.exists() else Department.objects.filter(area=self.target.area_id)
        return chosen.order_by().values_list("pk", flat=True)

    def mark_stale(self) -> None:
        current = Target.objects.in_force().filter(code=self.target_code)
        StaleRow.objects.append_targets(current.values_list("pk", flat=True))


class JudgementVersionQuerySet(models.QuerySet["JudgementVersion"]):
    def readable_by(self, user: User) -> Self:
        """As of figures (see ObservationVersionQuerySet.readable_by)."""
        held = held_by(user)
        readable = Q(state=State.APPROVED)
        if held.departments:
            links = TargetDepartment.objects.filter(target=OuterRef("judgement__target"))
            nobody_named = ~Exists(links) & Q(
                judgement__target__area__departments__in=held.departments
            )
            readable |= Q(Exists(links.filter(department__in=held.departments))) | Q(nobody_named)
        if held.audited:
            readable |= Q(judgement__target__area__in=held.audited)
        if held.reviewed:
            readable |= left_department() & Q(judgement__target__area__in=held.reviewed)
        return self.filter(readable).distinct()


class JudgementVersion(Worked):
    """What was said of a target in words for a year, and what shows it."""

    judgement = models.ForeignKey(Judgement, models.PROTECT, related_name="versions")
    outcome = models.CharField(max_length=10, choices=Outcome, help_text="评价")
    narrative = models.TextField(blank=True, help_text="评价说明")
    evidence = models.ManyToManyField(Attachment, related_name="judgement_versions", blank=True)

    CONTENT = ("outcome", "narrative")
    COPIED = CONTENT

    objects = JudgementVersionQuerySet.as_manager()

    class Meta:
        ordering = ["judgement", "number"]
        constraints = [
            *workflow_constraints("judgement"),
            models.UniqueConstraint(
                fields=["judgement", "number"], name="judgement_version_number_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="judgement_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT) | ~Q(narrative=""),
                name="judgement_narrative_at_submission",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judgement} v{self.number}"

    @property
    def cell(self) -> Judgement:
        return self.judgement

    def said(self) -> dict[str, Any]:
        return {
            "version": self.number,
            "state": self.state,
            **{name: getattr(self, name) for name in self.CONTENT},
        }
