"""Before and after, field by field, in words; figures stay as they are stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from indicators.enums import (
    Bound,
    JobKind,
    JobState,
    MaterialKind,
    ObsStatus,
    Outcome,
    QuestionState,
    State,
)
from reports.enums import Stage
from targets_site.accounts.models import Role
from targets_site.audit.masking import masked
from targets_site.audit.words import action_word
from targets_site.templatetags.shown import MISSING

# What is a number or a digest is shown digit for digit.
EXACT = frozenset({
    "value", "numerator", "denominator", "tolerance", "baseline_value", "sha256",
    "content_sha256", "rows", "version", "hash", "figures",
})  # fmt: skip
FIELD_WORDS: Mapping[str, Promise | str] = {
    "version": _("Version"),
    "value": _("Value"),
    "state": _("State"),
    "stated_decimals": pgettext_lazy("trail", "Digits after the point"),
    "missing_reason": _("Why there is no figure"),
    "numerator": _("Numerator"),
    "denominator": _("Denominator"),
    "bound": _("The source says"),
    "obs_status": _("Kind of figure"),
    "source_title": _("Source"),
    "source_url": _("Address of the source"),
    "published_as": _("Name as published"),
    "published_on": _("Published on"),
    "remark": _("Remark"),
    "shortfall_reason": _("Why the target is not reached"),
    "next_steps": _("Next steps"),
    "evidence": _("Evidence"),
    "outcome": _("Judgement"),
    "narrative": _("Narrative"),
    "series": _("Series"),
    "tolerance": _("Tolerance"),
    "baseline_year": _("Baseline year"),
    "baseline_value": _("Baseline value"),
    "proposed_by": pgettext_lazy("trail", "Proposed by"),
    "area": _("Area"),
    "department": _("Department"),
    "role": _("Post"),
    "from_date": _("First day"),
    "to_date": _("Last day"),
    "until": pgettext_lazy("trail", "Until"),
    "full_name": _("Full name"),
    "email": _("E-mail address"),
    "name": pgettext_lazy("trail", "Name"),
    "years": _("Years"),
    "opens_at": _("Opens"),
    "due_at": pgettext_lazy("deadline", "Due"),
    "closes_at": _("Closes"),
    "materials": pgettext_lazy("trail", "Material asked for"),
    "text": pgettext_lazy("trail", "Said"),
    "step": pgettext_lazy("trail", "Step of the check"),
    "table": _("Table"),
    "format": _("Format"),
    "rows": _("Rows"),
    "complete": pgettext_lazy("trail", "Complete"),
    "domain": _("Domain"),
    "document": _("Document"),
    "year": _("Year"),
    "at": _("As it stood on"),
    "below": pgettext_lazy("trail", "With all areas below"),
    "filters": _("Only some of the rows"),
    "sha256": "SHA-256",
    "bom": pgettext_lazy("trail", "Byte-order mark"),
    "size": pgettext_lazy("trail", "Bytes"),
    "bytes": pgettext_lazy("trail", "Bytes"),
    "moment": pgettext_lazy("trail", "State of the data"),
    "method_version": pgettext_lazy("trail", "Version of the method"),
    "head": _("Trail head"),
    "position": pgettext_lazy("trail", "Position"),
    "seq": pgettext_lazy("trail", "Entry"),
    "hash": _("Hash"),
    "file": _("File"),
    "files": pgettext_lazy("trail", "Files"),
    "documents": _("Documents"),
    "verdicts": pgettext_lazy("trail", "Verdicts"),
    "changed": _("What changed"),
    "stage": _("Stage"),
    "kind": _("Kind"),
    "done": _("Done so far"),
    "total": pgettext_lazy("trail", "In all"),
    "notices": _("Notices"),
    "new": pgettext_lazy("trail", "New"),
    "gone": pgettext_lazy("trail", "Gone"),
    "made_at": pgettext_lazy("trail", "Made at"),
    "ends_at": pgettext_lazy("trail", "Ends at"),
    "form_number": _("Form number"),
    "as_of": _("As of"),
    "action": pgettext_lazy("trail", "Action"),
    "areas": _("Areas"),
    "departments": _("Departments"),
    "domains": _("Domains"),
    "indicators": _("Indicators"),
    "observations": _("Figures"),
    "readings": _("Readings"),
    "targets": _("Targets"),
    "who": _("Person"),
    "key": pgettext_lazy("trail", "Code or name, from its beginning"),
    "since": pgettext_lazy("trail", "From day"),
    "about": pgettext_lazy("trail", "Object"),
    "door": pgettext_lazy("trail", "Looked at"),
    "failures": pgettext_lazy("trail", "Failed logins"),
    "locked_until": pgettext_lazy("trail", "Locked until"),
    "begun_at": pgettext_lazy("trail", "Signed in at"),
    "last_seen_at": pgettext_lazy("trail", "Last at work"),
    "ip": pgettext_lazy("trail", "Address on the network"),
    "user_agent": pgettext_lazy("trail", "Browser"),
    "last_login": pgettext_lazy("trail", "Last login"),
    "suspended_at": pgettext_lazy("trail", "Suspended at"),
    "left": pgettext_lazy("trail", "Recovery codes left"),
    "accounts": pgettext_lazy("trail", "Accounts"),
    "posts": pgettext_lazy("trail", "Posts"),
    "at_once": pgettext_lazy("trail", "Ended at once"),
    "asked_by": pgettext_lazy("trail", "Asked for by"),
    "confirmed_by": pgettext_lazy("trail", "Confirmed by"),
    "unsigned": pgettext_lazy("trail", "Not signed, because"),
    "people": pgettext_lazy("trail", "Sent to people"),
    "template": pgettext_lazy("trail", "Template of"),
    "figures": pgettext_lazy("trail", "Figures that were others before"),
    "content_sha256": pgettext_lazy("trail", "SHA-256 of the content"),
}
_DOORS = {
    "exports": pgettext_lazy("trail", "on the page of exports"),
    "api": pgettext_lazy("trail", "by a program"),
}
_STEPS = {
    "code": pgettext_lazy("trail", "code of the app"),
    "recovery_code": pgettext_lazy("trail", "recovery code"),
}
_WHY_UNSIGNED = {
    "entered or sent by the only signer": pgettext_lazy(
        "trail", "entered or sent by the only signer"
    ),
}
_MOMENTS = (
    "opens_at", "due_at", "closes_at", "made_at", "ends_at", "moment", "locked_until", "begun_at",
    "last_seen_at", "last_login", "suspended_at",
)  # fmt: skip
_PLACES = {name: place for place, name in enumerate(FIELD_WORDS)}
_WORDS: Mapping[str, Callable[[str], Any]] = {
    "state": lambda value: _state_word(value),
    "action": action_word,
    "bound": lambda value: Bound(value).label,
    "obs_status": lambda value: [ObsStatus(letter).label for letter in value],
    "outcome": lambda value: Outcome(value).label,
    "stage": lambda value: Stage(value).label,
    "role": lambda value: Role(value).label,
    "SECOND_FACTOR_ROLES": lambda value: Role(value).label,
    "kind": lambda value: JobKind(value).label,
    "materials": lambda value: _material(value),
    "door": lambda value: _DOORS.get(value, value),
    "step": lambda value: _STEPS.get(value, value),
    "unsigned": lambda value: _WHY_UNSIGNED.get(value, value),
    **dict.fromkeys(_MOMENTS, lambda value: _moment_here(value)),
}


def _moment_here(value: str) -> str:
    """As the times beside it are written; what is no moment with a zone stays as it is."""
    moment = parse_datetime(value)
    if moment is None or timezone.is_naive(moment):
        return value
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")


def _material(value: str) -> str:
    """What is asked for, or by when."""
    is_kind = value in MaterialKind.values
    return str(MaterialKind(value).label) if is_kind else _moment_here(value)


def _state_word(value: str) -> Any:
    """Of a figure, a question or a job."""
    known = (each for each in (State, QuestionState, JobState) if value in each.values)
    return next(known, QuestionState)(value).label


@dataclass(frozen=True)
class FieldChange:
    """One field of an entry. before, after: as shown; an em dash for nothing, None where the entry
    does not speak of it. is_changed: false where both say the same."""

    name: str
    label: str
    before: str | None
    after: str | None

    @property
    def is_changed(self) -> bool:
        return self.before != self.after

    @property
    def is_empty(self) -> bool:
        """Whether it says that there was nothing, and nothing else."""
        return self.before is None and self.after == MISSING


def changes_of(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, *, hide_personal: bool
) -> list[FieldChange]:
    """In the order of FIELD_WORDS, then by name: a database may keep fields in an order of its
    own."""
    before, after = before or {}, after or {}
    hide = masked if hide_personal else str

    def shown(values: Mapping[str, Any], name: str) -> str | None:
        if name not in values:
            return None
        text = value_text(name, values[name])
        return text if name in EXACT else hide(text)

    return [
        FieldChange(name, field_word(name), shown(before, name), shown(after, name))
        for name in sorted({*before, *after}, key=_place)
    ]


def _place(name: str) -> tuple[int, str]:
    return (_PLACES.get(name, len(_PLACES)), name)


def field_word(name: str) -> str:
    """The field's own name where it has no words."""
    return str(FIELD_WORDS.get(name, name))


def value_text(name: str, value: Any) -> str:
    """One value as a reader sees it; nothing is rounded."""
    if value is None or value in ("", [], {}):
        return MISSING
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        each = [f"{field_word(key)} {value_text(key, one)}" for key, one in value.items()]
        return pgettext("between fields", "; ").join(each)
    if isinstance(value, list):
        return pgettext("between names", ", ").join(value_text(name, one) for one in value)
    return _in_words(name, str(value))


def _in_words(name: str, text: str) -> str:
    """A code as its words, where it is one that is known."""
    say = _WORDS.get(name)
    try:
        said = say(text) if say else text
    except ValueError:
        return text
    return value_text("", [str(each) for each in said]) if isinstance(said, list) else str(said)
