"""Entering a figure, and approving or returning it."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.enums import Bound, SourceGrade, State
from indicators.models import Observation, ObservationVersion, Series, StaleRow
from indicators.queries.entry import reports_series_in
from targets_site.accounts.access import NotAllowed, may_review
from targets_site.accounts.models import Role, User
from targets_site.audit.actions import record
from targets_site.figures import plain


@dataclass(frozen=True)
class EnteredFigure:
    """What an official says of one series and year: a value in the indicator's unit, or why there
    is none; never both."""

    value: Decimal | None
    source_title: str
    stated_decimals: int = 0
    missing_reason: str = ""
    source_url: str = ""
    published_on: str = ""
    remark: str = ""
    bound: str = Bound.EXACT

    @property
    def value_as_stated(self) -> str:
        return plain(self.value, decimals=self.stated_decimals)

    def get_bound_display(self) -> str:
        """As of a stored version, so that both can be shown alike."""
        return str(Bound(self.bound).label)


class StaleVersion(Exception):
    """Somebody stored a newer version than the one that was read."""

    def __init__(self, newer: ObservationVersion) -> None:
        super().__init__(str(newer))
        self.newer = newer


class WrongState(Exception):
    """The version is not at the step that this action follows."""

    def __init__(self, version: ObservationVersion) -> None:
        super().__init__(f"{version} {version.state}")
        self.version = version


@transaction.atomic
def enter(
    *, series: Series, year: int, figure: EnteredFigure, read_version: int | None, by: User
) -> ObservationVersion:
    """Store the next version of a figure as submitted; the approved one stays in force.

    read_version: number of the version that was read, None where there was none. The same figure
    by the same person on the same read version (a doubled submit) returns the stored version,
    as long as nobody has decided on it.
    Raises NotAllowed unless `by` holds an official's post today for the department that reports
    the series in that year, ValidationError without a source or with both or neither of value
    and missing reason, StaleVersion when a newer version than the one read is stored.
    """
    if not reports_series_in(user=by, series=series, year=year):
        raise NotAllowed(_("Your department does not report this series in that year."))
    _check_complete(figure)
    observation = _locked_cell(series, year)
    newest = observation.versions.order_by("-number").first()
    read = read_version or 0
    if newest is not None and newest.number != read:
        if newest.number == read + 1 and _is_repeated(newest, figure, by=by):
            return newest
        raise StaleVersion(newest)
    version = _append_version(observation, figure, number=read + 1 if newest else 1, by=by)
    record(
        "enter",
        _about(version),
        by=by.username,
        role=Role.OFFICIAL,
        before=_said(newest) if newest else None,
        after=_said(version),
    )
    return version


@transaction.atomic
def approve(*, version: ObservationVersion, by: User) -> ObservationVersion:
    """Put a submitted version in force and mark its series as stale.

    The version in force until now stays readable. Raises NotAllowed when `by` entered it or holds
    no reviewer's post for its area today, WrongState unless it is submitted, StaleVersion when a
    newer version took its place.
    """
    observation, locked = _locked_for_review(version, by=by)
    before = observation.in_force
    _move(locked, State.APPROVED, by=by)
    observation.in_force = locked
    observation.save(update_fields=["in_force"])
    StaleRow.objects.append_series([observation.series_id])
    record(
        "approve",
        _about(locked),
        by=by.username,
        role=Role.REVIEWER,
        before=_said(before) if before else None,
        after=_said(locked),
    )
    return locked


@transaction.atomic
def return_to_official(*, version: ObservationVersion, by: User, reason: str) -> ObservationVersion:
    """Give a submitted version back; what is in force stays so.

    Raises ValidationError without a reason, else as `approve`.
    """
    _observation, locked = _locked_for_review(version, by=by)
    if not reason.strip():
        raise ValidationError(_("Say why the figure is returned."), code="reason")
    before = _said(locked)
    _move(locked, State.RETURNED, by=by, reason=reason)
    record(
        "return",
        _about(locked),
        by=by.username,
        role=Role.REVIEWER,
        before=before,
        after=_said(locked),
        reason=reason,
    )
    return locked


def _check_complete(figure: EnteredFigure) -> None:
    if (figure.value is None) == (not figure.missing_reason):
        raise ValidationError(_("Give a value or the reason why there is none."), code="value")
    if not figure.source_title:
        raise ValidationError(
            _("A figure needs its source when it is submitted."), code="source_title"
        )


def _locked_cell(series: Series, year: int) -> Observation:
    """The one row behind all versions: whoever holds it numbers the next one."""
    cell, _created = Observation.objects.get_or_create(series=series, year=year)
    return Observation.objects.select_for_update().get(pk=cell.pk)


def _is_repeated(stored: ObservationVersion, figure: EnteredFigure, *, by: User) -> bool:
    said = asdict(figure)
    same = said == {field: getattr(stored, field) for field in said}
    return same and stored.entered_by_id == by.pk and stored.state == State.SUBMITTED


def _append_version(
    observation: Observation, figure: EnteredFigure, *, number: int, by: User
) -> ObservationVersion:
    now = timezone.now()
    version = ObservationVersion.objects.create(
        observation=observation,
        number=number,
        state=State.SUBMITTED,
        source_grade=SourceGrade.REPORTED,
        entered_by=by,
        entered_at=now,
        submitted_at=now,
        **asdict(figure),
    )
    observation.working = version
    observation.save(update_fields=["working"])
    return version


def _locked_for_review(
    version: ObservationVersion, *, by: User
) -> tuple[Observation, ObservationVersion]:
    """The cell and the version as they stand now, held until the decision is stored."""
    observation = (
        Observation.objects.select_for_update(of=("self",))
        .select_related("series__area", "in_force", "working")
        .get(pk=version.observation_id)
    )
    locked = observation.versions.get(pk=version.pk)
    if not may_review(by, observation.series.area):
        raise NotAllowed(_("You do not review the figures of this area."))
    if locked.entered_by_id == by.pk:
        raise NotAllowed(_("Nobody approves what he entered."))
    if observation.working is not None and observation.working != locked:
        raise StaleVersion(observation.working)
    if locked.state != State.SUBMITTED:
        raise WrongState(locked)
    return observation, locked


def _move(version: ObservationVersion, state: State, *, by: User, reason: str = "") -> None:
    version.state = state
    version.reviewed_by, version.reviewed_at = by, timezone.now()
    version.return_reason = reason
    version.save(update_fields=["state", "reviewed_by", "reviewed_at", "return_reason"])


def _about(version: ObservationVersion) -> str:
    return f"observation:{version.observation.series.code}:{version.observation.year}"


def _said(version: ObservationVersion) -> dict[str, Any]:
    """A version as the trail keeps it; the value as stated."""
    return {
        "version": version.number,
        "state": version.state,
        "value": version.value_as_stated,
        "missing_reason": version.missing_reason,
        "bound": version.bound,
        "source_title": version.source_title,
        "source_url": version.source_url,
        "published_on": version.published_on,
        "remark": version.remark,
    }
