"""Whether the database failed, or was asked for too much."""

from django.db import InterfaceError, OperationalError, ProgrammingError

# Source: PostgreSQL documentation, appendix "Error codes", query_canceled.
STOPPED = "57014"
# The same, insufficient_privilege.
DENIED = "42501"
# The same, deadlock_detected and serialization_failure.
LOST_RACES = frozenset(["40P01", "40001"])


def database_failed(error: BaseException) -> bool:
    """Whether the same may work when it is tried again: the database was away or busy.

    A statement that took longer than it may is no such failure: it would be stopped again.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return getattr(error.__cause__, "pgcode", None) != STOPPED


def right_was_missing(error: BaseException | None) -> bool:
    """Whether the database's role was not allowed to do it, as where it may not write the trail."""
    if not isinstance(error, ProgrammingError):
        return False
    return getattr(error.__cause__, "pgcode", None) == DENIED


def lost_a_race(error: BaseException) -> bool:
    """Whether the database ended the transaction so that another one could go on; the same may
    work at once."""
    if not isinstance(error, OperationalError):
        return False
    return getattr(error.__cause__, "pgcode", None) in LOST_RACES


def commit_was_unanswered(error: BaseException | None) -> bool:
    """Whether it may be stored all the same: the connection was lost in the last moment."""
    # Known by its name: the embedded mode has no driver of PostgreSQL in memory.
    return type(getattr(error, "__cause__", None)).__name__ == "CommitUnanswered"
