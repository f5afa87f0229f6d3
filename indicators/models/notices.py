"""What people are told (提醒): of rounds they owe something, of verdicts that got worse, and of
questions about figures and checks that failed."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from indicators.enums import NoticeKind
from indicators.models.questions import CheckStep
from indicators.models.rounds import Round
from indicators.models.verdicts import Verdict
from targets_site.accounts.models import User
from targets_site.moments import start_of


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of_person(self, person: User) -> Self:
        return self.filter(person=person)

    def given(self) -> Self:
        """Without those that were withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def unread(self) -> Self:
        return self.given().filter(read_at__isnull=True)

    def unseen(self) -> Self:
        """Neither read nor mailed: these can still be withdrawn."""
        return self.unread().filter(mailed_at__isnull=True)

    def mailed_on(self, day: datetime.date) -> Self:
        """On that day of Asia/Shanghai."""
        start = start_of(day)
        return self.filter(mailed_at__gte=start, mailed_at__lt=start + datetime.timedelta(days=1))


class Notice(models.Model):
    """One thing that one person is told, once: in the site, and by e-mail where there is one.

    It holds facts; the sentences are made of them in the reader's language. It is withdrawn where
    it is true no longer before anybody has read it.

    round, due_at: of a notice about a round, and the deadline that holds for the person.
    verdict, before: of a notice about a verdict, the one in force when it was given, and the one
    that stood before it got worse, at `worse_since`; both are of `target_code` and `as_of`, which
    stay the same where the target is stated anew. last_years: the years between the two figures
    behind the verdict's last pace.
    step: of a notice about a question, what was asked or answered.
    check_name, finding, facts: of a notice about a check that failed (`targets_site.checks`), what
    it found and the key of that.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=16, choices=NoticeKind)
    round = models.ForeignKey(Round, models.CASCADE, null=True, related_name="notices")
    due_at = models.DateTimeField(null=True, help_text="报送截止时间")
    target_code = models.CharField(max_length=50, blank=True)
    as_of = models.PositiveSmallIntegerField(null=True, help_text="截至年份")
    verdict = models.ForeignKey(Verdict, models.PROTECT, null=True, related_name="+")
    before = models.ForeignKey(Verdict, models.PROTECT, null=True, related_name="+")
    worse_since = models.DateTimeField(null=True)
    last_years = models.PositiveSmallIntegerField(null=True)
    step = models.ForeignKey(CheckStep, models.CASCADE, null=True, related_name="notices")
    check_name = models.CharField(max_length=20, blank=True)
    finding = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-made_at", "-id"], name="notice_of_person"),
            models.Index(
                fields=["person"],
                condition=Q(read_at__isnull=True, withdrawn_at__isnull=True),
                name="notice_unread",
            ),
            models.Index(
                fields=["target_code"],
                condition=Q(verdict__isnull=False),
                name="notice_of_target",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "person", "kind"], name="notice_of_round_given_once"
            ),
            models.UniqueConstraint(
                fields=["person", "target_code", "as_of", "worse_since"],
                condition=Q(verdict__isnull=False),
                name="notice_of_verdict_given_once",
            ),
            models.UniqueConstraint(
                fields=["person", "step"],
                condition=Q(step__isnull=False),
                name="notice_of_question_given_once",
            ),
            models.UniqueConstraint(
                fields=["person", "check_name", "finding"],
                condition=~Q(finding=""),
                name="notice_of_finding_given_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=NoticeKind.values), name="notice_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=NoticeKind.of_rounds(),
                    round__isnull=False,
                    verdict__isnull=True,
                    step__isnull=True,
                    finding="",
                )
                | Q(
                    ~Q(target_code=""),
                    kind__in=NoticeKind.of_verdicts(),
                    round__isnull=True,
                    step__isnull=True,
                    verdict__isnull=False,
                    before__isnull=False,
                    as_of__isnull=False,
                    worse_since__isnull=False,
                    finding="",
                )
                | Q(
                    kind__in=NoticeKind.of_questions(),
                    round__isnull=True,
                    verdict__isnull=True,
                    step__isnull=False,
                    finding="",
                )
                | Q(
                    ~Q(check_name="") & ~Q(finding=""),
                    kind__in=NoticeKind.of_checks(),
                    round__isnull=True,
                    verdict__isnull=True,
                    step__isnull=True,
                    facts__isnull=False,
                ),
                name="notice_is_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        about = self.round or self.target_code or self.step or self.finding
        return f"{self.person} {self.kind} {about}"

    @property
    def is_unread(self) -> bool:
        return self.read_at is None
