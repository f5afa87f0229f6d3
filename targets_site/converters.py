"""The codes in addresses; whatever else stands in their place is no page."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class AreaCodeConverter(StringConverter):
    """Six digits, as of GB/T 2260."""

    regex = "[0-9]{6}"


class SeriesCodeConverter(StringConverter):
    """`<area>.<indicator>.<scope>`"""

    regex = "[a-z0-9.-]+"


class YearConverter:
    """A year that a database field holds; anything else in an address is no page."""

    regex = "(?:19|20)[0-9]{2}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class IdConverter:
    """The id of a row; what no database numbers is no page."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class StepConverter(StringConverter):
    """A step of the workflow that the API takes."""

    regex = "submit|sign|recall|return|approve"


def register_converters() -> None:
    register_converter(IdConverter, "id")
    register_converter(StepConverter, "step")
    register_converter(YearConverter, "year")
    register_converter(AreaCodeConverter, "area_code")
    register_converter(SeriesCodeConverter, "series_code")
