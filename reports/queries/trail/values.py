"""Before and after, field by field, in words; figures stay as they are stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from indicators.enums import Bound, JobKind, ObsStatus, Outcome, State
from reports.enums import Stage
from targets_site.accounts.models import Role
from targets_site.audit.masking import masked
from targets_site.templatetags.shown import MISSING

# What is a number or a digest is shown digit for digit.
EXACT = frozenset({
    "value", "numerator", "denominator", "tolerance", "baseline_value", "sha256",
    "content_sha256", "rows", "version",
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
    "rows": _("Rows"),
    "sha256": "SHA-256",
    "complete": pgettext_lazy("trail", "Complete"),
    "bom": pgettext_lazy("trail", "Byte-order mark"),
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
}
_PLACES = {name: place for place, name in enumerate(FIELD_WORDS)}
_WORDS: Mapping[str, Callable[[str], Any]] = {
    "state": lambda value: State(value).label,
    "bound": lambda value: Bound(value).label,
    "obs_status": lambda value: [ObsStatus(letter).label for letter in value],
    "outcome": lambda value: Outcome(value).label,
    "stage": lambda value: Stage(value).label,
    "role": lambda value: Role(value).label,
    "kind": lambda value: JobKind(value).label,
}


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
