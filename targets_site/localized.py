"""Names that stand in the database in both languages, and sentences said in both."""

from collections.abc import Callable

from django.conf import settings
from django.utils.translation import get_language, override


def localized(row: object, field: str) -> str:
    """`<field>_zh` or `<field>_en` of a row, whichever the reader chose; Chinese where empty."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return str(getattr(row, f"{field}_{language}") or getattr(row, f"{field}_zh"))


def in_each_language(say: Callable[[], str], *, between: str = " / ") -> str:
    """What `say` returns in Chinese and then in English, for whoever reads a command's errors."""
    said = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            said.append(say())
    return between.join(dict.fromkeys(said))
