"""Which errors mean "not now", not "this work is wrong"."""

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_AWAY_CLASSES = ("08", "53", "57P", "25006", "40")
"""SQLSTATE: connection lost, out of resources, shut down or starting, read-only after a failover, ended in
favour of another transaction (a deadlock)."""


def is_outage(error: BaseException) -> bool:
    """Return whether the database could not do this now: the work is repeated and nobody is to blame."""
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", "") or "")
        return (
            error.connection_invalidated
            or state.startswith(_AWAY_CLASSES)
            or isinstance(error, InterfaceError)
        )
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate or "").startswith(_AWAY_CLASSES)
    # OSError: refused, reset, timed out, or the socket's file is gone.
    return isinstance(error, (PoolTimeout, asyncpg.InterfaceError, OSError))
