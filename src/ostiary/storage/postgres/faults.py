"""What asyncpg raises, as what the service says of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from ostiary.domain.errors import Unavailable


class AddressUnusable(asyncpg.ClientConfigurationError):
    """The database's address cannot be read, or asks for what the server does not know."""


AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,  # the connection was closed under us
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,  # disk full, too many connections, out of memory
    asyncpg.OperatorInterventionError,  # shutting down, starting up, cancelled
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,  # a right that the role lost, or never had
    asyncpg.ReadOnlySQLTransactionError,  # a standby, after a failover that we have not followed yet
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.LockNotAvailableError,
    asyncpg.PostgresSystemError,
)
OTHER_SERVER = (asyncpg.ReadOnlySQLTransactionError, asyncpg.OperatorInterventionError)
"""This server will not do; after a failover another answers at the same address."""
BROKEN = (ConnectionError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError)
"""The connection is gone. What it was asked may have been done."""
UNSETTLED = (
    OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError, *OTHER_SERVER,
)  # fmt: skip
"""After these a connection may be in the middle of something: nobody else must get its answer."""
UNLUCKY = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
"""Undone wholly by the server, because of others: the same again may succeed."""
UNKNOWN_STATEMENT = (
    asyncpg.InvalidSQLStatementNameError, asyncpg.InvalidCachedStatementError, asyncpg.DuplicatePreparedStatementError,
)  # fmt: skip
"""Nothing was run: this server connection does not know the statement, knows it for an older schema, or knows it when
we do not."""
RETRY_AFTER_S = 1


def unavailable(problem: BaseException) -> Unavailable:
    """Without the problem's own words, which may name hosts and users."""
    fault = Unavailable("The database cannot be used right now; try again shortly.", retry_after_s=RETRY_AFTER_S)
    fault.__cause__ = problem
    return fault


def translated(problem: BaseException) -> BaseException:
    """A database that is away is Unavailable; a parameter of the wrong type is our fault, and stays what it is.

    A certificate that is not trusted and an address that cannot be used are no such fault, though of the same class.
    """
    of_connecting = isinstance(problem, OSError | asyncpg.ClientConfigurationError)
    return problem if isinstance(problem, ValueError) and not of_connecting else unavailable(problem)


@contextmanager
def translate_errors() -> Iterator[None]:
    """Raises Unavailable for a database that is away."""
    try:
        yield
    except AWAY as problem:
        raise translated(problem) from problem
