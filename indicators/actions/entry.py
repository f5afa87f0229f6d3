"""Entering a figure and sending it on; the further steps stand in `workflow`."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.actions import workflow
from indicators.enums import Bound, ObsStatus, SourceGrade
from indicators.models import Observation, ObservationVersion, Series
from indicators.queries.preview import Said, previews
from targets_site.accounts.models import User
from targets_site.figures import plain


@dataclass(frozen=True)
class EnteredFigure:
    """What an official says of one series and year: a value in the indicator's unit, or why there
    is none; never both.

    evidence: ids of attachments. The source may be missing until the figure is sent on.
    """

    value: Decimal | None
    stated_decimals: int = 0
    missing_reason: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    bound: str = Bound.EXACT
    obs_status: str = ObsStatus.NORMAL
    source_title: str = ""
    source_url: str = ""
    published_as: str = ""
    published_on: str = ""
    remark: str = ""
    shortfall_reason: str = ""
    next_steps: str = ""
    evidence: frozenset[int] = frozenset()

    @property
    def value_as_stated(self) -> str:
        return plain(self.value, decimals=self.stated_decimals)

    def get_bound_display(self) -> str:
        """As of a stored version, so that both can be shown alike."""
        return str(Bound(self.bound).label)

    def content(self) -> dict[str, Any]:
        """The fields of a version; a missing figure says so in its status."""
        # Not by `asdict`, which copies each text and takes twenty times as long.
        said = {name: getattr(self, name) for name in ObservationVersion.CONTENT}
        if self.value is None:
            said["obs_status"] = ObsStatus.MISSING
        return {**said, "source_grade": SourceGrade.REPORTED}


@transaction.atomic
def save(
    *,
    series: Series,
    year: int,
    figure: EnteredFigure,
    read_version: int | None,
    by: User,
    correction_reason: str = "",
) -> ObservationVersion:
    """Store the next version of a figure as a draft; the approved one stays in force.

    Raises ValidationError with both or neither of value and missing reason, else as
    `workflow.append_draft`.
    """
    if (figure.value is None) == (not figure.missing_reason):
        raise ValidationError({"value": _("Give a value or the reason why there is none.")})
    cell = locked_cell(series, year)
    version = workflow.append_draft(
        cell,
        content=figure.content(),
        evidence=figure.evidence,
        read_version=read_version,
        correction_reason=correction_reason,
        by=by,
    )
    assert isinstance(version, ObservationVersion)
    return version


def submit(*, version: ObservationVersion, by: User) -> ObservationVersion:
    """Send a figure on. Raises ValidationError, by field, without a source, or where it falls
    short of a target without reason and next steps; else as `workflow.submit`."""
    return workflow.submit(version=version, by=by, check=check_complete)


def check_complete(version: ObservationVersion) -> None:
    """Raises ValidationError, by field, for what a submission needs and the version lacks."""
    wanting: dict[str, str] = {}
    if not version.source_title:
        wanting["source_title"] = _("A figure needs its source when it is submitted.")
    if not (version.shortfall_reason and version.next_steps) and _falls_short(version):
        wanting |= _reasons_wanting(version)
    if wanting:
        raise ValidationError(wanting)


def _reasons_wanting(version: ObservationVersion) -> dict[str, str]:
    """By field; where both are missing the same is said of both, so that it can be said once."""
    if not version.shortfall_reason and not version.next_steps:
        both = _("The figure falls short of a target: say why, and what comes next.")
        return {"shortfall_reason": both, "next_steps": both}
    if not version.shortfall_reason:
        return {"shortfall_reason": _("The figure falls short of a target: say why.")}
    return {"next_steps": _("The figure falls short of a target: say what comes next.")}


def _falls_short(version: ObservationVersion) -> bool:
    cell = version.observation
    said = Said(cell.series, cell.year, version.value, version.bound, version.obs_status)
    found = previews([said]).get((cell.series_id, cell.year), [])
    return any(each.falls_short for each in found)


def locked_cell(series: Series, year: int) -> Observation:
    """The one row behind all versions: whoever holds it numbers the next one."""
    cell, _created = Observation.objects.select_for_update(of=("self",)).get_or_create(
        series=series, year=year
    )
    cell.series = series
    return cell
