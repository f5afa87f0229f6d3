"""Exports in words: `{% load exports %}`."""

from collections.abc import Mapping
from typing import Any

from django import template

from reports.forms.exports import TABLE_NAMES

register = template.Library()

NARROWING = ("area", "domain", "document", "year", "state", "at")


@register.filter
def table_name(name: str) -> str:
    return str(TABLE_NAMES.get(name, name))


@register.filter
def narrowed(said: Mapping[str, Any]) -> str:
    """What an entry of the trail says a table was narrowed by: `460000 · 2015`."""
    filters = said.get("filters") or said
    return " · ".join(str(filters[name]) for name in NARROWING if filters.get(name))
