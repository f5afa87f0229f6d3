"""Taking files that people hand in."""

from typing import IO, NamedTuple

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.actions.rounds import about
from indicators.actions.workflow import Locked
from indicators.enums import MaterialKind
from indicators.models import Attachment, MaterialFile, Round
from indicators.queries.rounds import open_rounds
from indicators.uploads import CheckedUpload, check_upload
from targets_site.accounts.access import NotAllowed, held_by, with_predecessors
from targets_site.accounts.models import Role, User
from targets_site.audit.actions import record
from targets_site.places.models import Department


class Added(NamedTuple):
    """is_new: whether the file was stored now."""

    attachment: Attachment
    is_new: bool


def add_attachment(*, upload: IO[bytes], name: str, department: Department, by: User) -> Added:
    """Store a file for a department for which the person enters or signs; the same file sent again
    is the one that is stored, so that a doubled form says the same twice.

    name: as the browser sent it. Raises NotAllowed, or ValidationError (see `check_upload`). Who
    stores more with it calls the two halves: the first one outside of the transaction.
    """
    checked = check_attachment(upload=upload, name=name, department=department, by=by)
    return keep_attachment(upload=upload, checked=checked, department=department, by=by)


def check_attachment(
    *, upload: IO[bytes], name: str, department: Department, by: User
) -> CheckedUpload:
    """Raises as `add_attachment`; NotAllowed before a stranger's file is read."""
    _role_for(department, by=by)
    return check_upload(upload, name=name)


@transaction.atomic
def keep_attachment(
    *, upload: IO[bytes], checked: CheckedUpload, department: Department, by: User
) -> Added:
    """Store what `check_attachment` let pass. Raises NotAllowed."""
    role = _role_for(department, by=by)
    # The other half of a doubled form waits here until the file of the first one can be seen.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if known := _own_copy(checked, department=department, by=by):
        return Added(known, is_new=False)
    return Added(store(upload, checked, department=department, by=by, role=role), is_new=True)


def _role_for(department: Department, *, by: User) -> Role:
    """The role in which the person hands in files of the department; raises NotAllowed."""
    held = held_by(by)
    if department.pk not in held.departments:
        raise NotAllowed(_("You submit nothing for this department."))
    return Role.OFFICIAL if department.pk in held.entered else Role.SIGNER


def _own_copy(checked: CheckedUpload, *, department: Department, by: User) -> Attachment | None:
    """The same file as the person added it before; never one that was imported or handed in for a
    round, which other people may read."""
    same = Attachment.objects.filter(
        added_by=by, department=department, name=checked.name, sha256=checked.sha256
    )
    return same.filter(import_of__isnull=True, material__isnull=True).first()


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
    _check_open(round, kind=kind, department=department)
    _role_for(department, by=by)
    checked = check_upload(upload, name=name)
    with transaction.atomic():
        # A scan takes its time: meanwhile the round may have closed, or the post have ended.
        _check_open(round, kind=kind, department=department)
        role = _role_for(department, by=by)
        attachment = store(upload, checked, department=department, by=by, role=role)
        handed_in = MaterialFile.objects.create(
            round=round, kind=kind, department=department, attachment=attachment
        )
        record(
            "hand_in",
            about(round),
            by=by.username,
            role=role,
            after={"kind": kind, "department": department.code, "sha256": attachment.sha256},
        )
    return handed_in


def _check_open(round: Round, *, kind: MaterialKind, department: Department) -> None:
    """Raises NotAllowed and Locked as `hand_in`."""
    asked = set(round.materials.values_list("kind", flat=True)) | {MaterialKind.STAMPED_FORM}
    if kind not in asked or department.area_id != round.area_id:
        raise NotAllowed(_("The round does not ask for this."))
    departments = with_predecessors([department.pk])
    if not open_rounds(area_id=round.area_id, departments=departments).filter(pk=round.pk).exists():
        raise Locked(str(round))


@transaction.atomic
def store(
    upload: IO[bytes], checked: CheckedUpload, *, department: Department, by: User, role: Role
) -> Attachment:
    """Keep a file that was checked; where the row cannot be written the file goes again.

    role: in which `by` hands it in.
    """
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
            role=role,
            after={"name": checked.name, "sha256": checked.sha256, "bytes": checked.size},
        )
    except BaseException:
        attachment.file.delete(save=False)
        raise
    return attachment
