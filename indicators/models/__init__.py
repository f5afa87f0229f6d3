"""What is measured, which figures count, how we read a target, and how far along it is."""

from indicators.models.attachments import Attachment
from indicators.models.imports import Import, ImportLine
from indicators.models.jobs import Job, JobPart, ScheduledRun
from indicators.models.judgements import Judgement, JudgementVersion
from indicators.models.measures import Indicator, Series, SeriesDepartment
from indicators.models.notices import Notice
from indicators.models.observations import Observation, ObservationVersion, reported_by
from indicators.models.questions import CheckStep, Finding, Question
from indicators.models.readings import ReadingProposal, TargetReading
from indicators.models.rounds import (
    MaterialFile,
    Round,
    RoundException,
    RoundMaterial,
    RoundYear,
)
from indicators.models.stale import StaleRow
from indicators.models.tallies import VerdictTally
from indicators.models.verdicts import ExactField, RatioField, Verdict
from indicators.models.workflow import Cell, Worked, returned_by_reviewer

__all__ = [
    "Attachment",
    "Cell",
    "CheckStep",
    "ExactField",
    "Finding",
    "Import",
    "ImportLine",
    "Indicator",
    "Job",
    "JobPart",
    "Judgement",
    "JudgementVersion",
    "MaterialFile",
    "Notice",
    "Observation",
    "ObservationVersion",
    "Question",
    "RatioField",
    "ReadingProposal",
    "Round",
    "RoundException",
    "RoundMaterial",
    "RoundYear",
    "ScheduledRun",
    "Series",
    "SeriesDepartment",
    "StaleRow",
    "TargetReading",
    "Verdict",
    "VerdictTally",
    "Worked",
    "reported_by",
    "returned_by_reviewer",
]
