"""What one version says differently from another."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.enums import ObsStatus
from indicators.models import Attachment, JudgementVersion, ObservationVersion
from targets_site.figures import plain
from targets_site.templatetags.shown import MISSING, with_unit


@dataclass(frozen=True)
class Difference:
    """One field that changed, as it is shown; an em dash where nothing was said."""

    label: str
    before: str
    after: str


def differences_of_figures(
    before: ObservationVersion, after: ObservationVersion
) -> list[Difference]:
    """In the order of the form; of evidence, the files that were prefetched. Select the indicator
    of `after` before."""
    unit = after.observation.series.indicator.unit
    return _pairs(_figure_texts(before, unit=unit), _figure_texts(after, unit=unit))


def differences_of_judgements(
    before: JudgementVersion, after: JudgementVersion
) -> list[Difference]:
    """As of figures."""
    return _pairs(_judgement_texts(before), _judgement_texts(after))


def kinds_of_figure(obs_status: str) -> list[str]:
    """What is special about a figure (provisional, a break …), in words; nothing of a plain one."""
    plain_ones = {ObsStatus.NORMAL, ObsStatus.MISSING}
    return [str(each.label) for each in ObsStatus if each in obs_status and each not in plain_ones]


def _pairs(before: dict[str, str], after: dict[str, str]) -> list[Difference]:
    return [
        Difference(label, before[label] or MISSING, text or MISSING)
        for label, text in after.items()
        if text != before[label]
    ]


def _figure_texts(version: ObservationVersion, *, unit: str) -> dict[str, str]:
    """By label."""
    return {
        _("Value"): with_unit(version.value_as_stated, unit),
        _("Why there is no figure"): version.missing_reason,
        _("The source says"): str(version.get_bound_display()),
        _("Numerator"): plain(version.numerator),
        _("Denominator"): plain(version.denominator),
        _("Kind of figure"): listed(kinds_of_figure(version.obs_status)),
        _("Source"): version.source_title,
        _("Address of the source"): version.source_url,
        _("Name as published"): version.published_as,
        _("Published on"): version.published_on,
        _("Rests on"): str(version.get_source_grade_display()),
        _("Evidence"): _names(version.evidence.all()),
        _("Remark"): version.remark,
        _("Why the target is not reached"): version.shortfall_reason,
        _("Next steps"): version.next_steps,
    }


def _judgement_texts(version: JudgementVersion) -> dict[str, str]:
    return {
        _("Judgement"): str(version.get_outcome_display()),
        _("Narrative"): version.narrative,
        _("Evidence"): _names(version.evidence.all()),
    }


def _names(files: Iterable[Attachment]) -> str:
    return listed([file.name for file in files])


def listed(texts: Iterable[str]) -> str:
    """One after the other, with the comma of the reader's language."""
    return pgettext("between names", ", ").join(texts)
