"""A verdict in one sentence that can be read aloud, in the reader's language."""

from reports.sentences.amounts import bounded, years_in_words
from reports.sentences.facts import VerdictFacts
from reports.sentences.levels import Level, level_in_words
from reports.sentences.projection import ProjectionFacts, projection_sentences
from reports.sentences.verdicts import verdict_sentence

__all__ = [
    "Level",
    "ProjectionFacts",
    "VerdictFacts",
    "bounded",
    "level_in_words",
    "projection_sentences",
    "verdict_sentence",
    "years_in_words",
]
