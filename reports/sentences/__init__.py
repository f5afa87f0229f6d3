"""A verdict in one sentence that can be read aloud, in the reader's language."""

from reports.sentences.amounts import bounded, years_in_words
from reports.sentences.facts import VerdictFacts
from reports.sentences.forecast import ForecastFacts, forecast_sentences
from reports.sentences.held_years import held_years_sentence
from reports.sentences.levels import Level, level_in_words
from reports.sentences.restated import RestatedFacts, restated_sentence
from reports.sentences.spoken import Owner, spoken_sentence
from reports.sentences.verdicts import verdict_sentence

__all__ = [
    "ForecastFacts",
    "Level",
    "Owner",
    "RestatedFacts",
    "VerdictFacts",
    "bounded",
    "forecast_sentences",
    "held_years_sentence",
    "level_in_words",
    "restated_sentence",
    "spoken_sentence",
    "verdict_sentence",
    "years_in_words",
]
