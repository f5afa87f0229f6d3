"""What jobs do with imports: read the file, or store the preview that a person accepted."""

from django.utils import translation
from django.utils.translation import gettext as _

from indicators.actions.imports.reading import as_json, read
from indicators.actions.imports.steps import UNDER_WAY, reading_parameters
from indicators.actions.imports.storing import store
from indicators.actions.jobs import Claimed, NotAtThisStep, Work, work_off_job
from indicators.enums import ImportState
from indicators.models import Import, Job
from targets_site.sheets import Problem


def work_off(imported: Import) -> Import:
    """Read or store this import at once, or wait until a worker has; returns it as it is then.

    Raises OperationalError when the database fails; the import still waits then.
    """
    while imported.state in UNDER_WAY:
        work_off_job(imported.job)
        imported.refresh_from_db()
    return imported


def do(claimed: Claimed) -> None:
    """Read or store the import of a job; what fails is tried again."""
    imported = _import_of(claimed.job)
    with translation.override(imported.language):
        if imported.state == ImportState.TO_STORE:
            store(imported, claimed)
        else:
            read(imported, claimed)


def _cancelled(job: Job) -> None:
    """What was read so far is gone; a preview that was to be stored is a preview again."""
    imported = _import_of(job)
    if imported.state == ImportState.TO_STORE:
        imported.state = ImportState.PREVIEWED
    elif imported.state == ImportState.WAITING:
        imported.state = ImportState.DISCARDED
        imported.lines.all().delete()
    imported.save(update_fields=["state"])


def _given_up(job: Job) -> None:
    imported = _import_of(job)
    with translation.override(imported.language):
        message = _("Reading or storing it failed several times; nothing was stored.")
    imported.state, imported.problems = ImportState.REFUSED, [as_json(Problem(None, "", message))]
    imported.save(update_fields=["state", "problems"])
    imported.lines.all().delete()


def _retried(job: Job) -> None:
    """Whatever it failed at: the file is read to a new preview, since the old one is gone.

    Raises NotAtThisStep where the file is gone too.
    """
    imported = _import_of(job)
    if not imported.attachment.file:
        raise NotAtThisStep
    imported.state, imported.problems = ImportState.WAITING, []
    imported.save(update_fields=["state", "problems"])
    job.parameters = reading_parameters(imported.attachment)
    job.parts.update(size=0)


def _import_of(job: Job) -> Import:
    return Import.objects.select_related("attachment", "imported_by", "job").get(job=job)


WORK = Work(do=do, cancelled=_cancelled, given_up=_given_up, retried=_retried)
