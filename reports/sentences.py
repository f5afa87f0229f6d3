"""A verdict in one sentence that can be read aloud, in the reader's language."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indicators.enums import Bound, Status
from plans.enums import Comparator, Kind
from targets_site.figures import plain
from targets_site.templatetags.shown import unit_word


def amount(figure: str, unit: str) -> str:
    """A figure with its unit as said: 98%, 500个; an index has none. Empty without a figure."""
    word = unit_word(unit)
    joint = " " if word.isascii() and word.isalpha() else ""
    return f"{figure}{joint}{word}" if figure else ""


def difference(value: Decimal | None, unit: str) -> str:
    """A distance without its sign: between rates in percentage points. Empty without a value."""
    if value is None:
        return ""
    figure = plain(abs(value))
    if unit == "%":
        return ngettext("%(n)s percentage point", "%(n)s percentage points", _plural(value)) % {
            "n": figure
        }
    if unit == "index":
        return ngettext("%(n)s point", "%(n)s points", _plural(value)) % {"n": figure}
    return amount(figure, unit)


def _plural(value: Decimal) -> int:
    return 1 if abs(value) == 1 else 2


def bounded(figure: str, bound: str) -> str:
    """A figure as it was given: at least, at most, about or just so."""
    phrases: dict[str, str] = {
        Bound.AT_LEAST: _("at least %(figure)s"),
        Bound.AT_MOST: _("at most %(figure)s"),
        Bound.ABOUT: _("about %(figure)s"),
    }
    return phrases.get(bound, "%(figure)s") % {"figure": figure}


def years_in_words(years: Sequence[int]) -> str:
    """2012, 2014 and 2015 as a list; neighbouring years of three and more as 2012–2015."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    parts = [f"{run[0]}–{run[-1]}" if len(run) > 2 else year for run in runs for year in _ends(run)]
    return pgettext("between years", ", ").join(dict.fromkeys(parts))


def _ends(run: Sequence[int]) -> list[str]:
    return [str(year) for year in run] if len(run) <= 2 else [str(run[0])]


@dataclass(frozen=True)
class Level:
    """What the target asks for, in the unit of its figures."""

    kind: str
    comparator: str
    value: Decimal | None
    shown: str
    shown_upper: str = ""
    unit: str = ""

    @property
    def less_is_better(self) -> bool:
        return self.comparator in {Comparator.LE, Comparator.LT}


def level_in_words(level: Level) -> str:
    """98%以上, at most 2%, +15% over the baseline, a fall every year."""
    if level.kind == Kind.MONOTONE:
        return _("a fall every year") if level.less_is_better else _("a rise every year")
    if level.kind == Kind.TEXT:
        return _("set in words")
    if level.kind == Kind.RELATIVE:
        phrase = (
            _("%(n)s%% below the baseline")
            if level.less_is_better
            else (_("%(n)s%% above the baseline"))
        )
        return phrase % {"n": level.shown}
    phrases: dict[str, str] = {
        Comparator.GE: pgettext("target level", "%(figure)s or more"),
        Comparator.GT: pgettext("target level", "more than %(figure)s"),
        Comparator.LE: pgettext("target level", "%(figure)s or less"),
        Comparator.LT: pgettext("target level", "less than %(figure)s"),
        Comparator.ABOUT: pgettext("target level", "about %(figure)s"),
        Comparator.BETWEEN: pgettext("target level", "%(figure)s to %(upper)s"),
    }
    if level.comparator == Comparator.GE and level.unit == "%" and level.value == 100:
        return amount(level.shown, level.unit)
    return phrases[level.comparator] % {
        "figure": amount(level.shown, level.unit),
        "upper": amount(level.shown_upper, level.unit),
    }


@dataclass(frozen=True)
class VerdictFacts:
    """What the sentence about one verdict is made of; figures come as said, with their unit.

    gap: d·(T − v), positive while short, in `unit`. ratio: R of METHOD.md rule 9. drop: how far
    the latest figure fell from the one before, positive. hold_years: W, oldest first, from
    hold_first on (METHOD.md, "Verdicts of hold").
    side_word: met, short or open. reached_year and reached: the first figure that met the target
    (rule 0).
    """

    status: str
    as_of: int
    level: Level
    unit: str
    target_year: int | None = None
    start_year: int | None = None
    actual_year: int | None = None
    actual: str = ""
    gap: Decimal | None = None
    baseline_year: int | None = None
    baseline: str = ""
    expected: str = ""
    ratio: Decimal | None = None
    drop: Decimal | None = None
    hold_first: int | None = None
    hold_years: Sequence[int] = ()
    missing_years: Sequence[int] = ()
    breached_years: Sequence[int] = ()
    side_year: int | None = None
    side: str = ""
    side_word: str = ""
    reached_year: int | None = None
    reached: str = ""
    is_about_open: bool = False

    @property
    def is_due(self) -> bool:
        return self.target_year is not None and self.as_of >= self.target_year

    @property
    def kept_years(self) -> list[int]:
        missed = {*self.missing_years, *self.breached_years}
        return [year for year in self.hold_years if year not in missed]

    def words(self) -> dict[str, object]:
        """The placeholders of the sentences."""
        return {
            "as_of": self.as_of,
            "year": self.target_year,
            "start": self.start_year,
            "level": level_in_words(self.level),
            "at": self.actual_year,
            "actual": self.actual,
            "gap": difference(self.gap, self.unit),
            "short": _short_by(self),
            "base_year": self.baseline_year,
            "base": self.baseline,
            "expected": self.expected,
            "share": _whole_percent(self.ratio),
            "drop": difference(self.drop, self.unit),
            "from": self.hold_first or self.start_year,
            "k": len(self.kept_years),
            "n": len(self.hold_years),
            "missing": years_in_words(self.missing_years),
            "breached": years_in_words(self.breached_years),
            "side_year": self.side_year,
            "side": self.side,
            "reached_year": self.reached_year,
            "reached": self.reached,
        }


def _whole_percent(ratio: Decimal | None) -> str:
    """Rounded down, so that no share looks as if it had reached the next band."""
    return str(math.floor((ratio or Decimal(0)) * 100))


def _short_by(facts: VerdictFacts) -> str:
    """差0.05个百分点, and where less is better 高出0.05个百分点; empty when there is no gap."""
    if facts.gap is None:
        return ""
    if facts.gap == 0:
        # Only 超过 and 低于 can be short at the level itself.
        return _("exactly at the limit that it has to pass")
    if facts.gap < 0:
        return ""
    phrase = _("%(gap)s too high") if facts.level.less_is_better else _("%(gap)s short")
    return phrase % {"gap": difference(facts.gap, facts.unit)}


def verdict_sentence(facts: VerdictFacts) -> str:
    """One sentence for every status: the promise, the figure, the verdict, the distance."""
    write = _SENTENCES.get(facts.status, _unknown)
    return write(facts) % facts.words()


def _achieved(facts: VerdictFacts) -> str:
    if facts.reached_year is not None and facts.reached_year != facts.target_year:
        return _(
            "The target for %(year)s is %(level)s; it was reached in %(reached_year)s with "
            "%(reached)s: achieved."
        )
    if facts.gap is not None and facts.gap < 0 and facts.level.less_is_better:
        return _(
            "The target for %(year)s is %(level)s; the figure of that year is %(actual)s: "
            "achieved, %(gap)s below it."
        )
    if facts.gap is not None and facts.gap < 0:
        return _(
            "The target for %(year)s is %(level)s; the figure of that year is %(actual)s: "
            "achieved, %(gap)s above it."
        )
    return _(
        "The target for %(year)s is %(level)s; the figure of that year is %(actual)s: achieved."
    )


def _missed(facts: VerdictFacts) -> str:
    if facts.level.kind == Kind.MONOTONE:
        return (
            _(
                "The target up to %(year)s is %(level)s; it was not so every year, last in "
                "%(breached)s: missed."
            )
            if facts.breached_years
            else _(
                "The target up to %(year)s is %(level)s; there was a year without change: missed."
            )
        )
    if facts.level.kind == Kind.HOLD and len(facts.hold_years) > 1:
        return _(
            "The target is to hold %(level)s up to %(year)s; the figure of %(year)s is "
            "%(actual)s: missed, %(short)s; %(k)s of %(n)s years were met."
        )
    return _(
        "The target for %(year)s is %(level)s; the figure of that year is %(actual)s: missed, "
        "%(short)s."
    )


def _kept(facts: VerdictFacts) -> str:
    if facts.level.kind == Kind.MONOTONE:
        return _("The target up to %(year)s is %(level)s; it was so every time: kept.")
    if len(facts.hold_years) == 1:
        return _("The target is to hold %(level)s; the figure of %(year)s is %(actual)s: kept.")
    return _(
        "The target is to hold %(level)s up to %(year)s; all %(n)s years from %(from)s on met it, "
        "%(year)s with %(actual)s: kept."
    )


def _holding(facts: VerdictFacts) -> str:
    if facts.level.kind == Kind.MONOTONE:
        return _("The target up to %(year)s is %(level)s; so far it was so every time: holding.")
    if len(facts.hold_years) == 1:
        return _(
            "The target is to hold %(level)s up to %(year)s; %(at)s stood at %(actual)s: holding."
        )
    return _(
        "The target is to hold %(level)s up to %(year)s; all %(n)s years from %(from)s on met it, "
        "%(at)s with %(actual)s: holding."
    )


def _breached(facts: VerdictFacts) -> str:
    if facts.level.kind == Kind.MONOTONE:
        return _(
            "The target up to %(year)s is %(level)s; the latest figure, %(actual)s in %(at)s, "
            "went the other way."
        )
    if facts.level.less_is_better:
        return _(
            "The target is to hold %(level)s up to %(year)s; %(at)s stood at %(actual)s: above "
            "the level, %(short)s; %(k)s of %(n)s years met it."
        )
    return _(
        "The target is to hold %(level)s up to %(year)s; %(at)s stood at %(actual)s: below the "
        "level, %(short)s; %(k)s of %(n)s years met it."
    )


def _recovered(facts: VerdictFacts) -> str:
    if facts.level.kind == Kind.MONOTONE:
        return _(
            "The target up to %(year)s is %(level)s; it was not so in %(breached)s, and is again "
            "since."
        )
    return _(
        "The target is to hold %(level)s up to %(year)s; %(at)s meets it again with %(actual)s, "
        "after %(breached)s did not: recovered."
    )


def _thin_margin(facts: VerdictFacts) -> str:
    if facts.level.kind == Kind.MONOTONE:
        return _("The target up to %(year)s is %(level)s; there was a year without change.")
    return _(
        "The target is to hold %(level)s up to %(year)s; %(at)s stood at %(actual)s: met with "
        "only %(gap)s to spare."
    )


def _slipping(facts: VerdictFacts) -> str:
    if facts.level.less_is_better:
        return _(
            "The target for %(year)s is %(level)s; %(at)s meets it with %(actual)s but rose by "
            "%(drop)s: another such step would cross it."
        )
    return _(
        "The target for %(year)s is %(level)s; %(at)s meets it with %(actual)s but fell by "
        "%(drop)s: another such step would cross it."
    )


def _moving_away(facts: VerdictFacts) -> str:
    if facts.level.less_is_better:
        return _(
            "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, above the "
            "baseline of %(base)s (%(base_year)s): moving away."
        )
    return _(
        "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, below the baseline "
        "of %(base)s (%(base_year)s): moving away."
    )


def _on_track(facts: VerdictFacts) -> str:
    if facts.ratio is None:
        return _(
            "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, where the path "
            "asks for %(expected)s: on track."
        )
    return _(
        "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, where the path from "
        "%(base)s (%(base_year)s) asks for %(expected)s: %(share)s%% of the way due, on track."
    )


def _undetermined(facts: VerdictFacts) -> str:
    if facts.target_year is None:
        return _("The document names no year for %(level)s, so there is no verdict.")
    if facts.level.kind == Kind.MONOTONE:
        return _(
            "The target up to %(year)s is %(level)s; there is one figure alone, nothing to "
            "compare it with: undetermined."
        )
    if facts.is_about_open:
        return _(
            "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, and nobody has "
            "said yet how far “about” reaches: undetermined."
        )
    return _(
        "The target for %(year)s is %(level)s; %(at)s is given as %(actual)s, which leaves open "
        "whether it is met: undetermined."
    )


def _side(facts: VerdictFacts, *, without: str, meets: str, misses: str, open_: str) -> str:
    """The sentence by what the figure of another year would say."""
    if facts.side_year is None:
        return without
    return {"met": meets, "short": misses}.get(facts.side_word, open_)


def _not_collected(facts: VerdictFacts) -> str:
    if facts.level.kind == Kind.HOLD and (facts.kept_years or facts.breached_years):
        return _(
            "The target is to hold %(level)s up to %(year)s; there is no figure for %(year)s, "
            "%(k)s of %(n)s years are known to be met."
        )
    if facts.level.kind == Kind.HOLD:
        return _("The target is to hold %(level)s up to %(year)s; there is no figure for %(year)s.")
    return _side(
        facts,
        without=_("The target for %(year)s is %(level)s; there is no figure for that year."),
        meets=_(
            "There is no figure for %(year)s (target: %(level)s); the nearest published one is "
            "%(side)s in %(side_year)s, which would meet the target (side evidence, no verdict)."
        ),
        misses=_(
            "There is no figure for %(year)s (target: %(level)s); the nearest published one is "
            "%(side)s in %(side_year)s, which would not meet the target (side evidence, no "
            "verdict)."
        ),
        open_=_(
            "There is no figure for %(year)s (target: %(level)s); the nearest published one is "
            "%(side)s in %(side_year)s, which leaves open whether it would meet the target (side "
            "evidence, no verdict)."
        ),
    )


def _no_data(facts: VerdictFacts) -> str:
    return _side(
        facts,
        without=_(
            "The target for %(year)s is %(level)s; up to %(as_of)s no figure from %(from)s on has "
            "been published."
        ),
        meets=_(
            "Up to %(as_of)s there is no figure from %(from)s on (target for %(year)s: "
            "%(level)s); %(side_year)s stood at %(side)s, which would meet it (side evidence, no "
            "verdict)."
        ),
        misses=_(
            "Up to %(as_of)s there is no figure from %(from)s on (target for %(year)s: "
            "%(level)s); %(side_year)s stood at %(side)s, which would not meet it (side evidence, "
            "no verdict)."
        ),
        open_=_(
            "Up to %(as_of)s there is no figure from %(from)s on (target for %(year)s: "
            "%(level)s); %(side_year)s stood at %(side)s, which leaves open whether it would meet "
            "it (side evidence, no verdict)."
        ),
    )


def _too_early(facts: VerdictFacts) -> str:
    if facts.level.kind == Kind.MONOTONE:
        return _(
            "The target up to %(year)s is %(level)s; there is one figure so far, too early to "
            "compare."
        )
    if facts.actual_year is None or facts.baseline_year is None:
        return _(
            "The target for %(year)s is %(level)s; up to %(as_of)s there is no figure after the "
            "baseline: too early to tell."
        )
    return _(
        "The target for %(year)s is %(level)s; the only figure so far is the baseline, %(base)s "
        "in %(base_year)s: too early to tell."
    )


def _no_baseline(facts: VerdictFacts) -> str:
    if facts.level.kind == Kind.RELATIVE and facts.gap is None:
        return _(
            "The target for %(year)s is %(level)s, and no figure of the baseline is known: "
            "progress cannot be rated."
        )
    return _(
        "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, %(short)s; without a "
        "baseline the progress cannot be rated."
    )


def _fixed(message: Callable[[], str]) -> Callable[[VerdictFacts], str]:
    return lambda _facts: message()


def _unknown(_facts: VerdictFacts) -> str:
    return _("The target for %(year)s is %(level)s.")


_SENTENCES: dict[str, Callable[[VerdictFacts], str]] = {
    Status.ACHIEVED: _achieved,
    Status.MISSED: _missed,
    Status.KEPT: _kept,
    Status.KEPT_GAPS: _fixed(
        lambda: _(
            "The target is to hold %(level)s up to %(year)s; %(year)s meets it with %(actual)s, "
            "%(k)s of %(n)s years are met, %(missing)s without a figure."
        )
    ),
    Status.HOLDING: _holding,
    Status.HOLDING_GAPS: _fixed(
        lambda: _(
            "The target is to hold %(level)s up to %(year)s; %(k)s of %(n)s years have a figure "
            "and meet it, the latest %(actual)s in %(at)s; %(missing)s without a figure."
        )
    ),
    Status.BREACHED: _breached,
    Status.RECOVERED: _recovered,
    Status.THIN_MARGIN: _thin_margin,
    Status.MET_EARLY: _fixed(
        lambda: _(
            "The target for %(year)s is %(level)s; %(at)s already stood at %(actual)s: met early."
        )
    ),
    Status.SLIPPING: _slipping,
    Status.ON_TRACK: _on_track,
    Status.BEHIND: _fixed(
        lambda: _(
            "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, where the path "
            "from %(base)s (%(base_year)s) asks for %(expected)s: %(share)s%% of the way due, "
            "behind."
        )
    ),
    Status.FAR_BEHIND: _fixed(
        lambda: _(
            "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, where the path "
            "from %(base)s (%(base_year)s) asks for %(expected)s: %(share)s%% of the way due, "
            "far behind."
        )
    ),
    Status.MOVING_AWAY: _moving_away,
    Status.FELL_BACK: _fixed(
        lambda: _(
            "The target for %(year)s is %(level)s; it was met at the start with %(base)s "
            "(%(base_year)s), %(at)s stood at %(actual)s, %(short)s: fell back."
        )
    ),
    Status.NEAR: _fixed(
        lambda: _(
            "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, only %(short)s: "
            "near."
        )
    ),
    Status.SHORT: _fixed(
        lambda: _(
            "The target for %(year)s is %(level)s; %(at)s stood at %(actual)s, still %(short)s."
        )
    ),
    Status.NO_DATA: _no_data,
    Status.NOT_COLLECTED: _not_collected,
    Status.OUTDATED: _fixed(
        lambda: _(
            "The target for %(year)s is %(level)s; the latest figure, %(actual)s, is of %(at)s "
            "and too old to speak for %(as_of)s."
        )
    ),
    Status.NO_BASELINE: _no_baseline,
    Status.TOO_EARLY: _too_early,
    Status.UNDETERMINED: _undetermined,
    Status.NOT_MEASURABLE: _fixed(
        lambda: _("The target is set in words; a person has to judge it.")
    ),
    Status.NOT_DUE: _fixed(
        lambda: _("The target is to hold %(level)s from %(from)s on; in %(as_of)s it is not due.")
    ),
    Status.JUDGED_DONE: _fixed(lambda: _("The target is set in words; judged by a person: done.")),
    Status.JUDGED_PARTLY: _fixed(
        lambda: _("The target is set in words; judged by a person: partly done.")
    ),
    Status.JUDGED_NOT: _fixed(
        lambda: _("The target is set in words; judged by a person: not done.")
    ),
}
