"""What a notice about a verdict says, in the reader's language, from the facts that it holds.

Load `verdict.target`, `verdict.reading.series.indicator` and `before.target` before.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indicators.amounts import difference
from indicators.enums import Status
from indicators.models import Notice, Verdict
from indicators.pace import Pace, needed_against_last
from indicators.templatetags.lights import JUDGED, light_shape, light_word, status_word
from targets_site.templatetags.shown import target_level, with_unit


def step(notice: Notice) -> str:
    """The light before and the light now, each by shape, word and status."""
    return f"{_light(notice.before)} → {_light(notice.verdict)}"


def figures(notice: Notice) -> list[str]:
    """The figure compared, what the target asks, and how far it is; as far as there are any."""
    verdict = notice.verdict
    if verdict is None:
        return []
    target = verdict.target
    said = []
    if verdict.actual_year is not None:
        shown = {
            "year": verdict.actual_year,
            "figure": with_unit(verdict.actual_value, _unit(verdict)),
        }
        said.append(_("%(year)s: %(figure)s") % shown)
    level = {"level": target_level(target), "year": target.target_year}
    said.append(
        _("target: %(level)s by %(year)s") % level
        if target.target_year
        else _("target: %(level)s") % level
    )
    if verdict.gap is not None and verdict.gap > 0:
        form = _("%(gap)s too high") if target.direction < 0 else _("%(gap)s short")
        said.append(form % {"gap": difference(verdict.gap, _unit(verdict))})
    return [*said, *_years_short(notice.before, verdict)]


def _years_short(before: Verdict | None, verdict: Verdict) -> list[str]:
    """Years in which the level was not held, in the word of the verdict; and which are new."""
    said = []
    years, new = _breached(verdict), _newly_breached(before, verdict)
    words = {"status": status_word(Status.BREACHED, verdict.target.direction)}
    between = pgettext("between years", ", ")
    if years != new:
        said.append(_("%(status)s in: %(years)s") % {**words, "years": between.join(years)})
    if new:
        said.append(_("%(status)s, newly in: %(years)s") % {**words, "years": between.join(new)})
    return said


def causes(notice: Notice) -> list[str]:
    """What changed: the way of judging, or a figure."""
    before, after = notice.before, notice.verdict
    if before is None or after is None:
        return []
    said = []
    if before.method_version != after.method_version:
        said.append(_("The method has a new version."))
    if before.target_id != after.target_id:
        said.append(_("The target was stated anew."))
    elif before.reading_id != after.reading_id:
        said.append(_("The reading was changed."))
    elif after.status in JUDGED:
        said.append(_("People judged it anew."))
    elif figure := _changed_figure(before, after):
        said.append(figure)
    return said or [_("An earlier figure or a milestone was changed.")]


def needed(notice: Notice) -> str:
    """The pace that is needed against the last one; empty where nothing is needed any more."""
    verdict = notice.verdict
    if verdict is None:
        return ""
    return needed_against_last(
        Pace(
            required=verdict.required_pace,
            last=verdict.last_pace,
            last_years=notice.last_years,
            unit=_unit(verdict),
            falls=verdict.target.direction < 0,
        )
    )


def _changed_figure(before: Verdict, after: Verdict) -> str:
    """Empty where it is the same figure and no other year is named."""
    year = {"year": after.actual_year}
    if (after.actual_year or 0) > (before.actual_year or 0):
        return _("The figure of %(year)s came in.") % year
    if after.actual_year == before.actual_year and after.actual_value != before.actual_value:
        return _("The figure of %(year)s was corrected.") % year
    return _newly_short(before, after)


def _newly_short(before: Verdict, after: Verdict) -> str:
    new = _newly_breached(before, after)
    if not new:
        return ""
    form = ngettext(
        "The figure of %(years)s was changed.", "The figures of %(years)s were changed.", len(new)
    )
    return form % {"years": pgettext("between years", ", ").join(new)}


def _breached(verdict: Verdict) -> list[str]:
    return list(filter(None, verdict.breached_years.split(";")))


def _newly_breached(before: Verdict | None, after: Verdict) -> list[str]:
    known = _breached(before) if before else []
    return [year for year in _breached(after) if year not in known]


def _light(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    words = {
        "shape": light_shape(verdict.light),
        "light": light_word(verdict.light),
        "status": status_word(verdict.status, verdict.target.direction),
    }
    return _("%(shape)s %(status)s (%(light)s)") % words


def _unit(verdict: Verdict) -> str:
    """Of the figures; a relative target's own unit is that of its share."""
    reading = verdict.reading
    return reading.series.indicator.unit if reading else verdict.target.unit
