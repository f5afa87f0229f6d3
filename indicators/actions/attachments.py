"""Taking files that people hand in."""

from typing import IO

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.actions.workflow import Locked
from indicators.enums import MaterialKind
from indicators.models import Attachment, MaterialFile, Round
from indicators.queries.rounds import open_rounds
from indicators.uploads import CheckedUpload, check_upload
from targets_site.accounts.access import NotAllowed, held_by, with_predecessors
from targets_site.accounts.models import Role, User
from targets_site.audit.actions import record
from targets_site.places.models import Department


def add_attachment(*, upload: IO[bytes], name: str, department: Department, by: User) -> Attachment:
    """Store a file for a department for which the person enters or signs.

    name: as the browser sent it. Raises NotAllowed, or ValidationError (see `check_upload`).
    """
    if department.pk not in held_by(by).departments:
        raise NotAllowed(_("You hand in nothing for this department."))
    return store(upload, check_upload(upload, name=name), department=department, by=by)


@transaction.atomic
def hand_in(
    *,
    round: Round,
    kind: MaterialKind,
    department: Department,
    upload: IO[bytes],
    name: str,
    by: User,
) -> MaterialFile:
    """Hand in a file that a round asks for, or the stamped form; an earlier one stays readable.

    Raises NotAllowed and ValidationError as `add_attachment`, NotAllowed too where the round does
    not ask for the kind, Locked where the round is not open for the department.
    """
    asked = set(round.materials.values_list("kind", flat=True)) | {MaterialKind.STAMPED_FORM}
    if kind not in asked or department.area_id != round.area_id:
        raise NotAllowed(_("The round does not ask for this."))
    departments = with_predecessors([department.pk])
    if not open_rounds(area_id=round.area_id, departments=departments).filter(pk=round.pk).exists():
        raise Locked(str(round))
    attachment = add_attachment(upload=upload, name=name, department=department, by=by)
    handed_in = MaterialFile.objects.create(
        round=round, kind=kind, department=department, attachment=attachment
    )
    record(
        "hand_in",
        f"round:{round.area.code}:{round.name}"[:200],
        by=by.username,
        role=Role.OFFICIAL,
        after={"kind": kind, "department": department.code, "sha256": attachment.sha256},
    )
    return handed_in


@transaction.atomic
def store(
    upload: IO[bytes], checked: CheckedUpload, *, department: Department, by: User
) -> Attachment:
    """Keep a file that was checked; where the row cannot be written the file goes again."""
    attachment = Attachment(
        name=checked.name,
        media_type=checked.media_type,
        size=checked.size,
        sha256=checked.sha256,
        department=department,
        added_by=by,
    )
    attachment.file.save(checked.name, File(upload), save=False)
    try:
        attachment.save()
        record(
            "attach",
            f"attachment:{attachment.pk}",
            by=by.username,
            after={"name": checked.name, "sha256": checked.sha256, "bytes": checked.size},
        )
    except BaseException:
        attachment.file.delete(save=False)
        raise
    return attachment
