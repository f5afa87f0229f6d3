"""What printing can fail with, as pages tell it."""


class NotGiven(ValueError):
    """The HTML asks for something that did not come with it."""


class PaperUnavailable(Exception):
    """Nothing is printed here and now: a library that draws text (libpango) is missing."""


class PressOccupied(PaperUnavailable):
    """Others print, or this took longer than it may: worth another try later."""
