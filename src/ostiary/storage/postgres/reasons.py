"""Why a database cannot be used, in words that whoever runs the service can act on.

Never the server's or the driver's own words: they may name users and repeat parts of an address. None of this reaches a
caller of the API.
"""

from __future__ import annotations

import socket
import ssl

import asyncpg

from ostiary.storage.postgres.faults import AddressUnusable

REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (asyncpg.InvalidAuthorizationSpecificationError, "user or password is wrong, or pg_hba.conf does not let it in"),
    (asyncpg.InvalidCatalogNameError, "the server has no database of that name"),
    (asyncpg.TooManyConnectionsError, "all connections are taken: raise max_connections, or put a pooler between"),
    (asyncpg.CannotConnectNowError, "the server is starting or shutting down"),
    (asyncpg.QueryCanceledError, "a statement was cancelled: statement_timeout is too short"),
    (asyncpg.ReadOnlySQLTransactionError, "it is read-only: a standby, or default_transaction_read_only is on"),
    (asyncpg.InsufficientPrivilegeError, "the role lacks a right: it must own the database, its schema and tables"),
    (asyncpg.LockNotAvailableError, "a table stayed locked: see pg_stat_activity for who holds it, then try again"),
    (asyncpg.DiskFullError, "the server's disk is full"),
    (ssl.SSLCertVerificationError, "the server's certificate is not trusted, or for another name: see sslrootcert"),
    (ssl.SSLError, "TLS failed: see sslmode"),
    (AddressUnusable, "its address has an unknown parameter, or is not as postgresql://user:password@host/name"),
    (asyncpg.ClientConfigurationError, "sslmode is wrong, or needs sslrootcert=FILE, a certificate to trust"),
    (socket.gaierror, "the host's name is not known"),
    (ConnectionRefusedError, "nothing listens at that host and port"),
    (FileNotFoundError, "the socket, or a file with a certificate that the address names, is not there"),
    (PermissionError, "the socket, or a file with a certificate that the address names, may not be opened"),
    (TimeoutError, "it does not answer in time"),
)  # fmt: skip
"""The first that fits counts: narrower classes stand above wider ones."""


def reason(problem: BaseException | None) -> str:
    """Empty when there is nothing to be said."""
    if problem is None:
        return ""
    return next((words for kind, words in REASONS if isinstance(problem, kind)), type(problem).__name__)
