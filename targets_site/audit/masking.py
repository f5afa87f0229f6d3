"""Personal data as lists show them: enough to recognise whom one knows, and no more."""

import re
from collections.abc import Callable

# Neither a part of a longer number nor of a digest.
_ALONE = r"(?<![0-9A-Za-z.])(?:{})(?![0-9A-Za-z]|\.[0-9])"
_ID_CARD = re.compile(_ALONE.format(r"[1-9]\d{16}[0-9Xx]"))
_MOBILE = re.compile(_ALONE.format(r"((?:\+?86[- ]?)?1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})"))
_LANDLINE = re.compile(_ALONE.format(r"0\d{2,3}[- ]\d{7,8}"))
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def masked(text: str) -> str:
    """Telephone numbers, identity cards and e-mail addresses with their middle left out."""
    for pattern, hide in _HIDDEN:
        text = pattern.sub(hide, text)
    return text


def _keep(first: int, last: int) -> Callable[[re.Match[str]], str]:
    """Stars in place of what lies between."""

    def hide(match: re.Match[str]) -> str:
        text = match[0]
        return text[:first] + "*" * (len(text) - first - last) + text[len(text) - last :]

    return hide


def _mobile(match: re.Match[str]) -> str:
    return f"{match[1]}****{match[2]}"


def _email(match: re.Match[str]) -> str:
    name, _at, host = match[0].partition("@")
    return f"{name[:1]}***@{host}"


_HIDDEN: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_EMAIL, _email),
    (_ID_CARD, _keep(6, 2)),
    (_MOBILE, _mobile),
    (_LANDLINE, _keep(5, 2)),
)
