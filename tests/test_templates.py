"""Every template that another one names exists."""

import re

import pytest
from django.conf import settings
from django.template.loader import get_template

PATHS = sorted(
    path for path in settings.BASE_DIR.glob("[a-z]*/**/templates/**/*.html")
    if ".venv" not in path.parts
)  # fmt: skip
NAMED = sorted(
    {
        (path.relative_to(settings.BASE_DIR), name)
        for path in PATHS
        for name in re.findall(r'{% (?:include|extends) "([^"]+)"', path.read_text("utf-8"))
    }
)


@pytest.mark.parametrize(("path", "name"), NAMED, ids=str)
def test_named_template_exists(path, name):
    assert get_template(name)


def test_comments_stay_on_one_line():
    """Django shows the others to the reader."""
    lines = [(path.name, line) for path in PATHS for line in path.read_text("utf-8").splitlines()]

    assert [(name, line) for name, line in lines if line.count("{#") != line.count("#}")] == []


def test_templates_are_looked_at():
    assert len(PATHS) > 200
    assert len(NAMED) > 300
