"""Checks of single values."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from indicators.enums import ObsStatus


def known_obs_status(letters: str) -> None:
    unknown = set(letters) - set(ObsStatus.values)
    if unknown or len(set(letters)) != len(letters):
        raise ValidationError(
            _("Use letters of %(known)s, each once."), params={"known": ", ".join(ObsStatus.values)}
        )


def published_on_text(text: str) -> None:
    """YYYY, YYYY-MM or YYYY-MM-DD: sources often give no day."""
    parts = text.split("-")
    lengths = [len(part) for part in parts]
    if lengths not in ([4], [4, 2], [4, 2, 2]) or not all(part.isdigit() for part in parts):
        raise ValidationError(_("Use YYYY, YYYY-MM or YYYY-MM-DD."))
