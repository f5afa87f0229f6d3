"""The one style sheet: every class that it has a rule for occurs in a template, tag or script."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings as project
from django.contrib.messages import DEFAULT_TAGS

from indicators.enums import CheckKind, Light, SourceGrade
from indicators.queries.entry import CellState
from reports.enums import Coverage

ROOT = Path(project.BASE_DIR)
SHEET = ROOT / "targets_site" / "static" / "targets_site" / "site.css"
APPS = ("targets_site", "plans", "indicators", "reports")
WORD = re.compile(r"[A-Za-z][\w-]*")
MARKUP = re.compile(r'\bclass=|"class":')
# Beginnings that a variable completes, with all that it may hold.
COMPLETED = {
    "badge--": Light.values,
    "cell__state--": [state.value for state in CellState],
    "chart--": ["ranked", "wide-table"],
    "chart__svg--": ["narrow", "medium", "wide"],
    "check-step--": CheckKind.values,
    "coverage-bar__": [*Light.values, *Coverage.values, "not_computed"],
    "matrix__count--": Light.values,
    "strip__part--": Light.values,
    "grade--": SourceGrade.values,
    "matrix__worst--": Light.values,
    "message--": list(DEFAULT_TAGS.values()),
    "shape--": Light.values,
    "tile--": [*Light.values, *Coverage.values],
}


def sources(ending):
    return [
        path for app in APPS for path in (ROOT / app).rglob(f"*.{ending}")
        if "vendor" not in path.parts
    ]  # fmt: skip


def words(text):
    """Each word; one that a variable completes (`badge--{{ light }}`, `badge--{}`) in every way
    that it may be."""
    found = set()
    for word in re.findall(r"[A-Za-z][\w-]*(?:--|__)(?=\{|$)|[A-Za-z][\w-]*", text):
        if word.endswith(("--", "__")):
            found |= {f"{word}{value}" for value in COMPLETED[word]}
        found.add(word)
    return found


def classes_of_templates():
    """From class attributes; what stands in template tags between them is left out, but not the
    words in quotes there."""
    texts = [path.read_text(encoding="utf-8") for path in sources("html")]
    # A quote inside a tag of the attribute ends it as little as the tag's own quotes do.
    found = re.findall(r'class="((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)"', "\n".join(texts))
    bare = [re.sub(r"\{%.*?%\}", " ", text) for text in found]
    return set().union(*(words(re.sub(r"\{\{.*?\}\}", "{}", text)) for text in bare))


def strings_of_python():
    """Words of the strings, but not the docstrings, of modules that write markup; one that ends
    in -- is completed by what follows."""
    texts = [path.read_text(encoding="utf-8") for path in sources("py")]
    return set().union(*map(words_of_module, (text for text in texts if MARKUP.search(text))))


def words_of_module(text):
    nodes = list(ast.walk(ast.parse(text)))
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    strings = [
        node.value for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and id(node) not in docstrings
    ]  # fmt: skip
    completed = [each for each in strings if re.search(r"\w(--|__)(\{|$)", each)]
    return set(WORD.findall(" ".join(strings))).union(*map(words, completed))


def strings_of_scripts():
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources("js"))
    bare = re.sub(r"/\*.*?\*/|^\s*//.*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    quoted = re.findall(r'"[^"\n]*"|\'[^\'\n]*\'|`[^`]*`', bare)
    return set(WORD.findall(" ".join(quoted)))


@cache
def used():
    return classes_of_templates() | strings_of_python() | strings_of_scripts()


def rules():
    """The style sheet without comments and texts, so that only selectors hold a class."""
    text = re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r'"[^"]*"', '""', text)


def classes_of_sheet():
    selectors = re.findall(r"([^{}]*)\{", rules())
    return {name for text in selectors for name in re.findall(r"\.([A-Za-z][\w-]*)", text)}


def test_every_class_of_the_style_sheet_is_used():
    assert sorted(classes_of_sheet() - used()) == []


def test_a_class_that_nothing_uses_is_found():
    assert {"badge", "badge--red", "grade--reprint", "tile--main"} <= used()
    assert {"badge--blue", "badge--", "no-such-class"} & used() <= {"badge--"}


def test_every_class_of_the_heading_has_a_rule():
    heading = re.search(r"/\*.*?\*/", SHEET.read_text(encoding="utf-8"), re.DOTALL).group()
    named = {name.rstrip("_-") for name in re.findall(r"(?<![\w/])\.([a-z][\w-]*)", heading)}

    assert {name for name in named if name != "css"} - classes_of_sheet() == set()


def test_every_token_is_defined_and_used():
    defined = set(re.findall(r"(?<![\w-])(--[\w-]+):", rules()))
    asked = set(re.findall(r"var\((--[\w-]+)\)", rules()))

    assert defined ^ asked == set()


@pytest.mark.parametrize("forbidden", ["linear-gradient", "@import", "url(", "animation:"])
def test_the_style_sheet_stays_calm_and_asks_nobody(forbidden):
    assert forbidden not in rules().replace("animation: none", "")
