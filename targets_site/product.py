"""Which version of the product this is."""

import tomllib
from functools import cache

from django.conf import settings


@cache
def product_version() -> str:
    """As pyproject.toml says it; files that leave the system name it."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
