"""A body that ended before its announced length is no body: whoever sent it died, or cut it."""

from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class WholeBody:
    """What the server reads from a client; raises OSError, which Django takes for a connection
    that broke, where the client ends before so many bytes."""

    def __init__(self, body: BinaryIO, length: int) -> None:
        self.body, self.left = body, length

    def read(self, size: int = -1) -> bytes:
        return self._counted(self.body.read(size), size)

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self.body.readline(size), size)

    def _counted(self, data: bytes, size: int) -> bytes:
        self.left -= len(data)
        if not data and size and self.left > 0:
            raise OSError(f"the body ended {self.left} bytes before its length")
        return data


def only_whole_bodies(application: Application) -> Application:
    def started(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdecimal():
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return started
