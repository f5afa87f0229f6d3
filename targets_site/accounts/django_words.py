"""What Django says where one chooses a password: named here, so that our catalogue, which comes
first, says it as the rest of the site addresses people. Nothing imports this."""

from django.utils.translation import gettext_noop, ngettext_lazy

WORDS = (
    gettext_noop("Your old password was entered incorrectly. Please enter it again."),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("Your password can’t be a commonly used password."),
    # Not in Django's own Chinese catalogue.
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
)
