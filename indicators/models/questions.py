"""Questions that figures give rise to (疑问), and how they were checked (核查记录)."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from indicators.enums import CheckKind, QuestionRule, QuestionState
from indicators.models.attachments import Attachment
from indicators.models.measures import Series
from indicators.models.observations import ObservationVersion
from targets_site.accounts.models import User
from targets_site.places.models import Area, Department


class QuestionQuerySet(models.QuerySet["Question"]):
    def standing(self) -> Self:
        """What the newest look still found."""
        return self.filter(Exists(Finding.objects.standing().filter(question=OuterRef("pk"))))

    def put_to(self, departments: Any) -> Self:
        """What somebody asked the departments."""
        asked = CheckStep.objects.filter(kind=CheckKind.ASKED, department__in=departments)
        return self.filter(Exists(asked.filter(question=OuterRef("pk"))))

    def waiting_for(self, departments: Any) -> Self:
        """What the departments have still to answer: whoever was asked last."""
        asked = CheckStep.objects.filter(question=OuterRef("pk"), kind=CheckKind.ASKED)
        last = Subquery(asked.order_by("-pk").values("department")[:1])
        waiting = self.filter(state=QuestionState.ASKED).annotate(asked_last=last)
        return waiting.filter(asked_last__in=departments)


class Question(models.Model):
    """One thing that a rule saw and that somebody may be asked about: a question, no accusation.

    identity names what it is about (`<rule>:<series or department>:<key>`), so that every look asks
    the same once. department: whose figures they are, the one that does the work today; empty where
    nobody reports the series. series: of a rule about one series. version: the first figure
    concerned, as it stood when it was found.
    """

    rule = models.CharField(max_length=16, choices=QuestionRule, help_text="规则")
    identity = models.CharField(max_length=250, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="questions")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="questions", help_text="部门"
    )
    series = models.ForeignKey(Series, models.PROTECT, null=True, related_name="questions")
    first_year = models.PositiveSmallIntegerField()
    year = models.PositiveSmallIntegerField(help_text="年份")
    version = models.ForeignKey(ObservationVersion, models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField(default=timezone.now, help_text="发现时间")
    state = models.CharField(
        max_length=10, choices=QuestionState, default=QuestionState.FOUND, help_text="核查状态"
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "area__code", "pk"]
        indexes = [
            models.Index(fields=["area", "state"], name="question_of_area"),
            models.Index(fields=["department", "state"], name="question_of_department"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(rule__in=QuestionRule.values), name="question_rule_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=QuestionState.values), name="question_state_known"
            ),
            models.CheckConstraint(
                condition=Q(first_year__lte=models.F("year")), name="question_years_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.identity

    def get_absolute_url(self) -> str:
        return reverse("indicators:question", args=[self.pk])

    @property
    def about(self) -> str:
        """The question as the trail names it."""
        return f"question:{self.identity}"[:200]


class FindingQuerySet(models.QuerySet["Finding"]):
    def standing(self) -> Self:
        return self.filter(gone_at__isnull=True)


class Finding(models.Model):
    """What was seen, from one look to the last that saw it so; never deleted.

    facts: the numbers of the arithmetic by name, each an exact text (a decimal or `a/b`). figures:
    those concerned, as `{"series", "year", "value", "decimals", "version"}`. gone_at: when it was
    found no longer; where the numbers changed, another finding follows at the same moment.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="findings")
    found_at = models.DateTimeField(default=timezone.now)
    gone_at = models.DateTimeField(null=True)
    facts = models.JSONField()
    figures = models.JSONField()

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question"], condition=Q(gone_at__isnull=True), name="finding_stands_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.found_at:%Y-%m-%d}"


class CheckStep(models.Model):
    """What one person did about a question: asked, answered or concluded. Only ever appended.

    department: whom it is asked, or for whom it is answered. conclusion: of a concluding step.
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=CheckKind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(help_text="内容")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    conclusion = models.CharField(max_length=10, blank=True, choices=QuestionState)
    # What an auditor asked, no reviewer concludes.
    as_auditor = models.BooleanField(default=False)
    evidence = models.ForeignKey(
        Attachment, models.PROTECT, null=True, related_name="check_steps", help_text="佐证材料"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=CheckKind.values), name="check_step_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="check_step_says_something",
                violation_error_message=_("Say something."),
            ),
            models.CheckConstraint(
                condition=Q(kind=CheckKind.CONCLUDED, conclusion__in=QuestionState.conclusions())
                | (~Q(kind=CheckKind.CONCLUDED) & Q(conclusion="", department__isnull=False)),
                name="check_step_fits_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.kind}"
