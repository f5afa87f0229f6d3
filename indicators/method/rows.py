"""What goes into the method and what comes out, a row each."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple


@dataclass(frozen=True)
class TargetRow:
    """One target with its reading. `value` carries its decimals as written (82.0 has one)."""

    target_code: str
    kind: str
    document: str = ""
    series: str = ""
    comparator: str = ""
    value: Decimal | None = None
    value_upper: Decimal | None = None
    unit: str = ""
    target_year: int | None = None
    start_year: int | None = None
    hold_from: int | None = None
    baseline_year: int | None = None
    baseline_value: Decimal | None = None
    tolerance: Decimal | None = None
    nature: str = "level"
    frequency: int = 1


class ObservationRow(NamedTuple):
    """One yearly figure in the unit of its indicator; None where there is none. A tuple, since
    there are ten of them to a target and more."""

    series: str
    year: int
    value: Decimal | None
    bound: str = "exact"
    obs_status: str = "A"


@dataclass(frozen=True)
class VerdictRow:
    """How far one target is, seen from one year. Figures are in the target's unit; paces in
    units a year; ratio and share have none. None where METHOD.md gives no figure. side_state says
    what the side figure would be: met, short, open, or empty where there is no level."""

    target_code: str
    as_of: int
    status: str
    light: str
    actual_year: int | None = None
    actual_value: Decimal | None = None
    gap: Decimal | None = None
    baseline_year: int | None = None
    baseline_value: Decimal | None = None
    expected_value: Decimal | None = None
    ratio: Decimal | None = None
    share: Decimal | None = None
    required_pace: Decimal | None = None
    last_pace: Decimal | None = None
    missing_years: tuple[int, ...] = ()
    breached_years: tuple[int, ...] = ()
    side_year: int | None = None
    side_value: Decimal | None = None
    side_state: str = ""
