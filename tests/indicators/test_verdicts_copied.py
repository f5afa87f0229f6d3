"""Columns out of PostgreSQL and back say what a row a target says; generated data, real statements."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.actions.verdicts import copied, rows
from indicators.models import Indicator, Judgement, Series, Verdict
from plans.models import Document, Target
from tests.factories import (
    make_document,
    make_figure,
    make_indicator,
    make_reading,
    make_series,
    make_target,
    make_text_target,
)
from tests.indicators.judging import judge_as_done

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL knows COPY"),
]
