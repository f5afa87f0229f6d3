"""A yearly report: figures that were frozen once, and texts that people edit around them."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from indicators.models import Job
from plans.validators import year_in_range
from reports.enums import ReportStepKind, Stage
from targets_site.accounts.models import Post, Role, User
from targets_site.places.models import Area, Department

# Whose posts of an area open what departments comment on, and what leadership approves.
COMMENTING = (
    Role.OFFICIAL, Role.SIGNER, Role.REVIEWER, Role.LEADER, Role.AUDITOR, Role.STEWARD,
)  # fmt: skip
APPROVING = (Role.REVIEWER, Role.LEADER)


def stored_under(text: "ReportText", _name: str) -> str:
    """A name of our own: what people call a file never becomes a path."""
    return f"reports/{timezone.localdate():%Y}/{uuid4().hex}"


class ReportQuerySet(models.QuerySet["Report"]):
    def readable_by(self, user: User | None) -> Self:
        """Issued ones; of the areas of a person's posts those for comment, of those that he leads
        or reviews those for approval, of those that he reviews drafts too. None: nobody known."""
        readable = Q(stage=Stage.ISSUED)
        if user is not None:
            in_use = Post.objects.of_user(user).today().filter(user__is_active=True)
            of_area = Q(area__in=in_use.filter(role__in=COMMENTING).values("area"))
            decided = Q(area__in=in_use.filter(role__in=APPROVING).values("area"))
            readable |= Q(stage=Stage.COMMENT) & of_area
            readable |= Q(stage=Stage.APPROVAL) & decided
            readable |= Q(area__in=in_use.filter(role=Role.REVIEWER).values("area"))
        return self.filter(readable)

    def under_way(self) -> Self:
        """Neither issued nor replaced by a newer draft: the one that people work on."""
        return self.exclude(stage=Stage.ISSUED).filter(replaced_at__isnull=True)


class Report(models.Model):
    """One edition of the report of an area, or of one of its departments, on a year.

    frozen: figures, tables and pictures as they stood when it was drafted (`reports.drafting`);
    never changed. version counts what people did, so that nobody overtakes another unseen.
    trail_seq, trail_hash: the last entry of the trail's chain then; 0 and empty where there was
    none. replaced_at: when a newer draft took its place.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField(help_text="报告年度; verdicts as of it")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="reports", help_text="empty: the area"
    )
    edition = models.PositiveSmallIntegerField(help_text="版次")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.DRAFT)
    version = models.PositiveIntegerField(default=1)
    frozen = models.JSONField()
    method_version = models.CharField(max_length=10)
    trail_seq = models.BigIntegerField(help_text="0: an empty trail")
    trail_hash = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, help_text="数据截止时间")
    issued_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["area__code", "-year", "department__code", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "year", "edition"],
                condition=Q(department__isnull=True),
                name="report_edition_once",
            ),
            models.UniqueConstraint(
                fields=["area", "year", "department", "edition"],
                condition=Q(department__isnull=False),
                name="report_of_department_edition_once",
            ),
            models.UniqueConstraint(
                fields=["area", "year"],
                condition=Q(department__isnull=True, replaced_at__isnull=True)
                & ~Q(stage=Stage.ISSUED),
                name="report_under_way_once",
            ),
            models.UniqueConstraint(
                fields=["area", "year", "department"],
                condition=Q(department__isnull=False, replaced_at__isnull=True)
                & ~Q(stage=Stage.ISSUED),
                name="report_of_department_under_way_once",
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="report_stage_known"),
            models.CheckConstraint(
                condition=Q(stage=Stage.ISSUED, issued_at__isnull=False, replaced_at__isnull=True)
                | (~Q(stage=Stage.ISSUED) & Q(issued_at__isnull=True)),
                name="report_issued_for_good",
                violation_error_message=_("An issued report stays as it is."),
            ),
            models.CheckConstraint(
                condition=Q(edition__gte=1, version__gte=1), name="report_counts_from_one"
            ),
            year_in_range("year", name="report_year_range"),
        ]

    def __str__(self) -> str:
        return f"{self.area.code}:{self.year}:{self.scope}:{self.edition}"

    def get_absolute_url(self) -> str:
        return f"{reverse('reports:report', args=[self.area.code, self.year])}?{self.query}"

    @property
    def in_trail(self) -> str:
        """As the trail names it."""
        return f"report:{self}"

    @property
    def query(self) -> str:
        """What says behind its address which report of the area and year it is."""
        asked = {"department": self.scope} if self.department else {}
        return urlencode({**asked, "edition": str(self.edition)})

    @property
    def scope(self) -> str:
        """The code of its department; empty for the whole area."""
        return self.department.code if self.department else ""

    @property
    def is_under_way(self) -> bool:
        return self.stage != Stage.ISSUED and self.replaced_at is None

    @property
    def next_stage(self) -> Stage | None:
        return Stage(self.stage).following


class ReportText(models.Model):
    """A report's text as it stood once: drafted, or read from an edited Word file. Never changed.

    blocks: `reports.paper.stored`. file, name, size, sha256: the Word file that was handed in; of a
    drafted text, the digest of the Word file that was drafted, which can be made again.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField()
    blocks = models.JSONField()
    file = models.FileField(upload_to=stored_under, max_length=200, blank=True)
    name = models.CharField(max_length=150, blank=True)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="report_text_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.number}"


class ReportStep(models.Model):
    """What one person did with a report, when and why; appended only.

    version: of the report after it. text: what the report said then. content_sha256: the digest of
    its figures and text (`reports.paper.stored`). word_sha256: of the Word file that was drafted,
    handed in or issued. Both are empty of steps before there were digests.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="steps")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=ReportStepKind)
    from_stage = models.CharField(max_length=10, choices=Stage)
    to_stage = models.CharField(max_length=10, choices=Stage)
    text = models.ForeignKey(ReportText, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    word_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["report", "version"]
        constraints = [
            models.UniqueConstraint(fields=["report", "version"], name="report_step_once"),
            models.CheckConstraint(
                condition=Q(kind__in=ReportStepKind.values), name="report_step_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(from_stage__in=Stage.values, to_stage__in=Stage.values),
                name="report_step_stages_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ReportStepKind.RETURN) | ~Q(reason=""),
                name="report_returned_with_reason",
                violation_error_message=_("Say why it goes back."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.version} {self.kind}"


class ReportFile(models.Model):
    """An issued report as it was handed out. Never changed, however pages are set later.

    content: in the database, so that it is stored, saved and restored as one with its digest.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="files")
    ending = models.CharField(max_length=4, help_text="pdf, docx")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["report", "ending"]
        constraints = [
            models.UniqueConstraint(fields=["report", "ending"], name="report_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}.{self.ending}"
