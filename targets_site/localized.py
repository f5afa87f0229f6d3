"""Names that stand in the database in both languages."""

from django.utils.translation import get_language


def localized(row: object, field: str) -> str:
    """`<field>_zh` or `<field>_en` of a row, whichever the reader chose; Chinese where empty."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return str(getattr(row, f"{field}_{language}") or getattr(row, f"{field}_zh"))
