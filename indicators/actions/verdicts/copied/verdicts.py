"""Verdicts as columns of integers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from indicators.actions.verdicts.copied.reading import SCALE, Figures, Seen
from indicators.actions.verdicts.judged import judged
from indicators.enums import SideState, Status
from indicators.method.assessing import judge_columns
from indicators.method.cells import Judged
from indicators.method.columns import Flags, Ints
from plans.models import Target

STATUSES = tuple(Status.values)
SIDE_STATES = ("", *SideState.values)
# No figure stands there; no year; the first of STATUSES, SIDE_STATES, GRADES and of the lists.
ABSENT = np.iinfo(np.int64).min
NONE = 0
EXACT = ("actual_value", "gap", "baseline_value", "side_value")
ROUNDED = ("expected_value", "ratio", "share", "required_pace", "last_pace")
ROUNDED_SCALE = 10**4
YEARS = ("actual_year", "baseline_year", "side_year")
LISTS = ("missing_years", "breached_years")
_MOST_YEARS = 10_000


@dataclass
class YearLists:
    """Lists of years as texts, each distinct one once; the first is the empty one."""

    texts: dict[str, int] = field(default_factory=lambda: {"": NONE})

    def places(self, mask: Flags, years: Ints) -> Ints:
        """The place of each row's list; mask: of rows over the years."""
        found: Ints = np.full(len(mask), NONE)
        rows = np.nonzero(mask.any(axis=1))[0]
        if len(rows):
            distinct, which = np.unique(mask[rows], axis=0, return_inverse=True)
            texts = [";".join(map(str, years[line])) for line in distinct]
            places = [self.texts.setdefault(text, len(self.texts)) for text in texts]
            found[rows] = np.array(places)[which.reshape(-1)]
        return found


@dataclass(frozen=True)
class Verdicts:
    """n verdicts as columns by name: figures in 1/SCALE (EXACT) or 1/ROUNDED_SCALE (ROUNDED),
    ABSENT where none stands; years, ids and places NONE where there is none.

    finer: targets (ids) whose level has more decimals than SCALE, left out of the n.
    """

    columns: Mapping[str, Ints]
    finer: Ints


def judge(seen: Seen, figures: Figures, lists: YearLists) -> Verdicts:
    """The verdicts of the method, and of people where a target is in words, of the years in their
    period; two queries for the latter where there are any."""
    columns = _without_figures(seen)
    measured = np.nonzero(~seen.in_words)[0]
    is_finer = np.zeros(len(seen), bool)
    for part in judge_columns(seen.stated.part(measured), figures.observed):
        rows = measured[part.positions]
        if part.cells.figures["actual_value"].scale > SCALE:
            is_finer[rows] = True
        else:
            _put(columns, rows, part, lists)
    _put_judgements(columns, seen)
    _put_grades(columns, seen, figures)
    kept = seen.in_period & ~is_finer
    return Verdicts(
        {name: column[kept] for name, column in columns.items()},
        np.unique(seen.target[is_finer & seen.in_period]),
    )


def _without_figures(seen: Seen) -> dict[str, Ints]:
    ids = {"target": seen.target, "reading": seen.reading, "as_of": seen.stated.as_of}
    places = ("status", "side_state", "source_grade", *YEARS, *LISTS)
    none = {name: np.full(len(seen), NONE) for name in places}
    absent = {name: np.full(len(seen), ABSENT) for name in (*EXACT, *ROUNDED)}
    return {**ids, **none, **absent}


def _put(columns: dict[str, Ints], rows: Ints, part: Judged, lists: YearLists) -> None:
    cells = part.cells
    columns["status"][rows] = _places(cells.status, STATUSES)
    for name, cell in cells.figures.items():
        where, values = rows[cell.stands], cell.values[cell.stands]
        scale = SCALE if name in EXACT else ROUNDED_SCALE if name in ROUNDED else 1
        columns[name][where] = values * (scale // cell.scale)
    for name, mask in cells.lists.items():
        columns[name][rows] = lists.places(mask, part.years)
    columns["side_state"][rows] = _places(cells.words["side_state"], SIDE_STATES)


def _places(texts: Ints, choices: tuple[str, ...]) -> Ints:
    found, which = np.unique(texts, return_inverse=True)
    return np.array([choices.index(text) for text in found], int)[which]


def _put_judgements(columns: dict[str, Ints], seen: Seen) -> None:
    rows = np.nonzero(seen.in_words)[0]
    columns["status"][rows] = STATUSES.index(Status.NOT_MEASURABLE)
    if not len(rows):
        return
    targets, as_of = seen.target[rows], seen.stated.as_of[rows]
    codes = dict(
        Target.objects.filter(pk__in=np.unique(targets).tolist()).values_list("code", "pk")
    )
    for code, said in judged(codes).items():
        for year, status in said:  # the latest last, so that it counts
            counts = (targets == codes[code]) & (as_of >= year)
            columns["status"][rows[counts]] = STATUSES.index(status)


def _put_grades(columns: dict[str, Ints], seen: Seen, figures: Figures) -> None:
    """The grade of the source of the figure that a verdict rests on, or of its side evidence."""
    observed = figures.observed
    if not len(observed.year):
        return
    keys = observed.series * _MOST_YEARS + observed.year
    order = np.argsort(keys)
    keys = keys[order]
    year = np.where(columns["actual_year"] != NONE, columns["actual_year"], columns["side_year"])
    wanted = seen.stated.series * _MOST_YEARS + year
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    columns["source_grade"] = np.where(keys[place] == wanted, figures.grade[order[place]], NONE)
