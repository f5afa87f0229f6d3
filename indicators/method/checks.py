"""Input that the method refuses (METHOD.md, "Inputs")."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from indicators.method.rows import ObservationRow, TargetRow

KINDS = ("reach", "hold", "relative", "monotone", "text")
COMPARATORS = ("ge", "gt", "le", "lt", "between", "about")
NATURES = ("level", "cumulative", "flow")
BOUNDS = ("exact", "at_least", "at_most", "about")


class RefusedInput(ValueError):
    """`table` is targets or observations, `row` counts from 0, `column` names the field."""

    def __init__(self, message: str, *, table: str, row: int, column: str) -> None:
        super().__init__(message)
        self.table, self.row, self.column = table, row, column


def check_targets(targets: Sequence[TargetRow]) -> None:
    for index, target in enumerate(targets):
        wrong = _wrong_in(target)
        if wrong is not None:
            column, message = wrong
            raise RefusedInput(message, table="targets", row=index, column=column)


def check_observations(observations: Sequence[ObservationRow]) -> None:
    keys = {(row.series, row.year) for row in observations}
    if len(keys) == len(observations) and {row.bound for row in observations} <= set(BOUNDS):
        return
    seen: set[tuple[str, int]] = set()
    for index, row in enumerate(observations):
        if row.bound not in BOUNDS:
            raise RefusedInput(_("Unknown bound."), table="observations", row=index, column="bound")
        key = (row.series, row.year)
        if key in seen:
            raise RefusedInput(
                _("The series has two rows of this year."),
                table="observations",
                row=index,
                column="year",
            )
        seen.add(key)


def _wrong_in(target: TargetRow) -> tuple[str, str] | None:
    if target.kind not in KINDS:
        return "kind", _("Unknown kind.")
    if not target.target_code:
        return "target_code", _("This field is required.")
    if target.kind == "text":
        return None
    if target.comparator not in COMPARATORS:
        return "comparator", _("Unknown comparator.")
    if target.nature not in NATURES:
        return "nature", _("Unknown nature.")
    if target.frequency < 1:
        return "frequency", _("A frequency is a whole number of years, 1 or more.")
    if target.start_year is None:
        return "start_year", _("This field is required.")
    if target.kind == "monotone" and target.comparator not in {"ge", "le"}:
        return "comparator", _("A target of this kind rises (ge) or falls (le).")
    if target.kind != "monotone" and target.value is None:
        return "value", _("This field is required.")
    if target.kind == "relative":
        if target.comparator not in {"ge", "le"}:
            return "comparator", _("A relative target is at least or at most.")
        return None
    if (target.baseline_year is None) != (target.baseline_value is None):
        return "baseline_value", _("A baseline needs its year and its value.")
    return None
