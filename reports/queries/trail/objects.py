"""What the trail's objects are called, and the pages where they stand."""

from collections.abc import Callable, Mapping

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

# The part of an object before the first colon; what is not here is shown as it is.
KIND_WORDS: Mapping[str, Promise] = {
    "observation": pgettext_lazy("trail", "Figure"),
    "judgement": pgettext_lazy("trail", "Judgement"),
    "reading": pgettext_lazy("trail", "Reading"),
    "target": pgettext_lazy("trail", "Target"),
    "document": pgettext_lazy("trail", "Document"),
    "documents": pgettext_lazy("trail", "Several documents"),
    "folder": pgettext_lazy("trail", "Folder of reference data"),
    "round": pgettext_lazy("trail", "Reporting round"),
    "import": pgettext_lazy("trail", "Imported file"),
    "attachment": pgettext_lazy("trail", "Evidence"),
    "report": pgettext_lazy("trail", "Report"),
    "export": pgettext_lazy("trail", "Export"),
    "job": pgettext_lazy("trail", "Job"),
    "user": pgettext_lazy("trail", "Account"),
    "post": pgettext_lazy("trail", "Post"),
    "file": pgettext_lazy("trail", "File"),
    "page": pgettext_lazy("trail", "Page"),
    "series": pgettext_lazy("trail", "Series"),
    "question": pgettext_lazy("trail", "Question"),
    "questions": pgettext_lazy("trail", "Several questions"),
    "meeting": pgettext_lazy("trail", "Meeting sheet"),
    "manifest": pgettext_lazy("trail", "Manifest of an export"),
    "token": pgettext_lazy("trail", "Access token"),
    "sheet": pgettext_lazy("trail", "Sheet of accounts"),
    "readings": pgettext_lazy("trail", "Several readings"),
    "notices": pgettext_lazy("trail", "Notices"),
    "checks": pgettext_lazy("trail", "Checks of a night"),
    "stale": pgettext_lazy("trail", "Verdicts to be computed anew"),
    "trail": pgettext_lazy("trail", "Trail"),
    "settings": pgettext_lazy("trail", "Settings of the site"),
}


def parts_of(about: str) -> tuple[str, str]:
    """Kind and natural key; the kind alone where there is no colon."""
    kind, _colon, key = about.partition(":")
    return kind, key


def kind_word(kind: str) -> str:
    return str(KIND_WORDS.get(kind, kind))


def address_of(about: str) -> str | None:
    """The page of an object, as the reader of the trail can open it; None where there is none, and
    where the name of its address is not known in this installation."""
    kind, key = parts_of(about)
    found = _ADDRESSES.get(kind)
    return found(key) if found and key else None


def _first(*asked: tuple[str, tuple[str, ...]]) -> str | None:
    """The first of these names that leads somewhere."""
    for name, arguments in asked:
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    return None


def _observation(key: str) -> str | None:
    code, _colon, year = key.rpartition(":")
    return _first(("reports:provenance", (code, year)), ("indicators:figure_history", (code, year)))


def _judgement(key: str) -> str | None:
    code, _colon, year = key.rpartition(":")
    return _first(("indicators:judgement_history", (code, year)))


def _report(key: str) -> str | None:
    """key: area, year, scope and edition, as `Report` is printed."""
    area, year, *_more = [*key.split(":"), ""]
    return _first(("reports:report", (area, year)))


_ADDRESSES: Mapping[str, Callable[[str], str | None]] = {
    "observation": _observation,
    "judgement": _judgement,
    "report": _report,
    "reading": lambda key: _first(("reports:target", (key,))),
    "target": lambda key: _first(("reports:target", (key,))),
    "document": lambda key: _first(("reports:document", (key,))),
    "export": lambda _key: _first(("reports:exports", ())),
}
