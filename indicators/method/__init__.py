"""The verdicts of METHOD.md: arithmetic only, no database, no dates of today.

`assess` takes one row a target and one row a yearly figure and gives one verdict a target. All
of it is done on whole columns of scaled integers, so that one series and three million take the
same code and every comparison is exact.

    rows.py      what goes in and what comes out
    checks.py    what is refused
    reading.py   rows as columns
    scaling.py   parts of the columns, each in the scale that it needs
    columns.py   columns of integers: what is stated beside what is observed
    judging.py   met, open or short; the last one before; exact rounding
    reach.py, hold.py, monotone.py   the rules, a file a kind
    assessing.py the entries, for rows and for columns
    forecast.py  where the figures lead if they go on as they did; no verdict looks at it
"""

from indicators.method.assessing import METHOD_VERSION, assess
from indicators.method.checks import RefusedInput
from indicators.method.rows import ObservationRow, TargetRow, VerdictRow

__all__ = [
    "METHOD_VERSION",
    "ObservationRow",
    "RefusedInput",
    "TargetRow",
    "VerdictRow",
    "assess",
]
