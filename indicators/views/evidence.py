"""A file of evidence that comes in one form with what it is evidence of."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from indicators.actions.attachments import check_attachment, keep_attachment
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import User
from targets_site.places.models import Department


@contextmanager
def handed_in(
    upload: "UploadedFile[Any] | None",
    *,
    field: str,
    department: Callable[[], Department | None],
    by: User,
) -> Iterator[frozenset[int]]:
    """Store the file, if there is one, in one transaction with what the body stores; yields its
    id, to be named there as evidence. Where the body refuses, no file is left either.

    department: in whose name it is handed in, asked only for a file. Raises NotAllowed where there
    is none, ValidationError under `field` for a file that is not taken.
    """
    if not upload:
        yield frozenset()
        return
    place = department()
    if place is None:
        raise NotAllowed(_("You hand in nothing for this department."))
    try:
        # Before the transaction: a scan takes its time.
        checked = check_attachment(upload=upload, name=upload.name or "", department=place, by=by)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error
    with transaction.atomic():
        added = keep_attachment(upload=upload, checked=checked, department=place, by=by)
        try:
            yield frozenset({added.attachment.pk})
        except BaseException:
            # The row goes with the transaction, the file would stay.
            if added.is_new:
                added.attachment.file.delete(save=False)
            raise


def ask_for_file_again(request: HttpRequest, form: forms.Form, *, field: str) -> None:
    """For a form shown anew: what was typed stands in it, but no browser keeps a file."""
    if field in form.files and field not in form.errors:
        said = _("Your file was not stored either: choose it again before you save.")
        messages.warning(request, said)
