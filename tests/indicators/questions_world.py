"""What the tests of questions build: figures that a rule asks about, and who checks them."""

from indicators.actions.questions import find_questions
from indicators.models import Question
from tests.factories import (
    make_department,
    make_figure,
    make_indicator,
    make_series,
)

STEADY = ("90.0", "91.0", "92.2", "93.0", "94.1", "95.0")


def make_jump(department=None, *, code="jumping", to="98.5"):
    """Six quiet years and a jump in 2017."""
    department = department or make_department()
    series = make_series(department.area, make_indicator(code), department=department)
    for since, value in enumerate([*STEADY, to]):
        make_figure(series, 2011 + since, value)
    return series


def make_question(department=None, **options):
    """A question about a jump, as a look finds it."""
    make_jump(department, **options)
    find_questions()
    return Question.objects.latest("pk")
