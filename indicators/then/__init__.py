"""What of readings, figures, judgements and verdicts was recorded by a moment."""

from indicators.models import (
    Round,
    RoundException,
    RoundMaterial,
    RoundYear,
    TargetReading,
    Verdict,
    VerdictTally,
)
from indicators.then import cells, tallies, versions
from targets_site.then.views import (
    made_by_then,
    of_those_there,
    recorded_by_then,
    register_view,
)


def register_views() -> None:
    """Those that others are made of first."""
    register_view(TargetReading, recorded_by_then(TargetReading))
    register_view(Verdict, recorded_by_then(Verdict))
    register_view(VerdictTally, tallies.select, tallies.prepare)
    for version, select in versions.SELECTS.items():
        register_view(version, select)
    for cell, select in cells.SELECTS.items():
        register_view(cell, select)
    register_view(Round, made_by_then(Round, "created_at"))
    register_view(RoundYear, of_those_there(RoundYear, round_id=Round))
    register_view(RoundMaterial, of_those_there(RoundMaterial, round_id=Round))
    register_view(RoundException, made_by_then(RoundException, "granted_at"))
