"""Why somebody did something, as he says it himself."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from targets_site.typed_text import TextKind, clean_text


def cleaned_reason(text: str, *, field: str = "reason") -> str:
    """A reason in the form it is stored, through whichever door it came: at most 2,000 characters,
    empty where nothing can be seen of it.

    Raises ValidationError under `field`, with the codes of `clean_text`.
    """
    label = _("Reason for the correction") if field == "correction_reason" else _("Reason")
    try:
        return clean_text(text, kind=TextKind.REMARK, label=label).value
    except ValidationError as error:
        raise ValidationError({field: error}) from error
