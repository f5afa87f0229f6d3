"""What a finding says, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from targets_site.audit.verifying.verify import verify
from targets_site.audit.words import action_word
from targets_site.checks import Check, Finding

SENTENCES = {
    "edited": gettext_noop("%(entry)s was edited after it had been chained."),
    "swapped": gettext_noop("%(entry)s and %(other)s have changed places."),
    "link_changed": gettext_noop("%(entry)s: its link in the chain was changed."),
    "inserted": gettext_noop("%(entry)s was inserted between others that had been chained before."),
    "deleted": gettext_noop("%(entry)s was deleted; its link is still there, after %(after)s."),
    "missing": gettext_noop(
        "Positions %(first)s to %(last)s of the chain are missing, between %(after)s and %(entry)s."
    ),
    "cut_out": gettext_noop(
        "Between %(after)s and %(entry)s something was deleted; the numbers %(seqs)s are missing."
    ),
    "cut_out_at_start": gettext_noop(
        "Before %(entry)s something was deleted: the chain began earlier."
    ),
    "rehashed": gettext_noop(
        "%(entry)s was changed and its hash computed anew: the next link names another hash."
    ),
    "backdated": gettext_noop(
        "%(entry)s says %(at)s but was chained after one of %(before)s: it was inserted later."
    ),
    "rewritten": gettext_noop(
        "%(entry)s has another hash than the one noted at %(at)s (%(file)s). Something after "
        "position %(agreed)s was changed and the hashes computed anew. Further noted heads that "
        "differ: %(more)s."
    ),
    "cut": gettext_noop(
        "The end of the chain was cut off: position %(noted_position)s (entry %(noted_seq)s) was "
        "noted at %(at)s (%(file)s), and the chain ends at position %(position)s. Entries cut "
        "off: %(cut)s."
    ),
    "heads_unreadable": gettext_noop("The noted heads of the chain cannot be read: %(where)s"),
    "heads_missing": gettext_noop(
        "There are no noted heads of the chain (TRAIL_HEADS_DIR): an end that was cut off, or a "
        "chain computed anew, could not be seen."
    ),
    "heads_behind": gettext_noop(
        "The end of the chain (position %(position)s) is not among the noted heads: the sealer "
        "does not run or cannot write to TRAIL_HEADS_DIR, or lines were taken out."
    ),
    "unchained": gettext_noop(
        "%(entry)s is not chained: the sealer does not run (manage.py seal_audit), or it was "
        "inserted just now."
    ),
    "unchained_between": gettext_noop(
        "%(entry)s is not chained, though later ones are: it was inserted past the application, "
        "or the sealer does not run."
    ),
    "unchained_more": gettext_noop("Further entries that are not chained: %(more)s."),
}


def say(finding: Finding) -> str:
    """In the active language."""
    facts = finding.facts
    kind = finding.kind
    if kind == "cut_out" and not facts["after"]["position"]:
        kind = "cut_out_at_start"
    words = {
        **facts,
        "entry": _entry(facts),
        "other": _entry(facts.get("other", {})),
        "after": _entry(facts.get("after", {})),
    }
    return _(SENTENCES[kind]) % words


def _entry(facts: Mapping[str, Any]) -> str:
    """By its number, what was done and to what; as far as they are known."""
    if not facts.get("seq"):
        return _("the beginning")
    if not facts.get("action"):
        return _("Entry %(seq)s") % facts
    named = {**facts, "action": action_word(facts["action"])}
    return _("Entry %(seq)s (%(action)s, %(object)s)") % named


def address(finding: Finding) -> str:
    """The entry where it is still there, else the trail."""
    facts = finding.facts
    return f"/trail/{facts['seq']}/" if facts.get("seq") and facts.get("action") else "/trail/"


CHECK = Check("trail", gettext_lazy("Trail"), verify, say, address)
