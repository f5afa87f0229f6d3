"""What a form brought and could not be stored just now: it stands in the answer, and one press
sends it again."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy
from rest_framework.authentication import CSRFCheck

# What no answer ever holds, by the names of fields; who makes a form with a secret adds its name
# (tests/test_carried.py looks into every form).
SECRETS = frozenset(
    [
        "password", "old_password", "new_password1", "new_password2", "confirm_password",
        "code", "otp", "otp_token", "one_time_code", "recovery_code",
    ]
)  # fmt: skip
TOKEN = "csrfmiddlewaretoken"
# Whose form it is, where somebody else may sign in before it is sent again.
TYPED_BY = "typed_by"
# Of all names and values together; a whole sheet of a round has some 50,000.
LARGEST_CHARACTERS = 250_000
# What people type, as their forms call it. Everything is sent again, this alone is shown.
LABELS = {
    "value": gettext_lazy("Value"),
    "numerator": gettext_lazy("Numerator"),
    "denominator": gettext_lazy("Denominator"),
    "missing_reason": gettext_lazy("Why there is no figure"),
    "source_title": gettext_lazy("Source"),
    "source_url": gettext_lazy("Address of the source"),
    "published_as": gettext_lazy("Name as published"),
    "published_on": gettext_lazy("Published on"),
    "remark": gettext_lazy("Remark"),
    "shortfall_reason": gettext_lazy("Why the target is not reached"),
    "next_steps": gettext_lazy("Next steps"),
    "narrative": gettext_lazy("Reasons for the judgement"),
    "correction_reason": gettext_lazy("Reason for the correction"),
    "reason": gettext_lazy("Reason"),
    "text": gettext_lazy("What you say"),
    "note_zh": gettext_lazy("Why, in Chinese"),
    "note_en": gettext_lazy("Why, in English"),
}


@dataclass(frozen=True)
class ChosenFiles:
    """Files that were chosen in one field; browsers let no page choose them again by itself."""

    field: str
    names: tuple[str, ...]

    @property
    def are_several(self) -> bool:
        return len(self.names) > 1


@dataclass(frozen=True)
class Carried:
    """A form as it was sent, without its token, its files and its secrets.

    address: path and query it went to. fields: every name and value, in their order. has_secrets:
    a password or the like was left out, so it can only be filled in anew. token: of the browser
    that sent it. typed_by: the mark of the person whose it is; empty where that is not known.
    """

    address: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[ChosenFiles, ...]
    has_secrets: bool
    token: str
    typed_by: str

    @property
    def shown(self) -> list[tuple[object, str]]:
        """What a person typed, with its label."""
        return [(LABELS[name], value) for name, value in self.fields if name in LABELS and value]

    @property
    def token_cookie(self) -> str:
        """Where the script finds a newer token than that of this page."""
        return str(settings.CSRF_COOKIE_NAME)


def carried(request: HttpRequest, *, typed_by: int | None = None) -> Carried | None:
    """None where nothing was sent by a form, where it is too large, and where the page that sent
    it is not ours: else another site could put words into the answer and wait for the press.

    Reads neither the session nor the database. typed_by: id of the person who sent it, where
    nobody is signed in any more; what is sent again keeps whose it was.
    """
    if request.method != "POST" or request.path.startswith("/api/"):
        return None
    try:
        sent, files = request.POST, request.FILES
    except (
        RequestDataTooBig,
        SuspiciousOperation,
        MultiPartParserError,
        UnreadablePostError,
    ):
        return None
    if not _came_from_here(request):
        return None
    every = [(name, value) for name, values in sent.lists() for value in values]
    every = [(name, value) for name, value in every if name not in {TOKEN, TYPED_BY}]
    fields = tuple((name, value) for name, value in every if name not in SECRETS)
    if sum(len(name) + len(value) for name, value in fields) > LARGEST_CHARACTERS:
        return None
    return Carried(
        address=request.get_full_path(),
        fields=fields,
        files=tuple(
            ChosenFiles(name, tuple(file.name or "" for file in chosen))
            for name, chosen in files.lists()
        ),
        has_secrets=len(fields) < len(every),
        token=get_token(request),
        typed_by=sent.get(TYPED_BY) or (_mark(typed_by) if typed_by else ""),
    )


def is_of_another(request: HttpRequest, user_id: int) -> bool:
    """Whether the form that is sent again was typed by somebody else than the person."""
    mark = request.POST.get(TYPED_BY, "") if request.method == "POST" else ""
    return mark != "" and not constant_time_compare(mark, _mark(user_id))


def _mark(user_id: int) -> str:
    """By which a page knows a person again, and nobody learns who it is."""
    return salted_hmac("targets_site.carried", str(user_id), algorithm="sha256").hexdigest()


def _came_from_here(request: HttpRequest) -> bool:
    """By the page's origin, which browsers tell and no page can make up; else by a valid token."""
    origin = request.headers.get("Origin")
    if origin is not None:
        own = f"{request.scheme}://{request.get_host()}"
        return origin == own or origin in settings.CSRF_TRUSTED_ORIGINS
    check = CSRFCheck(_nothing)
    check.process_request(request)
    return check.process_view(request, _nothing, (), {}) is None


def _nothing(_request: HttpRequest) -> HttpResponse:
    """In the place of the view that the check stands before."""
    return HttpResponse()
