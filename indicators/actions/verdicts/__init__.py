"""Verdicts computed from what is in force, and stored where they changed.

stale.py        what jobs do: the stale rows are the queue
recomputing.py  documents locked, computed, stored and recorded
copied/         out by COPY, as columns, and back by COPY: PostgreSQL, any number of targets
rows.py         a row a target: SQLite, and levels too fine for columns
judged.py       targets in words, as people judge them
"""

from indicators.actions.verdicts.recomputing import recompute, recompute_areas
from indicators.actions.verdicts.stale import BATCH, KILLED, work_off_stale

__all__ = ["BATCH", "KILLED", "recompute", "recompute_areas", "work_off_stale"]
