"""The sentence of a verdict as it is read aloud: what is measured before it, whose it is after."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

# So many are named; more are counted.
_MOST_NAMES = 3


@dataclass(frozen=True)
class Owner:
    """Whose the target is. leads: the departments that the document names as leading, else none;
    reports: those that report the figures of its series."""

    leads: Sequence[str] = ()
    reports: Sequence[str] = ()


def spoken_sentence(sentence: str, *, measure: str, owner: Owner) -> str:
    """河流Ⅰ～Ⅲ类水质比例，2015年目标为85%以上，……，由省生态环境厅牵头。

    measure: empty where none is known. Without an owner the sentence ends as it is.
    """
    said = sentence
    if measure:
        said = _("%(measure)s: %(sentence)s") % {"measure": measure, "sentence": said}
    if owner.leads:
        return _ended(said, _("%(sentence)s; led by %(departments)s."), owner.leads)
    if owner.reports:
        return _ended(said, _("%(sentence)s; figures reported by %(departments)s."), owner.reports)
    return said


def _ended(sentence: str, form: str, departments: Sequence[str]) -> str:
    return form % {"sentence": sentence.rstrip("。."), "departments": _names(departments)}


def _names(departments: Sequence[str]) -> str:
    named = pgettext("between names", ", ").join(departments[:_MOST_NAMES])
    more = len(departments) - _MOST_NAMES
    if more <= 0:
        return named
    form = ngettext("%(names)s and %(number)s more", "%(names)s and %(number)s more", more)
    return form % {"names": named, "number": more}
