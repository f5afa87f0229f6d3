"""The codes in addresses; whatever else stands in their place is no page."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class AreaCodeConverter(StringConverter):
    """Six digits, as of GB/T 2260."""

    regex = "[0-9]{6}"


class SeriesCodeConverter(StringConverter):
    """`<area>.<indicator>.<scope>`"""

    regex = "[a-z0-9.-]+"


def register_converters() -> None:
    register_converter(AreaCodeConverter, "area_code")
    register_converter(SeriesCodeConverter, "series_code")
