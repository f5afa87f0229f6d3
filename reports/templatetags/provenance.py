"""How the trail is shown beside a figure: `{% load provenance %}`."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from targets_site.accounts.models import User
from targets_site.audit.chain import head, json_cell
from targets_site.audit.models import Entry

register = template.Library()


register.simple_tag(head, name="chain_head")


@register.filter
def action_word(action: str) -> str:
    """What was done, in words; the trail's own word where there is none here."""
    words = {
        "save": pgettext("step", "Entered"),
        "submit": pgettext("step", "Submitted"),
        "sign": pgettext("step", "Signed"),
        "recall": pgettext("step", "Recalled"),
        "return": pgettext("step", "Returned"),
        "approve": pgettext("step", "Approved"),
        "load_reference": _("Loaded with the reference data"),
        "import": _("Imported from a file"),
        "propose_reading": _("Reading proposed"),
        "confirm_reading": _("Reading confirmed"),
        "refuse_reading": _("Reading refused"),
        "denied": _("Refused to somebody"),
    }
    return words.get(action, action)


@register.filter
def actor_word(name: str) -> str:
    """The user name as the trail has it; the author of loaded data is nobody."""
    return _("Reference data") if name == User.REFERENCE else name


@register.filter
def said_in_entry(entry: Entry) -> list[str]:
    """Reason, what was said before and after, and from where, for who reads the whole trail."""
    parts = [
        (_("Reason"), entry.reason),
        (_("Before"), json_cell(entry.before)),
        (_("After"), json_cell(entry.after)),
    ]
    return [f"{label}: {text}" for label, text in parts if text]
