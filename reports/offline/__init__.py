"""The offline verifier: what an auditor runs on a bundle, on any machine with Python.

It shares no code with the product and needs the standard library only, so that it is a second
opinion on the verdicts and on the chain of the trail; the tests use it as such. It travels as one
file, which is these modules one after the other.
"""

import re
from pathlib import Path

# Each stands on those before it.
MODULES = (
    "said",
    "inputs",
    "case",
    "rules",
    "cells",
    "files",
    "trail",
    "versions",
    "verdicts",
    "main",
)
_OWN_IMPORT = re.compile(r"^from reports\.offline\.\w+ import (?:\([^)]*\)|[^\n]*)\n", re.MULTILINE)
_HEADING = '''#!/usr/bin/env python3
"""核验数据包 Check a bundle: python3 verify.py [BUNDLE.zip]"""
'''


def as_one_file() -> str:
    """The text of `verify.py`."""
    return "\n\n".join([_HEADING, *map(_module, MODULES)])


def _module(name: str) -> str:
    text = (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8")
    return f"# {'-' * 96}\n{_OWN_IMPORT.sub('', text)}".rstrip() + "\n"
