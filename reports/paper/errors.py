"""What printing can fail with, as pages tell it."""


class PaperUnavailable(Exception):
    """This machine cannot print: a library that draws text (libpango) is missing."""
