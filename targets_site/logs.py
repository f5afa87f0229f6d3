"""What the log says: one JSON object a line, with the request that it is about and nobody's number.

    {"at": "2026-03-01T08:00:00.123+08:00", "level": "ERROR", "logger": "django.request",
     "message": "…", "request_id": "4f1c…", "user": "wang", "exception": "Traceback …"}

A line cannot be forged: what people send is escaped, by JSON or, in the plain form, by us.
"""

import datetime
import json
import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

from targets_site.audit.context import current_actor
from targets_site.audit.masking import masked

# What ends a line somewhere, moves a terminal's cursor or turns the direction of reading.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# What a proxy may have named the request; anything else is no name.
WELL_FORMED = re.compile(r"[0-9A-Za-z-]{8,64}")
# Where the request itself carries its name.
IN_META = "targets_site.request_id"
_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """Of the request, or of what it set off; empty outside of one."""
    return _request_id.get()


def new_request_id(named: str = "") -> str:
    """named: what a proxy calls it, taken where it is well-formed."""
    return named if WELL_FORMED.fullmatch(named) else secrets.token_hex(8)


@contextmanager
def request_named(name: str) -> Iterator[None]:
    """What is logged inside says which request it belongs to."""
    token = _request_id.set(name)
    try:
        yield
    finally:
        _request_id.reset(token)


def name_request(name: str) -> None:
    """Until told otherwise, for what has a beginning and an end of its own."""
    _request_id.set(name)


class MaskedFormatter(logging.Formatter):
    """Telephone numbers, identity cards and mail addresses never reach the log."""

    def texts(self, record: logging.LogRecord) -> tuple[str, str]:
        """The message, and the exception with its stack."""
        exception = record.exc_text or ""
        if record.exc_info and not exception:
            exception = self.formatException(record.exc_info)
        if record.stack_info:
            exception += self.formatStack(record.stack_info)
        return masked(record.getMessage()), masked(exception)


class JSONFormatter(MaskedFormatter):
    """Chinese stays readable; what controls a terminal is escaped."""

    def format(self, record: logging.LogRecord) -> str:
        message, exception = self.texts(record)
        said = {
            "at": _at(record).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
            "request_id": _request_of(record),
            "user": current_actor().name,
            "exception": exception,
        }
        line = json.dumps({name: each for name, each in said.items() if each}, ensure_ascii=False)
        return CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


class LineFormatter(MaskedFormatter):
    """For somebody who looks on. Only a traceback has several lines, each set in."""

    def format(self, record: logging.LogRecord) -> str:
        message, exception = self.texts(record)
        parts = [f"{_at(record):%Y-%m-%d %H:%M:%S}", record.levelname, record.name]
        parts += [each for each in (_request_of(record), _visible(message)) if each]
        set_in = [f"    {_visible(line)}" for line in exception.splitlines()]
        return "\n".join([" ".join(parts), *set_in])


def _visible(text: str) -> str:
    return CONTROLS.sub(lambda found: repr(found[0])[1:-1], text)


def _request_of(record: logging.LogRecord) -> str:
    """Django tells of an answer once it has left the request behind, but hands it on."""
    request = getattr(record, "request", None)
    return current_request_id() or str(getattr(request, "META", {}).get(IN_META, ""))


def _at(record: logging.LogRecord) -> datetime.datetime:
    zone = timezone.get_default_timezone()
    return datetime.datetime.fromtimestamp(record.created, zone)
