"""Whether the database failed, or was asked for too much."""

from django.db import InterfaceError, OperationalError

# Source: PostgreSQL documentation, appendix "Error codes", query_canceled.
STOPPED = "57014"


def database_failed(error: BaseException) -> bool:
    """Whether the same may work when it is tried again: the database was away or busy.

    A statement that took longer than it may is no such failure: it would be stopped again.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return getattr(error.__cause__, "pgcode", None) != STOPPED
