"""Observations and judgements as they stood: which version was in force, which was worked on."""

from collections.abc import Mapping

from indicators.models import Judgement, JudgementVersion, Observation, ObservationVersion
from indicators.models.workflow import Cell, Worked
from indicators.then.versions import was_approved, was_there
from plans.models import Target
from targets_site.then.views import At, Select, columns


def _in_force(at: At, model: type[Worked], cell: str) -> str:
    """The newest of those approved by then. Mostly the one in force today was so already."""
    return f"""CASE WHEN EXISTS (
            SELECT 1 FROM {at.real(model)} today
            WHERE today.id = own.in_force_id AND {was_approved(at, "today")}
        ) THEN own.in_force_id
        WHEN own.in_force_id IS NOT NULL THEN (
            SELECT one.id FROM {at.real(model)} one
            WHERE one.{cell} = own.id AND {was_approved(at, "one")}
            ORDER BY one.number DESC LIMIT 1
        ) END"""


def _working(at: At, model: type[Worked], cell: str) -> str:
    there = was_there(at, "one", cell=cell, model=model)
    return f"""(SELECT one.id FROM {at.real(model)} one WHERE one.{cell} = own.id AND {there}
        ORDER BY one.number DESC LIMIT 1)"""


def _observations(at: At) -> str:
    kind, cell = ObservationVersion, "observation_id"
    shown = columns(
        Observation,
        "own",
        in_force_id=_in_force(at, kind, cell),
        working_id=_working(at, kind, cell),
    )
    return f"SELECT {shown} FROM {at.real(Observation)} own"


def _judgements(at: At) -> str:
    """Whoever judges a target that was stated anew turns its judgement to the new row."""
    kind, cell = JudgementVersion, "judgement_id"
    target = f"""COALESCE((
        SELECT stated.id FROM {at.then(Target)} stated
        WHERE stated.code = own.target_code AND stated.superseded_at IS NULL
    ), own.target_id)"""
    shown = columns(
        Judgement,
        "own",
        target_id=target,
        in_force_id=_in_force(at, kind, cell),
        working_id=_working(at, kind, cell),
    )
    return f"SELECT {shown} FROM {at.real(Judgement)} own"


SELECTS: Mapping[type[Cell], Select] = {Observation: _observations, Judgement: _judgements}
