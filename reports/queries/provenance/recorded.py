"""Every verdict that was recorded for one as-of year, and what changed it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.enums import State
from indicators.models import JudgementVersion, ObservationVersion, TargetReading, Verdict
from indicators.queries.differences import Difference
from indicators.templatetags.lights import badge_word
from plans.models import Target
from reports.queries.targets.page import TargetPage
from targets_site.figures import plain
from targets_site.provenance import address_of
from targets_site.templatetags.shown import MISSING, gap_words, with_unit


@dataclass(frozen=True)
class Cause:
    """What came between two verdicts. who: empty where nobody did it; address: where more of it
    stands, if anywhere."""

    words: str
    when: datetime
    who: str = ""
    address: str = ""


@dataclass(frozen=True)
class RecordedVerdict:
    """before: the one that it took the place of; None for the first. causes: what was put in force
    between the two, oldest first; differences: what it says otherwise."""

    verdict: Verdict
    before: Verdict | None
    causes: Sequence[Cause]
    differences: Sequence[Difference]


def recorded_verdicts(
    page: TargetPage, *, rows: Sequence[Target], readings: Sequence[TargetReading]
) -> list[RecordedVerdict]:
    """The newest first; of all rows that stated the target. Three queries at most.

    rows, readings: all of the target's code."""
    if page.verdict is None:
        return []
    found = list(
        Verdict.objects.filter(target__code=page.target.code, as_of=page.verdict.as_of)
        .select_related("target")
        .order_by("recorded_at", "pk")
    )
    causes = _causes(page, rows, readings) if len(found) > 1 else []
    unit = page.reading.series.indicator.unit if page.reading else page.target.unit
    changed = [
        RecordedVerdict(
            verdict=after,
            before=before,
            causes=[*_between(causes, before, after), *_of_method(before, after)],
            differences=_differences(before, after, unit=unit),
        )
        for before, after in pairwise(found)
    ]
    return [*reversed(changed), RecordedVerdict(found[0], None, [], [])]


def _between(causes: Iterable[Cause], before: Verdict, after: Verdict) -> list[Cause]:
    return [each for each in causes if before.recorded_at < each.when <= after.recorded_at]


def _of_method(before: Verdict, after: Verdict) -> list[Cause]:
    if before.method_version == after.method_version:
        return []
    words = _("New version of the method: %(version)s") % {"version": after.method_version}
    return [Cause(words, after.recorded_at)]


def _causes(
    page: TargetPage, rows: Sequence[Target], readings: Sequence[TargetReading]
) -> list[Cause]:
    """Oldest first."""
    found = [
        *_figures({reading.series_id for reading in readings}, page),
        *_judgements(page.target.code),
        *(Cause(_("Target recorded anew"), row.recorded_at, str(row.recorded_by)) for row in rows),
        *(
            Cause(_("Reading confirmed or loaded"), each.recorded_at, _reader(each))
            for each in readings
        ),
    ]
    return sorted(found, key=lambda each: each.when)


def _reader(reading: TargetReading) -> str:
    return str(reading.confirmed_by or reading.read_by)


def _figures(series: Iterable[int], page: TargetPage) -> Iterable[Cause]:
    rows = ObservationVersion.objects.filter(
        observation__series__in=list(series),
        observation__year__lte=page.as_of,
        state=State.APPROVED,
    )
    rows = rows.select_related("observation__series", "reviewed_by", "entered_by")
    for each in rows.annotate(when=Coalesce("reviewed_at", "entered_at")).order_by("when"):
        of = {"year": each.observation.year, "version": each.number}
        reference = f"observations {each.observation.series.code} {of['year']} value"
        yield Cause(
            _("Figure of %(year)s put in force, version %(version)s") % of,
            each.when,  # type: ignore[attr-defined]  # annotated
            str(each.reviewed_by or each.entered_by),
            address_of(reference),
        )


def _judgements(code: str) -> Iterable[Cause]:
    rows = JudgementVersion.objects.filter(judgement__target_code=code, state=State.APPROVED)
    for each in rows.select_related("judgement", "reviewed_by", "entered_by"):
        words = _("Judgement of %(year)s approved") % {"year": each.judgement.year}
        who = str(each.reviewed_by or each.entered_by)
        yield Cause(words, each.reviewed_at or each.entered_at, who)


def _differences(before: Verdict, after: Verdict, *, unit: str) -> list[Difference]:
    old, new = _texts(before, unit=unit), _texts(after, unit=unit)
    return [
        Difference(label, old[label], text) for label, text in new.items() if text != old[label]
    ]


def _texts(verdict: Verdict, *, unit: str) -> dict[str, str]:
    """By label, as they are shown."""
    return {
        _("Verdict"): badge_word(verdict),
        _("Figure that counts"): _of_year(verdict.actual_year, plain(verdict.actual_value), unit),
        _("Gap"): gap_words(verdict.gap, unit),
        _("Baseline"): _of_year(verdict.baseline_year, plain(verdict.baseline_value), unit),
        _("Expected on the path"): with_unit(verdict.expected_value, unit),
        _("Side evidence"): _of_year(verdict.side_year, plain(verdict.side_value), unit),
        _("Years without a figure"): verdict.missing_years or MISSING,
        _("Years not kept"): verdict.breached_years or MISSING,
        _("Method version"): verdict.method_version,
    }


def _of_year(year: int | None, value: str, unit: str) -> str:
    if year is None or not value:
        return MISSING
    of = {"figure": with_unit(value, unit), "year": year}
    return pgettext("figure and its year", "%(figure)s in %(year)s") % of
