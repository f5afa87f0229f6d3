"""Notices of verdicts that got worse."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings

from indicators.actions.notices.storing import give, give_again, withdraw
from indicators.models import Notice
from indicators.queries.concerned import people_concerned
from indicators.queries.last_steps import years_of_last_steps
from indicators.queries.worsened import Changed, changed_lately
from indicators.worsening import Change, Course, Standing
from plans.models import Target
from targets_site.accounts.models import User

# So long nothing has to run without a change being lost.
LOOKS_BACK = datetime.timedelta(days=7)


def tell_of_verdicts(moment: datetime.datetime) -> int:
    """Returns how many notices were given."""
    settle = datetime.timedelta(hours=settings.NOTICE_SETTLE_HOURS)
    since = moment - settle - LOOKS_BACK
    return sum(
        _tell(changed, moment)
        for changed in changed_lately(since=since, moment=moment, settle=settle)
    )


def _tell(changed: Sequence[Changed], moment: datetime.datetime) -> int:
    told = _told({each.target.code for each in changed})
    courses = [(each.course, told[each.target.code, each.as_of]) for each in changed]
    withdraw([pk for course, some in courses for pk in _mended(course, some)], moment=moment)
    give_again([pk for course, some in courses for pk in _resumed(course, some)])
    by_code: dict[str, list[Notice]] = defaultdict(list)
    for (code, _as_of), some in told.items():
        by_code[code] += some
    changes = {
        each.target: (each, change)
        for each in changed
        if (change := each.course.change)
        and not _is_quiet(change, by_code[each.target.code], as_of=each.as_of)
    }
    return give(_notices(changes, told, moment))


def _told(codes: Iterable[str]) -> dict[tuple[str, int | None], list[Notice]]:
    """Notices of these targets, by code and as-of year."""
    found: dict[tuple[str, int | None], list[Notice]] = defaultdict(list)
    for each in Notice.objects.filter(verdict__isnull=False, target_code__in=codes).select_related(
        "verdict"
    ):
        found[each.target_code, each.as_of].append(each)
    return found


def _mended(course: Course, told: Iterable[Notice]) -> list[int]:
    """What nobody has seen and is not so bad any more."""
    return [
        each.pk
        for each in told
        if each.read_at is None and each.mailed_at is None and each.withdrawn_at is None
        and _standing(each).worse_than(course.current.standing)
    ]  # fmt: skip


def _resumed(course: Course, told: Iterable[Notice]) -> list[int]:
    """What was withdrawn for an improvement that did not last."""
    since = course.resumed_since
    return [
        each.pk
        for each in told
        if each.withdrawn_at is not None and since is not None and each.worse_since == since
    ]


def _is_quiet(change: Change, told: Iterable[Notice], *, as_of: int) -> bool:
    """Whether people were told of it as of another year, or the same of the target shortly
    before. All as-of years of a target are computed in one step: what got worse in the same step
    has the same cause, and as of another year it is told only where it is worse there."""
    standing = Standing.of(change.after)
    earliest = change.since - datetime.timedelta(days=settings.NOTICE_QUIET_DAYS)

    def covers(notice: Notice) -> bool:
        if notice.worse_since is None or notice.withdrawn_at is not None:
            return False
        if notice.worse_since == change.since:
            return notice.as_of != as_of and not standing.worse_than(_standing(notice))
        return notice.worse_since > earliest and _standing(notice) == standing

    return any(covers(each) for each in told)


def _standing(notice: Notice) -> Standing:
    if notice.verdict is None:
        raise TypeError("a notice of a round has no verdict")
    return Standing.of(notice.verdict)


def _notices(
    changes: Mapping[Target, tuple[Changed, Change]],
    told: Mapping[tuple[str, int | None], Sequence[Notice]],
    moment: datetime.datetime,
) -> list[Notice]:
    """For everybody concerned who was not told yet."""
    people = people_concerned(list(changes))
    last_years = years_of_last_steps([change.after for _changed, change in changes.values()])
    return [
        Notice(
            person=person,
            kind=change.kind,
            target_code=target.code,
            as_of=changed.as_of,
            verdict=change.after,
            before=change.before,
            worse_since=change.since,
            last_years=last_years.get(change.after.pk),
            made_at=moment,
        )
        for target, (changed, change) in changes.items()
        for person in _untold(people[target.pk], told[target.code, changed.as_of], change)
    ]


def _untold(people: Iterable[User], told: Iterable[Notice], change: Change) -> list[User]:
    known = {each.person_id for each in told if each.worse_since == change.since}
    return [person for person in people if person.pk not in known]
