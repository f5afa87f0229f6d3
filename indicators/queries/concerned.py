"""Whose post a target concerns, and whose a round."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Q

from indicators.models import Round
from indicators.queries.asked import current_departments
from indicators.queries.owed import holders_in
from plans.models import Target, TargetDepartment
from targets_site.accounts.models import DEPARTMENT_ROLES, FIGURE_ROLES, Post, Role, User

# Of the very area; who leads a province is not told of each of its counties.
AREA_ROLES = (Role.REVIEWER, Role.LEADER)
# Before a round opens, people prepare it.
SOON = datetime.timedelta(days=14)


def people_concerned(targets: Collection[Target]) -> dict[int, list[User]]:
    """By target id, who is to know of its verdict: today's officials and signers of the
    departments that it names (or of what took their place), and the reviewers and leaders of its
    area; each once. The number of queries does not grow with the targets."""
    by_area = people_of_areas({target.area_id for target in targets}, roles=AREA_ROLES)
    by_target = _of_departments({target.pk for target in targets})
    return {
        target.pk: _once([*by_target[target.pk], *by_area[target.area_id]]) for target in targets
    }


def people_of_areas(areas: Collection[int], *, roles: Sequence[Role]) -> dict[int, list[User]]:
    """By area id, who holds one of the posts for it today, by user name; with an account in use."""
    posts = (
        Post.objects.today()
        .filter(role__in=roles, area__in=areas, user__is_active=True)
        .select_related("user")
        .order_by("user__username")
    )
    found: dict[int, list[User]] = defaultdict(list)
    for post in posts:
        found[post.area_id].append(post.user)
    return found


def _of_departments(targets: Collection[int]) -> dict[int, list[User]]:
    links = list(
        TargetDepartment.objects.filter(target__in=targets)
        .select_related("department")
        .order_by("target", "part", "position")
    )
    current = current_departments(link.department for link in links)
    holders = holders_in({department.area_id for department in current.values()})
    found: dict[int, list[User]] = defaultdict(list)
    for link in links:
        for role in sorted(DEPARTMENT_ROLES):
            found[link.target_id] += holders.posts.get((role, current[link.department_id].pk), ())
    return found


def _once(people: list[User]) -> list[User]:
    return list({person.pk: person for person in people}.values())


def needed_for_rounds(
    *, moment: datetime.datetime, areas: Collection[int] | None = None
) -> frozenset[int]:
    """Ids of those who enter, sign or review by posts of today where a round is open or opens
    soon, also for one department; whether their accounts are in use or suspended.

    areas: ids; all where left out. Two queries.
    """
    goes_on = Q(closes_at__gt=moment) | Q(exceptions__until__gt=moment)
    rounds = Round.objects.filter(goes_on, opens_at__lte=moment + SOON)
    if areas is not None:
        rounds = rounds.filter(area__in=areas)
    posts = Post.objects.today().filter(role__in=FIGURE_ROLES)
    asked = set(rounds.values_list("area", flat=True))
    of_areas = posts.filter(Q(area__in=asked) | Q(department__area__in=asked))
    return frozenset(of_areas.values_list("user", flat=True))
