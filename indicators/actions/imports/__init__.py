"""Imported files: taken, read to a preview by a job, and then stored whole or not at all.

files.py     what a file must be, and how it is opened
steps.py     what a person does with an import
reading.py   from the file to the preview
preparing.py from the preview to staged versions
staging.py   where those lie until they are stored
storing.py   from staged versions to stored ones
working.py   what the jobs do with them, and what becomes of an import whose job ends otherwise
"""

from indicators.actions.imports.files import check_file, open_table
from indicators.actions.imports.steps import (
    NotAtThisStep,
    about,
    ask_to_store,
    department_of,
    discard,
    start,
    to_store,
)
from indicators.actions.imports.working import WORK, work_off

__all__ = [
    "WORK",
    "NotAtThisStep",
    "about",
    "ask_to_store",
    "check_file",
    "department_of",
    "discard",
    "open_table",
    "start",
    "to_store",
    "work_off",
]
