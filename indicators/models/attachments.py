"""Files that people hand in: evidence for figures and judgements, material for a round."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils import timezone

from indicators.enums import State
from indicators.models.workflow import left_department
from targets_site.accounts.access import held_by
from targets_site.accounts.models import User
from targets_site.places.models import Department


def stored_under(attachment: "Attachment", _name: str) -> str:
    """A name of our own: what people call a file never becomes a path."""
    return f"attachments/{timezone.localdate():%Y}/{uuid4().hex}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def readable_by(self, user: User) -> Self:
        """What the person added, what belongs to departments of his posts and to areas he audits,
        and the evidence of everything that was ever approved; of the areas he reviews the evidence
        of what has left the department (see `left_department`), the material handed in, and what
        goes with answers to questions.

        An imported file may hold drafts of several departments, so it belongs to none."""
        held = held_by(user)
        belongs_to = models.Q(department__in=held.departments) | models.Q(
            department__area__in=held.audited
        )
        readable = (
            models.Q(added_by=user)
            | (belongs_to & models.Q(import_of__isnull=True))
            | models.Q(versions__state=State.APPROVED)
            | models.Q(judgement_versions__state=State.APPROVED)
        )
        if held.reviewed:
            readable |= left_department("versions__") & models.Q(
                versions__observation__series__area__in=held.reviewed
            )
            readable |= left_department("judgement_versions__") & models.Q(
                judgement_versions__judgement__target__area__in=held.reviewed
            )
            readable |= models.Q(material__round__area__in=held.reviewed)
            readable |= models.Q(check_steps__question__area__in=held.reviewed)
        return self.filter(readable).distinct()


class Attachment(models.Model):
    """One file as it was handed in; never changed."""

    file = models.FileField(upload_to=stored_under, max_length=200)
    name = models.CharField(max_length=150, help_text="文件名")
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("indicators:attachment", args=[self.pk])
