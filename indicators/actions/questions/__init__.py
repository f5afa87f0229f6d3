"""Finding questions, and checking them: asking, answering, concluding."""

from indicators.actions.questions.checking import (
    StaleQuestion,
    answer,
    ask,
    conclude,
)
from indicators.actions.questions.finding import Look, find_questions

__all__ = ["Look", "StaleQuestion", "answer", "ask", "conclude", "find_questions"]
