"""Opening reporting rounds, changing them, and giving a department more time."""

import datetime
import hashlib
import json
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.reasons import cleaned_reason
from indicators.enums import MaterialKind
from indicators.models import Round, RoundException, RoundMaterial, RoundYear
from indicators.parsing import FIRST_REPORTED_YEAR
from indicators.queries.asked import current_departments
from indicators.queries.concerned import needed_for_rounds
from indicators.queries.deadlines import deadlines
from targets_site.accounts.access import NotAllowed, held_by, with_successors
from targets_site.accounts.actions.suspension import bring_back_needed
from targets_site.accounts.models import Role, User
from targets_site.audit.actions import record
from targets_site.places.models import Area, Department

MOST_YEARS = 20

Material = tuple[MaterialKind, datetime.datetime]
# What is wrong, by field.
Wrong = dict[str, str]


class RoundClosed(Exception):
    """The round has closed: it stays as it was; a department can get an exception."""


class StaleRound(Exception):
    """Somebody changed the round since it was read."""


@transaction.atomic
def open_round(
    *,
    area: Area,
    name: str,
    years: Collection[int],
    opens_at: datetime.datetime,
    due_at: datetime.datetime,
    closes_at: datetime.datetime,
    by: User,
    materials: Sequence[Material] = (),
    form_number: str = "",
) -> Round:
    """A new round, with the years and the material that it asks for. Suspended accounts of those
    whom it needs come back, where it opens soon; else the schedule brings them back in time.

    Raises NotAllowed unless `by` reviews the area, ValidationError, by field (a material's as
    `material_<kind>`), also where another round of the area asks for one of the years while this
    one runs.
    """
    _check_reviews(area, by)
    Area.objects.select_for_update().get(pk=area.pk)
    one = Round(
        area=area,
        name=name,
        form_number=form_number,
        opens_at=opens_at,
        due_at=due_at,
        closes_at=closes_at,
        created_by=by,
    )
    _refuse(
        _wrong_years(years, opens_at)
        | _wrong_name(one)
        | (_wrong_times(one) or _wrong_materials(materials, one))
    )
    _refuse(_asked_elsewhere(one, years))
    one.full_clean()
    one.save()
    RoundYear.objects.bulk_create(RoundYear(round=one, year=year) for year in sorted(years))
    RoundMaterial.objects.bulk_create(
        RoundMaterial(round=one, kind=kind, due_at=due_at) for kind, due_at in materials
    )
    record("open_round", about(one), by=by.username, role=Role.REVIEWER, after=said(one))
    bring_back_needed(
        users=needed_for_rounds(moment=timezone.now(), areas=[area.pk]),
        by=by.username,
        role=Role.REVIEWER,
        reason=about(one),
    )
    return one


@transaction.atomic
def change_round(
    *,
    round: Round,
    name: str,
    due_at: datetime.datetime,
    closes_at: datetime.datetime,
    read: str,
    by: User,
) -> Round:
    """Rename a round or move its deadline; nothing is recorded where nothing changes.

    read: `read_mark` of the round as it was read. A deadline that has passed only moves to a later
    time, one still to come to any time ahead. Raises NotAllowed unless `by` reviews the area,
    RoundClosed, StaleRound, and ValidationError, by field.
    """
    _check_reviews(round.area, by)
    Area.objects.select_for_update().get(pk=round.area_id)
    one = Round.objects.select_related("area").get(pk=round.pk)
    now = timezone.now()
    if one.closes_at <= now:
        raise RoundClosed(about(one))
    if read_mark(one) != read:
        raise StaleRound(about(one))
    before, about_before = said(one), about(one)
    is_moved = due_at != one.due_at
    one.name, one.due_at, one.closes_at = name, due_at, closes_at
    if said(one) == before:
        return one
    wrong = _wrong_order(one) | _wrong_name(one)
    if is_moved and due_at <= now:
        wrong["due_at"] = _("A deadline moves to a time still to come.")
    if closes_at <= now:
        wrong["closes_at"] = _("A round closes at a time still to come.")
    _refuse(wrong)
    _refuse(_asked_elsewhere(one, one.years))
    one.full_clean()
    one.save(update_fields=["name", "due_at", "closes_at"])
    after = said(one)
    record(
        "change_round", about_before, by=by.username, role=Role.REVIEWER, before=before, after=after
    )
    return one


@transaction.atomic
def grant_exception(
    *, round: Round, department: Department, until: datetime.datetime, reason: str, by: User
) -> RoundException:
    """Let a department report for a round until a later time than the others; it is late only
    after that. The department that does the work today gets it.

    Raises NotAllowed unless `by` reviews the area, or where he enters or signs for the department
    himself, and ValidationError, by field.
    """
    _check_reviews(round.area, by)
    Area.objects.select_for_update().get(pk=round.area_id)
    current = current_departments([department])[department.pk]
    if current.pk in with_successors(held_by(by).departments):
        raise NotAllowed(_("Nobody gives his own department more time."))
    reason = cleaned_reason(reason)
    due_at = deadlines([round]).of(round, current.pk)
    wrong = {}
    if department.area_id != round.area_id:
        wrong["department"] = _("Choose a department of the round's area.")
    if until <= max(due_at, timezone.now()):
        wrong["until"] = _("More time ends later than the deadline, and is still to come.")
    if not reason:
        wrong["reason"] = _("Say why the department gets more time.")
    _refuse(wrong)
    granted = RoundException.objects.create(
        round=round, department=current, until=until, reason=reason, granted_by=by
    )
    record(
        "grant_exception",
        about(round),
        by=by.username,
        role=Role.REVIEWER,
        before={"department": current.code, "until": due_at},
        after={"department": current.code, "until": until},
        reason=reason,
    )
    return granted


def about(round: Round) -> str:
    """The round as the trail names it."""
    return f"round:{round.area.code}:{round.name}"[:200]


def said(round: Round) -> dict[str, Any]:
    """The round as the trail keeps it; times of Asia/Shanghai."""
    return {
        "name": round.name,
        "form_number": round.form_number,
        "years": round.years,
        "opens_at": _local(round.opens_at),
        "due_at": _local(round.due_at),
        "closes_at": _local(round.closes_at),
        "materials": [[each.kind, _local(each.due_at)] for each in round.materials.all()],
    }


def read_mark(round: Round) -> str:
    """Tells whether a round is still what somebody read."""
    text = json.dumps(said(round), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _local(moment: datetime.datetime) -> str:
    return timezone.localtime(moment).isoformat()


def _check_reviews(area: Area, by: User) -> None:
    if area.pk not in held_by(by).reviewed:
        raise NotAllowed(_("You do not review the figures of this area."))


def _refuse(wrong: Wrong) -> None:
    if wrong:
        raise ValidationError(dict(wrong))


def _wrong_order(round: Round) -> Wrong:
    if round.due_at <= round.opens_at:
        return {"due_at": _("The deadline lies after the opening.")}
    if round.closes_at < round.due_at:
        return {"closes_at": _("A round closes at its deadline or later.")}
    return {}


def _wrong_times(round: Round) -> Wrong:
    """Of a new round."""
    if round.due_at <= timezone.now():
        return {"due_at": _("The deadline has passed already.")}
    return _wrong_order(round)


def _wrong_name(round: Round) -> Wrong:
    others = Round.objects.filter(area=round.area_id, name=round.name).exclude(pk=round.pk)
    if others.exists():
        return {"name": _("The area has a round of this name already.")}
    return {}


def _wrong_years(years: Collection[int], opens_at: datetime.datetime) -> Wrong:
    last = timezone.localtime(opens_at).year
    if not years:
        return {"years": _("Say which years are to be reported.")}
    if len(years) > MOST_YEARS:
        return {"years": _("A round asks for %(most)s years at most.") % {"most": MOST_YEARS}}
    if len(set(years)) < len(years):
        return {"years": _("Each year stands there once.")}
    if min(years) < FIRST_REPORTED_YEAR or max(years) > last:
        limits = {"first": FIRST_REPORTED_YEAR, "last": last}
        return {"years": _("A round asks for years from %(first)s to %(last)s.") % limits}
    return {}


def _wrong_materials(materials: Sequence[Material], round: Round) -> Wrong:
    wrong = {}
    for kind, due_at in materials:
        if kind == MaterialKind.STAMPED_FORM or kind not in MaterialKind.values:
            wrong["materials"] = _("The stamped form goes with the figures.")
        elif not round.opens_at < due_at <= round.closes_at:
            wrong[f"material_{kind}"] = _("Material is due while the round is open.")
    if len({kind for kind, _due_at in materials}) < len(materials):
        wrong["materials"] = _("Each kind of material is asked for once.")
    return wrong


def _asked_elsewhere(round: Round, years: Collection[int]) -> Wrong:
    """Another round of the area that asks for one of the years while this one is open."""
    other = (
        Round.objects.filter(
            area=round.area_id,
            year_rows__year__in=years,
            opens_at__lt=round.closes_at,
            closes_at__gt=round.opens_at,
        )
        .exclude(pk=round.pk)
        .first()
    )
    if other is None:
        return {}
    both = sorted(set(years) & set(other.years))
    message = _("“%(name)s” asks for %(years)s while this round is open.")
    said_years = ", ".join(str(year) for year in both)
    return {"years": message % {"name": other.name, "years": said_years}}
