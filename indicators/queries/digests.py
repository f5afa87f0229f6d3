"""What a person's next mail says: all notices that were neither read nor mailed yet."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from indicators.enums import Light
from indicators.models import Notice
from indicators.queries.completeness import batched
from indicators.queries.notices import NoticeLine, with_facts
from indicators.queries.owed import OwedRow
from indicators.queries.round_notices import RoundNotice, round_notices
from targets_site.accounts.models import Post, User

PEOPLE_AT_A_TIME = 50
# What is older was for a mail server that was away all the time, or an address that did not exist.
MAILED_WITHIN = datetime.timedelta(days=30)
# A mail lists this many lines of a round, and this many verdicts; the pages list all.
LISTED = 20


@dataclass(frozen=True)
class RoundPart:
    """A round in a mail, with what is outstanding now."""

    line: NoticeLine
    told: RoundNotice

    @property
    def rows(self) -> tuple[OwedRow, ...]:
        return self.told.rows[:LISTED]

    @property
    def more(self) -> int:
        return max(0, len(self.told.rows) - LISTED)

    @property
    def by_department(self) -> list[tuple[str, int]]:
        """How much each department has not reported, for whoever reminds them."""
        return list(Counter(row.department.name for row in self.told.rows).items())


@dataclass(frozen=True)
class Digest:
    """One mail: what checks found, then rounds, then verdicts, red ones first; among equals the
    newest."""

    person: User
    checks: tuple[NoticeLine, ...]
    rounds: tuple[RoundPart, ...]
    verdicts: tuple[NoticeLine, ...]

    @property
    def lines(self) -> list[NoticeLine]:
        return [*self.checks, *(part.line for part in self.rounds), *self.verdicts]

    @property
    def listed(self) -> tuple[NoticeLine, ...]:
        return self.verdicts[:LISTED]

    @property
    def more(self) -> int:
        return max(0, len(self.verdicts) - LISTED)


def to_be_mailed(moment: datetime.datetime) -> "QuerySet[Notice]":
    """Of persons with an account in use, a post today and an address, whom no mail was sent to
    on this day."""
    today = Notice.objects.mailed_on(timezone.localdate(moment))
    return (
        Notice.objects.unseen()
        .filter(
            Exists(Post.objects.today().filter(user=OuterRef("person"))),
            ~Exists(today.filter(person=OuterRef("person"))),
            made_at__gt=moment - MAILED_WITHIN,
            made_at__lte=moment,
            person__is_active=True,
        )
        .exclude(person__email="")
    )


def digests(moment: datetime.datetime) -> Iterator[Digest]:
    """By person; those whose notices are all out of date are left out."""
    people = to_be_mailed(moment).order_by("person").values_list("person", flat=True).distinct()
    for some in batched(list(people), PEOPLE_AT_A_TIME):
        yield from _digests(some, moment)


def _digests(people: Collection[int], moment: datetime.datetime) -> Iterator[Digest]:
    waiting: dict[User, list[Notice]] = defaultdict(list)
    notices = with_facts(to_be_mailed(moment).filter(person__in=people))
    for each in notices.order_by("person", "-made_at", "-pk"):
        waiting[each.person].append(each)
    rounds = {each.round_id for some in waiting.values() for each in some if each.round_id}
    told = {
        (each.round.pk, each.person.pk, str(each.kind)): each
        for each in round_notices(rounds, moment=moment)
    }
    for person, some in waiting.items():
        digest = _digest(person, some, told)
        if digest.lines:
            yield digest


def _digest(
    person: User,
    notices: Collection[Notice],
    told: dict[tuple[int, int, str], RoundNotice],
) -> Digest:
    return Digest(
        person=person,
        checks=tuple(NoticeLine(each) for each in notices if each.finding),
        rounds=tuple(
            RoundPart(NoticeLine(each), told[key])
            for each in notices
            if (key := (each.round_id or 0, each.person_id, each.kind)) in told
        ),
        verdicts=tuple(
            sorted((NoticeLine(each) for each in notices if each.verdict_id), key=_worst_first)
        ),
    )


def _worst_first(line: NoticeLine) -> bool:
    """Red before the others; among equals as they were."""
    return line.notice.verdict is None or line.notice.verdict.light != Light.RED
