"""Which years of a level to be held were kept, which breached, which have no figure."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.sentences.amounts import years_in_words
from reports.sentences.facts import VerdictFacts


def held_years_sentence(facts: VerdictFacts) -> str:
    """保持年份2016–2020年：达到2016、2018；未达到2017；缺数2019。

    Empty where no year is due.
    """
    if not facts.hold_years:
        return ""
    parts = [
        (_("met in %(years)s"), facts.kept_years),
        (_("not met in %(years)s"), facts.breached_years),
        (_("no figure for %(years)s"), facts.missing_years),
    ]
    said = [form % {"years": years_in_words(years)} for form, years in parts if years]
    return _("To be held in %(first)s–%(last)s: %(parts)s.") % {
        "first": facts.hold_years[0],
        "last": facts.hold_years[-1],
        "parts": pgettext("between figures", "; ").join(said),
    }
