"""A verdict in one sentence that can be read aloud, in the reader's language."""

from reports.sentences.amounts import bounded, years_in_words
from reports.sentences.facts import VerdictFacts
from reports.sentences.forecast import ForecastFacts, forecast_sentences
from reports.sentences.levels import Level, level_in_words
from reports.sentences.verdicts import verdict_sentence

__all__ = [
    "ForecastFacts",
    "Level",
    "VerdictFacts",
    "bounded",
    "forecast_sentences",
    "level_in_words",
    "verdict_sentence",
    "years_in_words",
]
