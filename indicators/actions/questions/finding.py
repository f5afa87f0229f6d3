"""Looking at the figures in force anew: what is asked, what still stands, what is gone."""

import datetime
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from indicators.models import Finding, Question
from indicators.queries.completeness import batched
from indicators.queries.signs import Seen, seen_in
from indicators.signs.rows import Figure, as_text
from targets_site.accounts.models import User
from targets_site.audit.actions import record
from targets_site.places.models import Area

AREAS_AT_A_TIME = 50


@dataclass
class Look:
    """What a look changed. new: questions, and those found again after they were gone; changed: the
    numbers behind them."""

    new: int = 0
    changed: int = 0
    gone: int = 0

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


def find_questions(
    *,
    areas: Collection[int] | None = None,
    by: User | None = None,
    moment: datetime.datetime | None = None,
) -> Look:
    """Look at the figures in force of the areas (ids; all where left out) and note what the rules
    ask about. Nothing is deleted: what is found no longer is marked so. Runs again, and beside
    another run, without asking anything twice. Every 50 areas are a transaction of their own.

    by: None where the schedule looks.
    """
    now = moment or timezone.now()
    wanted = Area.objects.order_by("pk") if areas is None else Area.objects.filter(pk__in=areas)
    total = Look()
    for some in batched(list(wanted.values_list("pk", flat=True)), AREAS_AT_A_TIME):
        found = _store(some, seen_in(some), by=by, moment=now)
        total.new += found.new
        total.changed += found.changed
        total.gone += found.gone
    return total


@transaction.atomic
def _store(
    areas: Sequence[int], seen: Sequence[Seen], *, by: User | None, moment: datetime.datetime
) -> Look:
    # Runs wait for each other here.
    list(Area.objects.select_for_update(no_key=True).filter(pk__in=areas).order_by("pk"))
    known = {each.identity: each for each in Question.objects.filter(area__in=areas)}
    standing = {
        each.question_id: each
        for each in Finding.objects.standing().filter(question__area__in=areas)
    }
    questions = _questions([each for each in seen if each.identity not in known], moment)
    wanted = {(known | questions)[each.identity].pk: finding_of(each) for each in seen}
    changed = {pk for pk, one in standing.items() if pk in wanted and one_says(one) != wanted[pk]}
    gone = standing.keys() - wanted.keys()
    _move_on(known, seen)
    fresh = (wanted.keys() - standing.keys()) | changed
    ended = [standing[pk].pk for pk in changed | gone]
    Finding.objects.filter(pk__in=ended).update(gone_at=moment)
    Finding.objects.bulk_create(
        [Finding(question_id=pk, found_at=moment, **wanted[pk]) for pk in sorted(fresh)],
        batch_size=1000,
    )
    look = Look(new=len(fresh) - len(changed), changed=len(changed), gone=len(gone))
    if look:
        _note(look, {pk: wanted[pk] for pk in sorted(fresh)}, by=by)
    return look


def _move_on(known: Mapping[str, Question], seen: Sequence[Seen]) -> None:
    """A run of equal figures that goes on, or other hands that do the department's work today."""
    moved = []
    for each in seen:
        one = known.get(each.identity)
        now = (each.department, each.sign.first_year, each.sign.year)
        if one is not None and (one.department_id, one.first_year, one.year) != now:
            one.department_id, one.first_year, one.year = now
            moved.append(one)
    Question.objects.bulk_update(moved, ["department", "first_year", "year"], batch_size=500)


def _questions(new: Sequence[Seen], moment: datetime.datetime) -> dict[str, Question]:
    made = [
        Question(
            rule=each.sign.rule,
            identity=each.identity,
            area_id=each.area,
            department_id=each.department,
            series_id=each.series,
            first_year=each.sign.first_year,
            year=each.sign.year,
            version_id=each.sign.figures[0].version or None,
            found_at=moment,
        )
        for each in new
    ]
    return {each.identity: each for each in Question.objects.bulk_create(made, batch_size=1000)}


def finding_of(seen: Seen) -> dict[str, Any]:
    """What was seen, as it is stored: every number a text."""
    sign = seen.sign
    return {"facts": dict(sign.facts), "figures": [_figure(each) for each in sign.figures]}


def one_says(finding: Finding) -> dict[str, Any]:
    return {"facts": finding.facts, "figures": finding.figures}


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "series": figure.series,
        "year": figure.year,
        "value": as_text(figure.value),
        "decimals": figure.decimals,
        "version": figure.version,
    }


def _note(look: Look, fresh: Mapping[int, Any], *, by: User | None) -> None:
    """One entry for all, with a digest over what was found."""
    text = json.dumps(list(fresh.items()), sort_keys=True, ensure_ascii=False)
    said = {"new": look.new, "changed": look.changed, "gone": look.gone}
    digest = hashlib.sha256(text.encode()).hexdigest()
    name = by.username if by else ""
    record("find_questions", "questions", by=name, after={**said, "sha256": digest})
