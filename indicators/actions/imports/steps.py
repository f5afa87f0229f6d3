"""What a person does with an import: hand in the file, have the preview stored, or drop it."""

import datetime
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.actions.attachments import store as store_file
from indicators.actions.imports.files import check_file
from indicators.actions.jobs import Part, start_job
from indicators.enums import ImportState, JobKind, LineOutcome
from indicators.models import Attachment, Import, ImportLine, Job
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Post, Role, User
from targets_site.audit.actions import record
from targets_site.places.models import Department

# Files of one person that a job has still to work on.
MOST_UNDER_WAY = 3
UNDER_WAY = ImportState.under_way()
STORED_OUTCOMES = (LineOutcome.NEW, LineOutcome.CHANGED)


class NotAtThisStep(Exception):
    """The import was read anew, stored or discarded since the person read its page."""


def about(imported: Import) -> str:
    """The import as the trail names it."""
    return f"import:{imported.pk}"


def start(*, upload: IO[bytes], name: str, correction_reason: str, by: User) -> Import:
    """Take a file; a job reads it. Whoever calls wakes the job.

    name: as the browser sent it. correction_reason: for what is approved; may be empty. Raises
    NotAllowed unless `by` enters for a department today, ValidationError for a file that is of
    another kind or too large, and (code waiting) while too many are still read.
    """
    department = department_of(by)
    checked = check_file(upload, name=name)
    under_way = Import.objects.filter(imported_by=by, state__in=UNDER_WAY).count()
    if under_way >= MOST_UNDER_WAY:
        message = _("%(number)s of your files are still being worked on; wait for them.")
        raise ValidationError(message, code="waiting", params={"number": under_way})
    with transaction.atomic():
        attachment = store_file(upload, checked, department=department, by=by, role=Role.OFFICIAL)
        return Import.objects.create(
            attachment=attachment,
            job=start_reading(attachment, by=by),
            imported_by=by,
            language=get_language() or "zh-hans",
            correction_reason=correction_reason,
        )


def start_reading(attachment: Attachment, *, by: User) -> Job:
    """The job that reads a file; it says itself how many lines there are."""
    parts, parameters = [Part({}, size=0)], reading_parameters(attachment)
    return start_job(kind=JobKind.IMPORT, by=by, parts=parts, parameters=parameters)


def reading_parameters(attachment: Attachment) -> dict[str, Any]:
    return {"step": "read", "attachment": attachment.pk}


def department_of(user: User) -> Department:
    """The department in whose name the person imports; the first where there are several.

    Raises NotAllowed without one.
    """
    posts = Post.objects.of_user(user).today().filter(role=Role.OFFICIAL)
    post = posts.select_related("department").order_by("pk").first()
    if post is None or post.department is None:
        raise NotAllowed(_("Files are imported by officials of a department."))
    return post.department


def to_store(imported: Import) -> int:
    """How many figures storing the preview would write."""
    return sum(int(imported.counts.get(outcome, 0)) for outcome in STORED_OUTCOMES)


def lines_to_store(imported: Import) -> "QuerySet[ImportLine]":
    """In the order of the file."""
    return imported.lines.filter(outcome__in=STORED_OUTCOMES).order_by("number")


@transaction.atomic
def ask_to_store(*, imported: Import, seen: datetime.datetime | None, confirmed: bool) -> Import:
    """Have a preview stored; a job does it. Whoever calls wakes the job.

    seen: when the preview that the person saw was read. confirmed: whether the person answers for
    what is asked about. Raises NotAtThisStep where that is not the preview any more,
    ValidationError with the code nothing (there is nothing to store) or unconfirmed.
    """
    locked = _locked(imported, ImportState.PREVIEWED)
    if seen != locked.read_at:
        raise NotAtThisStep
    if not to_store(locked):
        raise ValidationError(_("There is nothing to store."), code="nothing")
    if locked.counts.get("questions") and not confirmed:
        raise ValidationError(_("Confirm what is asked about first."), code="unconfirmed")
    locked.state = ImportState.TO_STORE
    locked.job = start_job(
        kind=JobKind.IMPORT,
        by=locked.imported_by,
        parts=[Part({}, size=to_store(locked))],
        parameters={"step": "store", "attachment": locked.attachment_id},
    )
    locked.save(update_fields=["state", "job"])
    return locked


@transaction.atomic
def discard(*, imported: Import) -> Import:
    """Drop a preview; nothing was stored. Raises NotAtThisStep where there is none to drop."""
    locked = _locked(imported, ImportState.PREVIEWED)
    locked.state = ImportState.DISCARDED
    locked.save(update_fields=["state"])
    locked.lines.all().delete()
    record("discard", about(locked), by=locked.imported_by.username, role=Role.OFFICIAL)
    return locked


def _locked(imported: Import, state: ImportState) -> Import:
    locked = Import.objects.select_for_update(of=("self",)).get(pk=imported.pk)
    if locked.state != state:
        raise NotAtThisStep
    return locked
