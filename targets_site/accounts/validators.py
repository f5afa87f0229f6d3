"""What a user name, an e-mail address and a password look like."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,29}")
CHARACTER_CLASSES = [r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]"]


def validate_username(username: str) -> None:
    """Small Latin letters only, so that no two people have names that look the same."""
    if not USERNAME.fullmatch(username):
        raise ValidationError(
            gettext_lazy(
                "A user name has 2 to 30 characters: small letters, digits, dot, hyphen or "
                "underscore; it begins with a letter."
            ),
            code="username",
        )


def validate_email_address(address: str) -> None:
    """An address that every mail server takes: its letters are Latin, also those of the domain."""
    try:
        validate_email(address if address.isascii() else "")
    except ValidationError as error:
        raise ValidationError(
            gettext_lazy("This is no e-mail address; write it like zhang@example.cn."),
            code="email",
        ) from error


class CharacterClassesValidator:
    """Some of four classes: small letters, capitals, digits, other characters.

    Source: GB/T 22239-2019, 8.1.4.1 a; SECURITY.md, "Decided".
    """

    def __init__(self, min_classes: int = 3) -> None:
        self.min_classes = min_classes

    def validate(self, password: str, user: Any = None) -> None:
        found = sum(bool(re.search(each, password)) for each in CHARACTER_CLASSES)
        if found < self.min_classes:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _(
            "The password has at least %(number)s of these: small letters, capitals, digits, "
            "other characters."
        ) % {"number": self.min_classes}
