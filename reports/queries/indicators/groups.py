"""Which series of an indicator may stand side by side, and in words why others may not.

One indicator has one definition and one unit, so series differ by what they cover: their scope,
how it is worded, how often they are published, and breaks. What could not be shown to be the same
is kept apart.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from reports.queries.indicators.series import Known


@dataclass(frozen=True)
class Group:
    """Series of one scope in the same words and of one frequency, in the order of their areas."""

    series: list[Known]

    @property
    def first(self) -> Known:
        return self.series[0]

    @property
    def code(self) -> str:
        """Of its first series; that of any other finds it too."""
        return self.first.code

    @property
    def name(self) -> str:
        return self.first.scope_name

    @property
    def is_comparable(self) -> bool:
        """It has an area to compare with."""
        return len(self.series) > 1

    @property
    def figure_count(self) -> int:
        """Figures of the year looked at."""
        return sum(each.value is not None for each in self.series)

    def holds(self, code: str) -> bool:
        return any(each.code == code for each in self.series)


def groups_of(series: Sequence[Known], *, is_sampled: bool) -> list[Group]:
    """Those with most figures of the year first, then the largest.

    is_sampled: each area draws samples of its own, so that each series stands alone.
    """
    grouped: dict[tuple[str, ...], list[Known]] = defaultdict(list)
    for each in series:
        alone = each.code if is_sampled else ""
        grouped[(each.scope, each.scope_name_zh, str(each.frequency), alone)].append(each)
    groups = [Group(members) for members in grouped.values()]
    return sorted(
        groups,
        key=lambda group: (
            -group.figure_count if group.is_comparable else 1, -len(group.series), group.code
        ),
    )  # fmt: skip


def why_apart(one: Known, groups: Sequence[Group], shown: Group | None) -> list[str]:
    """Why a series that is in no comparable group stands apart: seen from the group shown, else
    from the first other series."""
    other = shown or next((group for group in groups if not group.holds(one.code)), None)
    if other is None:
        return [gettext("No other area has a series of this indicator.")]
    return reasons_apart(one, other) or [gettext("Each area draws samples of its own.")]


def reasons_apart(one: Known, group: Group) -> list[str]:
    """Why a series does not stand beside those of a group; empty where nothing is against it."""
    other = group.first
    where = gettext("the areas compared") if group.is_comparable else other.area_name
    words = {"where": where, "name": other.scope_name or other.scope}
    reasons = []
    if one.scope != other.scope:
        reasons.append(gettext("Another scope than %(where)s (“%(name)s”).") % words)
    elif one.scope_name_zh != other.scope_name_zh:
        reasons.append(gettext("Published under another name than %(where)s (“%(name)s”).") % words)
    if one.frequency != other.frequency:
        often = {"own": _how_often(one.frequency), "other": _how_often(other.frequency)}
        reasons.append(gettext("Published %(own)s, %(where)s %(other)s.") % {**words, **often})
    return reasons


def _how_often(frequency: int) -> str:
    if frequency == 1:
        return gettext("every year")
    form = ngettext("every %(years)s year", "every %(years)s years", frequency)
    return form % {"years": frequency}


def beyond_a_break(series: Sequence[Known]) -> list[Known]:
    """Those of a group whose figure of the year stands on the other side of a break than most.

    A break after the year says that its figure was counted in a way that was given up since; the
    others' figures of the year are counted as they still are. Where that holds for half of them
    or more, the others are beyond.
    """
    with_figure = [each for each in series if each.value is not None]
    before = [each for each in with_figure if each.later_break]
    after = [each for each in with_figure if not each.later_break]
    return before if len(before) <= len(after) else after
