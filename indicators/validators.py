"""Checks of single values."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from indicators.enums import ObsStatus

DATE_OR_PART = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def known_obs_status(letters: str) -> None:
    unknown = set(letters) - set(ObsStatus.values)
    if unknown or len(set(letters)) != len(letters):
        raise ValidationError(
            _("Use letters of %(known)s, each once."), params={"known": ", ".join(ObsStatus.values)}
        )


def published_on_text(text: str) -> None:
    """YYYY, YYYY-MM or YYYY-MM-DD: sources often give no day."""
    match = DATE_OR_PART.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        date(*(int(part or 1) for part in match.groups()))
    except ValueError as error:
        raise ValidationError(_("Use YYYY, YYYY-MM or YYYY-MM-DD.")) from error
